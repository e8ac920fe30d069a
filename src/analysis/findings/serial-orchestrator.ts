/** The scheduling process does something for each task, one after the other, while slots are free and tasks are ready. */
import * as names from '../../semconv/index.ts';
import { groupBy } from '../group-by.ts';
import type { Start } from '../schedule/index.ts';
import { join, overlapMs, without, type Stretch } from '../schedule/intervals.ts';
import { textOf, type SpanNode } from '../span-tree.ts';
import { spoken, type Candidate, type Examined, type FindingRule } from './finding.ts';

export const serialOrchestrator: FindingRule = { kind: 'serial_orchestrator', find };

/** Of a delay before a start, what the program was seen to do takes at least this share. */
const MIN_COVERED = 0.4;
/** What it does for each task comes so often, and for so many of them. */
const MIN_TIMES = 3;
const MIN_SHARE_OF_TASKS = 0.4;

function find(examined: Examined): Candidate | undefined {
  const { schedule, losses } = examined;
  const { units, starts, tail, head } = schedule;
  if (units.kind === 'whole' || units.all.length < MIN_TIMES) return undefined;
  // Waits for people, locks and the provider are other kinds.
  const waits = join([...losses.human.outside, ...losses.lock.outside, ...losses.rateLimit.outside]);
  const acts = units.outside.filter((node) => node.class !== 'wait' && node.startMs >= head.endMs - schedule.toleranceMs);
  const work = without(join(acts), waits);
  const delays = new Map(starts.map((start) => [start, orchestratedMs(examined, start, work, waits)]));
  const perTask = repeated(acts, units.all.length);
  const tailWork = overlapMs(join(perTask), tail.startMs, tail.endMs);
  const delayOf = (start: Start): number => Math.max(0, delayBefore(examined, start) - (delays.get(start) ?? 0));
  const savedMs = schedule.savedBy({ delayOf, tailMs: tail.endMs - tail.startMs - tailWork });
  if (savedMs <= 0) return undefined;
  const delayed = starts.filter((start) => (delays.get(start) ?? 0) > schedule.toleranceMs);
  if (delayed.length < 2 && tailWork < schedule.wallMs * 0.08) return undefined;
  const counted = acts.filter((node) => overlapsDelay(node, delayed, tail)).toSorted((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs));
  const late = delayed.toSorted((a, b) => (delays.get(b) ?? 0) - (delays.get(a) ?? 0)).map(({ unit }) => unit.node);
  return {
    savedMs,
    lowMs: savedMs * 0.8,
    highMs: savedMs * 1.9,
    confidence: counted.length > 0 ? 0.8 : 0.65,
    evidence: [...counted.slice(0, 6), ...late],
    assumptions: ['what the scheduler does for one task does not need what it does for another'],
    action: `Let the scheduler do its work for each task beside the others: free slots waited for it before ${delayed.length} of ${units.all.length} starts, which cost about ${spoken(savedMs)}.`,
    where: { types: delayed.map(({ unit }) => unit.type), acts: counted.map(({ row }) => row.name) },
  };
}

function delayBefore({ schedule }: Examined, { unit, possibleMs, delayMs, isFreeFromStart }: Start): number {
  return isFreeFromStart ? unit.startMs - Math.min(possibleMs, schedule.head.endMs) : delayMs;
}

/** How much of the delay before a start is the scheduler's: seen work, or a task that is known to be ready. */
function orchestratedMs(examined: Examined, start: Start, work: readonly Stretch[], waits: readonly Stretch[]): number {
  const { schedule } = examined;
  const delayMs = delayBefore(examined, start);
  const from = start.unit.startMs - delayMs;
  const free = delayMs - overlapMs(waits, from, start.unit.startMs);
  if (start.unit.index === 0 || free <= schedule.toleranceMs) return 0;
  const covered = overlapMs(work, from, start.unit.startMs);
  if (covered >= free * MIN_COVERED) return free;
  const queued = start.unit.queueWaitMs ?? 0;
  if (queued >= delayMs * 0.9) return free;
  // With ids of dependencies, or a slot that was given back, a task is known to have been ready.
  return schedule.edges.isDependencyTold && start.by !== undefined ? free : covered;
}

/** Acts of one kind that come for many of the tasks. */
function repeated(acts: readonly SpanNode[], tasks: number): SpanNode[] {
  const keyOf = ({ class: kind, row }: SpanNode): string =>
    `${kind}:${textOf(row.attributes, names.ATTR_SWARMSCOPE_GIT_OPERATION_NAME) ?? row.name}`;
  return [...groupBy(acts, keyOf).values()].filter(({ length }) => length >= Math.max(MIN_TIMES, tasks * MIN_SHARE_OF_TASKS)).flat();
}

function overlapsDelay(node: SpanNode, delayed: readonly Start[], tail: Stretch): boolean {
  if (node.endMs > tail.startMs) return true;
  return delayed.some(({ unit, delayMs }) => node.startMs < unit.startMs && node.endMs > unit.startMs - delayMs);
}
