/** Why lanes are empty: one reason for all at each instant, by the tasks that run, are queued or are still to come. */
import { ATTR_SWARMSCOPE_BATCH_ID, ATTR_SWARMSCOPE_TASK_QUEUE_WAIT_TIME } from '../semconv/index.ts';
import type { Category } from './categories.ts';
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
    about: 'no task runs anywhere (planning, merging, start-up, end), or tasks are queued and not dispatched',
  },
  { category: 'wait:barrier', about: 'a batch is open, others of it still run, nothing is queued' },
  {
    category: 'wait:dependency',
    about: 'tasks run, nothing is queued, and the next tasks came only later: they were not ready, or not handed out yet',
  },
  { category: 'idle', about: 'the last tasks are running and no more work came' },
] as const satisfies readonly { category: Category; about: string }[];

interface Step {
  readonly ms: number;
  readonly active: number;
  readonly queued: number;
  readonly inBatch: number;
}

/** The whole run in adjacent segments. */
export function explainIdle(tree: SpanTree, occupants: readonly SpanNode[]): IdleSegment[] {
  const steps = stepsOf(tree, occupants).sort((a, b) => a.ms - b.ms);
  const lastStartMs = occupants.at(-1)?.startMs ?? tree.startMs;
  const segments: IdleSegment[] = [];
  let from = tree.startMs;
  let active = 0;
  let queued = 0;
  let inBatch = 0;
  const closeAt = (ms: number): void => {
    if (ms <= from) return;
    const category = reason({ active, queued, inBatch, isMoreToCome: from < lastStartMs });
    const last = segments.at(-1);
    if (last?.category === category && last.active === active) segments[segments.length - 1] = { ...last, endMs: ms };
    else segments.push({ startMs: from, endMs: ms, category, active });
    from = ms;
  };
  for (const step of steps) {
    closeAt(step.ms);
    active += step.active;
    queued += step.queued;
    inBatch += step.inBatch;
  }
  closeAt(tree.endMs);
  return segments;
}

function reason(at: { active: number; queued: number; inBatch: number; isMoreToCome: boolean }): Category {
  if (at.active === 0 || at.queued > 0) return 'wait:orchestrator';
  if (at.inBatch > 0) return 'wait:barrier';
  return at.isMoreToCome ? 'wait:dependency' : 'idle';
}

function stepsOf(tree: SpanTree, occupants: readonly SpanNode[]): Step[] {
  const batches = batchFinder(tree);
  const steps: Step[] = [];
  const add = (startMs: number, endMs: number, what: Partial<Record<'active' | 'queued' | 'inBatch', 1>>): void => {
    if (startMs >= endMs) return;
    const { active = 0, queued = 0, inBatch = 0 } = what;
    steps.push({ ms: startMs, active, queued, inBatch }, { ms: endMs, active: -active, queued: -queued, inBatch: -inBatch });
  };
  for (const node of occupants) {
    add(node.startMs, node.endMs, { active: 1 });
    const waitedMs = (numberOf(node.row.attributes, ATTR_SWARMSCOPE_TASK_QUEUE_WAIT_TIME) ?? 0) * 1000;
    if (waitedMs > 0) add(Math.max(tree.startMs, node.startMs - waitedMs), node.startMs, { queued: 1 });
    const batch = batches(node);
    if (batch !== undefined) add(Math.max(node.startMs, batch.startMs), Math.min(node.endMs, batch.endMs), { inBatch: 1 });
  }
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
