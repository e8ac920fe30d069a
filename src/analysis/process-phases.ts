/** The start-up of a process, before the first recorded work inside it, and its end, after the last recorded work. */
import type { Category } from './categories.ts';
import { isKnownFromOutside } from './looked-through.ts';
import type { SpanNode } from './span-tree.ts';

export interface ProcessPhase {
  readonly startMs: number;
  readonly endMs: number;
  readonly category: Extract<Category, 'startup' | 'shutdown'>;
}

/**
 * Empty where the span is no process, or no work was recorded inside: then all its time is one activity. Empty too where the process
 * tells nothing of itself: what it did before its first call is not known.
 */
export function phasesOf(node: SpanNode): ProcessPhase[] {
  if (node.class !== 'process' || !node.hasDeeperWork || isKnownFromOutside(node.row)) return [];
  let first = Infinity;
  let last = -Infinity;
  for (const child of node.children) {
    first = Math.min(first, child.startMs);
    last = Math.max(last, child.endMs);
  }
  const phases: ProcessPhase[] = [{ startMs: node.startMs, endMs: first, category: 'startup' }];
  if (!node.isOpen) phases.push({ startMs: last, endMs: node.endMs, category: 'shutdown' });
  return phases.filter(({ startMs, endMs }) => startMs < endMs);
}
