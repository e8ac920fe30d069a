/** Ready tasks wait for a worker, and neither the provider nor a lock would take the gain of more of them. */
import { join, overlapMs } from '../schedule/intervals.ts';
import { peakOf } from '../schedule/edges.ts';
import type { Start } from '../schedule/index.ts';
import type { SpanNode } from '../span-tree.ts';
import { spoken, type Candidate, type Examined, type FindingRule } from './finding.ts';

export const tooFewWorkers: FindingRule = { kind: 'too_few_workers', find };

/** Where the limit is only seen, so many starts must have come as another task ended. */
const MIN_SEEN = 3;
/** Refusals below this share of the calls do not say that the provider is full. */
const MIN_REFUSED = 0.02;

function find(examined: Examined): Candidate | undefined {
  const { schedule } = examined;
  const { edges, units, toleranceMs } = schedule;
  if (units.kind === 'whole') return undefined;
  const held = schedule.starts.filter((start) => start.by === 'slot' && start.delayMs <= Math.max(toleranceMs, queueMs(start)));
  const isTold = edges.pools.some((pool) => pool.isTold) || held.some((start) => queueMs(start) > toleranceMs);
  const isSeen = held.length >= Math.max(MIN_SEEN, 0.2 * units.all.length) && edges.pools.every(({ peak }) => peak > 1);
  if (held.length === 0 || !(isTold || isSeen)) return undefined;
  const replayed = schedule.wallWith({ slotFactor: 2 });
  const baseMs = schedule.wallWith({});
  const savedMs = baseMs - Math.max(replayed, boundMs(examined));
  if (Number.isNaN(savedMs) || savedMs <= 0) return undefined;
  const pools = edges.pools.filter((_pool, index) => held.some(({ unit }) => edges.poolOf[unit.index] === index));
  const slots = pools.reduce((sum, pool) => sum + pool.slots, 0);
  return {
    savedMs,
    lowMs: savedMs * 0.5,
    confidence: isTold ? 0.85 : 0.7,
    evidence: held.toSorted((a, b) => queueMs(b) - queueMs(a) || b.unit.startMs - a.unit.startMs).map(({ unit }) => unit.node),
    assumptions: [`the provider and the machine carry ${slots} more workers`, 'calls and tools stay as fast'],
    action: `Raise the limit from ${slots} to ${2 * slots} workers: ${held.length} of ${units.all.length} tasks waited for one, and the run would take about ${spoken(savedMs)} less.`,
    where: { pools: pools.map(({ name }) => name), types: held.map(({ unit }) => unit.type) },
  };
}

function queueMs({ unit }: Start): number {
  return unit.queueWaitMs ?? 0;
}

/** With any number of workers the run is no shorter than what must go through a lock, a full GPU or a full provider. */
function boundMs({ schedule, losses }: Examined): number {
  const { facts, units } = schedule;
  const calls = [...facts.llm.calls].filter((node) => units.unitOf.has(node));
  const accepted = calls.filter((node) => !facts.refusals.has(node));
  const bounds = [0];
  const through = (nodes: readonly SpanNode[]): number => {
    const sum = nodes.reduce((ms, { startMs, endMs }) => ms + endMs - startMs, 0);
    return sum / Math.max(1, peakOf(nodes));
  };
  if (facts.refusals.size > calls.length * MIN_REFUSED || losses.gpu.lost.length > 0) bounds.push(through(accepted));
  if (losses.lock.lost.length > 0) {
    const waited = new Set(losses.lock.lost.map(({ node }) => node.row.name));
    const held = facts.tree.topDown.filter((node) => node.class === 'git' && waited.has(node.row.name));
    bounds.push(overlapMs(join(held)));
  }
  return Math.max(...bounds) + schedule.head.endMs - schedule.head.startMs + schedule.tail.endMs - schedule.tail.startMs;
}
