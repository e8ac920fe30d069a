/** The slowest tasks: how each compares with its type, what it did, what failed, and whether it held up its batch. */
import { countReasons, type RefusalCount } from '../backoff.ts';
import type { RunFacts } from '../facts.ts';
import { isFailed } from '../process-end.ts';
import { percentile } from '../statistics.ts';
import { descendantsOf, type SpanNode } from '../span-tree.ts';
import { byCategory, taskType, type CategoryTime } from '../tasks.ts';
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
  const { segments } = facts.attribution;
  const heldUp = new Map(
    batches(facts).flatMap(({ straggler }) => (straggler === undefined ? [] : [[straggler.spanId, straggler.delayMs] as const])),
  );
  return occupants
    .map((node, index) => ({ node, own: segments[index] ?? [] }))
    .filter(({ node }) => node.class !== 'wait')
    .sort((a, b) => durationOf(b.node) - durationOf(a.node))
    .slice(0, MAX_SLOWEST)
    .map(({ node, own }) => ({
      name: facts.labelOf(node),
      type: taskType(node),
      spanId: node.row.spanId,
      startMs: node.startMs,
      durationMs: durationOf(node),
      isOpen: node.isOpen,
      isError: isFailed(node),
      breakdown: byCategory(own),
      typicalMs: typical(node, occupants),
      heldUpMs: heldUp.get(node.row.spanId),
      ...happenings(node, facts),
    }));
}

function durationOf({ startMs, endMs }: SpanNode): number {
  return endMs - startMs;
}

function typical(node: SpanNode, occupants: readonly SpanNode[]): number | undefined {
  const type = taskType(node);
  const peers = occupants.flatMap((each) => (taskType(each) === type ? (each.durationMs ?? []) : [])).sort((a, b) => a - b);
  return peers.length < 2 ? undefined : percentile(peers, 0.5);
}

function happenings(
  task: SpanNode,
  { backoffs, llm, git, refusals }: RunFacts,
): Pick<SlowTask, 'llmCalls' | 'rateLimited' | 'failedCommands' | 'longest'> {
  // An occupant may itself be a call or a command.
  const within = new Set([task, ...descendantsOf(task)]);
  const waits = backoffs.filter(({ after }) => within.has(after));
  const reasons: string[] = [];
  let llmCalls = 0;
  let failedCommands = 0;
  let longest: SpanNode | undefined;
  for (const node of within) {
    if (llm.calls.has(node)) llmCalls++;
    const reason = refusals.get(node);
    if (reason !== undefined) reasons.push(reason);
    if ((node.class === 'process' || git.own.has(node)) && isFailed(node)) failedCommands++;
    if (node !== task && isThing(node) && (longest === undefined || durationOf(node) > durationOf(longest))) longest = node;
  }
  return {
    llmCalls,
    rateLimited: {
      count: reasons.length,
      reasons: countReasons(reasons),
      waitedMs: waits.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0),
    },
    failedCommands,
    longest: longest === undefined ? undefined : { name: longest.row.name, durationMs: durationOf(longest) },
  };
}

/** A call, a command or a wait, as opposed to what surrounds them. */
function isThing({ class: kind, hasDeeperWork }: SpanNode): boolean {
  return kind === 'llm' || kind === 'git' || kind === 'tool' || kind === 'wait' || (kind === 'process' && !hasDeeperWork);
}
