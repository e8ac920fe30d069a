/** Bootstrap intervals with a fixed seed: the same two runs always give the same interval. */
import { percentile } from '../statistics.ts';

/** By how much a figure changed, as a share of what it was: 0.1 is ten percent more. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Below it an interval says more about luck than about the runs. */
export const MIN_SAMPLES = 5;
const RESAMPLES = 1_000;
const SEED = 0x5ca1ab1e;
/** The middle 95 %. */
const TAIL = 0.025;

/** A small generator of fixed quality: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/**
 * Of `after / before - 1`, where `measure` makes one figure of some values. Pairs are drawn together, since most of what differs between
 * tasks is the same in both runs. undefined: too few pairs, or nothing to divide by.
 */
export function pairedChange(
  pairs: readonly (readonly [before: number, after: number])[],
  measure: (values: Float64Array) => number = sumOf,
): Interval | undefined {
  if (pairs.length < MIN_SAMPLES) return undefined;
  const random = randomFrom(SEED);
  const before = new Float64Array(pairs.length);
  const after = new Float64Array(pairs.length);
  return intervalOf(() => {
    for (let at = 0; at < pairs.length; at++) {
      const [a, b] = pairs[Math.floor(random() * pairs.length)] as readonly [number, number];
      before[at] = a;
      after[at] = b;
    }
    return measure(after) / measure(before) - 1;
  });
}

/** Of the ratio of two means whose values belong to nobody in the other run. */
export function unpairedChange(before: readonly number[], after: readonly number[]): Interval | undefined {
  if (before.length < MIN_SAMPLES || after.length < MIN_SAMPLES) return undefined;
  const random = randomFrom(SEED);
  const meanOfDraw = (values: readonly number[]): number => {
    let sum = 0;
    for (let count = 0; count < values.length; count++) sum += values[Math.floor(random() * values.length)] as number;
    return sum / values.length;
  };
  return intervalOf(() => meanOfDraw(after) / meanOfDraw(before) - 1);
}

export function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function intervalOf(draw: () => number): Interval | undefined {
  const drawn = Array.from({ length: RESAMPLES }, draw).filter(Number.isFinite);
  if (drawn.length < RESAMPLES / 2) return undefined;
  drawn.sort((a, b) => a - b);
  return { low: percentile(drawn, TAIL), high: percentile(drawn, 1 - TAIL) };
}
