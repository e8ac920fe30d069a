/** A task that was estimated has both on its span; one that was not is not measured. */
import { expect, test } from '@jest/globals';
import { startRecording } from './recorder.ts';

test('an estimate stands beside what the task took, with their ratio', async () => {
  const { recorder, advance, span, metric } = startRecording();
  const estimate = { wallClockSeconds: 2, cpuTimeSeconds: 1, peakMemoryBytes: 1_000 };
  const task = recorder.startTask({ type: 'implement', estimate }, 'x');
  const other = recorder.startTask({ type: 'review', estimate: { wallClockSeconds: 8 } }, 'x');
  advance(4_000);
  task.end();
  other.end();
  const { attributes } = span('run_task implement');
  expect(attributes).toMatchObject({
    'swarmscope.task.estimate.wall_time': 2,
    'swarmscope.task.estimate.cpu_time': 1,
    'swarmscope.task.estimate.memory': 1_000,
    'swarmscope.task.estimate.ratio': 2,
    'swarmscope.task.estimate.cpu_ratio': expect.any(Number),
    'swarmscope.task.estimate.memory_ratio': expect.any(Number),
    'swarmscope.task.shared.count': 2,
  });
  expect(attributes['swarmscope.task.cpu.time']).toBeGreaterThanOrEqual(0);
  expect(attributes['swarmscope.task.memory.peak_usage']).toBeGreaterThan(1_000_000);
  expect(span('run_task review').attributes['swarmscope.task.estimate.ratio']).toBe(0.5);
  expect(await metric('swarmscope.task.cpu.time')).toBe(2);
});

test('a task without one has nothing of it', () => {
  const { recorder, span } = startRecording();
  recorder.startTask({ type: 'plain' }, 'x').end();
  expect(Object.keys(span('run_task plain').attributes).filter((name) => /estimate|cpu|memory/.test(name))).toEqual([]);
});

test.each([-1, 0, NaN, Infinity, '5'])('%p is no estimate: left out and counted', (wallClockSeconds) => {
  const { recorder, span, counts } = startRecording();
  recorder.startTask({ type: 'odd', estimate: { wallClockSeconds: wallClockSeconds as number } }, 'x').end();
  expect(span('run_task odd').attributes['swarmscope.task.estimate.ratio']).toBeUndefined();
  expect(counts.get('task.bad-estimate')).toBe(1);
});
