/** What routing costs beside the dearest model that was routed to, and what makes contexts smaller. */
import { expect, test } from '@jest/globals';
import type { LogRecord } from '../../src/semconv/telemetry.ts';
import { startRecording, type Recording } from './recorder.ts';

const PRICES: Readonly<Record<string, number>> = { small: 1, large: 10, unrouted: 100 };

function start(): Recording & { readonly logs: LogRecord[] } {
  const logs: LogRecord[] = [];
  const recording = startRecording({
    change: (assembly) => ({ ...assembly, emitLog: (record) => void logs.push(record) }),
    loadPricing: () => ({
      priceOf({ model, usage }) {
        const price = PRICES[model];
        return price === undefined ? undefined : { amount: (price * usage.inputTokens) / 1_000, tableVersion: 'test' };
      },
      contextWindowOf: () => undefined,
    }),
  });
  return Object.assign(recording, { logs });
}

const call = ({ recorder }: Recording, requestModel: string): void =>
  recorder.startLlmCall({ operation: 'chat', provider: 'openai', requestModel }).end({ usage: { inputTokens: 1_000, outputTokens: 1 } });

test('each call of a routed model is told beside what it would have cost with the dearest one', async () => {
  const recording = start();
  const route = (tier: string, model: string): unknown => recording.recorder.tell({ kind: 'route', tier, model });
  route('small', 'small');
  call(recording, 'small');
  expect([await recording.metric('swarmscope.routing.cost'), await recording.metric('swarmscope.routing.baseline.cost')]).toEqual([1, 1]);
  route('frontier', 'large');
  call(recording, 'small');
  call(recording, 'large');
  call(recording, 'unrouted');
  expect([await recording.metric('swarmscope.routing.cost'), await recording.metric('swarmscope.routing.baseline.cost')]).toEqual([12, 21]);
});

test('a program that routes nothing, and a model without a price, have no such cost', async () => {
  const recording = start();
  call(recording, 'small');
  recording.recorder.tell({ kind: 'route', tier: 'own', model: 'home-made' });
  call(recording, 'home-made');
  expect(await recording.metric('swarmscope.routing.cost')).toBeUndefined();
});

test('a context that was made smaller is an event at its place, and its tokens are counted before and after', async () => {
  const recording = start();
  const { recorder, logs } = recording;
  const task = recorder.startTask({ type: 'implement', id: 't-1' }, 'x');
  recorder.within(task.frame, () =>
    recorder.tell({ kind: 'optimization', optimizer: 'trim-history', tokensBefore: 100, tokensAfter: 40, reason: 'nearly_full' }),
  );
  expect(logs).toMatchObject([
    {
      eventName: 'swarmscope.context.optimized',
      spanId: task.spanId,
      attributes: {
        'swarmscope.context.optimizer.name': 'trim-history',
        'swarmscope.context.optimization.tokens.before': 100,
        'swarmscope.context.optimization.tokens.after': 40,
        'swarmscope.event.reason': 'nearly_full',
        'swarmscope.task.id': 't-1',
      },
    },
  ]);
  expect(await recording.metric('swarmscope.context.optimization.tokens')).toBe(140);
});

test.each([[-1], [Number.NaN], [1.5], ['9'], [undefined]])('tokens that are no count tell nothing: %p', async (tokensAfter) => {
  const recording = start();
  recording.recorder.tell({ kind: 'optimization', optimizer: 'x', tokensBefore: 10, tokensAfter } as never);
  expect(recording.logs).toEqual([]);
  expect(recording.counts.get('event.refused')).toBe(1);
  expect(await recording.metric('swarmscope.context.optimization.tokens')).toBeUndefined();
});

test('a phase is timed by its name', async () => {
  const recording = start();
  recording.recorder.startPhase('scout').end();
  recording.recorder.startPhase('plan').end({ errorType: 'Error' });
  expect(await recording.metric('swarmscope.phase.duration')).toBe(2);
});

test.each([
  { given: { kind: 'route', model: 'm' }, says: 'route: tier: expected a text that is not empty' },
  { given: { kind: 'handoff', from: 'a' }, says: 'handoff: to: expected a text that is not empty' },
  { given: { kind: 'decision', component: 'a' }, says: 'decision: chosen: expected a text that is not empty' },
  {
    given: { kind: 'optimization', optimizer: 'o', tokensBefore: 1, tokensAfter: -1 },
    says: 'optimization: tokensAfter: expected a whole number of at least 0',
  },
])('$says: refused, counted, and neither an event nor in a metric', async ({ given, says }) => {
  const recording = start();
  expect(recording.recorder.tell(given as never)).toBe(says);
  expect(recording.logs).toEqual([]);
  expect(recording.counts).toEqual(new Map([['event.refused', 1]]));
  expect(await recording.metric('swarmscope.routing.decisions')).toBeUndefined();
});

test.each([
  { wrong: { complexity: Number.NaN }, says: 'route: complexity: expected a number of at least 0' },
  { wrong: { complexity: -1 }, says: 'route: complexity: expected a number of at least 0' },
  { wrong: { outcome: 'perhaps' }, says: 'route: outcome: expected one of selected, fallback, rejected' },
  { wrong: { model: '' }, says: 'route: model: expected a text that is not empty' },
])('$says: left out of the choice, which is told', ({ wrong, says }) => {
  const { recorder, logs, counts } = start();
  expect(recorder.tell({ kind: 'route', tier: 'small', model: 'm', ...wrong } as never)).toBe(says);
  expect(logs.map(({ attributes }) => attributes)).toEqual([
    expect.objectContaining({ 'swarmscope.routing.tier': 'small', 'swarmscope.routing.outcome': 'selected' }),
  ]);
  expect(JSON.stringify(logs)).not.toMatch(/NaN|perhaps|complexity":-/);
  expect(counts).toEqual(new Map([['event.repaired', 1]]));
});
