/** What a person finds a unit by: the id that the program gave it, else its label in the report, else its place among its like. */
import { isNamed } from '../labels.ts';
import { groupBy } from '../group-by.ts';
import type { Schedule } from './index.ts';
import type { Unit } from './units.ts';

const known = new WeakMap<Schedule, ReadonlyMap<Unit, string>>();

/** `auth`, `implement 3fa9c1`, `Crew task #5 (from 12 s)`: never a generated id, which stands nowhere else in the report. */
export function unitName(schedule: Schedule, unit: Unit): string {
  const found = known.get(schedule) ?? namesOf(schedule);
  known.set(schedule, found);
  return found.get(unit) ?? unit.type;
}

function namesOf({ facts, units }: Schedule): Map<Unit, string> {
  const names = new Map(
    units.all.map((unit) => {
      const isGiven = unit.id !== undefined && isNamed(unit.node);
      return [unit, isGiven ? unit.id : unit.isCut ? `${unit.type}, never ended` : facts.labelOf(unit.node)] as const;
    }),
  );
  for (const same of groupBy(units.all, (unit) => names.get(unit) ?? '').values()) {
    // Attempts at one task share its id.
    if (same.length < 2 || same.every(({ node }) => isNamed(node))) continue;
    same.forEach((unit, at) => {
      const seconds = Math.round((unit.startMs - facts.tree.startMs) / 1000);
      names.set(unit, `${names.get(unit) ?? ''} #${at + 1} (from ${seconds} s)`);
    });
  }
  return names;
}
