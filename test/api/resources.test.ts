/** What a piece of work used, children included: measured for real, shared out among those at work, and refused out of turn. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { calculateResourceUsage, captureResourceSnapshot, ResourceTracker, ResourceTrackerError } from '../../src/index.ts';

/** Burns at least so much CPU, by the CPU clock of the process. */
function burn(seconds: number): void {
  const before = process.cpuUsage();
  for (let used = 0; used < seconds * 1e6;) {
    const { user, system } = process.cpuUsage(before);
    used = user + system;
  }
}
const codeOf = (fn: () => unknown): string => {
  try {
    fn();
  } catch (error) {
    if (error instanceof ResourceTrackerError) return error.code;
    throw error;
  }
  return 'no error';
};

test('CPU, time and memory of a piece of work', () => {
  const tracker = new ResourceTracker();
  tracker.start();
  burn(0.2);
  const usage = tracker.stop();
  expect(usage.cpuTimeSeconds).toBeGreaterThanOrEqual(0.2);
  expect(usage.cpuTimeSeconds).toBeCloseTo(usage.processCpuTimeSeconds, 2);
  expect(usage.wallClockSeconds).toBeGreaterThan(0);
  expect(usage.peakMemoryBytes).toBeGreaterThan(1_000_000);
  expect(usage).toMatchObject({ sharedBy: 1, gpuVramUsedBytes: 0, hasGpu: false });
  expect(tracker.usage).toBe(usage);
});

test('two at the same time are not both given the CPU of the whole process', () => {
  const [one, other] = [new ResourceTracker().start(), new ResourceTracker().start()];
  burn(0.2);
  const [first, second] = [one.stop(), other.stop()];
  expect(first.cpuTimeSeconds + second.cpuTimeSeconds).toBeLessThanOrEqual(second.processCpuTimeSeconds + 0.001);
  expect(first.cpuTimeSeconds).toBeGreaterThanOrEqual(0.1 - 0.001);
  expect([first.sharedBy, second.sharedBy]).toEqual([2, 2]);
});

test('what is done after one has ended is not its own', () => {
  const [short, long] = [new ResourceTracker().start(), new ResourceTracker().start()];
  const ended = short.stop();
  burn(0.2);
  expect(long.stop().cpuTimeSeconds).toBeGreaterThanOrEqual(0.2);
  expect(short.usage).toBe(ended);
});

test('memory that is used and given back in between is the peak', () => {
  const tracker = new ResourceTracker().start();
  const before = captureResourceSnapshot().peakMemoryBytes;
  const large = Buffer.alloc(before + 64 * 1_048_576, 1);
  expect(large.length).toBeGreaterThan(before);
  expect(tracker.stop().peakMemoryBytes).toBeGreaterThan(before);
});

const onLinux = process.platform === 'linux' ? test : test.skip;

/** Burns half a second of CPU, by its own account. */
const BURN = 'let used = 0; while (used < 5e5) { const { user, system } = process.cpuUsage(); used = user + system; }';

onLinux('CPU of a child that has ended is counted, also of one that was waited for without a turn of the event loop', () => {
  const tracker = new ResourceTracker().start();
  execFileSync(process.execPath, ['-e', BURN]);
  const usage = tracker.stop();
  expect(usage.childrenCpuTimeSeconds).toBeGreaterThanOrEqual(0.48);
  expect(usage.cpuTimeSeconds).toBeGreaterThanOrEqual(usage.childrenCpuTimeSeconds);
  expect(usage.processCpuTimeSeconds).toBeCloseTo(usage.cpuTimeSeconds, 6);
});

onLinux('CPU and memory of a child that lives, and of its own child, are counted', async () => {
  const MIB = 1_048_576;
  const grandchild = `${BURN} const large = Buffer.alloc(200 * ${MIB}, 1); console.log('ready'); process.stdin.on('end', () => process.exit(large.length && 0)).resume();`;
  const program = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' }).on('exit', () => process.exit());`;
  const before = captureResourceSnapshot();
  const tracker = new ResourceTracker().start();
  const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  const usage = tracker.stop();
  expect(usage.childrenCpuTimeSeconds).toBeGreaterThanOrEqual(0.48);
  expect(usage.peakMemoryBytes).toBeGreaterThan(before.memoryBytes + 200 * MIB);
  expect(calculateResourceUsage(before, captureResourceSnapshot()).childrenCpuTimeSeconds).toBeGreaterThanOrEqual(0.48);
  child.stdin.end();
  await ended;
});

describe('with a block', () => {
  test('using ends it, and its usage is read afterwards', () => {
    let kept: ResourceTracker;
    {
      using tracker = new ResourceTracker();
      tracker.start();
      kept = tracker;
      burn(0.05);
    }
    expect(kept.usage.cpuTimeSeconds).toBeGreaterThanOrEqual(0.05);
  });

  test('await using does so too, and what was never started counts from when it was made', async () => {
    let kept: ResourceTracker;
    {
      await using tracker = new ResourceTracker();
      kept = tracker;
      burn(0.05);
    }
    expect(kept.usage.cpuTimeSeconds).toBeGreaterThanOrEqual(0.05);
  });

  test('a throw ends it', () => {
    let kept: ResourceTracker | undefined;
    expect(() => {
      using tracker = new ResourceTracker().start();
      kept = tracker;
      throw new RangeError('mine');
    }).toThrow(RangeError);
    expect(kept?.usage.wallClockSeconds).toBeGreaterThanOrEqual(0);
  });
});

test('out of turn it throws an error with a code', () => {
  const tracker = new ResourceTracker();
  expect(codeOf(() => tracker.usage)).toBe('NOT_STARTED');
  expect(codeOf(() => tracker.stop())).toBe('NOT_STARTED');
  tracker.start();
  expect(codeOf(() => tracker.start())).toBe('ALREADY_STARTED');
  expect(codeOf(() => tracker.usage)).toBe('NOT_ENDED');
  tracker.stop();
  expect(codeOf(() => tracker.stop())).toBe('ALREADY_ENDED');
  expect(codeOf(() => tracker.start())).toBe('ALREADY_ENDED');
});

test('between two snapshots; a clock that went back gives nothing, and what is no snapshot is refused', () => {
  const start = captureResourceSnapshot();
  burn(0.05);
  const end = captureResourceSnapshot();
  expect(calculateResourceUsage(start, end).cpuTimeSeconds).toBeGreaterThanOrEqual(0.05);
  expect(calculateResourceUsage(end, start)).toMatchObject({ cpuTimeSeconds: 0, wallClockSeconds: 0 });
  expect(codeOf(() => calculateResourceUsage(start, undefined as never))).toBe('BAD_SNAPSHOT');
  expect(codeOf(() => calculateResourceUsage({ ...start, timeMs: NaN }, end))).toBe('BAD_SNAPSHOT');
});
