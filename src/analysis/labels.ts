/** What the tasks and agents of a run are called, so that those of one kind are told apart. */
import * as names from '../semconv/index.ts';
import { isKnownFromOutside } from './looked-through.ts';
import { isAgentCli, textOf, type SpanNode } from './span-tree.ts';
import { taskType } from './tasks.ts';
import { groupBy } from './group-by.ts';

export type LabelOf = (node: SpanNode) => string;

/** Generated ids tell a reader nothing. */
const RANDOM_ID = /^(?:[0-9a-f]{12,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-z]{20,})$/i;
/** As many characters of a generated id tell the tasks of one run apart. */
const SHORT_ID_LENGTH = 6;

/**
 * The kind and the id that the program gave it, else its worktree, where several share that its branch, else a shortened
 * generated id. Agents, and workers of which nothing else is known, are numbered in the order of their start where nothing tells them apart. Found at the first question:
 * it takes a look at every span.
 */
export function labelsOf(occupants: readonly SpanNode[]): LabelOf {
  let labels: ReadonlyMap<SpanNode, string> | undefined;
  return (node) => (labels ??= findLabels(occupants)).get(node) ?? labelOf(node);
}

function findLabels(occupants: readonly SpanNode[]): Map<SpanNode, string> {
  const labels = new Map(occupants.map((node) => [node, labelOf(node)]));
  for (const same of shared(labels)) {
    const branches = new Map(same.map((node) => [node, placeOf(node).branch]));
    if (new Set(branches.values()).size < 2) continue;
    for (const [node, branch] of branches) if (branch !== undefined && isNameless(node)) labels.set(node, `${kindOf(node)} ${branch}`);
  }
  for (const same of shared(labels)) {
    const numbered = same.filter((node) => isAgent(node) || isKnownFromOutside(node.row)).sort((a, b) => a.startMs - b.startMs);
    if (numbered.length > 1) for (const [at, node] of numbered.entries()) labels.set(node, `${labels.get(node) ?? ''} #${at + 1}`);
  }
  return labels;
}

/** Those that have one label together. */
function shared(labels: ReadonlyMap<SpanNode, string>): SpanNode[][] {
  const groups = groupBy(labels.keys(), (node) => labels.get(node));
  return [...groups.values()].filter((group) => group.length > 1);
}

function labelOf(node: SpanNode): string {
  const id = textOf(node.row.attributes, names.ATTR_SWARMSCOPE_TASK_ID);
  const which = isNameless(node) ? (placeOf(node).worktree ?? id?.slice(0, SHORT_ID_LENGTH)) : id;
  return which === undefined ? kindOf(node) : `${kindOf(node)} ${which}`;
}

/** What names a task also in another run: its kind with the id that the program gave it, else with its worktree. */
export function keyOf(node: SpanNode): string | undefined {
  const id = isNameless(node) ? placeOf(node).worktree : textOf(node.row.attributes, names.ATTR_SWARMSCOPE_TASK_ID);
  return id === undefined ? undefined : `${kindOf(node)} ${id}`;
}

/** Whether the program gave the task an id that tells a reader something. */
export function isNamed(node: SpanNode): boolean {
  return !isNameless(node);
}

function isNameless({ row }: SpanNode): boolean {
  const id = textOf(row.attributes, names.ATTR_SWARMSCOPE_TASK_ID);
  return id === undefined || RANDOM_ID.test(id);
}

function kindOf(node: SpanNode): string {
  return node.class === 'agent' ? (textOf(node.row.attributes, names.ATTR_GEN_AI_AGENT_NAME) ?? node.row.name) : taskType(node);
}

function isAgent(node: SpanNode): boolean {
  return node.class === 'agent' || isAgentCli(node);
}

/**
 * Where the git commands of a task worked, the last one first: a linked worktree is preferred to the main one. An agent
 * begins on the branch that it finds and goes on to its own.
 */
function placeOf(task: SpanNode): { worktree: string | undefined; branch: string | undefined } {
  let linked: SpanNode | undefined;
  let main: SpanNode | undefined;
  const stack = [...task.children];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const name = node.class === 'git' ? textOf(node.row.attributes, names.ATTR_SWARMSCOPE_GIT_WORKTREE_NAME) : undefined;
    if (name !== undefined && name !== textOf(node.row.attributes, names.ATTR_VCS_REPOSITORY_NAME)) linked = later(linked, node);
    else if (name !== undefined) main = later(main, node);
    for (const child of node.children) stack.push(child);
  }
  const { attributes } = (linked ?? main ?? task).row;
  return {
    worktree: textOf(attributes, names.ATTR_SWARMSCOPE_GIT_WORKTREE_NAME),
    branch: textOf(attributes, names.ATTR_VCS_REF_HEAD_NAME),
  };
}

function later(a: SpanNode | undefined, b: SpanNode): SpanNode {
  return a === undefined || b.startMs > a.startMs ? b : a;
}
