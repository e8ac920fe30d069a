/** The profile of a run: the members that `profiler.getSummary` has, from the spans of its tasks. */
import { expect, test } from '@jest/globals';
import { analyse, type RunData, type SpanRow } from '../../src/analysis/index.ts';
import { renderReport } from '../../src/cli/report/index.ts';

const span = (spanId: string, name: string, startMs: number, endMs: number, attributes: SpanRow['attributes']): SpanRow => ({
  traceId: 't',
  spanId,
  parentSpanId: undefined,
  name,
  kind: 1,
  startMs,
  endMs,
  isError: false,
  attributes,
  links: [],
  scopeName: 'swarmscope',
  serviceName: 's',
  pid: 1,
});
const task = (spanId: string, startMs: number, endMs: number, more: SpanRow['attributes']): SpanRow =>
  span(spanId, 'run_task implement', startMs, endMs, {
    'swarmscope.operation.name': 'run_task',
    'swarmscope.task.id': spanId,
    'swarmscope.task.type': 'implement',
    ...more,
  });

const data: RunData = {
  run: { id: 'r', name: 'r', command: '', startMs: 0, endMs: 1_000, exitCode: 0, signal: undefined },
  spans: [
    task('a', 0, 1_000, {
      'swarmscope.task.tools.offered.count': 3,
      'swarmscope.task.tools.used.count': 1,
      'swarmscope.task.tools.unused.names': ['write', 'search'],
      'swarmscope.task.context.peak_utilization': 0.2,
    }),
    task('b', 0, 500, { 'swarmscope.task.context.peak_utilization': 0.6 }),
    // Not offered by a call of task a only: somebody used it.
    span('c', 'execute_tool search', 100, 200, { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' }),
  ],
  series: [],
  logs: [],
  losses: {},
};

test('tools, context and idle workers of a run', () => {
  const { profile } = analyse(data);
  expect(profile).toEqual({
    tasksWithToolTracking: 1,
    tasksWithContextTracking: 2,
    peakParallelism: 2,
    toolUtilization: expect.closeTo(1 / 3, 9) as unknown,
    unusedTools: ['write'],
    meanContextUtilization: expect.closeTo(0.4, 9) as unknown,
    peakContextUtilization: 0.6,
    idleShare: 0.25,
  });
  expect(renderReport(analyse(data))).toMatch(/Profile\n {2}33% of the tools of 1 task were used; never used: write\n/);
});

const given = (attributes: SpanRow['attributes']) => ({
  ...{ timeMs: 1, eventName: 'swarmscope.profile.recorded', body: undefined, severity: 9, severityNumber: 9 },
  ...{ traceId: undefined, spanId: undefined, serviceName: 's', attributes },
});

test('what was given by hand fills what nobody saw: of a task without a span, and of one whose span has no tools', () => {
  const logs = [
    given({ 'swarmscope.task.id': 'a', 'swarmscope.task.tools.offered.count': 9, 'swarmscope.task.tools.unused.names': ['x'] }),
    given({
      'swarmscope.task.id': 'b',
      'swarmscope.task.context.peak_utilization': 0.9,
      'swarmscope.task.tools.offered.count': 1,
      'swarmscope.task.tools.used.names': ['write'],
    }),
    given({ 'swarmscope.task.id': 'z', 'swarmscope.task.context.peak_utilization': 0.1 }),
    given({ 'swarmscope.profile.workers.active': 7 }),
  ];
  expect(analyse({ ...data, logs }).profile).toEqual({
    tasksWithToolTracking: 2,
    tasksWithContextTracking: 3,
    peakParallelism: 2,
    toolUtilization: expect.closeTo(0.5, 9) as unknown,
    unusedTools: [],
    meanContextUtilization: expect.closeTo(0.3, 9) as unknown,
    peakContextUtilization: 0.6,
    idleShare: 0.25,
  });
});

test('where no task was seen, the snapshots of workers that were given tell parallelism and idle time', () => {
  const logs = [4, 2].map((active) => given({ 'swarmscope.profile.workers.active': active }));
  expect(analyse({ ...data, spans: [], logs }).profile).toMatchObject({ peakParallelism: 4, idleShare: 0.25 });
});
