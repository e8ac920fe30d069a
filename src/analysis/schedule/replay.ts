/** Runs a schedule again: units start when what they need has ended and a slot is free, in the given order. Pure. */
import { Heap } from '../heap.ts';

export interface ReplayUnit {
  /** Indices of units that have to end first. */
  readonly needs: readonly number[];
  readonly durationMs: number;
  /** Between the moment in which it could start and its start, in the run as it was. */
  readonly delayMs: number;
  /** Index of its pool; undefined for what takes no slot, such as the end of a batch. */
  readonly pool: number | undefined;
  /** Not before this time since the start of the schedule. */
  readonly releaseMs: number;
}

export interface Replayed {
  /** Not a number where units need each other, so that some never start. */
  readonly makespanMs: number;
  readonly endMs: readonly number[];
  readonly startMs: readonly number[];
}

/**
 * Greedy list scheduling (Graham 1969) in the order of the units: of the ready units of a pool the first one takes the
 * slot. A unit holds its slot from the moment in which it could start, its delay included.
 * @param slots how many units of each pool may run at once
 * @param order the rank of each unit; default: its index
 */
export function replay(units: readonly ReplayUnit[], slots: readonly number[], order?: readonly number[]): Replayed {
  const missing = units.map(({ needs }) => needs.length);
  const dependents: number[][] = units.map(() => []);
  units.forEach(({ needs }, index) => needs.forEach((need) => dependents[need]?.push(index)));
  const startMs = new Array<number>(units.length).fill(0);
  const endMs = new Array<number>(units.length).fill(0);
  const readyMs = units.map(({ releaseMs }) => releaseMs);
  const free = [...slots];
  const ready = slots.map(() => new Heap((index) => order?.[index] ?? index));
  const events = new Heap((event) => times[event] as number);
  /** Event 2n: the unit is ready; 2n + 1: it has ended. */
  const times = new Array<number>(units.length * 2).fill(0);
  let makespanMs = 0;
  let ended = 0;

  const at = (event: number, ms: number): void => {
    times[event] = ms;
    events.push(event);
  };
  const start = (index: number, ms: number): void => {
    const { delayMs, durationMs } = units[index] as ReplayUnit;
    startMs[index] = ms + delayMs;
    at(2 * index + 1, ms + delayMs + durationMs);
  };
  const dispatch = (pool: number, ms: number): void => {
    while ((free[pool] ?? 0) > 0) {
      const next = ready[pool]?.pop();
      if (next === undefined) return;
      free[pool] = (free[pool] ?? 0) - 1;
      start(next, ms);
    }
  };
  units.forEach((_unit, index) => {
    if (missing[index] === 0) at(2 * index, readyMs[index] as number);
  });
  for (let event = events.pop(); event !== undefined; event = events.pop()) {
    const nowMs = times[event] as number;
    const touched = new Set<number>();
    // All that happens at one instant comes before any slot is given away: the order decides, not the chance.
    for (let same: number | undefined = event; same !== undefined; same = events.popIf((next) => (times[next] as number) <= nowMs)) {
      const index = same >> 1;
      const { pool } = units[index] as ReplayUnit;
      if ((same & 1) === 0) {
        if (pool === undefined) start(index, nowMs);
        else {
          ready[pool]?.push(index);
          touched.add(pool);
        }
        continue;
      }
      ended++;
      endMs[index] = nowMs;
      makespanMs = Math.max(makespanMs, nowMs);
      if (pool !== undefined) {
        free[pool] = (free[pool] ?? 0) + 1;
        touched.add(pool);
      }
      for (const dependent of dependents[index] ?? []) {
        readyMs[dependent] = Math.max(readyMs[dependent] as number, nowMs);
        missing[dependent] = (missing[dependent] as number) - 1;
        if (missing[dependent] === 0) at(2 * dependent, readyMs[dependent]);
      }
    }
    for (const pool of touched) dispatch(pool, nowMs);
  }
  return { makespanMs: ended === units.length ? makespanMs : NaN, startMs, endMs };
}
