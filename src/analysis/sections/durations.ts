/** How long things take: single acts by what they are, tasks by type, and the time that tasks waited in a queue. */
import { ATTR_SWARMSCOPE_TASK_QUEUE_WAIT_TIME } from '../../semconv/index.ts';
import { categoryOf } from '../categories.ts';
import type { RunFacts } from '../facts.ts';
import { numberOf, type SpanNode } from '../span-tree.ts';
import { distribution, type Distribution } from '../statistics.ts';
import { distributionsBy, taskType, type NamedDistribution } from '../tasks.ts';

/**
 * What was done, by its kind: a category, or `process` for child processes, which are tools too. The counts are those of
 * the sections that speak of the same things. Containers (tasks, batches) and agents that are seen inside are left out.
 */
export function categories({ tree, llm, tools, git, children, sharedGaps }: RunFacts): NamedDistribution[] {
  const counted = [...llm.calls, ...tools, ...git.own, ...children, ...tree.topDown.filter(isOther)];
  return distributionsBy(counted, kindOf, (node) => !sharedGaps.has(node));
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

function kindOf(node: SpanNode): string {
  return node.class === 'process' ? 'process' : (categoryOf(node) ?? 'other');
}

/** Waits, and agents that are not seen inside. */
function isOther(node: SpanNode): boolean {
  return node.class === 'wait' || (node.class === 'agent' && categoryOf(node) === 'agent');
}
