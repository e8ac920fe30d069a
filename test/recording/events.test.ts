/** Events that a program tells: where they belong, how grave they are, and what is left out of them. */
import { beforeEach, expect, test } from '@jest/globals';
import type { LogRecord } from '../../src/semconv/telemetry.ts';
import { startRecording, type Recording } from './recorder.ts';

let logs: LogRecord[];
let recording: Recording;
const start = (env: Record<string, string> = {}): Recording =>
  startRecording({ env, change: (assembly) => ({ ...assembly, emitLog: (record) => void logs.push(record) }) });

beforeEach(() => {
  logs = [];
  recording = start();
});

test('an event belongs to the span, the agent and the task in which it was told', () => {
  const { recorder } = recording;
  const task = recorder.startTask({ type: 'implement', id: 't-1' }, 'x');
  const agent = recorder.within(task.frame, () => recorder.startAgent('coder'));
  const wrong = recorder.within(agent.frame, () => recorder.emit({ kind: 'approval.granted', reason: 'small_change' }));
  expect(wrong).toBeUndefined();
  expect(logs).toEqual([
    {
      eventName: 'swarmscope.approval.granted',
      time: expect.any(Number),
      severityNumber: 9,
      traceId: agent.traceId,
      spanId: agent.spanId,
      attributes: {
        'gen_ai.agent.name': 'coder',
        'swarmscope.task.id': 't-1',
        'swarmscope.task.type': 'implement',
        'swarmscope.event.reason': 'small_change',
      },
    },
  ]);
});

test.each([
  ['agent.failed', 17],
  ['agent.timeout', 17],
  ['tool.error', 17],
  ['tool.quota_exceeded', 13],
  ['session.token_warning', 13],
  ['context.warning', 13],
  ['approval.denied', 13],
  ['agent.completed', 9],
  ['deploy.started', 9],
])('%s has severity %d', (kind, severity) => {
  recording.recorder.emit({ kind });
  expect(logs[0]?.severityNumber).toBe(severity);
});

test.each([undefined, null, 7, {}, { kind: 'agent' }, { kind: 'Agent.Invoked' }, { kind: 'a.b c' }, { kind: `a.${'b'.repeat(63)}` }])(
  'without a proper kind nothing is told: %j',
  (given) => {
    expect(recording.recorder.emit(given)).toMatch(/^event: kind: expected /);
    expect(logs).toEqual([]);
    expect(recording.counts.get('event.refused')).toBe(1);
  },
);

test('a kind of 64 characters is the longest', () => {
  expect(recording.recorder.emit({ kind: `a.${'b'.repeat(62)}` })).toBeUndefined();
});

test('a field that is wrong is left out, named and counted, and the rest is told', () => {
  const wrong = recording.recorder.emit({ kind: 'context.warning', agent: '', tokens: -1, limit: NaN, usd: 0.5 });
  expect(wrong).toBe(
    'event "context.warning": agent: expected a text that is not empty; event "context.warning": tokens: expected a number of at least 0; event "context.warning": limit: expected a number of at least 0',
  );
  expect(logs[0]?.attributes).toEqual({ 'swarmscope.cost.amount': 0.5 });
  expect(recording.counts.get('event.repaired')).toBe(1);
});

test('data is content: absent unless content is captured', () => {
  recording.recorder.emit({ kind: 'decision.made', data: { marker: 1 } });
  expect(JSON.stringify(logs)).not.toContain('marker');
  recording = start({ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' });
  recording.recorder.emit({ kind: 'decision.made', data: { marker: 1 } });
  expect(logs.at(-1)?.attributes['swarmscope.event.data']).toBe('{"marker":1}');
});
