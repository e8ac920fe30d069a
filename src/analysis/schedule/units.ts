/** The units that a schedule is made of: tasks where the run has them, else its agents, workers, or whatever stands for a piece of work. */
import * as names from '../../semconv/index.ts';
import type { RunFacts } from '../facts.ts';
import { groupBy } from '../group-by.ts';
import { isAgentCli, numberOf, textOf, textsOf, type SpanNode } from '../span-tree.ts';
import { taskType } from '../tasks.ts';
import type { Unit } from './unit.ts';
import { lowerBound } from './intervals.ts';
import { completeCutUnits, findCutUnits } from './cut-units.ts';
import { adoptOrphans, besideUnits, give, isOrphan } from './orphans.ts';

export type { Unit } from './unit.ts';

export interface Units {
  readonly kind: 'task' | 'agent' | 'work' | 'whole';
  /** In order of start. */
  readonly all: readonly Unit[];
  readonly unitOf: ReadonlyMap<SpanNode, Unit>;
  /** Spans whose parent was lost, though the unit around them was told. */
  readonly hasOrphans: boolean;
  /** What the program does outside of all units: calls, tools, git, processes, waits. In order of start. */
  readonly outside: readonly SpanNode[];
}

export function findUnits(facts: RunFacts): Units {
  const { kind, roots: told } = rootsOf(facts);
  const roots = [...told];
  const rootSet = new Set(roots);
  const owner = new Map<SpanNode, SpanNode>();
  const members = new Map<SpanNode, SpanNode[]>(roots.map((root) => [root, []]));
  const isAround = new Set<SpanNode>();
  for (const node of facts.tree.topDown) {
    const root = rootSet.has(node) ? node : node.parent === undefined ? undefined : owner.get(node.parent);
    const home = kind === 'whole' ? roots[0] : root;
    if (home !== undefined) owner.set(node, home);
  }
  const cut = kind === 'whole' ? [] : findCutUnits(told, adoptOrphans(facts.tree, told, owner));
  for (const { node, tops } of cut) {
    roots.push(node);
    members.set(node, []);
    for (const top of tops) give(top, node, owner);
  }
  for (const node of facts.tree.topDown) {
    const home = owner.get(node);
    if (home === undefined) continue;
    if (facts.servers.has(node) && node !== home) owner.delete(node);
    else members.get(home)?.push(node);
  }
  for (const root of roots) for (let at = root.parent; at !== undefined && !isAround.has(at); at = at.parent) isAround.add(at);
  const cutAt = new Map(cut.map((unit) => [unit.node, unit]));
  const timed = roots.map((node) => ({
    node,
    startMs: cutAt.get(node)?.startMs ?? node.startMs,
    endMs: cutAt.get(node)?.endMs ?? node.endMs,
  }));
  const described = timed
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)
    .map(({ node }, index) => describe(node, index, { kind, nodes: members.get(node) ?? [], facts }));
  const all = completeCutUnits(described, cutAt, facts.tree.startMs);
  const byRoot = new Map(all.map((unit) => [unit.node, unit]));
  const unitOf = new Map<SpanNode, Unit>();
  for (const [node, root] of owner) {
    const unit = byRoot.get(root);
    if (unit !== undefined) unitOf.set(node, unit);
  }
  const isBeside = besideUnits(told);
  const cutTops = new Set(cut.flatMap(({ tops }) => tops));
  const hasOrphans = facts.tree.topDown.some((node) => isOrphan(node) && !rootSet.has(node) && !cutTops.has(node) && !isBeside(node));
  return { kind, all, unitOf, hasOrphans, outside: outsideOf(facts, { all, unitOf, isAround }) };
}

function describe(
  node: SpanNode,
  index: number,
  { kind, nodes, facts }: { kind: Units['kind']; nodes: readonly SpanNode[]; facts: RunFacts },
): Unit {
  const { attributes } = node.row;
  const waitSeconds = numberOf(attributes, names.ATTR_SWARMSCOPE_TASK_QUEUE_WAIT_TIME);
  const isWhole = kind === 'whole';
  return {
    index,
    node,
    startMs: isWhole ? facts.tree.startMs : node.startMs,
    endMs: isWhole ? facts.tree.endMs : node.endMs,
    isOpen: node.isOpen,
    isCut: false,
    nodes: nodes.toSorted((a, b) => a.startMs - b.startMs),
    type: kind === 'task' ? taskType(node) : (textOf(attributes, names.ATTR_GEN_AI_AGENT_NAME) ?? node.row.name),
    id: textOf(attributes, names.ATTR_SWARMSCOPE_TASK_ID),
    attempt: numberOf(attributes, names.ATTR_SWARMSCOPE_TASK_ATTEMPT_NUMBER),
    dependencies:
      attributes[names.ATTR_SWARMSCOPE_TASK_DEPENDENCY_IDS] === undefined &&
      attributes[names.ATTR_SWARMSCOPE_TASK_DEPENDENCY_COUNT] === undefined
        ? undefined
        : textsOf(attributes, names.ATTR_SWARMSCOPE_TASK_DEPENDENCY_IDS),
    pool: textOf(attributes, names.ATTR_SWARMSCOPE_POOL_NAME) ?? '',
    queueWaitMs: waitSeconds === undefined ? undefined : Math.max(0, waitSeconds * 1000),
  };
}

/** The spans that stand for the units. Without tasks, agents and workers: spans of any name around calls, else the whole run. */
function rootsOf({ lanes, tree, servers }: RunFacts): { kind: Units['kind']; roots: readonly SpanNode[] } {
  const occupants = lanes.occupants.filter((node) => node.startMs < node.endMs && !lanesOwn(node));
  if (lanes.kind === 'task') return { kind: 'task', roots: occupants };
  const workers = occupants.filter(
    (node) => node.class === 'agent' || (node.class === 'process' && (node.hasDeeperWork || isAgentCli(node))),
  );
  const inner = workers.flatMap(splitCoordinator);
  if (inner.length > 1) return { kind: 'agent', roots: inner };
  const groups = groupsAround(tree.topDown, servers);
  if (groups.length > 1) return { kind: 'work', roots: groups };
  const first = tree.topDown.find((node) => node.class !== 'run') ?? tree.topDown[0];
  return { kind: 'whole', roots: first === undefined ? [] : [first] };
}

/** A wait after a refused call, which was made to look like a span. */
function lanesOwn({ row }: SpanNode): boolean {
  return row.spanId.endsWith('-wait');
}

/** An agent that has others work for it, several at once, is the scheduler of these. */
function splitCoordinator(agent: SpanNode): SpanNode[] {
  const inner: SpanNode[] = [];
  const stack = [...agent.children];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.class === 'agent' && node.hasDeeperWork) inner.push(node);
    else for (const child of node.children) stack.push(child);
  }
  return inner.length > 2 ? inner : [agent];
}

/** The outermost spans of no class of ours around calls and tools; what is around all of them is looked into. */
function groupsAround(topDown: readonly SpanNode[], servers: ReadonlySet<SpanNode>): SpanNode[] {
  let level = topDown.filter(({ parent }) => parent === undefined);
  for (let depth = 0; depth < 10; depth++) {
    const groups = level.filter((node) => node.hasDeeperWork && node.class !== 'llm' && !servers.has(node));
    const [only] = groups;
    const isContainer = groups.some((node) => node.class === 'run' || node.class === 'phase' || node.class === 'batch');
    if (only === undefined) return [];
    if (groups.length > 1 && !isContainer) return groups;
    level = level.flatMap((node) =>
      groups.includes(node) && (groups.length === 1 || node.class === 'run' || node.class === 'phase' || node.class === 'batch')
        ? node.children
        : [node],
    );
  }
  return [];
}

const ACTS: ReadonlySet<SpanNode['class']> = new Set(['llm', 'git', 'tool', 'process', 'wait']);

function outsideOf(
  { tree, servers }: RunFacts,
  { all, unitOf, isAround }: { all: readonly Unit[]; unitOf: ReadonlyMap<SpanNode, Unit>; isAround: ReadonlySet<SpanNode> },
): SpanNode[] {
  const starts = all.map(({ startMs }) => startMs);
  // Units began while it ran, so nobody waited for its end.
  const isBackground = ({ startMs, endMs }: SpanNode): boolean => lowerBound(starts, endMs) - lowerBound(starts, startMs + 1) > 1;
  // What hangs below a span that was lost may have been part of any unit.
  const lost = new Set<SpanNode>();
  const isBeside = besideUnits(all.map(({ node }) => node));
  for (const node of tree.topDown)
    if ((isOrphan(node) && !isBeside(node)) || (node.parent !== undefined && lost.has(node.parent))) lost.add(node);
  return tree.topDown
    .filter((node) => {
      if (lost.has(node)) return false;
      if (!ACTS.has(node.class) || unitOf.has(node) || isAround.has(node) || servers.has(node)) return false;
      if (node.children.some((child) => ACTS.has(child.class) && node.class !== 'llm')) return false;
      return node.class !== 'process' || !isBackground(node);
    })
    .sort((a, b) => a.startMs - b.startMs);
}

export function unitsByType(units: readonly Unit[]): Map<string, Unit[]> {
  return groupBy(units, ({ type }) => type);
}
