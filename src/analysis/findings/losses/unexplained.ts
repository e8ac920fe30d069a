/** Time of units of which nothing is known though spans of the run were lost: it is shared out as the known time is. */
import type { Schedule, Unit } from '../../schedule/index.ts';
import { join, overlapMs } from '../../schedule/intervals.ts';

export interface Unexplained {
  readonly ms: (unit: Unit) => number;
  /** Of all units together: milliseconds of which it is known what went on. */
  readonly knownMs: number;
}

const found = new WeakMap<Schedule, Unexplained | undefined>();

/** Undefined in a run that lost nothing: there an empty stretch is the program's own. */
export function unexplainedIn(schedule: Schedule): Unexplained | undefined {
  if (!found.has(schedule)) found.set(schedule, find(schedule));
  return found.get(schedule);
}

function find({ facts, units }: Schedule): Unexplained | undefined {
  const isLossy = (facts.missing?.spans ?? 0) > 0 || units.hasOrphans;
  if (!isLossy || units.kind === 'whole') return undefined;
  const waits = facts.backoffs.map(({ after, startMs, endMs }) => ({ unit: units.unitOf.get(after), startMs, endMs }));
  const ms = new Map<Unit, number>();
  let knownMs = 0;
  for (const unit of units.all) {
    const leaves = unit.nodes.filter((node) => node !== unit.node && node.children.length === 0);
    const known = overlapMs(join([...leaves, ...waits.filter((wait) => wait.unit === unit)]), unit.startMs, unit.endMs);
    knownMs += known;
    ms.set(unit, unit.endMs - unit.startMs - known);
  }
  return { ms: (unit) => ms.get(unit) ?? 0, knownMs };
}
