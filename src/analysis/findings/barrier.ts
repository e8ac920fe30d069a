/** Tasks whose dependencies are done wait until their whole batch before is done. */
import type { Schedule, Unit } from '../schedule/index.ts';
import type { SpanNode } from '../span-tree.ts';
import { spoken, type Candidate, type Examined, type FindingRule } from './finding.ts';

export const barrier: FindingRule = { kind: 'barrier', find };

function find({ schedule }: Examined): Candidate | undefined {
  const { edges, units } = schedule;
  const held = edges.batches.filter(({ after }) => after !== undefined);
  if (held.length === 0) return undefined;
  const free = schedule.savedBy({ isWithoutBarriers: true });
  const isTold = edges.isDependencyTold;
  // Nobody told what the tasks of a batch need of the batch before: one of its tasks each is the guess between none and all.
  const guessed = isTold ? free : schedule.savedBy({ isWithoutBarriers: true, guess: 'one' });
  const savedMs = isTold ? free : (free + guessed) / 2;
  if (savedMs <= 0) return undefined;
  const batches = held.length + 1;
  return {
    savedMs,
    lowMs: isTold ? undefined : Math.min(guessed, free) * 0.5,
    // Whether more slots were there than ever ran at once is not known either.
    highMs: isTold ? undefined : Math.max(free, guessed, schedule.savedBy({ isWithoutBarriers: true, slotFactor: 2 })) * 1.1,
    confidence: isTold ? 0.9 : 0.7,
    evidence: evidenceOf(
      schedule,
      held.map(({ units: members }) => members),
    ),
    assumptions: [
      isTold ? 'tasks of the next batch need only the ids that they name' : 'tasks of the next batch need only part of the batch before',
      'the order of the tasks stays',
    ],
    action: `Start tasks when they are ready and not batch by batch: continuous dispatch of these ${batches} batches would take about ${spoken(schedule.wallMs - savedMs)} instead of ${spoken(schedule.wallMs)}.`,
    where: { types: units.all.map(({ type }) => type) },
  };
}

/** The tasks that ended last in the batches before, with their batches, longest wait first. */
function evidenceOf({ edges }: Schedule, held: readonly (readonly Unit[])[]): SpanNode[] {
  const befores = held.flatMap((members) => {
    const own = members[0] === undefined ? undefined : edges.batches[edges.batchOf.get(members[0]) ?? -1];
    const before = own?.after === undefined ? undefined : edges.batches[own.after];
    if (before === undefined) return [];
    const ends = before.units.map(({ endMs }) => endMs).sort((a, b) => a - b);
    const last = before.units.reduce((a, b) => (b.endMs > a.endMs ? b : a));
    return [{ waitMs: (ends.at(-1) ?? 0) - (ends[0] ?? 0), nodes: [last.node, ...(before.node === undefined ? [] : [before.node])] }];
  });
  return befores.sort((a, b) => b.waitMs - a.waitMs).flatMap(({ nodes }) => nodes);
}
