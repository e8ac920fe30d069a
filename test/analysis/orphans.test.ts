/** Processes that outlive the task that started them: from a minute on they are counted and named. */
import { expect, test } from '@jest/globals';
import { analyse, type RunData, type SpanRow } from '../../src/analysis/index.ts';
import { renderReport } from '../../src/cli/report/index.ts';

const span = (spanId: string, parentSpanId: string | undefined, endMs: number | undefined, attributes: SpanRow['attributes']): SpanRow => ({
  traceId: 't',
  spanId,
  parentSpanId,
  name: spanId,
  kind: 1,
  startMs: 0,
  endMs,
  isError: false,
  attributes,
  links: [],
  scopeName: 'swarmscope',
  serviceName: 's',
  pid: 1,
});
const task = span('task', undefined, 1_000, {
  'swarmscope.operation.name': 'run_task',
  'swarmscope.task.id': 'cart',
  'swarmscope.task.type': 'implement',
});
const process = (spanId: string, pid: number, endMs: number | undefined, parent = 'task'): SpanRow => ({
  ...span(spanId, parent, endMs, { 'process.executable.name': spanId, 'process.pid': pid }),
  kind: 3,
});
const dataOf = (...spans: SpanRow[]): RunData => ({
  run: { id: 'r', name: 'r', command: '', startMs: 0, endMs: 200_000, exitCode: 0, signal: undefined },
  spans: [task, ...spans],
  series: [],
  logs: [],
  losses: {},
});

test('from a minute after the end of its task on, the longest first', () => {
  const report = analyse(dataOf(process('quick', 2, 60_999), process('late', 3, 61_000), process('server', 4, undefined)));
  expect(report.orphans).toEqual({
    count: 2,
    longest: [
      { name: 'server', pid: 4, taskType: 'implement', taskId: 'cart', starter: undefined, aliveMs: 199_000, isAlive: true },
      { name: 'late', pid: 3, taskType: 'implement', taskId: 'cart', starter: undefined, aliveMs: 60_000, isAlive: false },
    ],
  });
  const text = renderReport(report).replaceAll(/\s+/g, ' ');
  expect(text).toContain('2 processes lived on for a minute or more after the task, or the program, that started them.');
  expect(text).toMatch(/server pid 4 3m 19s after implement cart still alive at the end/);
});

test('a process outside of tasks is none, however long it lives', () => {
  const report = analyse(dataOf({ ...process('daemon', 5, 190_000), parentSpanId: undefined }));
  expect(report.orphans).toEqual({ count: 0, longest: [] });
  expect(renderReport(report)).not.toContain('Left behind');
});

test('a process that was left behind by an agent or a program is named with it', () => {
  const left = process('claude', 6, 190_000);
  const report = analyse(
    dataOf({
      ...left,
      parentSpanId: undefined,
      attributes: { ...left.attributes, 'swarmscope.process.orphan.time': 75, 'swarmscope.process.orphan.starter': 'bash' },
    }),
  );
  expect(report.orphans.longest).toMatchObject([{ name: 'claude', pid: 6, starter: 'bash', taskId: undefined, aliveMs: 75_000 }]);
  expect(renderReport(report).replaceAll(/\s+/g, ' ')).toContain('claude pid 6 1m 15s after bash');
});
