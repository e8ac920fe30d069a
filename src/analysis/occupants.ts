/** What occupies lanes: tasks where the run has them, else its agents, processes, calls and waits, each where it stands alone. */
import type { Backoff } from './backoff.ts';
import { categoryOf, type Category } from './categories.ts';
import { ATTR_SWARMSCOPE_OPERATION_NAME, ATTR_SWARMSCOPE_WAIT_REASON } from '../semconv/index.ts';
import { isAgentCli, type SpanNode, type SpanTree } from './span-tree.ts';
import { groupBy } from './group-by.ts';

export type OccupantKind = 'task' | 'agent' | 'process' | 'call' | 'wait';

export interface Occupants {
  readonly nodes: readonly SpanNode[];
  readonly kindOf: (node: SpanNode) => OccupantKind;
  /** Waits after refused calls that have a lane of their own. */
  readonly backoffs: ReadonlySet<Backoff>;
}

/** Waits outside the tasks that explain a delay. Others (a barrier, a full pool) wait for work recorded elsewhere. */
export const LONE_WAITS: ReadonlySet<Category | undefined> = new Set(['wait:rate_limit', 'wait:lock', 'wait:human', 'wait:gpu']);

export function findOccupants(tree: SpanTree, servers: ReadonlySet<SpanNode>, backoffs: readonly Backoff[]): Occupants {
  const tasks = outermost(tree.topDown, (node) => node.class === 'task');
  if (tasks.length > 0) return { nodes: tasks, kindOf: () => 'task', backoffs: new Set() };
  const found = withoutLaunchers(tree, servers);
  // The git commands around agents, and those that agents run for themselves, are no workers beside them.
  const hasAgents = found.some((node) => node.class === 'agent' || isAgentCli(node));
  const units = hasAgents ? found.filter(({ class: kind }) => kind !== 'git') : found;
  const unitOf = outerOf(units);
  // The unit in which a call was refused may be over before the call is repeated.
  const alone = backoffs.filter(({ after, startMs, endMs }) => startMs < endMs && (unitOf(after.parent)?.endMs ?? startMs) <= startMs);
  const kinds = new Map(units.map((node) => [node, kindOf(node) ?? 'call'] as const));
  const waits = alone.map(asNode);
  return { nodes: [...units, ...waits], kindOf: (node) => kinds.get(node) ?? 'wait', backoffs: new Set(alone) };
}

function kindOf(node: SpanNode): OccupantKind | undefined {
  switch (node.class) {
    case 'agent':
    case 'process':
      return node.class;
    case 'llm':
    case 'tool':
    case 'git':
      return 'call';
    case 'wait':
      return LONE_WAITS.has(categoryOf(node)) ? 'wait' : undefined;
    default:
      return undefined;
  }
}

function outermost(topDown: readonly SpanNode[], isOne: (node: SpanNode) => boolean): SpanNode[] {
  const inside = new Set<SpanNode>();
  const found: SpanNode[] = [];
  for (const node of topDown) {
    const isInside = node.parent !== undefined && inside.has(node.parent);
    const isMatch = !isInside && isOne(node);
    if (isMatch) found.push(node);
    if (isMatch || isInside) inside.add(node);
  }
  return found;
}

/**
 * The outermost units of work. A process that only launches others, which run at once, is no worker: they are. The same
 * holds for the program's own process where something started it (`tsx`, `npx`) that is a process of the run, too.
 */
function withoutLaunchers(tree: SpanTree, servers: ReadonlySet<SpanNode>): SpanNode[] {
  const launchers = findLaunchers(tree);
  const unitsOf = (topDown: readonly SpanNode[]): SpanNode[] =>
    outermost(topDown, (node) => kindOf(node) !== undefined && !launchers.has(node)).filter((node) => !servers.has(node));
  const outer = unitsOf(tree.topDown);
  let units = outer;
  for (let main = programOf(units); main !== undefined; main = programOf(units)) {
    launchers.add(main);
    units = unitsOf(tree.topDown);
    if (overlap(units.filter(insideOf([main])))) return units;
  }
  return outer;
}

/** The one process that all work is in. */
function programOf(units: readonly SpanNode[]): SpanNode | undefined {
  const isAside = (node: SpanNode): boolean =>
    node.class === 'git' || node.class === 'wait' || (node.class === 'process' && !node.hasDeeperWork);
  const working = units.filter((node) => !isAside(node) || isAgentCli(node));
  const [only, ...others] = working;
  return others.length === 0 && only?.class === 'process' && !isAgentCli(only) ? only : undefined;
}

/** Plain processes below which agents or workers run at once. */
function findLaunchers(tree: SpanTree): Set<SpanNode> {
  const launchers = new Set<SpanNode>();
  const isPlain = (node: SpanNode): boolean => node.class === 'process' && !isAgentCli(node);
  const below = groupBy(tree.topDown, (node) => {
    const isWorker = node.class === 'agent' || (node.class === 'process' && (node.hasDeeperWork || isAgentCli(node)));
    if (!isWorker) return undefined;
    let above = node.parent;
    while (above !== undefined && above.class !== 'agent' && above.class !== 'process') above = above.parent;
    return above !== undefined && isPlain(above) ? above : undefined;
  });
  for (const node of tree.topDown.toReversed()) {
    const workers = below.get(node) ?? [];
    if (overlap(workers) || workers.some((worker) => launchers.has(worker))) launchers.add(node);
  }
  return launchers;
}

function overlap(nodes: readonly SpanNode[]): boolean {
  let endMs = -Infinity;
  for (const node of nodes.filter((each) => each.startMs < each.endMs).sort((a, b) => a.startMs - b.startMs)) {
    if (node.startMs < endMs) return true;
    endMs = Math.max(endMs, node.endMs);
  }
  return false;
}

function insideOf(nodes: readonly SpanNode[]): (node: SpanNode | undefined) => boolean {
  const outer = outerOf(nodes);
  return (node) => outer(node) !== undefined;
}

/** Finds the one of `nodes` that a span is, or is in. */
function outerOf(nodes: readonly SpanNode[]): (node: SpanNode | undefined) => SpanNode | undefined {
  const outer = new Set(nodes);
  return (node) => {
    let at = node;
    while (at !== undefined && !outer.has(at)) at = at.parent;
    return at;
  };
}

/** A wait that no span records, as a span. */
function asNode({ after, startMs, endMs }: Backoff): SpanNode {
  const attributes = { [ATTR_SWARMSCOPE_OPERATION_NAME]: 'wait', [ATTR_SWARMSCOPE_WAIT_REASON]: 'rate_limit' };
  const row = { ...after.row, spanId: `${after.row.spanId}-wait`, name: 'wait rate_limit', isError: false, startMs, endMs, attributes };
  const durationMs = endMs - startMs;
  return { row, class: 'wait', startMs, endMs, isOpen: false, durationMs, parent: after.parent, children: [], hasDeeperWork: false };
}
