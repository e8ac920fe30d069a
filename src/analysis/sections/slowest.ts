/** The slowest tasks: how each compares with its type, what it did, what failed, and whether it held up its batch. */
import { countReasons, refusalReason, type Backoff, type RefusalCount } from '../backoff.ts';
import type { RunFacts } from '../facts.ts';
import { isHousekeeping } from '../housekeeping.ts';
import { isFailedProcess } from '../process-end.ts';
import { percentile } from '../statistics.ts';
import type { SpanNode } from '../span-tree.ts';
import { byCategory, taskLabel, taskType, type CategoryTime } from '../tasks.ts';
import { batches } from './batches.ts';

/** As many tasks are described in full. */
const MAX_SLOWEST = 5;

export interface SlowTask {
  readonly name: string;
  readonly type: string;
  readonly spanId: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly isOpen: boolean;
  readonly isError: boolean;
  /** Largest first. */
  readonly breakdown: readonly CategoryTime[];
  /** Median duration of the tasks of its type; undefined when it is the only one. */
  readonly typicalMs: number | undefined;
  /** How long after the median of its batch it ended. Undefined unless it was the last of its batch to end. */
  readonly heldUpMs: number | undefined;
  readonly llmCalls: number;
  readonly rateLimited: { readonly count: number; readonly reasons: readonly RefusalCount[]; readonly waitedMs: number };
  /** Child processes and git commands in it that failed. */
  readonly failedCommands: number;
  /** The longest call, command or wait in it. Undefined when nothing was recorded in it. */
  readonly longest: { readonly name: string; readonly durationMs: number } | undefined;
}

export function slowest(facts: RunFacts): SlowTask[] {
  const { occupants } = facts.lanes;
  const { segments, backoffs } = facts.attribution;
  const heldUp = new Map(
    batches(facts).flatMap(({ straggler }) => (straggler === undefined ? [] : [[straggler.spanId, straggler.delayMs] as const])),
  );
  return occupants
    .map((node, index) => ({ node, own: segments[index] ?? [] }))
    .sort((a, b) => durationOf(b.node) - durationOf(a.node))
    .slice(0, MAX_SLOWEST)
    .map(({ node, own }) => ({
      name: taskLabel(node),
      type: taskType(node),
      spanId: node.row.spanId,
      startMs: node.startMs,
      durationMs: durationOf(node),
      isOpen: node.isOpen,
      isError: node.row.isError,
      breakdown: byCategory(own),
      typicalMs: typical(node, occupants),
      heldUpMs: heldUp.get(node.row.spanId),
      ...happenings(node, backoffs, facts.llm.calls),
    }));
}

function durationOf({ startMs, endMs }: SpanNode): number {
  return endMs - startMs;
}

function typical(node: SpanNode, occupants: readonly SpanNode[]): number | undefined {
  const type = taskType(node);
  const peers = occupants
    .filter((each) => taskType(each) === type)
    .map(durationOf)
    .sort((a, b) => a - b);
  return peers.length < 2 ? undefined : percentile(peers, 0.5);
}

function happenings(
  task: SpanNode,
  backoffs: readonly Backoff[],
  calls: ReadonlySet<SpanNode>,
): Pick<SlowTask, 'llmCalls' | 'rateLimited' | 'failedCommands' | 'longest'> {
  const below = descendants(task);
  const waits = backoffs.filter(({ after }) => below.has(after));
  let llmCalls = 0;
  const refusals: string[] = [];
  let failedCommands = 0;
  let longest: SpanNode | undefined;
  for (const node of below) {
    if (calls.has(node)) llmCalls++;
    const refusal = refusalReason(node);
    if (refusal !== undefined) refusals.push(refusal);
    if (node.class === 'git' ? node.row.isError && !isHousekeeping(node) : isFailedProcess(node)) failedCommands++;
    const isLeaf = node.class === 'llm' || node.class === 'git' || node.class === 'tool' || node.class === 'wait';
    const isThing = isLeaf || (node.class === 'process' && !node.hasDeeperWork);
    if (isThing && (longest === undefined || durationOf(node) > durationOf(longest))) longest = node;
  }
  return {
    llmCalls,
    rateLimited: {
      count: refusals.length,
      reasons: countReasons(refusals),
      waitedMs: waits.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0),
    },
    failedCommands,
    longest: longest === undefined ? undefined : { name: longest.row.name, durationMs: durationOf(longest) },
  };
}

function descendants(root: SpanNode): Set<SpanNode> {
  const found = new Set<SpanNode>();
  const stack = [...root.children];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    found.add(node);
    for (const child of node.children) stack.push(child);
  }
  return found;
}
