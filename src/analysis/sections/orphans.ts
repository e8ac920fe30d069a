/** Processes that lived on for a minute or more after the task in which they were started, or whoever started them, had ended. */
import * as names from '../../semconv/index.ts';
import type { RunFacts } from '../facts.ts';
import { innermostAbove, numberOf, textOf } from '../span-tree.ts';

export interface Orphan {
  readonly name: string;
  readonly pid: number | undefined;
  /** Type and id of the task that had ended. */
  readonly taskType: string | undefined;
  readonly taskId: string | undefined;
  /** Name of the agent or program that had ended, where that is how it is known. */
  readonly starter: string | undefined;
  /** From the end of the task, or of whoever started it, to its own, or to the end of the run: as long at least. */
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
    const { attributes, name } = node.row;
    const ofTask = task === undefined || task.isOpen ? 0 : node.endMs - task.endMs;
    const ofStarter = (numberOf(attributes, names.ATTR_SWARMSCOPE_PROCESS_ORPHAN_TIME) ?? 0) * 1_000;
    const aliveMs = ofTask < GRACE_MS ? ofStarter : ofTask;
    if (aliveMs < GRACE_MS) return [];
    const isOfTask = ofTask >= GRACE_MS;
    return [
      {
        name: textOf(attributes, names.ATTR_PROCESS_EXECUTABLE_NAME) ?? name,
        pid: numberOf(attributes, names.ATTR_PROCESS_PID),
        taskType: isOfTask && task !== undefined ? textOf(task.row.attributes, names.ATTR_SWARMSCOPE_TASK_TYPE) : undefined,
        taskId: isOfTask && task !== undefined ? textOf(task.row.attributes, names.ATTR_SWARMSCOPE_TASK_ID) : undefined,
        starter: textOf(attributes, names.ATTR_SWARMSCOPE_PROCESS_ORPHAN_STARTER),
        aliveMs,
        isAlive: node.isOpen,
      },
    ];
  });
  return { count: found.length, longest: found.sort((a, b) => b.aliveMs - a.aliveMs).slice(0, MAX_LISTED) };
}
