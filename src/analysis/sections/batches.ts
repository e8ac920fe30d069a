/** Batches and supersteps: how well they used their lanes, and which task ended last and held up the batch. */
import * as names from '../../semconv/index.ts';
import type { RunFacts } from '../facts.ts';
import { batchFinder } from '../idle.ts';
import type { LabelOf } from '../labels.ts';
import { percentile } from '../statistics.ts';
import { numberOf, textOf, type SpanNode } from '../span-tree.ts';

export interface BatchReport {
  readonly scheduler: string;
  readonly index: number | undefined;
  readonly isInferred: boolean;
  readonly size: number;
  readonly startMs: number;
  readonly durationMs: number;
  /** Whether it never ended: its times are those until the end of the run. Undefined where it did. */
  readonly isOpen?: true | undefined;
  /** Sum of task durations / batch duration; undefined for a batch without tasks or duration. */
  readonly parallelism: number | undefined;
  /** Sum over its tasks of batch end - task end. */
  readonly barrierWaitMs: number;
  /** The last task to end; undefined for fewer than two tasks. */
  readonly straggler: { readonly name: string; readonly spanId: string; readonly delayMs: number } | undefined;
}

/** In order of start. */
export function batches({ tree, tasks, labelOf }: RunFacts): BatchReport[] {
  const members = new Map<SpanNode, SpanNode[]>();
  for (const node of tree.topDown) if (node.class === 'batch') members.set(node, []);
  const batchOf = batchFinder(tree);
  for (const task of tasks) {
    const batch = batchOf(task);
    if (batch !== undefined) members.get(batch)?.push(task);
  }
  return [...members].map(([batch, own]) => describe(batch, own, labelOf)).sort((a, b) => a.startMs - b.startMs);
}

function describe(batch: SpanNode, tasks: readonly SpanNode[], labelOf: LabelOf): BatchReport {
  const { attributes } = batch.row;
  const durationMs = batch.endMs - batch.startMs;
  const ends = tasks.map((task) => task.endMs).sort((a, b) => a - b);
  const last = tasks.reduce<SpanNode | undefined>(
    (latest, task) => (latest === undefined || task.endMs > latest.endMs ? task : latest),
    undefined,
  );
  const workMs = tasks.reduce((sum, task) => sum + task.endMs - task.startMs, 0);
  return {
    scheduler: textOf(attributes, names.ATTR_SWARMSCOPE_SCHEDULER_NAME) ?? 'unknown',
    index: numberOf(attributes, names.ATTR_SWARMSCOPE_BATCH_INDEX),
    isInferred: attributes[names.ATTR_SWARMSCOPE_BATCH_INFERRED] === true,
    size: numberOf(attributes, names.ATTR_SWARMSCOPE_BATCH_SIZE) ?? tasks.length,
    startMs: batch.startMs,
    durationMs,
    isOpen: batch.isOpen ? true : undefined,
    parallelism: durationMs > 0 && tasks.length > 0 ? workMs / durationMs : undefined,
    barrierWaitMs: tasks.reduce((sum, task) => sum + Math.max(0, batch.endMs - task.endMs), 0),
    straggler:
      last === undefined || ends.length < 2
        ? undefined
        : { name: labelOf(last), spanId: last.row.spanId, delayMs: last.endMs - percentile(ends, 0.5) },
  };
}
