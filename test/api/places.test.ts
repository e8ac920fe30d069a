/** The verbs that tell what a program chose, and where its work goes on: at their place, and never into the app. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import * as api from '../../src/index.ts';
import type { LogRecord } from '../../src/semconv/telemetry.ts';
import { startRecording, type Recording } from '../recording/recorder.ts';

const KEY = Symbol.for('swarmscope.runtime.1');
const holder = globalThis as Record<symbol, unknown>;
let recording: Recording;
let records: LogRecord[];

beforeEach(() => {
  records = [];
  recording = startRecording({ change: (assembly) => ({ ...assembly, emitLog: (record) => void records.push(record) }) });
  holder[KEY] = { recorder: () => recording.recorder };
});
afterEach(() => {
  delete holder[KEY];
});

test('what was chosen is an event at its place; a hand-over begins with the agent that it is called in; routes are counted', async () => {
  api.withAgent('planner', () => {
    api.decision({ component: 'planner', chosen: 'cart', alternatives: ['stock', 'prices'] });
    api.handoff({ to: 'coder' });
    api.route({ tier: 'small', model: 'gpt-4o-mini', reason: 'short', complexity: 0.2 });
  });
  api.route({ tier: 'large', model: 'gpt-4o', outcome: 'fallback' });
  const { traceId, spanId } = recording.span('invoke_agent planner').spanContext();
  expect(records.slice(0, 3)).toMatchObject([
    { traceId, spanId },
    { traceId, spanId },
    { traceId, spanId },
  ]);
  expect(records.map(({ eventName, attributes }) => [eventName, attributes])).toEqual([
    [
      'swarmscope.decision.made',
      {
        'swarmscope.decision.component': 'planner',
        'swarmscope.decision.chosen': 'cart',
        'swarmscope.decision.alternatives': ['stock', 'prices'],
      },
    ],
    ['swarmscope.agent.handoff', { 'swarmscope.handoff.source.name': 'planner', 'swarmscope.handoff.target.name': 'coder' }],
    [
      'swarmscope.routing.decision.made',
      {
        'swarmscope.routing.tier': 'small',
        'swarmscope.routing.outcome': 'selected',
        'gen_ai.request.model': 'gpt-4o-mini',
        'swarmscope.routing.reason': 'short',
        'swarmscope.routing.complexity': 0.2,
        'gen_ai.agent.name': 'planner',
      },
    ],
    [
      'swarmscope.routing.decision.made',
      { 'swarmscope.routing.tier': 'large', 'swarmscope.routing.outcome': 'fallback', 'gen_ai.request.model': 'gpt-4o' },
    ],
  ]);
  expect(await recording.metric('swarmscope.routing.decisions')).toBe(2);
});

test('a bound function records where it was bound, gets what it is called with, and looks as it did', () => {
  const bound = api.withTask('outer', () =>
    api.bind(function named(this: unknown, a: number, b: number) {
      return api.withTask('inner', () => [this, a + b]);
    }),
  );
  const self = {};
  expect(api.withTask('elsewhere', () => bound.call(self, 1, 2))).toEqual([self, 3]);
  expect([bound.name, bound.length]).toEqual(['named', 2]);
  expect(recording.span('run_task inner').parentSpanContext?.spanId).toBe(recording.span('run_task outer').spanContext().spanId);
});

test('a task hangs below the traceparent that it is given, or is linked to it; what is none changes nothing', () => {
  const place = api.withTask('plan', () => api.traceparent());
  const plan = recording.span('run_task plan').spanContext();
  expect(place).toBe(`00-${plan.traceId}-${plan.spanId}-01`);
  api.withTask({ type: 'below', parent: place }, () => undefined);
  api.withTask({ type: 'linked', links: [String(place), 'nonsense'] }, () => undefined);
  api.withTask({ type: 'neither', parent: 'nonsense' }, () => undefined);
  expect(recording.span('run_task below').parentSpanContext?.spanId).toBe(plan.spanId);
  expect(recording.span('run_task linked').links.map(({ context }) => context.spanId)).toEqual([plan.spanId]);
  expect([recording.span('run_task linked'), recording.span('run_task neither')].map(({ parentSpanContext }) => parentSpanContext)).toEqual(
    [undefined, undefined],
  );
});

test('nonsense is refused with the field, and reaches nobody; without a preload nothing happens', async () => {
  for (const value of [undefined, null, 7, 'text', {}, { tier: 7, complexity: Number.NaN, outcome: 'best' }] as never[]) {
    expect([api.decision(value), api.handoff(value), api.route(value)]).toEqual([
      'decision: chosen: expected a text that is not empty',
      'handoff: to: expected a text that is not empty',
      'route: tier: expected a text that is not empty',
    ]);
  }
  expect(records).toEqual([]);
  delete holder[KEY];
  const fn = (): number => 1;
  expect([api.bind(fn), api.traceparent(), api.decision({ component: 'a', chosen: 'b' })]).toEqual([fn, undefined, undefined]);
});
