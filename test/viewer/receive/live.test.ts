/** The running picture: starts, ends, repeats and late starts. */
import { expect, test } from '@jest/globals';
import type { Attributes, SpanRow } from '../../../src/analysis/model.ts';
import { createLive } from '../../../src/viewer/receive/live.ts';

let next = 0;
const span = (attributes: Attributes, more: Partial<SpanRow> = {}): SpanRow => ({
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: (++next).toString(16).padStart(16, '0'),
  parentSpanId: undefined,
  name: 'n',
  kind: 1,
  startMs: 1_000,
  endMs: undefined,
  isError: false,
  attributes,
  links: [],
  scopeName: '',
  serviceName: '',
  pid: undefined,
  ...more,
});
const task = (type: string, startMs: number): SpanRow =>
  span({ 'swarmscope.operation.name': 'run_task', 'swarmscope.task.type': type }, { name: `run_task ${type}`, startMs });

test('open and ended tasks and calls are counted once, whatever the order', () => {
  const live = createLive();
  const [a, b, c] = [task('implement', 1_000), task('implement', 2_000), task('review', 3_000)];
  const call = span({ 'gen_ai.operation.name': 'chat' });
  const [claude, codex] = [1, 2].map(() => span({ 'gen_ai.operation.name': 'invoke_agent' })) as [SpanRow, SpanRow];
  live.addLogs({ logs: [], openSpans: [a, b, call, claude, codex], spans: [], losses: {} });
  expect(live.snapshot(5_000)).toMatchObject({
    openTasks: 2,
    openAgents: 2,
    llmCallsInFlight: 1,
    llmCallsDone: 0,
    runningByType: [{ type: 'implement', count: 2 }],
    oldestTask: { name: 'run_task implement', ageMs: 4_000 },
    cost: undefined,
  });
  const endedCall = {
    ...call,
    endMs: 4_000,
    attributes: { ...call.attributes, 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 5, 'swarmscope.cost.amount': 0.5 },
  };
  const limited = span({ 'gen_ai.operation.name': 'chat', 'http.response.status_code': 429 }, { endMs: 4_000, isError: true });
  const overloaded = span({ 'gen_ai.operation.name': 'chat', 'error.type': 'overloaded_error' }, { endMs: 4_000, isError: true });
  const failed = span({ 'gen_ai.operation.name': 'chat', 'http.response.status_code': 500 }, { endMs: 4_000, isError: true });
  const absurd = span(
    { ...call.attributes, 'gen_ai.usage.input_tokens': -7, 'gen_ai.usage.output_tokens': -7, 'swarmscope.cost.amount': -7 },
    { endMs: 4_000 },
  );
  const calls = [endedCall, limited, overloaded, failed, absurd];
  const rows = {
    spans: [{ ...claude, endMs: 4_000 }, { ...a, endMs: 4_000 }, { ...c, endMs: 4_000, isError: true }, ...calls],
    losses: {},
  };
  live.addTraces(rows);
  live.addTraces(rows);
  live.addLogs({ logs: [], openSpans: [c], spans: [], losses: {} });
  expect(live.snapshot(5_000)).toEqual({
    openTasks: 1,
    openAgents: 1,
    runningByType: [{ type: 'implement', count: 1 }],
    llmCallsInFlight: 0,
    llmCallsDone: 5,
    doneTasks: 1,
    failedTasks: 1,
    inputTokens: 10,
    outputTokens: 5,
    cost: 0.5,
    rateLimited: 2,
    oldestTask: { name: 'run_task implement', ageMs: 3_000 },
  });
});

const call = (told: Attributes, more: Partial<SpanRow>): SpanRow =>
  span(
    { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.output_tokens': 5, ...told },
    { endMs: 2_000, ...more },
  );
const wire = { scopeName: 'swarmscope', sender: 'one' };
const library = { scopeName: 'library' };
const priced = { 'swarmscope.cost.amount': 0.25 };

test.each<[string, readonly SpanRow[], number]>([
  ['by its id', [call({ 'gen_ai.response.id': 'a', ...priced }, wire), call({ 'gen_ai.response.id': 'a', ...priced }, library)], 1],
  ['without an id, by its process', [call(priced, { ...wire, pid: 7 }), call(priced, { ...library, pid: 7 })], 1],
  [
    'by its id, and another one of the same process by the process',
    [
      call({ 'gen_ai.response.id': 'a', ...priced }, { ...library, pid: 7 }),
      call({ 'gen_ai.response.id': 'a', ...priced }, { ...wire, pid: 7 }),
      call(priced, { ...library, pid: 7 }),
      call(priced, { ...wire, pid: 7 }),
    ],
    2,
  ],
  ['but not in another process', [call(priced, { ...wire, pid: 7 }), call(priced, { ...library, pid: 8 })], 2],
  ['but not an id that a cache answers with', [1, 2].map(() => call({ 'gen_ai.response.id': 'a', ...priced }, wire)), 2],
  ['but not where nothing is known of it', [call(priced, wire), call(priced, library)], 2],
])('a call that two tell is counted once: %s', (_, spans, calls) => {
  for (const rows of [spans, [...spans].reverse()]) {
    const live = createLive();
    live.addTraces({ spans: rows.map((row) => ({ ...row, spanId: (++next).toString(16).padStart(16, '0') })), losses: {} });
    expect(live.snapshot(5_000)).toMatchObject({ inputTokens: 10 * calls, outputTokens: 5 * calls, cost: 0.25 * calls });
  }
});
