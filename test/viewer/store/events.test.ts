/** Events in the file of a run: found by agent, task, kind and time; those of spans once each. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { LogRow, SpanRow } from '../../../src/analysis/model.ts';
import { openStore, readRun, readRunEvents, type EventFilter, type Store } from '../../../src/viewer/index.ts';
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

test('an event of a span has the task of the nearest task above it, whichever of them arrives first', () => {
  const task = span({
    spanId: 'task',
    name: 'run_task implement',
    attributes: { 'swarmscope.operation.name': 'run_task', 'swarmscope.task.id': 't-7' },
  });
  const process = span({ spanId: 'process', parentSpanId: 'task', name: 'claude', attributes: {} });
  const agent = span({ spanId: 'agent', parentSpanId: 'process' });
  const tool = span({
    spanId: 'tool',
    parentSpanId: 'agent',
    attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'run' },
  });
  const alone = span({ spanId: 'alone' });
  // Children end before what is above them, and their parents may come in another request.
  for (const each of [tool, agent, alone, process]) store.addTraces({ spans: [each], losses: {} });
  expect(kinds({ task: 't-7' })).toEqual([]);
  store.addTraces({ spans: [task], losses: {} });
  expect(kinds({ task: 't-7' })).toEqual(['10 agent.invoked', '20 tool.used', '20 agent.completed']);
  const known = readRunEvents(folder, 'r1', {}).events.map((event) => `${event.spanId} ${event.task}`);
  expect([...new Set(known)].toSorted()).toEqual(['agent t-7', 'alone undefined', 'tool t-7']);
  // One whose task is there already.
  store.addTraces({ spans: [{ ...tool, spanId: 'tool-2', endMs: 25 }], losses: {} });
  expect(kinds({ task: 't-7', kind: 'tool.used' })).toEqual(['20 tool.used', '25 tool.used']);
});

test('an event still finds its task where the file was closed meanwhile', () => {
  const agent = span({ spanId: 'agent', parentSpanId: 'task' });
  store.addTraces({ spans: [agent], losses: {} });
  store.close();
  store = openStore(runPath(folder, 'r1'));
  store.addTraces({ spans: [span({ spanId: 'task', attributes: { 'swarmscope.task.id': 't-8' } })], losses: {} });
  expect(kinds({ task: 't-8' })).toEqual(['10 agent.invoked', '20 agent.completed']);
});

/** As version 1 wrote it: what programs told lies among the log records, and there are no tables of events. */
function makeOlder(): void {
  const task = span({ spanId: 'task', attributes: { 'swarmscope.task.id': 't-9' } });
  const agent = span({ spanId: 'agent', parentSpanId: 'task' });
  store.addTraces({ spans: [task, agent], losses: {} });
  store.close();
  const database = new DatabaseSync(runPath(folder, 'r1'));
  for (const table of ['events', 'event_names', 'event_spans', 'event_parents']) database.exec(`DROP TABLE ${table}`);
  const insert = database.prepare(
    "INSERT INTO logs (time_ms, event_name, severity, trace_id, span_id, attributes, service_name) VALUES (?, ?, 9, 't', 's', ?, 'swarm')",
  );
  insert.run(15, 'swarmscope.budget.threshold.reached', '{"swarmscope.budget.name":"run"}');
  insert.run(16, 'claude_code.api_request', '{}');
  database.exec('PRAGMA user_version = 1');
  database.close();
}

const OF_OLDER = ['10 agent.invoked', '15 budget.threshold.reached', '20 agent.completed'];

test('a file of version 1 is read with its events, and is not changed by that', () => {
  makeOlder();
  const all = readRunEvents(folder, 'r1', {}).events.map(({ kind, timeMs }) => `${timeMs} ${kind}`);
  expect(all).toEqual(OF_OLDER);
  expect(readRunEvents(folder, 'r1', { task: 't-9' }).events.map(({ kind }) => kind)).toEqual(['agent.invoked', 'agent.completed']);
  expect(readRun(folder, 'r1').spans).toHaveLength(2);
  const database = new DatabaseSync(runPath(folder, 'r1'), { readOnly: true });
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
  database.close();
});

test('a file of version 1 that is written to again becomes one of this version, once', () => {
  makeOlder();
  for (let time = 0; time < 2; time += 1) {
    store = openStore(runPath(folder, 'r1'));
    expect(kinds()).toEqual(OF_OLDER);
    expect(store.loadRun().logs.map(({ eventName }) => eventName)).toEqual(['claude_code.api_request']);
    store.close();
  }
  const database = new DatabaseSync(runPath(folder, 'r1'), { readOnly: true });
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
  database.close();
});

test('a file of a later version is neither read nor written to', () => {
  store.close();
  const database = new DatabaseSync(runPath(folder, 'r1'));
  database.exec('PRAGMA user_version = 3');
  database.close();
  for (const open of [() => openStore(runPath(folder, 'r1')), () => readRunEvents(folder, 'r1', {})])
    expect(open).toThrow(expect.objectContaining({ code: 'store_newer' }));
});

test('a change of the sampling is part of what the report is made of', () => {
  const attributes = { 'swarmscope.policy.version': 1, 'swarmscope.policy.sampling': 0.1 };
  store.addLogs({ logs: [{ ...log('swarmscope.policy.changed', 5), attributes }], openSpans: [], spans: [], losses: {} });
  store.flush();
  const told = readRun(folder, 'r1').logs.filter(({ eventName }) => eventName === 'swarmscope.policy.changed');
  expect(told.map(({ attributes }) => attributes['swarmscope.policy.sampling'])).toEqual([0.1]);
});
