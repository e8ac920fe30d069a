/** One piece of work in a schedule: a task, an agent, a worker, or whatever stands for one. */
import type { SpanNode } from '../span-tree.ts';

export interface Unit {
  readonly index: number;
  /** The span that stands for it; of a run that has no units, the first of its roots. */
  readonly node: SpanNode;
  readonly startMs: number;
  readonly endMs: number;
  readonly isOpen: boolean;
  /** Its own span was not told: `node` is the first of what it did. */
  readonly isCut: boolean;
  /** Itself and everything below, servers left out; in order of start. */
  readonly nodes: readonly SpanNode[];
  readonly type: string;
  readonly id: string | undefined;
  readonly attempt: number | undefined;
  /** Undefined where the scheduler tells none. */
  readonly dependencies: readonly string[] | undefined;
  readonly pool: string;
  /** Undefined where it is not told. */
  readonly queueWaitMs: number | undefined;
}
