/** Attempts fail and are done again. */
import { ATTR_SWARMSCOPE_TASK_RESULT, SWARMSCOPE_TASK_RESULT_VALUE_SUCCESS } from '../../semconv/index.ts';
import type { Unit } from '../schedule/index.ts';
import { unitName } from '../schedule/unit-names.ts';
import { textOf } from '../span-tree.ts';
import { spoken, spokenTimes, type Candidate, type Examined, type FindingRule } from './finding.ts';
import { costOf } from './money.ts';

export const rework: FindingRule = { kind: 'rework', find };

function find({ schedule, losses }: Examined): Candidate | undefined {
  const { edges, units } = schedule;
  /** Attempts that another one followed. */
  const failed = new Set<Unit>();
  const repeated = new Set<Unit>();
  edges.attempts.forEach((before, index) => {
    const [first, next] = [units.all[before ?? -1], units.all[index]];
    if (first === undefined || next === undefined || !isRework(first, next)) return;
    // An attempt that the provider refused is its doing.
    if (losses.rateLimit.lostMs(first) >= (first.endMs - first.startMs) * 0.9) return;
    failed.add(first);
    repeated.add(next);
  });
  if (failed.size === 0) return undefined;
  const savedMs = schedule.savedBy({
    shorterBy: (unit) => (failed.has(unit) ? unit.endMs - unit.startMs : 0),
    delayOf: ({ unit, by, delayMs }) => (repeated.has(unit) && by === 'attempt' ? 0 : delayMs),
  });
  let usd = 0;
  for (const call of schedule.facts.llm.calls) {
    const unit = units.unitOf.get(call);
    if (unit !== undefined && failed.has(unit)) usd += costOf(call);
  }
  const all = [...failed].sort((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs));
  return {
    savedMs: Math.max(0, savedMs),
    lowMs: savedMs * 0.7,
    usd,
    confidence: 0.85,
    evidence: all.map(({ node }) => node),
    assumptions: ['the first attempt takes what the last one took'],
    action: `Find out why attempts fail before more are made: ${spokenTimes(failed.size, 'attempt')} had to be done again, which cost about ${spoken(Math.max(0, savedMs))}.`,
    where: { tasks: all.map((unit) => unitName(schedule, unit)), types: all.map(({ type }) => type) },
  };
}

function isRework(first: Unit, next: Unit): boolean {
  const result = textOf(first.node.row.attributes, ATTR_SWARMSCOPE_TASK_RESULT);
  const isFailure = first.node.row.isError || (result !== undefined && result !== SWARMSCOPE_TASK_RESULT_VALUE_SUCCESS);
  return isFailure || (next.attempt ?? 1) > (first.attempt ?? 1);
}
