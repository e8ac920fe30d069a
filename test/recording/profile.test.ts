/** The profile of a process: what was seen wins over what was given by hand, and concurrency is not batch size. */
import { expect, test } from '@jest/globals';
import type { LogRecord } from '../../src/semconv/telemetry.ts';
import { startRecording, type Recording } from './recorder.ts';

const summary = ({ recorder }: Recording): ReturnType<Recording['recorder']['profile']> => recorder.profile();

test('parallelism is how many tasks are at work at the same time, and idle is the time of those that are not', () => {
  const recording = startRecording();
  const { recorder, advance } = recording;
  const [one, two] = [recorder.startTask({ id: '1' }, 'x'), recorder.startTask({ id: '2' }, 'x')];
  advance(1_000);
  one.end();
  advance(1_000);
  two.end();
  recorder.startTask({ id: '3' }, 'x').end();
  expect(summary(recording)).toMatchObject({ peakParallelism: 2, idleShare: 0.25 });
});

test('tools and context that a call tells are on the span of the task, with the names of those that were not used', () => {
  const recording = startRecording();
  const { recorder, span } = recording;
  const task = recorder.startTask({ id: 't-1', type: 'implement' }, 'x');
  recorder.within(task.frame, () => {
    const call = recorder.startLlmCall({ operation: 'chat', provider: 'openai', requestModel: 'm', toolsOffered: ['read', 'write'] });
    call.end({ usage: { inputTokens: 400, outputTokens: 100 }, toolsCalled: ['read'] });
  });
  // By hand, of the same task: what was seen wins.
  recorder.recordProfile({ taskId: 't-1', availableTools: ['a', 'b', 'c'], callCounts: {} });
  recorder.recordProfile({ taskId: 't-1', budgetTokens: 100, inputTokens: 99, outputTokens: 0 });
  task.end();
  const { attributes } = span('run_task implement');
  expect(attributes['swarmscope.task.tools.unused.names']).toEqual(['write']);
  expect(summary(recording)).toMatchObject({ tasksWithToolTracking: 1, tasksWithContextTracking: 1, toolUtilization: 0.5 });
  expect(summary(recording).peakContextUtilization).toBe(attributes['swarmscope.task.context.peak_utilization']);
});

test('what is given by hand after a task that was seen changes nothing of it', () => {
  const recording = startRecording();
  const { recorder } = recording;
  const task = recorder.startTask({ id: 't-1', type: 'implement' }, 'x');
  recorder.within(task.frame, () => {
    recorder
      .startLlmCall({ operation: 'chat', provider: 'openai', requestModel: 'm', toolsOffered: ['read', 'write'] })
      .end({ usage: { inputTokens: 400, outputTokens: 100 }, toolsCalled: ['read'] });
  });
  task.end();
  const before = summary(recording);
  recorder.recordProfile({ taskId: 't-1', availableTools: ['a', 'b', 'c'], callCounts: { write: 1 } });
  expect(summary(recording)).toMatchObject({ toolUtilization: 0.5, unusedTools: before.unusedTools });
});

test('each that is given is an event with all that was given of its task, so that the report has it', () => {
  const logs: LogRecord[] = [];
  const { recorder } = startRecording({ change: (assembly) => ({ ...assembly, emitLog: (record) => void logs.push(record) }) });
  recorder.recordProfile({ taskId: 't-1', workerId: 'w', availableTools: ['a', 'b'], callCounts: { a: 3 } });
  recorder.recordProfile({ taskId: 't-1', workerId: 'w', budgetTokens: 1_000, inputTokens: 200, outputTokens: 50 });
  recorder.recordProfile({ activeWorkers: 3, pendingTasks: 2, completedTasks: 1 });
  recorder.recordProfile({ activeWorkers: -1 });
  const told = logs.filter(({ eventName }) => eventName === 'swarmscope.profile.recorded');
  expect(told.map(({ attributes }) => attributes)).toEqual([
    expect.objectContaining({ 'swarmscope.task.tools.used.names': ['a'], 'swarmscope.task.tools.unused.names': ['b'] }),
    expect.objectContaining({
      'swarmscope.task.id': 't-1',
      'swarmscope.worker.id': 'w',
      'swarmscope.task.tools.offered.count': 2,
      'swarmscope.task.context.peak_utilization': 0.25,
    }),
    expect.objectContaining({
      'swarmscope.profile.workers.active': 3,
      'swarmscope.profile.tasks.pending': 2,
      'swarmscope.profile.tasks.completed': 1,
    }),
  ]);
});

test('what nobody sees is taken as it is given by hand, and stands on the span', () => {
  const recording = startRecording();
  const { recorder, span } = recording;
  const task = recorder.startTask({ id: 't-1', type: 'implement' }, 'x');
  expect(recorder.recordProfile({ taskId: 't-1', availableTools: ['a', 'b'], callCounts: { a: 3, b: 0 } })).toBeUndefined();
  expect(recorder.recordProfile({ taskId: 't-1', budgetTokens: 1_000, inputTokens: 200, outputTokens: 50 })).toBeUndefined();
  task.end();
  recorder.recordProfile({ taskId: 't-2', budgetTokens: 1_000, inputTokens: 750, outputTokens: 0 });
  expect(span('run_task implement').attributes).toMatchObject({
    'swarmscope.task.tools.offered.count': 2,
    'swarmscope.task.tools.used.count': 1,
    'swarmscope.task.tools.unused.names': ['b'],
    'swarmscope.task.context.peak_utilization': 0.25,
  });
  expect(summary(recording)).toMatchObject({
    tasksWithToolTracking: 1,
    tasksWithContextTracking: 2,
    toolUtilization: 0.5,
    unusedTools: ['b'],
    meanContextUtilization: 0.5,
    peakContextUtilization: 0.75,
  });
});

test('workers that are given by hand count where no task is seen', () => {
  const recording = startRecording();
  recording.recorder.recordProfile({ activeWorkers: 7 });
  expect(summary(recording).peakParallelism).toBe(7);
  recording.recorder.recordProfile({ activeWorkers: 3.5, tasksByWorker: { w: 't' }, pendingTasks: 2, completedTasks: 4 });
  expect(summary(recording)).toMatchObject({ peakParallelism: 7, idleShare: 0.25 });
  recording.recorder.startTask({}, 'x').end();
  expect(summary(recording).peakParallelism).toBe(1);
});

test.each([
  [{ taskId: '' }, 'taskId'],
  [{ taskId: 't', availableTools: 'a', callCounts: {} }, 'availableTools'],
  [{ taskId: 't', availableTools: [], callCounts: null }, 'callCounts'],
  [{ taskId: 't', budgetTokens: 0, inputTokens: 1, outputTokens: 1 }, 'budgetTokens'],
  [{ taskId: 't', budgetTokens: 9, inputTokens: -1, outputTokens: 1 }, 'inputTokens'],
  [{ taskId: 't', budgetTokens: 9, inputTokens: 1, outputTokens: NaN }, 'outputTokens'],
  [{ activeWorkers: -1 }, 'activeWorkers'],
  [{ activeWorkers: 1, tasksByWorker: 'w' }, 'tasksByWorker'],
  [{ activeWorkers: 1, pendingTasks: -1 }, 'pendingTasks'],
  [{ activeWorkers: 1, completedTasks: NaN }, 'completedTasks'],
])('refused with the name of the field: %j', (given, field) => {
  const recording = startRecording();
  expect(recording.recorder.recordProfile(given)).toMatch(new RegExp(`^profile: ${field}: expected `));
  expect(recording.counts.get('profile.refused')).toBe(1);
  expect(summary(recording)).toMatchObject({ tasksWithToolTracking: 0, tasksWithContextTracking: 0, peakParallelism: 0 });
});
