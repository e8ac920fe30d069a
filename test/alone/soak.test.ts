/**
 * As many calls and tasks as a busy hour has, as fast as they go: memory is flat between the second quarter and the
 * last. `bench/soak.ts` takes the hour.
 */
import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { runSoak, type Sample } from '../../bench/soak.ts';
import { ensureBuilt, repository } from '../harness/index.ts';

const MIB = 1_048_576;
/** `SOAK_CALLS` shortens it for a look. */
const calls = Number(process.env['SOAK_CALLS'] ?? 20_000);

test('a busy hour of calls, tasks, queues, tools, children, threads, git, aborts and errors leaves nothing behind in memory', async () => {
  ensureBuilt();
  const { samples, report, code, stderr } = await runSoak({ calls, callsPerSecond: 0, samples: 8, dist: join(repository, 'dist') });
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  expect(report.spanCount).toBeGreaterThan(calls);
  const [second, last] = [samples.slice(2, 4), samples.slice(-2)];
  const growth = (read: (sample: Sample) => number): number => mean(last.map(read)) - mean(second.map(read));
  // One byte in a thousand of what the calls carried; a span kept for each call would be 25 MB.
  expect(growth(({ program }) => program.heapUsed)).toBeLessThan(4 * MIB);
  // Buffers: a cache of slices of Node's pool held 5 MB here.
  expect(growth(({ program }) => program.external)).toBeLessThan(2 * MIB);
  // The live picture remembers the ids of the last 100,000 ended calls, and no more.
  expect(growth(({ receiver }) => receiver.heapUsed)).toBeLessThan(16 * MIB);
  expect(growth(({ program }) => program.handles)).toBeLessThan(8);
  expect(growth(({ receiver }) => receiver.handles)).toBeLessThan(8);
  // Sockets that the app itself keeps open come and go.
  expect(growth(({ program }) => program.descriptors)).toBeLessThan(64);
  expect(growth(({ receiver }) => receiver.descriptors)).toBeLessThan(16);
  for (const { runtime, dropped } of last) {
    // The run and its phase may be open while a sample is taken; queues that nobody holds are gone.
    expect(runtime['recording.open']).toBeLessThanOrEqual(2);
    expect([runtime['recording.tasks-running'], runtime['recording.tasks-queued'], dropped]).toEqual([0, 0, 0]);
    // The status file may be a second old: queues of the rounds since the last collection stand in it, not those of all
    // hundred.
    expect(runtime['recording.pools']).toBeLessThanOrEqual(24);
    expect(runtime['recording.queues']).toBeLessThanOrEqual(24);
    expect(runtime['recording.tool-claims']).toBeLessThanOrEqual(2_048);
    expect(runtime['metrics.series']).toBeLessThanOrEqual(4_000);
  }
}, 900_000);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
