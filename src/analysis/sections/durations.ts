/** How long things take: single acts by what they are, tasks by type, and the time that tasks waited in a queue. */
import { ATTR_SWARMSCOPE_TASK_QUEUE_WAIT_TIME } from '../../semconv/index.ts';
import { categoryOf } from '../categories.ts';
import type { RunFacts } from '../facts.ts';
import { numberOf, type SpanNode } from '../span-tree.ts';
import { distribution, type Distribution } from '../statistics.ts';
import { distributionsBy, taskType, type NamedDistribution } from '../tasks.ts';

/** Spans by what they are: a category, or `process` for child processes. */
export function categories({ tree, llm }: RunFacts): NamedDistribution[] {
  return distributionsBy(
    tree.topDown.filter((node) => isCounted(node) && (node.class !== 'llm' || llm.calls.has(node))),
    kindOf,
  );
}

export function taskTypes({ tasks }: RunFacts): NamedDistribution[] {
  return distributionsBy(tasks, taskType);
}

/** Milliseconds; undefined when no task tells how long it was queued. */
export function queueWait({ tasks }: RunFacts): Distribution | undefined {
  return distribution(
    tasks.flatMap((task) => {
      const seconds = numberOf(task.row.attributes, ATTR_SWARMSCOPE_TASK_QUEUE_WAIT_TIME);
      return seconds === undefined ? [] : [seconds * 1000];
    }),
  );
}

/** Tools of agents and child processes share a category, but one figure for both would describe neither. */
function kindOf(node: SpanNode): string {
  return node.class === 'process' && categoryOf(node) === 'tool' ? 'process' : (categoryOf(node) ?? 'other');
}

/** Leaves out containers (tasks, batches, workers) and the process of an agent CLI, which counts as an agent. */
function isCounted(node: SpanNode): boolean {
  const category = categoryOf(node);
  return (
    category !== undefined && category !== 'other' && !(node.class === 'process' && node.parent?.class === 'agent' && category === 'agent')
  );
}
