/** Lanes of a run that goes on: who is in which, what was told of each, and what is to be told anew. A lane is kept for life. */
import type { LaneSegment } from './lane-picture.ts';

/** What is in a lane. */
export interface Occupancy<Key> {
  readonly key: Key;
  startMs: number;
  /** Infinity while it goes on. */
  endMs: number;
  lane: number;
  segments: readonly LaneSegment[];
}

/** Forget what begins at or after `fromMs`, cut what reaches over it, then take these. */
export interface LaneChange {
  readonly lane: number;
  readonly fromMs: number;
  readonly segments: readonly LaneSegment[];
}

/** Why a lane is empty from one moment to another. */
export type EmptyTime = (fromMs: number, toMs: number) => readonly LaneSegment[];

interface Lane<Key> {
  /** In order of start. */
  readonly occupants: Occupancy<Key>[];
  told: LaneSegment[];
  /** From when on it is to be looked at again. */
  dirtyFromMs: number;
}

export class LaneBoard<Key> {
  readonly #startMs: number;
  readonly #lanes: Lane<Key>[] = [];
  readonly #dirty = new Set<number>();

  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  /** Lanes beyond it are gone. */
  #most = Infinity;

  get count(): number {
    return Math.min(this.#lanes.length, this.#most);
  }

  /** So many lanes, also where they were never used; nobody may be in those beyond. */
  resize(count: number): void {
    this.#most = count;
    while (this.#lanes.length < count) this.#add();
    for (let lane = count; lane < this.#lanes.length; lane++) this.touch(lane, -Infinity);
  }

  /** Puts it into the lowest lane that is free for its time; one that has a lane keeps it while nobody else is there. */
  place(occupancy: Occupancy<Key>): void {
    const isKept = occupancy.lane >= 0 && this.#isFree(occupancy.lane, occupancy);
    if (isKept) return this.#sort(occupancy.lane);
    if (occupancy.lane >= 0) this.remove(occupancy);
    let lane = 0;
    while (lane < this.#lanes.length && !this.#isFree(lane, occupancy)) lane++;
    if (lane === this.#lanes.length) this.#add();
    this.#most = Math.max(this.#most, lane + 1);
    occupancy.lane = lane;
    this.#lanes[lane]?.occupants.push(occupancy);
    this.#sort(lane);
    this.touch(lane, occupancy.startMs);
  }

  remove(occupancy: Occupancy<Key>): void {
    const lane = this.#lanes[occupancy.lane];
    const at = lane?.occupants.indexOf(occupancy) ?? -1;
    if (lane !== undefined && at >= 0) lane.occupants.splice(at, 1);
    this.touch(occupancy.lane, occupancy.startMs);
    occupancy.lane = -1;
  }

  touch(lane: number, fromMs: number): void {
    const found = this.#lanes[lane];
    if (found === undefined) return;
    found.dirtyFromMs = Math.min(found.dirtyFromMs, fromMs);
    this.#dirty.add(lane);
  }

  touchAll(fromMs: number): void {
    for (const lane of this.#lanes.keys()) this.touch(lane, fromMs);
  }

  /** Everybody leaves: lanes are given anew. */
  clear(): void {
    for (const lane of this.#lanes) {
      for (const occupant of lane.occupants) occupant.lane = -1;
      lane.occupants.length = 0;
    }
    this.touchAll(-Infinity);
  }

  /**
   * What to tell of lanes that were touched, at most of `most` of them. Until the run `isOver` the last segment of a lane goes on by
   * itself, and that it became longer is nothing to tell.
   */
  changes(emptyTime: EmptyTime, nowMs: number, isOver: boolean, most = Infinity): LaneChange[] {
    const changes: LaneChange[] = [];
    for (const number of this.#dirty) {
      if (changes.length >= most) break;
      this.#dirty.delete(number);
      const lane = this.#lanes[number] as Lane<Key>;
      const wanted =
        number < this.#most ? this.#wanted(lane, emptyTime, isOver ? nowMs : Math.max(nowMs, endOf(lane) + 1)) : { kept: 0, segments: [] };
      const change = difference(lane.told, wanted.segments, wanted.kept, isOver);
      lane.dirtyFromMs = Infinity;
      // Of what only became longer the end that was told is remembered: the one that it will have must be told.
      if (change === undefined) continue;
      lane.told.length = wanted.kept;
      for (const segment of wanted.segments) lane.told.push(segment);
      changes.push({ lane: number, ...change, fromMs: Math.max(change.fromMs, this.#startMs) });
    }
    return changes;
  }

  /** All that was told, as it is at `nowMs`: the last segment of each lane goes on until then. */
  told(nowMs: number): readonly (readonly LaneSegment[])[] {
    return this.#lanes.map(({ told }) => {
      const last = told.at(-1);
      return last === undefined || last.endMs >= nowMs ? told : [...told.slice(0, -1), { ...last, endMs: nowMs }];
    });
  }

  /** How many told segments are kept as they are, and those that follow. */
  #wanted({ occupants, told, dirtyFromMs }: Lane<Key>, emptyTime: EmptyTime, nowMs: number): { kept: number; segments: LaneSegment[] } {
    let first = occupants.length;
    while (first > 0 && (occupants[first - 1] as Occupancy<Key>).endMs > dirtyFromMs) first--;
    const before = occupants[first - 1];
    let fromMs = before === undefined ? this.#startMs : before.endMs;
    let segments: LaneSegment[] = [];
    // Of the one that goes on over the moment, what begins before the segment of that moment is as it was told.
    const around = occupants[first];
    const at = around === undefined ? -1 : lastAt(around.segments, dirtyFromMs);
    const cutMs = around?.segments[at]?.startMs;
    let kept = told.length;
    const keepBefore = (ms: number): void => {
      while (kept > 0 && (told[kept - 1] as LaneSegment).startMs >= ms) kept--;
    };
    if (cutMs !== undefined) keepBefore(cutMs);
    if (around !== undefined && cutMs !== undefined && told[kept]?.startMs === cutMs) {
      segments = around.segments.slice(at);
      fromMs = Math.max(fromMs, around.endMs);
      first++;
    } else keepBefore(fromMs);
    for (; first < occupants.length; first++) {
      const occupant = occupants[first] as Occupancy<Key>;
      segments.push(...emptyTime(fromMs, occupant.startMs));
      for (const segment of occupant.segments) segments.push(segment);
      fromMs = Math.max(fromMs, occupant.endMs);
    }
    if (fromMs < nowMs) segments.push(...emptyTime(fromMs, nowMs));
    return { kept, segments };
  }

  #isFree(lane: number, { startMs, endMs, key }: Occupancy<Key>): boolean {
    const occupants = this.#lanes[lane]?.occupants ?? [];
    for (let at = occupants.length - 1; at >= 0; at--) {
      const other = occupants[at] as Occupancy<Key>;
      if (other.key !== key && other.startMs < endMs && startMs < other.endMs) return false;
      if (other.key !== key && other.endMs <= startMs) break;
    }
    return true;
  }

  #sort(lane: number): void {
    this.#lanes[lane]?.occupants.sort((a, b) => a.startMs - b.startMs);
  }

  #add(): void {
    this.#lanes.push({ occupants: [], told: [], dirtyFromMs: -Infinity });
    this.#dirty.add(this.#lanes.length - 1);
  }
}

/** Number of the last segment that begins at a moment or before it. */
function lastAt(segments: readonly LaneSegment[], ms: number): number {
  let at = segments.length - 1;
  while (at >= 0 && (segments[at] as LaneSegment).startMs > ms) at--;
  return at;
}

/** Where the last in a lane has ended, what comes after it is told with its end. */
function endOf({ occupants }: Lane<unknown>): number {
  const endMs = occupants.at(-1)?.endMs ?? -Infinity;
  return endMs === Infinity ? -Infinity : endMs;
}

function difference(
  told: readonly LaneSegment[],
  wanted: readonly LaneSegment[],
  kept: number,
  isOver: boolean,
): Omit<LaneChange, 'lane'> | undefined {
  let at = 0;
  while (
    at < wanted.length &&
    isSame(told[kept + at], wanted[at] as LaneSegment, !isOver && at === wanted.length - 1 && kept + at === told.length - 1)
  )
    at++;
  if (at === wanted.length && kept + at === told.length) return undefined;
  const fromMs = Math.min(wanted[at]?.startMs ?? Infinity, told[kept + at]?.startMs ?? Infinity);
  return { fromMs, segments: wanted.slice(at) };
}

function isSame(told: LaneSegment | undefined, wanted: LaneSegment, isLast: boolean): boolean {
  if (told === wanted) return true;
  if (told?.startMs !== wanted.startMs || told.category !== wanted.category || told.of !== wanted.of) return false;
  return told.endMs === wanted.endMs || isLast;
}
