/** Tasks: their types, how long they took and waited, and what the slowest of them did. */
import { ATTR_SWARMSCOPE_TASK_ID, ATTR_SWARMSCOPE_TASK_QUEUE_WAIT_TIME, ATTR_SWARMSCOPE_TASK_TYPE } from '../semconv/index.ts';
import { CATEGORIES, type Category, type Segment } from './categories.ts';
import { distribution, type Distribution } from './statistics.ts';
import { numberOf, textOf, type SpanNode } from './span-tree.ts';

/** Slowest tasks that are shown in full. */
const MAX_SLOWEST = 5;

export interface CategoryTime {
  readonly category: Category;
  readonly ms: number;
}

export interface NamedDistribution {
  readonly name: string;
  readonly failed: number;
  /** Milliseconds. */
  readonly durationMs: Distribution;
}

export interface SlowTask {
  readonly name: string;
  readonly spanId: string;
  readonly startMs: number;
  readonly durationMs: number;
  readonly isOpen: boolean;
  readonly isError: boolean;
  /** Largest first. */
  readonly breakdown: readonly CategoryTime[];
}

export function taskType(node: SpanNode): string {
  return textOf(node.row.attributes, ATTR_SWARMSCOPE_TASK_TYPE) ?? node.row.name;
}

/** Type and id, as far as there is an id. */
export function taskLabel(node: SpanNode): string {
  const id = textOf(node.row.attributes, ATTR_SWARMSCOPE_TASK_ID);
  return id === undefined ? taskType(node) : `${taskType(node)} ${id}`;
}

/** By name, the one with the largest sum first. */
export function distributionsBy(nodes: readonly SpanNode[], nameOf: (node: SpanNode) => string): NamedDistribution[] {
  const groups = new Map<string, SpanNode[]>();
  for (const node of nodes) {
    const name = nameOf(node);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [node]);
    else group.push(node);
  }
  return [...groups]
    .flatMap(([name, own]) => {
      const durationMs = distribution(own.map((node) => node.endMs - node.startMs));
      return durationMs === undefined ? [] : [{ name, failed: own.filter((node) => node.row.isError).length, durationMs }];
    })
    .sort((a, b) => b.durationMs.sum - a.durationMs.sum);
}

export function slowest(occupants: readonly SpanNode[], segments: readonly (readonly Segment[])[]): SlowTask[] {
  return occupants
    .map((node, index) => ({ node, own: segments[index] ?? [] }))
    .sort((a, b) => b.node.endMs - b.node.startMs - (a.node.endMs - a.node.startMs))
    .slice(0, MAX_SLOWEST)
    .map(({ node, own }) => ({
      name: taskLabel(node),
      spanId: node.row.spanId,
      startMs: node.startMs,
      durationMs: node.endMs - node.startMs,
      isOpen: node.isOpen,
      isError: node.row.isError,
      breakdown: byCategory(own),
    }));
}

export function byCategory(segments: readonly Segment[]): CategoryTime[] {
  return CATEGORIES.flatMap((category) => {
    let ms = 0;
    for (const each of segments) if (each.category === category) ms += each.endMs - each.startMs;
    return ms > 0 ? [{ category, ms }] : [];
  }).sort((a, b) => b.ms - a.ms);
}

/** Milliseconds that tasks waited in a queue; undefined when none told. */
export function queueWait(tasks: readonly SpanNode[]): Distribution | undefined {
  return distribution(
    tasks.flatMap((task) => {
      const seconds = numberOf(task.row.attributes, ATTR_SWARMSCOPE_TASK_QUEUE_WAIT_TIME);
      return seconds === undefined ? [] : [seconds * 1000];
    }),
  );
}
