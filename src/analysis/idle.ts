/** Why lanes are empty: one reason for all at each instant, by the tasks that run, are queued or are still to come. */
import { ATTR_SWARMSCOPE_BATCH_ID, ATTR_SWARMSCOPE_TASK_QUEUE_WAIT_TIME } from '../semconv/index.ts';
import type { Category, Segment } from './categories.ts';
import type { Lanes } from './lanes.ts';
import type { Interval, Observation } from './observation.ts';
import { numberOf, textOf, type SpanNode, type SpanTree } from './span-tree.ts';

export interface IdleSegment {
  readonly startMs: number;
  readonly endMs: number;
  readonly category: Category;
  /** Lanes occupied meanwhile. */
  readonly active: number;
}

/** Tried in order; the text is what the report and the docs print. */
export const IDLE_RULES = [
  {
    category: 'wait:orchestrator',
    about: 'nothing runs while a program lives that tells of itself (planning, merging), or tasks are queued and not dispatched',
  },
  { category: 'wait:barrier', about: 'a batch is open, others of it still run, nothing is queued' },
  {
    category: 'wait:dependency',
    about: 'tasks run, nothing is queued, and the next tasks came only later: they were not ready, or not handed out yet',
  },
  {
    category: 'unobserved',
    about: 'no program that tells of itself could have handed out work, or none did any that is of a swarm: what ran then is not known',
  },
  { category: 'idle', about: 'the last tasks are running and no more work came' },
] as const satisfies readonly { category: Category; about: string }[];

/** What is known at one instant, as counts of what is under way. */
interface Counts {
  active: number;
  queued: number;
  inBatch: number;
  /** Processes that live and may hand out work; the first are counted only in a run in which something of a swarm was seen. */
  orchestrators: number;
  schedulers: number;
  /** 1 from the first recorded act of the run to the last one. */
  acts: number;
  /** By what is done outside of the lanes: start-up and end of a launcher, a wait after a refused call. */
  outside: Map<Category, number>;
}

interface Step {
  readonly ms: number;
  readonly by: 1 | -1;
  readonly what: Exclude<keyof Counts, 'outside'> | Category;
}

export interface Idle {
  readonly tree: SpanTree;
  readonly lanes: Lanes;
  readonly observation: Observation;
  readonly outside: readonly Segment[];
  /** False while the run goes on and not all acts outside of the lanes are known: then no time is called start-up or end. */
  readonly isWhole: boolean;
}

/** The whole run in adjacent segments. */
export function explainIdle(run: Idle): IdleSegment[] {
  const { tree, lanes } = run;
  const lastStartMs = lanes.occupants.at(-1)?.startMs ?? tree.startMs;
  const segments: IdleSegment[] = [];
  const acts = actsOf(run);
  const steps = stepsOf(run, acts).sort((a, b) => a.ms - b.ms);
  const at: Counts = {
    active: 0,
    queued: 0,
    inBatch: 0,
    orchestrators: 0,
    schedulers: 0,
    acts: acts === undefined ? 1 : 0,
    outside: new Map(),
  };
  let from = tree.startMs;
  const closeAt = (ms: number): void => {
    if (ms <= from) return;
    const category = reason(at, { isMoreToCome: from < lastStartMs, isBegun: acts !== undefined && from >= acts.startMs });
    const last = segments.at(-1);
    if (last?.category === category && last.active === at.active) segments[segments.length - 1] = { ...last, endMs: ms };
    else segments.push({ startMs: from, endMs: ms, category, active: at.active });
    from = ms;
  };
  for (const { ms, by, what } of steps) {
    closeAt(ms);
    if (isCount(what)) at[what] += by;
    else at.outside.set(what, (at.outside.get(what) ?? 0) + by);
  }
  closeAt(tree.endMs);
  return segments;
}

const COUNTS = ['active', 'queued', 'inBatch', 'orchestrators', 'schedulers', 'acts'] as const;
const isCount = (what: Step['what']): what is (typeof COUNTS)[number] => (COUNTS as readonly string[]).includes(what);

/** From the first to the last that was recorded of anybody's work; undefined where that is not known yet. */
function actsOf({ lanes, outside, isWhole }: Idle): Interval | undefined {
  let [startMs, endMs] = [Infinity, -Infinity];
  for (const acts of [lanes.occupants, outside])
    for (const act of acts) {
      startMs = Math.min(startMs, act.startMs);
      endMs = Math.max(endMs, act.endMs);
    }
  return isWhole && startMs < endMs ? { startMs, endMs } : undefined;
}

function reason(at: Counts, { isMoreToCome, isBegun }: { isMoreToCome: boolean; isBegun: boolean }): Category {
  if (at.active === 0) {
    const done = EXPLAINED_OUTSIDE.find((category) => (at.outside.get(category) ?? 0) > 0);
    if (done !== undefined) return done;
    if (at.queued > 0) return 'wait:orchestrator';
    if (at.orchestrators === 0) return 'unobserved';
    return at.acts > 0 ? 'wait:orchestrator' : isBegun ? 'shutdown' : 'startup';
  }
  if (at.queued > 0) return 'wait:orchestrator';
  if (at.inBatch > 0) return 'wait:barrier';
  if (!isMoreToCome) return 'idle';
  return at.schedulers > 0 ? 'wait:dependency' : 'unobserved';
}

/** What, outside of all lanes, is a better reason than the orchestrator. */
const EXPLAINED_OUTSIDE: readonly Category[] = ['wait:rate_limit', 'startup', 'shutdown'];

function stepsOf({ tree, lanes: { kind, occupants }, observation, outside }: Idle, acts: Interval | undefined): Step[] {
  const batches = batchFinder(tree);
  const steps: Step[] = [];
  const add = (startMs: number, endMs: number, what: Step['what']): void => {
    if (startMs < endMs) steps.push({ ms: startMs, by: 1, what }, { ms: endMs, by: -1, what });
  };
  for (const node of occupants) {
    add(node.startMs, node.endMs, 'active');
    const waitedMs = (numberOf(node.row.attributes, ATTR_SWARMSCOPE_TASK_QUEUE_WAIT_TIME) ?? 0) * 1000;
    if (waitedMs > 0) add(Math.max(tree.startMs, node.startMs - waitedMs), node.startMs, 'queued');
    const batch = batches(node);
    if (batch !== undefined) add(Math.max(node.startMs, batch.startMs), Math.min(node.endMs, batch.endMs), 'inBatch');
  }
  if (acts !== undefined) add(acts.startMs, acts.endMs, 'acts');
  // Of a program that only started processes nobody knows what it did in between: calls by a protocol that is not read.
  for (const { startMs, endMs } of observation.schedulers) {
    if (observation.isSwarmSeen) add(startMs, endMs, 'orchestrators');
    add(startMs, endMs, 'schedulers');
  }
  for (const { startMs, endMs, category } of outside) if (category === 'wait:rate_limit' || kind !== 'task') add(startMs, endMs, category);
  return steps;
}

/** Finds the batch of a task: the batch span around it, else the one that carries its batch id. */
export function batchFinder(tree: SpanTree): (task: SpanNode) => SpanNode | undefined {
  const byId = new Map<string, SpanNode>();
  for (const node of tree.topDown) {
    const id = node.class === 'batch' ? textOf(node.row.attributes, ATTR_SWARMSCOPE_BATCH_ID) : undefined;
    if (id !== undefined) byId.set(id, node);
  }
  return (task) => {
    const named = byId.get(textOf(task.row.attributes, ATTR_SWARMSCOPE_BATCH_ID) ?? '');
    if (named !== undefined) return named;
    for (let at = task.parent; at !== undefined; at = at.parent) {
      if (at.class === 'batch') return at;
      if (at.class === 'task') return undefined;
    }
    return undefined;
  };
}
