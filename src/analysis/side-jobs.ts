/** Jobs of queues that do none of the swarm's work, such as writing log lines: the report looks through them. */
import * as names from '../semconv/index.ts';
import { markDeeperWork, textOf, type SpanNode, type SpanTree } from './span-tree.ts';

/** Queues whose jobs hold nothing that was seen, and take less than this share of the time of agents and LLM calls. */
const MAX_SHARE = 0.1;

/**
 * Calls the jobs and their batches `other`. Only those of queues that were watched, never tasks that the program
 * declared; and none in a run without agents and LLM calls: there computing may be the work.
 */
export function lookThroughSideJobs({ topDown }: SpanTree): void {
  const jobs = findSideJobs(topDown);
  if (jobs.length === 0) return;
  const idOf = ({ row }: SpanNode): string | undefined => textOf(row.attributes, names.ATTR_SWARMSCOPE_BATCH_ID);
  const batches = new Set(jobs.map(idOf));
  batches.delete(undefined);
  for (const job of jobs) job.class = 'other';
  for (const node of topDown) if (node.class === 'batch' && batches.has(idOf(node))) node.class = 'other';
  markDeeperWork(topDown);
}

function findSideJobs(topDown: readonly SpanNode[]): SpanNode[] {
  const queues = new Map<string, { jobs: SpanNode[]; ms: number }>();
  const agentic = new Set<SpanNode>();
  let workMs = 0;
  for (const node of topDown) {
    const isInside = node.parent !== undefined && agentic.has(node.parent);
    if (isInside || node.class === 'llm' || node.class === 'agent') agentic.add(node);
    // What never ended tells no time: a call that hangs until the end of the run would put every queue aside.
    if (!isInside && !node.isOpen && agentic.has(node)) workMs += node.endMs - node.startMs;
    if (node.class !== 'task' || node.row.attributes[names.ATTR_SWARMSCOPE_TASK_INFERRED] !== true) continue;
    const { attributes, pid = '', serviceName } = node.row;
    const key = `${serviceName}:${pid}:${textOf(attributes, names.ATTR_SWARMSCOPE_QUEUE_NAME) ?? ''}`;
    const queue = queues.get(key) ?? { jobs: [], ms: 0 };
    queues.set(key, queue);
    queue.jobs.push(node);
    queue.ms += node.endMs - node.startMs;
  }
  const isAside = ({ ms, jobs }: { ms: number; jobs: readonly SpanNode[] }): boolean => ms < workMs * MAX_SHARE && !jobs.some(holdsWork);
  return [...queues.values()].filter(isAside).flatMap(({ jobs }) => jobs);
}

/** A library's own spans explain nothing. */
function holdsWork(node: SpanNode): boolean {
  return node.children.some((child) => child.class !== 'other' || holdsWork(child));
}
