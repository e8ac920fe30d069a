/** Time that units, and the program around them, lost to one cause each: found once, used by several kinds. */
import type { Schedule, Stretch, Unit } from '../schedule/index.ts';
import { join, overlapMs, within, without } from '../schedule/intervals.ts';
import type { Lost } from './losses/lost.ts';
import { conflictLoss } from './losses/conflict.ts';
import { hangLoss } from './losses/hang.ts';
import { lockLoss } from './losses/lock.ts';
import { loopLoss } from './losses/loop.ts';
import { rateLimitLoss } from './losses/rate-limit.ts';
import { busyOf } from './losses/busy.ts';
import { unexplainedIn } from './losses/unexplained.ts';
import { waitLoss } from './losses/wait.ts';

export interface Loss {
  readonly lost: readonly Lost[];
  /** Joined, by unit. */
  readonly byUnit: ReadonlyMap<Unit, readonly Stretch[]>;
  /** Joined, outside of all units. */
  readonly outside: readonly Stretch[];
  readonly lostMs: (unit: Unit) => number;
  /** Of the time of a unit of which nothing is known, since spans were lost: so much is taken to be this. */
  readonly shareOfUnknown: number;
}

const LOSSES = {
  rateLimit: rateLimitLoss,
  lock: lockLoss,
  human: (schedule: Schedule) => waitLoss(schedule, 'human'),
  gpu: (schedule: Schedule) => waitLoss(schedule, 'gpu'),
  hang: hangLoss,
  loop: loopLoss,
  conflict: conflictLoss,
} satisfies Record<string, (schedule: Schedule) => Lost[]>;

export type Losses = Readonly<Record<keyof typeof LOSSES, Loss>>;

export function lossesOf(schedule: Schedule): Losses {
  const found = Object.entries(LOSSES).map(([name, find]) => [name, lossOf(schedule, find(schedule))] as const);
  return Object.fromEntries(found) as unknown as Losses;
}

/** What is lost inside a unit counts only where nothing else goes on in it; what leaves the unit is lost outside of it. */
export function lossOf(schedule: Schedule, lost: readonly Lost[]): Loss {
  const inside = new Map<Unit, Stretch[]>();
  const work = new Map<Unit, Stretch[]>();
  const outside: Stretch[] = [];
  for (const { unit, startMs, endMs, isWork = false } of lost) {
    if (unit === undefined) {
      outside.push({ startMs, endMs });
      continue;
    }
    const list = (isWork ? work : inside).get(unit) ?? [];
    (isWork ? work : inside).set(unit, list);
    list.push({ startMs: Math.max(startMs, unit.startMs), endMs: Math.min(endMs, unit.endMs) });
    if (endMs > unit.endMs) outside.push({ startMs: Math.max(startMs, unit.endMs), endMs });
  }
  const byUnit = new Map<Unit, Stretch[]>();
  for (const unit of new Set([...inside.keys(), ...work.keys()])) {
    const waited = without(join(inside.get(unit) ?? []), busyOf(schedule, unit));
    byUnit.set(unit, join([...waited, ...(work.get(unit) ?? [])]));
  }
  // Where spans were lost, a stretch of which nothing is known holds as much of this as the known time does.
  const unexplained = unexplainedIn(schedule);
  let share = 0;
  if (unexplained !== undefined && unexplained.knownMs > 0) {
    for (const stretches of byUnit.values()) share += overlapMs(stretches) / unexplained.knownMs;
  }
  return {
    lost,
    byUnit,
    outside: join(outside),
    lostMs: (unit) => overlapMs(byUnit.get(unit) ?? []) + Math.min(1, share) * (unexplained?.ms(unit) ?? 0),
    shareOfUnknown: Math.min(1, share),
  };
}

/** Milliseconds of a unit that any of the causes took. */
export function lostToAny(losses: Losses, unit: Unit, except: readonly (keyof Losses)[] = []): number {
  const kinds = Object.keys(losses) as (keyof Losses)[];
  const all = kinds.filter((kind) => !except.includes(kind)).flatMap((kind) => losses[kind].byUnit.get(unit) ?? []);
  return overlapMs(within(join(all), unit.startMs, unit.endMs));
}
