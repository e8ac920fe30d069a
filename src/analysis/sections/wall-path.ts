/** The wall path, walked back from the end: the activities that one after the other made the run as long as it was. */
import type { OutsideWork } from '../attribution.ts';
import { CATEGORIES, type Category, type Segment } from '../categories.ts';
import type { RunFacts } from '../facts.ts';
import { cut, type Observation } from '../observation.ts';
import type { SpanNode, SpanTree } from '../span-tree.ts';

/** A gap up to this long is a scheduler's own step between two tasks that follow each other, not a wait. */
const TOLERANCE_MS = 50;

/** The rule as the report prints it. */
export const WALL_RULE =
  `From the end backwards: at each instant the task, or the work outside tasks, that finished last (within ${TOLERANCE_MS} ms), ` +
  'else the longest one under way, else a gap that the orchestrator answers for. Processes that run beside the tasks (servers) are ' +
  "no part of it. Before the first recorded act is the program's start-up, after the last one its end; both are unobserved where no " +
  'process that was seen was alive, and a gap where no program lived that tells of itself, or none did any work of a swarm.';

export interface WallPath {
  readonly rule: string;
  /** Milliseconds by category, largest first; they add up to the wall time. */
  readonly byCategory: readonly { readonly category: Category; readonly ms: number }[];
  /** Adjacent, from the start of the run to its end. */
  readonly segments: readonly Segment[];
  /** The path as adjacent steps in time order, at most `MAX_STEPS`: a task, or a category of work outside the tasks. */
  readonly steps: readonly WallStep[];
}

export interface WallStep {
  /** A task's label, else the name of the span; undefined for a gap. */
  readonly name: string | undefined;
  /** The category of a gap or of work outside the tasks. A task has many categories, so it is undefined there. */
  readonly category: Category | undefined;
  readonly startMs: number;
  readonly endMs: number;
  /** How many activities of one category, such as git commands, were merged into this step. */
  readonly count: number;
}

/** At most this many steps are kept. A longer path is read by its categories. */
const MAX_STEPS = 200;

interface Candidate {
  readonly startMs: number;
  readonly endMs: number;
  readonly parts: readonly Segment[];
  /** A function, since a label is costly to find and most candidates are not on the path. */
  readonly name: () => string;
  readonly category: Category | undefined;
}

interface Walked {
  readonly segments: Segment[];
  readonly steps: WallStep[];
}

export function wallPath({ tree, lanes, labelOf, attribution, observation }: RunFacts): WallPath {
  const candidates: Candidate[] = [
    ...lanes.occupants.map((node, index) => ofTask(node, attribution.segments[index] ?? [], () => labelOf(node))),
    ...attribution.outside.map(ofWork),
  ];
  const backwards = walk(tree, candidates, observation);
  const ms = new Map<Category, number>();
  for (const each of backwards.segments) ms.set(each.category, (ms.get(each.category) ?? 0) + each.endMs - each.startMs);
  const byCategory = CATEGORIES.flatMap((category) => {
    const value = ms.get(category);
    return value === undefined ? [] : [{ category, ms: value }];
  }).sort((a, b) => b.ms - a.ms);
  return {
    rule: WALL_RULE,
    byCategory,
    segments: merge(backwards.segments.reverse()),
    steps: mergeSteps(backwards.steps.reverse()).slice(0, MAX_STEPS),
  };
}

function ofTask(node: SpanNode, parts: readonly Segment[], name: () => string): Candidate {
  return { startMs: node.startMs, endMs: node.endMs, parts, name, category: undefined };
}

function ofWork(work: OutsideWork): Candidate {
  return { startMs: work.startMs, endMs: work.endMs, parts: [work], name: () => work.node.row.name, category: work.category };
}

function walk(tree: SpanTree, candidates: readonly Candidate[], { seen, schedulers, isSwarmSeen }: Observation): Walked {
  const between = isSwarmSeen ? 'wait:orchestrator' : 'unobserved';
  const byEnd = candidates.toSorted((a, b) => b.endMs - a.endMs || a.startMs - b.startMs);
  /** Candidates that ended after the cursor. Those that started before it were under way; the earliest is on top. */
  const underWay = new EarliestFirst();
  const walked: Walked = { segments: [], steps: [] };
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
    if (from < cursor) {
      const isLast = cursor === tree.endMs;
      const category = candidates.length === 0 ? between : chosen === undefined ? 'startup' : isLast ? 'shutdown' : between;
      const known = category === between ? schedulers : seen;
      for (const { isSeen, ...part } of cut({ startMs: from, endMs: cursor }, known).toReversed()) {
        const gap: Segment = { ...part, category: isSeen ? category : 'unobserved' };
        walked.segments.push(gap);
        walked.steps.push({ ...gap, name: undefined, count: 1 });
      }
    }
    if (chosen === undefined) break;
    for (const part of chosen.parts.toReversed()) {
      const endMs = Math.min(part.endMs, from);
      if (part.startMs < endMs) walked.segments.push({ startMs: part.startMs, endMs, category: part.category });
    }
    cursor = Math.min(chosen.startMs, from);
    if (cursor < from) walked.steps.push({ startMs: cursor, endMs: from, name: chosen.name(), category: chosen.category, count: 1 });
  }
  return walked;
}

/** Adjacent steps of one category become one step, together with the short gaps between them. */
function mergeSteps(steps: readonly WallStep[]): WallStep[] {
  const merged: WallStep[] = [];
  for (const step of steps) {
    const last = merged.at(-1);
    const isShortGap = step.category === 'wait:orchestrator' && step.endMs - step.startMs <= TOLERANCE_MS;
    const isSameKind = last !== undefined && step.category !== undefined && last.category === step.category;
    if (last === undefined || (!isShortGap && !isSameKind)) merged.push(step);
    else merged[merged.length - 1] = { ...last, endMs: step.endMs, count: last.count + (isSameKind ? 1 : 0) };
  }
  return merged;
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

/** Keeps the candidate with the earliest start: the cursor only moves back, so later starts are never chosen. */
class EarliestFirst {
  #best: Candidate | undefined;

  push(candidate: Candidate): void {
    if (this.#best === undefined || candidate.startMs < this.#best.startMs) this.#best = candidate;
  }

  top(cursor: number): Candidate | undefined {
    return this.#best !== undefined && this.#best.startMs < cursor ? this.#best : undefined;
  }
}
