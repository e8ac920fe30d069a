/** With half the workers the run would be shorter: refusals, failures or a slowed machine eat what the others gain. */
import { lowerBound, overlapMs } from '../schedule/intervals.ts';
import type { Schedule, Unit } from '../schedule/index.ts';
import { median } from '../statistics.ts';
import { mostTelling } from './by-loss.ts';
import { spoken, type Candidate, type Examined, type FindingRule } from './finding.ts';

export const tooManyWorkers: FindingRule = { kind: 'too_many_workers', find };

function find({ schedule, losses }: Examined): Candidate | undefined {
  const { units, edges } = schedule;
  const slots = edges.pools.reduce((sum, pool) => sum + pool.slots, 0);
  if (units.kind === 'whole' || slots < 2) return undefined;
  // Of what is lost to refusals, that which came while more than half of the workers were at work would not come.
  const starts = units.all.map(({ startMs }) => startMs);
  const ends = units.all.map(({ endMs }) => endMs).sort((a, b) => a - b);
  const activeAt = (ms: number): number => lowerBound(starts, ms + 1) - lowerBound(ends, ms + 1);
  const crowded = new Map<Unit, number>();
  for (const [unit, stretches] of losses.rateLimit.byUnit) {
    for (const { startMs, endMs } of stretches) {
      if (activeAt(startMs) > slots / 2) crowded.set(unit, (crowded.get(unit) ?? 0) + endMs - startMs);
    }
  }
  if (crowded.size < 2 || callsTaken(schedule) < slots / 2) return undefined;
  const savedMs = schedule.savedBy({
    slotFactor: 0.5,
    shorterBy: (unit) => crowded.get(unit) ?? 0,
    outside: losses.rateLimit.outside.filter(
      ({ startMs }) => overlapMs([{ startMs, endMs: startMs + 1 }]) > 0 && activeAt(startMs) > slots / 2,
    ),
  });
  if (savedMs <= 0) return undefined;
  return {
    savedMs,
    lowMs: savedMs * 0.5,
    highMs: savedMs * 1.4,
    confidence: 0.65,
    evidence: mostTelling(units.unitOf, losses.rateLimit),
    assumptions: ['with half the workers the provider refuses nothing'],
    action: `Lower the limit from ${slots} to ${Math.max(1, Math.floor(slots / 2))} workers: what is refused to the others costs more than they do, about ${spoken(savedMs)}.`,
    where: { pools: edges.pools.map(({ name }) => name) },
  };
}

/** How many calls were under way when one was refused: so many the provider takes, and half the workers must stay below. */
function callsTaken({ facts }: Schedule): number {
  const accepted = [...facts.llm.calls].filter((node) => !facts.refusals.has(node));
  const starts = accepted.map(({ startMs }) => startMs).sort((a, b) => a - b);
  const ends = accepted.map(({ endMs }) => endMs).sort((a, b) => a - b);
  const taken = [...facts.refusals.keys()].map(({ startMs }) => lowerBound(starts, startMs) - lowerBound(ends, startMs));
  return taken.length === 0 ? 0 : median(taken);
}
