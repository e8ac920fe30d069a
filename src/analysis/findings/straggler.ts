/** One task does more than twice the work of its like, and the run ends with it. */
import type { Schedule, Stretch, Unit } from '../schedule/index.ts';
import { unitName } from '../schedule/unit-names.ts';
import { unitsByType } from '../schedule/units.ts';
import { median } from '../statistics.ts';
import { spoken, type Candidate, type Examined, type FindingRule } from './finding.ts';
import { lostToAny } from './losses.ts';
import { gapsOf } from './losses/gaps.ts';
import { unexplainedIn } from './losses/unexplained.ts';

/** More than this many times the median of its type. */
const TIMES = 2;
/** A type with fewer is compared with all tasks. */
const MIN_LIKE = 3;
/** Only those with the longest excess can matter. */
const MAX_TRIED = 5;

export const straggler: FindingRule = { kind: 'straggler', find };

function find(examined: Examined): Candidate | undefined {
  const { schedule } = examined;
  const { units } = schedule;
  if (units.kind === 'whole' || units.all.length < MIN_LIKE) return undefined;
  const workMs = new Map(units.all.map((unit) => [unit, ownWork(examined, unit)]));
  const medianOf = (list: readonly Unit[]): number => median(list.map((unit) => workMs.get(unit) ?? 0));
  // What failed at once says nothing of how long such a task takes.
  const ended = units.all.filter(({ node }) => !node.row.isError);
  if (ended.length < MIN_LIKE) return undefined;
  const overall = medianOf(ended);
  const outliers = [...unitsByType(ended).values()].flatMap((like) => {
    const typicalMs = like.length < MIN_LIKE ? overall : medianOf(like);
    return like.flatMap((unit) => {
      const own = workMs.get(unit) ?? 0;
      return own > TIMES * typicalMs && typicalMs > 0 && !isHung(examined, unit) ? [{ unit, own, typicalMs }] : [];
    });
  });
  const tried = outliers
    .sort((a, b) => b.own - b.typicalMs - (a.own - a.typicalMs))
    .slice(0, MAX_TRIED)
    .map((each) => ({ ...each, savedMs: schedule.savedBy({ shorterBy: (unit) => (unit === each.unit ? each.own - each.typicalMs : 0) }) }));
  const best = tried.sort((a, b) => b.savedMs - a.savedMs)[0];
  if (best === undefined || best.savedMs <= 0) return undefined;
  const { unit, own, typicalMs, savedMs } = best;
  const steps = unit.nodes
    .filter((node) => node.class === 'llm' || node.class === 'tool')
    .sort((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs));
  return {
    savedMs,
    confidence: own > 2.3 * typicalMs ? 0.85 : 0.6,
    evidence: [unit.node, ...steps],
    assumptions: [`the task can be cut so that it takes what its like take, ${spoken(typicalMs)}`],
    action: `Split ${unitName(schedule, unit)} or start it first: it did ${(own / typicalMs).toFixed(1)} times the work of its like, which cost about ${spoken(savedMs)}.`,
    where: { tasks: [unitName(schedule, unit)], types: [unit.type] },
  };
}

/** What a unit did itself: without waits, loops, hangs and conflicts, and without those that were lost with their spans. */
function ownWork({ schedule, losses }: Examined, unit: Unit): number {
  const share = Object.values(losses).reduce((sum, { shareOfUnknown }) => sum + shareOfUnknown, 0);
  const hiddenMs = Math.min(1, share) * (unexplainedIn(schedule)?.ms(unit) ?? 0);
  return Math.max(0, unit.endMs - unit.startMs - lostToAny(losses, unit, unseenIn(schedule, unit)) - hiddenMs);
}

/** A gap so many times as long as others, and longer than any step, is no work that was seen. */
const LONG_GAP = 4;
const LONGER_THAN_STEPS = 1.3;
/** A unit with more of them, for each span in it, is slow between its steps as a whole. */
const MAX_LONG_GAPS = 0.25;

function unseenIn(schedule: Schedule, unit: Unit): Stretch[] {
  const { byUnit, typicalMs, longestStepMs } = gapsOf(schedule);
  const longMs = Math.max(LONG_GAP * typicalMs, LONGER_THAN_STEPS * longestStepMs);
  const long = (byUnit.get(unit) ?? []).filter(({ startMs, endMs }) => endMs - startMs > longMs);
  return long.length > MAX_LONG_GAPS * unit.nodes.length ? [] : long;
}

function isHung({ losses }: Examined, unit: Unit): boolean {
  return losses.hang.lostMs(unit) > 0 && unit.isOpen;
}
