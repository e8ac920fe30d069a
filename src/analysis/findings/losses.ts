/** Time that units, and the program around them, lost to one cause each: found once, used by several kinds. */
import type { Schedule, Stretch, Unit } from '../schedule/index.ts';
import { median } from '../statistics.ts';
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
  const isAnyHidden = unexplained !== undefined || schedule.units.all.some(({ isCut }) => isCut);
  const usualMs = isAnyHidden ? usualIn(schedule, byUnit) : 0;
  const unknownMs = (unit: Unit, knownMs: number): number => {
    // Of a unit that was cut off nothing is known before its first act.
    const hiddenMs = unit.isCut ? Math.max(0, (unit.nodes[0]?.startMs ?? 0) - unit.startMs) : (unexplained?.ms(unit) ?? 0);
    const missingMs = knownMs < usualMs / 2 ? usualMs - knownMs : 0;
    return Math.max(Math.min(1, share) * hiddenMs, Math.min(missingMs, hiddenMs));
  };
  return {
    lost,
    byUnit,
    outside: join(outside),
    lostMs: (unit) => {
      const knownMs = overlapMs(byUnit.get(unit) ?? []);
      return knownMs + unknownMs(unit, knownMs);
    },
    shareOfUnknown: Math.min(1, share),
  };
}

/** Of the units so many lose about the same: the others lost the span that tells of it. */
const MOST_UNITS = 0.7;
const MIN_UNITS = 4;

/** What nearly every unit loses, such as its set-up; 0 where only some do, or each another length. */
function usualIn({ units }: Schedule, byUnit: ReadonlyMap<Unit, readonly Stretch[]>): number {
  const told = units.all.filter(({ isCut }) => !isCut);
  const known = told.map((unit) => overlapMs(byUnit.get(unit) ?? [])).filter((ms) => ms > 0);
  if (known.length < Math.max(MIN_UNITS, MOST_UNITS * told.length)) return 0;
  const usualMs = median(known);
  return known.filter((ms) => ms >= usualMs * 0.7 && ms <= usualMs * 1.4).length >= MOST_UNITS * known.length ? usualMs : 0;
}

/** Milliseconds of a unit that any of the causes took, or that lie in other stretches. */
export function lostToAny(losses: Losses, unit: Unit, others: readonly Stretch[]): number {
  const all = Object.values(losses).flatMap((loss: Loss) => loss.byUnit.get(unit) ?? []);
  return overlapMs(within(join([...all, ...others]), unit.startMs, unit.endMs));
}
