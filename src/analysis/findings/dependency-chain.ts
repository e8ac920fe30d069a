/** Tasks wait for each other though slots are free: the longest chain ends the run. */
import type { Schedule, Start, Unit } from '../schedule/index.ts';
import { unitName } from '../schedule/unit-names.ts';
import { ordersOf } from '../schedule/orders.ts';
import { spoken, spokenTimes, type Candidate, type Examined, type FindingRule } from './finding.ts';

export const dependencyChain: FindingRule = { kind: 'dependency_chain', find };

function find({ schedule }: Examined): Candidate | undefined {
  const { edges, units } = schedule;
  // Agents that start as others end may as well have waited for a worker.
  if (!hasEdges(schedule) || (!edges.isDependencyTold && units.kind !== 'task')) return undefined;
  // What the chain costs beyond the barrier, in any order of the freed tasks.
  const barrierMs = edges.batches.some(({ after }) => after !== undefined) ? Math.max(0, schedule.savedBy({ isWithoutBarriers: true })) : 0;
  const saved = ordersOf(units.all).map(
    (order) => schedule.savedBy({ isWithoutBarriers: true, isWithoutDependencies: true, order }) - barrierMs,
  );
  const savedMs = Math.min(...saved);
  if (savedMs <= 0) return undefined;
  const chain = chainOf(schedule);
  const isTold = edges.isDependencyTold;
  return {
    savedMs,
    highMs: Math.max(...saved),
    confidence: isTold ? 0.85 : 0.6,
    evidence: chain.map(({ node }) => node).toReversed(),
    assumptions: [
      'the tasks of the chain can be made to need less of each other',
      ...(isTold ? [] : ['a task that starts as another one ends, while slots are free, needs it']),
    ],
    action: `Cut the chain of ${spokenTimes(chain.length, 'task')} that ends the run, or begin it first: without dependencies the run would take about ${spoken(savedMs)} less.`,
    where: { tasks: chain.map((unit) => unitName(schedule, unit)), types: chain.map(({ type }) => type) },
  };
}

function hasEdges({ edges }: Schedule): boolean {
  return edges.told.some(({ length }) => length > 0) || edges.inferred.some(({ length }) => length > 0);
}

/** Back from the unit that ended last, along what let each one start. */
export function chainOf({ starts, units }: Schedule): Unit[] {
  let at: Start | undefined = starts.reduce<Start | undefined>(
    (a, b) => (a === undefined || b.unit.endMs > a.unit.endMs ? b : a),
    undefined,
  );
  const chain: Unit[] = [];
  while (at !== undefined && chain.length < units.all.length) {
    chain.push(at.unit);
    at = at.byUnit === undefined ? undefined : starts[at.byUnit];
  }
  return chain.toReversed();
}
