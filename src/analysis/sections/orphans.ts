/** Processes that lived on for a minute or more after the task in which they were started had ended. */
import * as names from '../../semconv/index.ts';
import type { RunFacts } from '../facts.ts';
import { innermostAbove, numberOf, textOf } from '../span-tree.ts';

export interface Orphan {
  readonly name: string;
  readonly pid: number | undefined;
  /** Type and id of the task that had ended. */
  readonly taskType: string | undefined;
  readonly taskId: string | undefined;
  /** From the end of the task to its own, or to the end of the run: as long at least. */
  readonly aliveMs: number;
  /** The run ended before it did. */
  readonly isAlive: boolean;
}

export interface Orphans {
  readonly count: number;
  /** The longest first. */
  readonly longest: readonly Orphan[];
}

/** A build that is being stopped takes a while. */
const GRACE_MS = 60_000;
const MAX_LISTED = 50;

export function orphans({ children }: RunFacts): Orphans {
  const found = children.flatMap((node) => {
    const task = innermostAbove(node, (above) => above.class === 'task');
    // A task without an end of its own ended with its process: what is below it did not outlive it.
    if (task === undefined || task.isOpen || node.endMs - task.endMs < GRACE_MS) return [];
    const { attributes, name } = node.row;
    return [
      {
        name: textOf(attributes, names.ATTR_PROCESS_EXECUTABLE_NAME) ?? name,
        pid: numberOf(attributes, names.ATTR_PROCESS_PID),
        taskType: textOf(task.row.attributes, names.ATTR_SWARMSCOPE_TASK_TYPE),
        taskId: textOf(task.row.attributes, names.ATTR_SWARMSCOPE_TASK_ID),
        aliveMs: node.endMs - task.endMs,
        isAlive: node.isOpen,
      },
    ];
  });
  return { count: found.length, longest: found.sort((a, b) => b.aliveMs - a.aliveMs).slice(0, MAX_LISTED) };
}
