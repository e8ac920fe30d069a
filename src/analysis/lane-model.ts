/**
 * The lanes of a run that goes on, from its rows as they arrive. A task is divided anew when something in it has changed; what needs a
 * look at the whole run (agents without tasks, servers, why lanes are empty) is corrected by a whole analysis, which the end always is.
 */
import { divide } from './divide.ts';
import type { RunFacts } from './facts.ts';
import { explainIdle, type IdleSegment } from './idle.ts';
import { labelsOf } from './labels.ts';
import { LaneBoard, type LaneChange, type Occupancy } from './lane-board.ts';
import { emptyTime, type LaneSegment } from './lane-picture.ts';
import { keyOf, LiveTree, slimRow, type LiveNode } from './live-tree.ts';
import type { SpanRow } from './model.ts';
import type { OccupantKind } from './occupants.ts';
import { isFailed } from './process-end.ts';
import type { SpanNode } from './span-tree.ts';
import { taskType } from './tasks.ts';

/** What is or was in a lane. `row` never changes. */
export interface LiveOccupant {
  readonly row: number;
  readonly key: string;
  readonly place: Occupancy<string>;
  node: SpanNode;
  label: string;
  type: string;
  isOpen: boolean;
  isFailed: boolean;
  /** The last sign of life in it. */
  signMs: number;
}

export interface LaneUpdate {
  readonly changes: readonly LaneChange[];
  /** Those of which anything but the lane's segments changed. */
  readonly occupants: readonly LiveOccupant[];
}

/** Tasks that are divided anew before others get their turn. */
const SLICE_TASKS = 16;
/** Beyond so many spans those of tasks that ended long ago are forgotten; their lanes stay as they were told. */
const MAX_SPANS = 200_000;

export class LaneModel {
  readonly tree = new LiveTree();
  kind: OccupantKind | undefined;
  readonly #startMs: number;
  readonly #board: LaneBoard<string>;
  readonly #byKey = new Map<string, LiveOccupant>();
  readonly #rows: LiveOccupant[] = [];
  readonly #batches = new Set<LiveNode>();
  /** With the earliest moment of which something new is known. */
  readonly #dirtyNodes = new Map<LiveNode, number>();
  readonly #dirtyRoots = new Map<LiveNode, number>();
  readonly #changed = new Set<LiveOccupant>();
  #idle: readonly IdleSegment[] = [];
  #idleUntilMs: number;
  #isOver = false;
  /** Something came that only a whole analysis can place. */
  isStale = false;

  constructor(startMs: number) {
    this.#startMs = startMs;
    this.#idleUntilMs = startMs;
    this.#board = new LaneBoard(startMs);
  }

  get laneCount(): number {
    return this.#board.count;
  }

  /** In the order in which they were first told. */
  get occupants(): readonly LiveOccupant[] {
    return this.#rows;
  }

  /** Whether there is anything that `take` would tell. */
  get isDirty(): boolean {
    return this.#dirtyNodes.size > 0 || this.#dirtyRoots.size > 0 || this.#changed.size > 0;
  }

  add(row: SpanRow): void {
    const node = this.tree.add(slimRow(row));
    if (node === undefined) return;
    if (node.class === 'batch') this.#batches.add(node);
    if (node.class === 'task' && this.kind !== 'task') this.#beginTasks();
    if (this.kind === 'task') this.#dirtyNodes.set(node, Math.min(this.#dirtyNodes.get(node) ?? Infinity, this.tree.fromMs));
    else this.isStale = true;
  }

  /** What changed; tasks that did not get their turn until `isLate` says so come with the next call. */
  take(nowMs: number, isLate: () => boolean = () => false): LaneUpdate {
    for (const [node, fromMs] of this.#dirtyNodes) this.#findRoot(node, fromMs);
    this.#dirtyNodes.clear();
    let done = 0;
    for (const [root, fromMs] of this.#dirtyRoots) {
      this.#dirtyRoots.delete(root);
      this.#divide(root, fromMs, nowMs);
      if (++done % SLICE_TASKS === 0 && isLate()) break;
    }
    const changes = this.#board.changes((fromMs, toMs) => this.#empty(fromMs, toMs), nowMs, this.#isOver);
    const occupants = [...this.#changed];
    this.#changed.clear();
    if (this.tree.size > MAX_SPANS) this.#forgetOldest(nowMs);
    return { changes, occupants };
  }

  /** All that was told so far, by lane; the last segment of each goes on until now. */
  told(nowMs: number): readonly (readonly LaneSegment[])[] {
    return this.#board.told(this.#isOver ? -Infinity : nowMs);
  }

  /** At least so many lanes, as the limits of pools say. */
  reserve(count: number): void {
    if (count > this.#board.count) this.#board.resize(count);
  }

  running(): LiveOccupant[] {
    return this.#rows.filter(({ isOpen, place }) => isOpen && place.lane >= 0);
  }

  /** Why lanes were empty, from the tasks that are known: a few milliseconds for two thousand of them. */
  explainEmpty(nowMs: number): void {
    if (this.kind !== 'task') return;
    const nodes = this.#rows.filter(({ place }) => place.lane >= 0).map(({ node }) => node);
    for (const node of nodes as LiveNode[]) if (node.isOpen) node.endMs = Math.max(node.startMs, nowMs);
    const tree = { startMs: this.#startMs, endMs: nowMs, topDown: [...this.#batches] };
    for (const batch of this.#batches) if (batch.isOpen) batch.endMs = Math.max(batch.startMs, nowMs);
    const all = [{ startMs: this.#startMs, endMs: nowMs }];
    const observation = { isNothingSeen: false, isSwarmSeen: true, seen: all, seenWork: all, schedulers: all };
    const occupants = nodes.toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
    const lanes = {
      kind: 'task' as const,
      occupants,
      byKind: new Map(),
      laneOf: [],
      count: 0,
      peak: 0,
      limit: undefined,
      backoffs: new Set<never>(),
    };
    this.#explain(explainIdle({ tree, lanes, observation, outside: [], isWhole: false }), nowMs);
  }

  /** Takes everything from an analysis of the whole run; `isOver`: it was the last one. */
  correct({ lanes, attribution, labelOf, tree }: RunFacts, isOver: boolean): void {
    const keys = new Set(lanes.occupants.map(keyOf));
    for (const [key, occupant] of this.#byKey) if (!keys.has(key)) this.#remove(occupant);
    this.#isOver = isOver;
    this.kind = lanes.kind;
    for (const [index, node] of lanes.occupants.entries()) {
      const goesOn = node.isOpen && !isOver;
      const segments = attribution.segments[index] ?? [];
      this.#put(node, segments, { endMs: goesOn ? Infinity : node.endMs, label: labelOf(node), sinceMs: -Infinity, signMs: undefined });
    }
    // Rows that came out of order have spread tasks over more lanes than there were at once.
    if (isOver && this.#board.count > lanes.count) {
      this.#board.clear();
      for (const node of lanes.occupants) this.#place(this.#byKey.get(keyOf(node)));
    }
    this.#board.resize(isOver ? lanes.count : Math.max(lanes.count, this.#board.count));
    this.#explain(attribution.idle, tree.endMs);
    this.#board.touchAll(-Infinity);
    this.isStale = false;
  }

  /** What stood in lanes for want of tasks leaves them. */
  #beginTasks(): void {
    this.kind = 'task';
    for (const occupant of this.#byKey.values()) this.#remove(occupant);
  }

  #findRoot(node: LiveNode, fromMs: number): void {
    let root: SpanNode | undefined;
    for (let at: SpanNode | undefined = node; at !== undefined; at = at.parent) if (at.class === 'task') root = at;
    if (root !== node && node.class === 'task') this.#removeKey(keyOf(node));
    if (root !== undefined) this.#dirtyRoots.set(root, Math.min(this.#dirtyRoots.get(root) ?? Infinity, fromMs));
    // What stood alone until its parent came now stands in the parent's task.
    for (const child of node.children) if (child.class === 'task' && root !== undefined && root !== child) this.#removeKey(keyOf(child));
  }

  #divide(root: LiveNode, fromMs: number, nowMs: number): void {
    const known = this.#byKey.get(keyOf(root));
    const { segments, sinceMs, signMs } = divide(root, { runStartMs: this.#startMs, nowMs, fromMs, before: known?.place.segments ?? [] });
    const label = known?.isOpen === root.isOpen ? known.label : labelsOf([root])(root);
    this.#put(root, segments, { endMs: root.isOpen ? Infinity : root.endMs, label, sinceMs, signMs });
  }

  #put(
    node: SpanNode,
    segments: readonly (Omit<LaneSegment, 'of'> & { readonly of?: number })[],
    { endMs, label, sinceMs, signMs }: { endMs: number; label: string; sinceMs: number; signMs: number | undefined },
  ): void {
    const key = keyOf(node);
    let occupant = this.#byKey.get(key);
    const isNew = occupant === undefined;
    if (occupant === undefined) {
      const row = this.#rows.length;
      const place: Occupancy<string> = { key, startMs: node.startMs, endMs, lane: -1, segments: [] };
      occupant = {
        row,
        key,
        place,
        node,
        label,
        type: taskType(node),
        isOpen: node.isOpen,
        isFailed: isFailed(node),
        signMs: signMs ?? node.startMs,
      };
      this.#rows.push(occupant);
      this.#byKey.set(key, occupant);
    }
    const { place, row } = occupant;
    const fromMs = isNew || place.startMs !== node.startMs ? Math.min(place.startMs, node.startMs) : Math.max(place.startMs, sinceMs);
    this.#board.touch(place.lane, fromMs);
    const isOther =
      place.startMs !== node.startMs ||
      place.endMs !== endMs ||
      occupant.label !== label ||
      occupant.isOpen !== node.isOpen ||
      occupant.isFailed !== isFailed(node);
    place.startMs = node.startMs;
    place.endMs = endMs;
    // Most are those of the last time.
    place.segments = segments.map((segment) => (segment.of === row ? (segment as LaneSegment) : { ...segment, of: row }));
    occupant.node = node;
    occupant.label = label;
    occupant.type = taskType(node);
    occupant.isOpen = node.isOpen;
    occupant.isFailed = isFailed(node);
    occupant.signMs = signMs ?? occupant.signMs;
    this.#place(occupant);
    this.#board.touch(place.lane, fromMs);
    if (isNew || isOther) this.#changed.add(occupant);
  }

  /** What took no time is in no lane. */
  #place(occupant: LiveOccupant | undefined): void {
    if (occupant === undefined) return;
    const { place } = occupant;
    const before = place.lane;
    if (place.startMs < place.endMs) this.#board.place(place);
    else if (place.lane >= 0) this.#board.remove(place);
    if (before !== place.lane) this.#changed.add(occupant);
  }

  #removeKey(key: string): void {
    const occupant = this.#byKey.get(key);
    if (occupant !== undefined) this.#remove(occupant);
  }

  #remove(occupant: LiveOccupant): void {
    if (occupant.place.lane >= 0) this.#board.remove(occupant.place);
    occupant.isOpen = false;
    this.#byKey.delete(occupant.key);
    this.#changed.add(occupant);
  }

  #explain(idle: readonly IdleSegment[], untilMs: number): void {
    let at = 0;
    while (at < idle.length && isSame(idle[at], this.#idle[at])) at++;
    const fromMs = Math.min(idle[at]?.startMs ?? Infinity, this.#idle[at]?.startMs ?? Infinity);
    this.#idle = idle;
    this.#idleUntilMs = untilMs;
    if (fromMs < Infinity) this.#board.touchAll(fromMs);
  }

  /** Until it is known why, a lane that has just become empty is so for the reason that held last. */
  #empty(fromMs: number, toMs: number): LaneSegment[] {
    const known = emptyTime(fromMs, toMs, this.#idle);
    if (this.#isOver || toMs <= this.#idleUntilMs) return known;
    const category = this.#idle.at(-1)?.category ?? 'wait:orchestrator';
    const last = known.at(-1);
    if (last !== undefined && last.category === category) return [...known.slice(0, -1), { ...last, endMs: toMs }];
    return [...known, { startMs: Math.max(fromMs, last?.endMs ?? fromMs), endMs: toMs, category, of: -1 }];
  }

  #forgetOldest(nowMs: number): void {
    const ended = this.#rows.filter(({ isOpen, place }) => !isOpen && place.endMs < nowMs - FORGET_AFTER_MS);
    for (const { node } of ended) {
      if (this.tree.size <= MAX_SPANS * 0.9) return;
      this.tree.forget(node);
    }
  }
}

/** What comes later than that for a task that has ended changes its lane no more. */
const FORGET_AFTER_MS = 60_000;

const isSame = (a: IdleSegment | undefined, b: IdleSegment | undefined): boolean =>
  a?.startMs === b?.startMs && a?.endMs === b?.endMs && a?.category === b?.category;
