/** Events in the file of a run: found by agent, task, kind and time; those of spans once each. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { join } from 'node:path';
import type { LogRow, SpanRow } from '../../../src/analysis/model.ts';
import { openStore, readRunEvents, type EventFilter, type Store } from '../../../src/viewer/index.ts';
import { runPath } from '../../../src/viewer/index.ts';
import { freshFolder } from '../../harness/index.ts';

let folder: string;
let store: Store;
beforeEach(() => {
  folder = join(freshFolder('events'), 'data');
  store = openStore(runPath(folder, 'r1'));
  store.startRun({ id: 'r1', name: 'n', command: 'c', startMs: 1, endMs: 9, exitCode: 0, signal: undefined });
});
afterEach(() => store.close());

const log = (eventName: string, timeMs: number, attributes: Record<string, string> = {}): LogRow => ({
  timeMs,
  eventName,
  body: undefined,
  severity: 9,
  traceId: 't',
  spanId: 's',
  attributes,
  serviceName: 'swarm',
});
const span = (over: Partial<SpanRow>): SpanRow => ({
  traceId: 't',
  spanId: 's1',
  parentSpanId: undefined,
  name: 'invoke_agent coder',
  kind: 1,
  startMs: 10,
  endMs: 20,
  isError: false,
  attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'coder' },
  links: [],
  scopeName: 'swarmscope',
  serviceName: 'swarm',
  pid: undefined,
  ...over,
});
const kinds = (filter: EventFilter = {}): string[] => {
  store.flush();
  return readRunEvents(folder, 'r1', filter).events.map(({ kind, timeMs }) => `${timeMs} ${kind}`);
};

test('events are found by agent, task, kind and time, in the order of time', () => {
  const of = { 'gen_ai.agent.name': 'coder', 'swarmscope.task.id': 't-1' };
  const logs = [
    log('swarmscope.approval.granted', 30, of),
    log('swarmscope.approval.required', 10, of),
    log('swarmscope.approval.required', 20, { 'gen_ai.agent.name': 'reviewer' }),
    log('claude_code.api_request', 15, of),
  ];
  store.addLogs({ logs, openSpans: [], spans: [], losses: {} });
  expect(kinds()).toEqual(['10 approval.required', '20 approval.required', '30 approval.granted']);
  expect(kinds({ agent: 'coder' })).toEqual(['10 approval.required', '30 approval.granted']);
  expect(kinds({ task: 't-1', kind: 'approval.granted' })).toEqual(['30 approval.granted']);
  expect(kinds({ agent: 'reviewer', task: 't-1' })).toEqual([]);
  expect(kinds({ sinceMs: 20 })).toEqual(['20 approval.required', '30 approval.granted']);
  // What other programs tell stays where it was.
  expect(store.loadRun().logs.map(({ eventName }) => eventName)).toEqual(['claude_code.api_request']);
});

test('a span of an agent or a tool is an event at its start and at its end, each once', () => {
  const tool = span({
    spanId: 's2',
    startMs: 12,
    endMs: 13,
    isError: true,
    attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'run', 'gen_ai.agent.name': 'coder' },
  });
  const timeout = span({
    spanId: 's3',
    startMs: 30,
    endMs: 40,
    isError: true,
    attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'slow', 'error.type': 'TimeoutError' },
  });
  store.addLogs({ logs: [], openSpans: [span({ endMs: undefined })], spans: [], losses: {} });
  for (let time = 0; time < 2; time += 1) store.addTraces({ spans: [span({}), tool, timeout], losses: {} });
  expect(kinds()).toEqual(['10 agent.invoked', '13 tool.error', '20 agent.completed', '30 agent.invoked', '40 agent.timeout']);
  expect(kinds({ agent: 'slow' })).toEqual(['30 agent.invoked', '40 agent.timeout']);
});

test('what arrives after an event is found by its id', () => {
  store.addLogs({ logs: [log('swarmscope.a.b', 10)], openSpans: [], spans: [], losses: {} });
  store.flush();
  const [first] = readRunEvents(folder, 'r1', {}).events;
  store.addLogs({ logs: [log('swarmscope.c.d', 5)], openSpans: [], spans: [], losses: {} });
  expect(kinds({ afterId: first?.id })).toEqual(['5 c.d']);
});
