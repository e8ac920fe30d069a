/** What tasks are called, and durations and times summed up by name or by category. */
import * as names from '../semconv/index.ts';
import { CATEGORIES, type Category, type Segment } from './categories.ts';
import { isFailed } from './process-end.ts';
import { distribution, type Distribution } from './statistics.ts';
import { textOf, type SpanNode } from './span-tree.ts';
import { groupBy } from './group-by.ts';

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

/** By name, the one with the largest sum first. `isTimed`: whether the duration of the span is that of what it stands for. */
export function distributionsBy(
  nodes: Iterable<SpanNode>,
  nameOf: (node: SpanNode) => string,
  isTimed: (node: SpanNode) => boolean = () => true,
): NamedDistribution[] {
  return [...groupBy(nodes, nameOf)]
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
