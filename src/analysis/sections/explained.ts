/** The run explained by its schedule: the path that ends it, how many workers are of use, continuous dispatch, where queues stood. */
import { METRIC_SWARMSCOPE_WORKER_LIMIT } from '../../semconv/index.ts';
import type { Category } from '../categories.ts';
import type { RunFacts } from '../facts.ts';
import { lossesOf } from '../findings/losses.ts';
import { scheduleOf, type Schedule, type Start, type Stretch } from '../schedule/index.ts';
import { join, overlapMs } from '../schedule/intervals.ts';
import { peakOf } from '../schedule/edges.ts';

export interface Explained {
  /** Undefined where the run has no units of work. */
  readonly criticalPath: CriticalPath | undefined;
  /** By how much the replay of the unchanged run misses the wall time, as a share of it. */
  readonly baseError: number;
  readonly workers: Workers | undefined;
  /** Undefined without two batches of which one had to wait for the other. */
  readonly continuousDispatch:
    { readonly batches: number; readonly wallMs: number; readonly low: number; readonly high: number } | undefined;
  readonly stations: readonly Station[];
  readonly throughput:
    { readonly isKnown: false; readonly reason: string } | { readonly isKnown: true; readonly byWorkers: readonly ByWorkers[] };
}

export interface CriticalPath {
  /** Adjacent, from the start of the run to its end; at most 200. */
  readonly steps: readonly PathStep[];
  /** Milliseconds by what they were: categories of task time, and what stood between tasks. They add up to the wall time. */
  readonly byCause: readonly { readonly cause: PathCause; readonly ms: number }[];
  /** Sum of all steps over the wall time: 1. */
  readonly check: number;
}

type PathCause = Category | 'before the first task' | 'after the last task';

export interface PathStep extends Stretch {
  readonly what: 'task' | 'delay' | 'before' | 'after';
  readonly name: string | undefined;
  /** What let a task start: the end of what. */
  readonly by: Start['by'];
}

export interface Workers {
  readonly limit: number;
  /** With more than so many the run would not be shorter by 2 % or more. */
  readonly useful: number;
  /** With as many as there are tasks. */
  readonly shortestWallMs: number;
}

/** Little's law: on average as many are in a station as come per second, times the seconds that each stays. */
export interface Station {
  readonly name: 'queue' | 'workers' | 'provider' | 'lock' | 'human' | 'gpu';
  readonly count: number;
  readonly perSecond: number;
  readonly meanMs: number;
  readonly average: number;
  readonly peak: number;
  /** Share of the wall time in which anybody was in it. */
  readonly busy: number;
}

export interface ByWorkers {
  readonly workers: number;
  readonly tasksPerSecond: number;
}

const MAX_STEPS = 200;
const WORTH = 1.02;
/** A line through fewer says nothing of scalability (Gunther's USL has three unknowns). */
const MIN_LIMITS = 4;

export function explained(facts: RunFacts): Explained {
  const schedule = scheduleOf(facts);
  return {
    criticalPath: criticalPath(schedule),
    baseError: schedule.baseError,
    workers: usefulWorkers(schedule),
    continuousDispatch: continuousDispatch(schedule),
    stations: stations(schedule),
    throughput: throughput(schedule),
  };
}

/** Back from the end of the run: the task that ended last, what let it start, the task before it. */
function criticalPath({ facts, edges, starts, head, tail, wallMs }: Schedule): CriticalPath | undefined {
  let at = starts.reduce<Start | undefined>((a, b) => (a === undefined || b.unit.endMs > a.unit.endMs ? b : a), undefined);
  if (at === undefined || wallMs <= 0) return undefined;
  const segmentsOf = new Map(facts.lanes.occupants.map((node, index) => [node, facts.attribution.segments[index] ?? []]));
  const ms = new Map<PathCause, number>();
  const add = (cause: PathCause, value: number): void => void (value > 0 && ms.set(cause, (ms.get(cause) ?? 0) + value));
  const steps: PathStep[] = [{ ...tail, what: 'after', name: undefined, by: undefined }];
  add('after the last task', tail.endMs - tail.startMs);
  let cursor = tail.startMs;
  for (let taken = 0; at !== undefined && taken <= starts.length; taken++) {
    const { unit, by, byUnit, possibleMs }: Start = at;
    const from = Math.min(unit.startMs, cursor);
    steps.push({
      startMs: from,
      endMs: cursor,
      what: 'task',
      name: facts.labelOf(unit.node),
      by: by === 'slot' && isOneByOne(edges) ? undefined : by,
    });
    const segments = segmentsOf.get(unit.node) ?? [];
    for (const each of segments) add(each.category, overlapMs([each], from, cursor));
    add('other', cursor - from - overlapMs(join(segments), from, cursor));
    cursor = from;
    const next: Start | undefined = byUnit === undefined ? undefined : starts[byUnit];
    const back = Math.min(cursor, next === undefined ? head.endMs : possibleMs);
    if (back < cursor) {
      steps.push({ startMs: back, endMs: cursor, what: 'delay', name: undefined, by: undefined });
      add('wait:orchestrator', cursor - back);
      cursor = back;
    }
    at = next;
  }
  steps.push({ startMs: head.startMs, endMs: cursor, what: 'before', name: undefined, by: undefined });
  add('before the first task', cursor - head.startMs);
  const whole = steps.filter(({ startMs, endMs }) => startMs < endMs).reverse();
  const sum = whole.reduce((total, { startMs, endMs }) => total + endMs - startMs, 0);
  const byCause = [...ms].map(([cause, value]) => ({ cause, ms: value })).sort((a, b) => b.ms - a.ms);
  return { steps: whole.slice(0, MAX_STEPS), byCause, check: sum / wallMs };
}

/** Nobody told a limit and none ran beside another: whether they could have is not known, and no slot is what they waited for. */
function isOneByOne({ pools }: Schedule['edges']): boolean {
  return pools.every(({ slots, isTold }) => slots === 1 && !isTold);
}

function usefulWorkers(schedule: Schedule): Workers | undefined {
  const { edges, units } = schedule;
  const [pool, ...others] = edges.pools;
  if (pool === undefined || others.length > 0 || units.kind === 'whole' || units.all.length < 2 || isOneByOne(edges)) return undefined;
  const wallAt = (workers: number): number => schedule.wallWith({ slotFactor: workers / pool.slots + 1e-9 });
  const shortestWallMs = wallAt(Math.max(units.all.length, pool.slots));
  if (!Number.isFinite(shortestWallMs)) return undefined;
  let [low, high] = [1, Math.max(units.all.length, pool.slots)];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (wallAt(middle) <= shortestWallMs * WORTH) high = middle;
    else low = middle + 1;
  }
  return { limit: pool.slots, useful: low, shortestWallMs };
}

function continuousDispatch(schedule: Schedule): Explained['continuousDispatch'] {
  const batches = schedule.edges.batches.filter(({ after }) => after !== undefined).length;
  if (batches === 0) return undefined;
  const free = schedule.wallWith({ isWithoutBarriers: true });
  const isTold = schedule.edges.isDependencyTold;
  const wallMs = isTold ? free : (free + schedule.wallWith({ isWithoutBarriers: true, guess: 'one' })) / 2;
  if (!Number.isFinite(wallMs)) return undefined;
  const slack = Math.max(0.05, schedule.baseError) * wallMs;
  return { batches: batches + 1, wallMs, low: Math.min(free, wallMs - slack), high: isTold ? wallMs + slack : schedule.wallMs };
}

function stations(schedule: Schedule): Station[] {
  const { facts, units, wallMs } = schedule;
  const losses = lossesOf(schedule);
  const queue = units.all.flatMap(({ startMs, queueWaitMs = 0 }) =>
    queueWaitMs > 0 ? [{ startMs: startMs - queueWaitMs, endMs: startMs }] : [],
  );
  const all: readonly [Station['name'], readonly Stretch[]][] = [
    ['queue', queue],
    ['workers', units.kind === 'whole' ? [] : units.all],
    ['provider', [...facts.llm.calls]],
    ['lock', losses.lock.lost],
    ['human', losses.human.lost],
    ['gpu', losses.gpu.lost],
  ];
  return all.flatMap(([name, stays]): Station[] => {
    const timed = stays.filter(({ startMs, endMs }) => startMs < endMs);
    if (timed.length === 0 || wallMs <= 0) return [];
    const sum = timed.reduce((total, { startMs, endMs }) => total + endMs - startMs, 0);
    const meanMs = sum / timed.length;
    const perSecond = timed.length / (wallMs / 1000);
    const average = (perSecond * meanMs) / 1000;
    return [{ name, count: timed.length, perSecond, meanMs, average, peak: peakOf(timed), busy: overlapMs(join(timed)) / wallMs }];
  });
}

function throughput({ facts, units }: Schedule): Explained['throughput'] {
  const points = facts.data.series
    .filter(({ name }) => name === METRIC_SWARMSCOPE_WORKER_LIMIT.name)
    .flatMap((series) => series.points)
    .sort((a, b) => a.timeMs - b.timeMs);
  const limits = new Set(points.map(({ value }) => value));
  if (limits.size < MIN_LIMITS) {
    const seen =
      limits.size === 0
        ? 'no limit of workers was told'
        : `${limits.size} different ${limits.size === 1 ? 'limit was' : 'limits were'} seen`;
    return { isKnown: false, reason: `${seen} in this run, and a curve needs ${MIN_LIMITS}` };
  }
  const byWorkers = [...limits]
    .sort((a, b) => a - b)
    .map((workers): ByWorkers => {
      let [ms, tasks] = [0, 0];
      points.forEach(({ timeMs, value }, index) => {
        if (value !== workers) return;
        const until = points[index + 1]?.timeMs ?? facts.tree.endMs;
        ms += until - timeMs;
        tasks += units.all.filter(({ endMs }) => endMs >= timeMs && endMs < until).length;
      });
      return { workers, tasksPerSecond: ms > 0 ? tasks / (ms / 1000) : 0 };
    });
  return { isKnown: true, byWorkers };
}
