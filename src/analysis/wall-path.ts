/** The wall line: which activities, end to end, made the run as long as it was (last-finisher walk from the end). */
import type { Attribution } from './attribution.ts';
import { CATEGORIES, type Category, type Segment } from './categories.ts';
import type { Lanes } from './lanes.ts';
import type { SpanTree } from './span-tree.ts';

/** Two things that close follow each other: a scheduler's own step between them is not a gap. */
const TOLERANCE_MS = 50;

/** The rule as the report prints it. */
export const WALL_RULE =
  `From the end backwards: at each instant the activity that finished last (within ${TOLERANCE_MS} ms), ` +
  'else the longest one under way, else a gap that the orchestrator answers for.';

export interface WallPath {
  readonly rule: string;
  /** Milliseconds by category, largest first; they add up to the wall time. */
  readonly byCategory: readonly { readonly category: Category; readonly ms: number }[];
  /** Adjacent, from the start of the run to its end. */
  readonly segments: readonly Segment[];
}

interface Candidate {
  readonly startMs: number;
  readonly endMs: number;
  readonly parts: readonly Segment[];
}

export function findWallPath(tree: SpanTree, lanes: Lanes, attribution: Attribution): WallPath {
  const candidates: Candidate[] = [
    ...lanes.occupants.map((node, index) => ({ startMs: node.startMs, endMs: node.endMs, parts: attribution.segments[index] ?? [] })),
    ...attribution.outside.map((part) => ({ startMs: part.startMs, endMs: part.endMs, parts: [part] })),
  ];
  const backwards = walk(tree, candidates);
  const ms = new Map<Category, number>();
  for (const each of backwards) ms.set(each.category, (ms.get(each.category) ?? 0) + each.endMs - each.startMs);
  const byCategory = CATEGORIES.flatMap((category) => {
    const value = ms.get(category);
    return value === undefined ? [] : [{ category, ms: value }];
  }).sort((a, b) => b.ms - a.ms);
  return { rule: WALL_RULE, byCategory, segments: merge(backwards.reverse()) };
}

function walk(tree: SpanTree, candidates: readonly Candidate[]): Segment[] {
  const byEnd = candidates.toSorted((a, b) => b.endMs - a.endMs || a.startMs - b.startMs);
  /** Ended after the cursor: under way at it when they started before. The one that started first is on top. */
  const underWay = new EarliestFirst();
  const backwards: Segment[] = [];
  let cursor = tree.endMs;
  let next = 0;
  while (cursor > tree.startMs) {
    for (let each = byEnd[next]; each !== undefined && each.endMs > cursor + TOLERANCE_MS; each = byEnd[++next]) underWay.push(each);
    while (next < byEnd.length && (byEnd[next]?.startMs ?? 0) >= cursor) next++;
    const finisher = byEnd[next];
    const running = underWay.top(cursor);
    const isJustFinished = finisher !== undefined && finisher.endMs >= cursor - TOLERANCE_MS;
    const chosen = isJustFinished || running === undefined ? finisher : running;
    const from = Math.min(chosen?.endMs ?? tree.startMs, cursor);
    if (from < cursor) backwards.push({ startMs: from, endMs: cursor, category: 'wait:orchestrator' });
    if (chosen === undefined) break;
    for (const part of chosen.parts.toReversed()) {
      const endMs = Math.min(part.endMs, from);
      if (part.startMs < endMs) backwards.push({ ...part, endMs });
    }
    cursor = Math.min(chosen.startMs, from);
  }
  return backwards;
}

function merge(segments: readonly Segment[]): Segment[] {
  const merged: Segment[] = [];
  for (const each of segments) {
    const last = merged.at(-1);
    if (last?.category === each.category) merged[merged.length - 1] = { ...last, endMs: each.endMs };
    else merged.push(each);
  }
  return merged;
}

/** Keeps only what can still win: a later start never beats an earlier one, as the cursor only goes back. */
class EarliestFirst {
  #best: Candidate | undefined;

  push(candidate: Candidate): void {
    if (this.#best === undefined || candidate.startMs < this.#best.startMs) this.#best = candidate;
  }

  top(cursor: number): Candidate | undefined {
    return this.#best !== undefined && this.#best.startMs < cursor ? this.#best : undefined;
  }
}
