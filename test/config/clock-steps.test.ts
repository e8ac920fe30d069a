/** Times of the machine's clock on the clock of the run, after the machine's was set. */
import { expect, test } from '@jest/globals';
import { ClockSteps } from '../../src/config/clock-steps.ts';

const START = 1_000_000;

/** A machine on which nothing passes but what the test says. */
function machine(): { steps: ClockSteps; pass(ms: number): void; set(byMs: number): void; wall(): number; run(): number } {
  let run = START;
  let ahead = 0;
  const steps = new ClockSteps({ run: () => run, wall: () => run + ahead });
  return {
    steps,
    pass: (ms) => void (run += ms),
    set(byMs) {
      ahead += byMs;
      steps.look();
    },
    wall: () => run + ahead,
    run: () => run,
  };
}

test('times stay as they are while nobody sets the clock', () => {
  const { steps, pass } = machine();
  pass(10_000);
  expect(steps.toRun({ startMs: START + 5, endMs: START + 9 })).toEqual({ startMs: START + 5, endMs: START + 9, isMoved: false });
  expect(steps.changesMs).toEqual([]);
});

test.each([-5_000, -500, 3_600_000, -63_072_000_000])('a clock set by %d ms moves no time, before or after', (byMs) => {
  const { steps, pass, set, wall, run } = machine();
  pass(10_000);
  const early = wall();
  pass(10_000);
  set(byMs);
  pass(20_000);
  const late = wall();
  pass(1_000);
  expect(steps.toRun({ startMs: early, endMs: early + 100 })).toMatchObject({ startMs: START + 10_000, endMs: START + 10_100 });
  expect(steps.toRun({ startMs: late, endMs: late + 100 })).toEqual({ startMs: run() - 1_000, endMs: run() - 900, isMoved: true });
  // From before to after, as the machine's clock showed it.
  expect(steps.toRun({ startMs: early, endMs: late })).toMatchObject({ startMs: START + 10_000, endMs: run() - 1_000 });
  expect(steps.changesMs).toEqual([byMs]);
});

test('an end that counts from a start before the step keeps its duration: SDKs measure it by a clock of their own', () => {
  for (const byMs of [3_600_000, -3_600_000]) {
    const { steps, pass, set, wall } = machine();
    pass(10_000);
    const startMs = wall();
    pass(1_000);
    set(byMs);
    pass(1_000);
    expect(steps.toRun({ startMs, endMs: startMs + 2_000 })).toMatchObject({ startMs: START + 10_000, endMs: START + 12_000 });
  }
});

test('several steps are undone one by one', () => {
  const { steps, pass, set, wall } = machine();
  const shown: number[] = [];
  for (const byMs of [60_000, -20_000, -100_000, 7_000]) {
    pass(50_000);
    shown.push(wall());
    // Longer than any step back: a time that is shown twice is taken for the later one.
    pass(150_000);
    set(byMs);
  }
  pass(1_000);
  const times = shown.map((startMs) => steps.toRun({ startMs, endMs: startMs }).startMs);
  expect(times).toEqual([0, 1, 2, 3].map((step) => START + step * 200_000 + 50_000));
});

test('nothing ends before it starts, whatever a program says', () => {
  const { steps, pass, set } = machine();
  pass(1_000);
  expect(steps.toRun({ startMs: START + 9, endMs: START + 5 })).toMatchObject({ startMs: START + 9, endMs: START + 9 });
  set(-5_000);
  expect(steps.toRun({ startMs: START + 9, endMs: START - 9 })).toMatchObject({ startMs: START + 9, endMs: START + 9 });
});

test('a difference of 250 ms is no step, one of 251 ms is', () => {
  const { steps, pass, set } = machine();
  pass(1_000);
  set(250);
  expect(steps.changesMs).toEqual([]);
  set(1);
  expect(steps.changesMs).toEqual([251]);
});

test('a process that had to wait between two readings of the clocks has seen no step', () => {
  let run = START;
  const steps = new ClockSteps({ run: () => run, wall: () => (run += 400) });
  steps.look();
  expect(steps.changesMs).toEqual([]);
});

test('a clock that is set without end costs no memory without end', () => {
  const { steps, pass, set } = machine();
  for (let index = 0; index < 10_000; index++) {
    pass(1_000);
    set(1_000);
  }
  expect(steps.changesMs.length).toBeLessThanOrEqual(100);
});
