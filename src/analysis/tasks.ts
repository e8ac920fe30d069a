/** What tasks are called, and durations and times summed up by name or by category. */
import * as names from '../semconv/index.ts';
import { CATEGORIES, type Category, type Segment } from './categories.ts';
import { isFailed } from './process-end.ts';
import { distribution, type Distribution } from './statistics.ts';
import { textOf, type SpanNode } from './span-tree.ts';

export interface CategoryTime {
  readonly category: Category;
  readonly ms: number;
}

export interface NamedDistribution {
  readonly name: string;
  /** All of them. */
  readonly count: number;
  readonly failed: number;
  /** Those that have not ended, or whose end is not known. */
  readonly open: number;
  /** Of those whose duration is known, also beyond the run. Undefined where none is. */
  readonly durationMs: Distribution | undefined;
}

export function taskType(node: SpanNode): string {
  return textOf(node.row.attributes, names.ATTR_SWARMSCOPE_TASK_TYPE) ?? node.row.name;
}

/** Generated ids tell a reader nothing. */
const RANDOM_ID = /^(?:[0-9a-f]{12,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-z]{20,})$/i;
/** As many characters of a generated id tell the tasks of one run apart. */
const SHORT_ID_LENGTH = 6;

/** The task's type and the id that the program gave it, else its worktree, else a shortened generated id. */
export function taskLabel(node: SpanNode): string {
  const id = textOf(node.row.attributes, names.ATTR_SWARMSCOPE_TASK_ID);
  const which = id !== undefined && !RANDOM_ID.test(id) ? id : (worktreeOf(node) ?? id?.slice(0, SHORT_ID_LENGTH));
  return which === undefined ? taskType(node) : `${taskType(node)} ${which}`;
}

/** The worktree in which the git commands of a task worked. A linked worktree is preferred to the main one. */
export function worktreeOf(task: SpanNode): string | undefined {
  let main: string | undefined;
  const stack = [...task.children];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const name = node.class === 'git' ? textOf(node.row.attributes, names.ATTR_SWARMSCOPE_GIT_WORKTREE_NAME) : undefined;
    if (name !== undefined && name !== textOf(node.row.attributes, names.ATTR_VCS_REPOSITORY_NAME)) return name;
    main ??= name;
    for (const child of node.children) stack.push(child);
  }
  return main;
}

/** By name, the one with the largest sum first. `isTimed`: whether the duration of the span is that of what it stands for. */
export function distributionsBy(
  nodes: Iterable<SpanNode>,
  nameOf: (node: SpanNode) => string,
  isTimed: (node: SpanNode) => boolean = () => true,
): NamedDistribution[] {
  const groups = new Map<string, SpanNode[]>();
  for (const node of nodes) {
    const name = nameOf(node);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [node]);
    else group.push(node);
  }
  return [...groups]
    .map(([name, own]) => ({
      name,
      count: own.length,
      failed: own.filter(isFailed).length,
      open: own.filter(({ durationMs }) => durationMs === undefined).length,
      durationMs: distribution(own.flatMap((node) => (isTimed(node) ? (node.durationMs ?? []) : []))),
    }))
    .sort((a, b) => (b.durationMs?.sum ?? 0) - (a.durationMs?.sum ?? 0));
}

export function byCategory(segments: readonly Segment[]): CategoryTime[] {
  return CATEGORIES.flatMap((category) => {
    let ms = 0;
    for (const each of segments) if (each.category === category) ms += each.endMs - each.startMs;
    return ms > 0 ? [{ category, ms }] : [];
  }).sort((a, b) => b.ms - a.ms);
}
