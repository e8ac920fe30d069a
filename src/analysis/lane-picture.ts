/** The lanes of a run as a picture: what is in them, and for each lane its segments one after the other, empty time with its reason. */
import type { Segment } from './categories.ts';
import type { RunFacts } from './facts.ts';
import type { IdleSegment } from './idle.ts';
import type { OccupantKind } from './occupants.ts';
import { isFailed } from './process-end.ts';
import type { SpanNode } from './span-tree.ts';
import { taskType } from './tasks.ts';

export interface LanePicture {
  readonly kind: OccupantKind | undefined;
  readonly limit: number | undefined;
  readonly count: number;
  readonly peak: number;
  /** In order of start. */
  readonly occupants: readonly PicturedOccupant[];
  /** By lane, in order of time, without gaps where a reason is known. */
  readonly lanes: readonly (readonly LaneSegment[])[];
}

export interface PicturedOccupant {
  readonly node: SpanNode;
  readonly label: string;
  readonly type: string;
  /** -1 for one that took no time. */
  readonly lane: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly isOpen: boolean;
  readonly isFailed: boolean;
  readonly segments: readonly Segment[];
}

export interface LaneSegment extends Segment {
  /** Which occupant; -1 where the lane is empty. */
  readonly of: number;
}

export function lanePicture({ lanes, attribution, labelOf }: RunFacts): LanePicture {
  const occupants = lanes.occupants.map((node, index) => ({
    node,
    label: labelOf(node),
    type: taskType(node),
    lane: lanes.laneOf[index] ?? -1,
    startMs: node.startMs,
    endMs: node.endMs,
    isOpen: node.isOpen,
    isFailed: isFailed(node),
    segments: attribution.segments[index] ?? [],
  }));
  const inLane = Array.from({ length: lanes.count }, (): number[] => []);
  for (const [index, { lane }] of occupants.entries()) inLane[lane]?.push(index);
  return {
    kind: lanes.kind,
    limit: lanes.limit,
    count: lanes.count,
    peak: lanes.peak,
    occupants,
    lanes: inLane.map((own) => laneOf(own, occupants, attribution.idle)),
  };
}

function laneOf(own: readonly number[], occupants: readonly PicturedOccupant[], idle: readonly IdleSegment[]): LaneSegment[] {
  const segments: LaneSegment[] = [];
  let from = idle[0]?.startMs ?? 0;
  for (const of of own) {
    const occupant = occupants[of];
    if (occupant === undefined) continue;
    segments.push(...emptyTime(from, occupant.startMs, idle));
    for (const segment of occupant.segments) segments.push({ ...segment, of });
    from = occupant.endMs;
  }
  segments.push(...emptyTime(from, Infinity, idle));
  return segments;
}

/** Why a lane was empty in a stretch of time; adjacent reasons of one kind are one segment. */
export function emptyTime(startMs: number, endMs: number, idle: readonly IdleSegment[]): LaneSegment[] {
  const found: LaneSegment[] = [];
  for (let at = firstAfter(idle, startMs); at < idle.length; at++) {
    const each = idle[at] as IdleSegment;
    if (each.startMs >= endMs) break;
    const part = { startMs: Math.max(each.startMs, startMs), endMs: Math.min(each.endMs, endMs), category: each.category, of: -1 };
    if (part.startMs >= part.endMs) continue;
    const last = found.at(-1);
    if (last?.category === part.category && last.endMs === part.startMs) found[found.length - 1] = { ...last, endMs: part.endMs };
    else found.push(part);
  }
  return found;
}

/** The first segment that ends after a moment. */
function firstAfter(idle: readonly IdleSegment[], ms: number): number {
  let low = 0;
  let high = idle.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((idle[middle]?.endMs ?? Infinity) <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
