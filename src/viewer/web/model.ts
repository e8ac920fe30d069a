/** One run as the page holds it: lanes as columns of numbers, made of a snapshot and kept new by frames. No DOM. */
import type { Frame, LaneChanges, OpenWork, Snapshot, Strip, TaskColumns, TaskState } from '../wire.ts';

/** Segments of one lane in order of time, in whole milliseconds of the run. */
export interface Lane {
  readonly start: number[];
  readonly end: number[];
  readonly category: number[];
  /** Row in `tasks`, -1 while the lane is empty. */
  readonly task: number[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

export interface RunModel extends Mutable<Omit<Snapshot, 'g' | 'open' | 'strips' | 'tasks'>> {
  readonly rows: Lane[];
  readonly tasks: Mutable<TaskColumns>;
  open: Map<number, OpenWork>;
  strips: Strip[];
  /** Older segments that were let go so that the page stays small, over all lanes. */
  forgotten: number;
}

/** A page that is open for days stays small: the older half of a lane goes when it has more. */
export const MAX_SEGMENTS = 4_000;
/** Every second point of a strip goes when it has more. */
const MAX_POINTS = 2_000;

export function modelOf(snapshot: Snapshot): RunModel {
  const { g, open, strips, tasks, ...rest } = snapshot;
  const model: RunModel = {
    ...rest,
    needs: [...rest.needs],
    notes: [...rest.notes],
    categories: [...rest.categories],
    tasks: copyOf(tasks),
    rows: Array.from({ length: snapshot.lanes.count }, emptyLane),
    open: byLane(open),
    strips: strips.map((strip) => ({ ...strip, t: [...strip.t], v: [...strip.v] })),
    forgotten: 0,
  };
  let lane = 0;
  let end = 0;
  for (let at = 0; at < g.l.length; at++) {
    const step = g.l[at] ?? 0;
    if (step > 0 || at === 0) end = 0;
    lane += step;
    const start = end + (g.s[at] ?? 0);
    end = start + (g.d[at] ?? 0);
    push(rowOf(model, lane), start, end, g.c[at] ?? 0, g.t[at] ?? -1);
  }
  return model;
}

/** Takes one frame in. False where the snapshot must be fetched anew. */
export function applyFrame(model: RunModel, frame: Frame): boolean {
  if (frame.reset === true) return false;
  if (frame.seq <= model.seq) return true;
  model.seq = frame.seq;
  model.now = frame.now;
  if (frame.lanes !== undefined) model.lanes = frame.lanes;
  if (frame.tasks !== undefined) replaceTasks(model, frame.tasks);
  if (frame.w !== undefined) changeLanes(model, frame.w);
  if (frame.open !== undefined) model.open = byLane(frame.open);
  for (const key of ['totals', 'verdict', 'losses'] as const) if (frame[key] !== undefined) Object.assign(model, { [key]: frame[key] });
  if (frame.needs !== undefined) model.needs = [...frame.needs];
  for (const strip of frame.strips ?? []) extendStrip(model, strip);
  if (frame.end !== undefined) model.run = frame.end;
  return true;
}

function changeLanes(model: RunModel, changes: LaneChanges): void {
  let at = 0;
  for (const [index, number] of changes.l.entries()) {
    const lane = rowOf(model, number);
    let end = changes.f[index] ?? 0;
    forgetFrom(lane, end);
    for (const until = at + (changes.k[index] ?? 0); at < until; at++) {
      const start = end + (changes.s[at] ?? 0);
      end = start + (changes.d[at] ?? 0);
      push(lane, start, end, changes.c[at] ?? 0, changes.t[at] ?? -1);
    }
    if (lane.start.length > MAX_SEGMENTS) model.forgotten += halve(lane);
  }
}

/** Everything that begins at or after `from` goes, and what reaches over it ends there. */
function forgetFrom(lane: Lane, from: number): void {
  let length = lane.start.length;
  while (length > 0 && (lane.start[length - 1] ?? 0) >= from) length--;
  for (const column of columnsOf(lane)) column.length = length;
  const last = length - 1;
  if (last >= 0) lane.end[last] = Math.min(lane.end[last] ?? 0, from);
}

/** A segment that goes on where the last one ends, with the same category and task, is one with it. */
function push(lane: Lane, start: number, end: number, category: number, task: number): void {
  const last = lane.start.length - 1;
  if (last >= 0 && lane.end[last] === start && lane.category[last] === category && lane.task[last] === task) {
    lane.end[last] = end;
    return;
  }
  lane.start.push(start);
  lane.end.push(end);
  lane.category.push(category);
  lane.task.push(task);
}

function halve(lane: Lane): number {
  const gone = lane.start.length >> 1;
  for (const column of columnsOf(lane)) column.splice(0, gone);
  return gone;
}

const columnsOf = ({ start, end, category, task }: Lane): number[][] => [start, end, category, task];

export function emptyLane(): Lane {
  return { start: [], end: [], category: [], task: [] };
}

function rowOf(model: RunModel, number: number): Lane {
  while (model.rows.length <= number) model.rows.push(emptyLane());
  return model.rows[number] ?? emptyLane();
}

function byLane(open: readonly OpenWork[]): Map<number, OpenWork> {
  return new Map(open.map((work) => [work.lane, work]));
}

function copyOf(tasks: TaskColumns): Mutable<TaskColumns> {
  const { id, trace, label, type, lane, start, end, state } = tasks;
  return {
    id: [...id],
    trace: [...trace],
    label: [...label],
    type: [...type],
    lane: [...lane],
    start: [...start],
    end: [...end],
    state: [...state],
  };
}

function replaceTasks(model: RunModel, changes: TaskColumns & { readonly i: readonly number[] }): void {
  for (const [at, row] of changes.i.entries()) {
    model.tasks.id[row] = changes.id[at] ?? '';
    model.tasks.trace[row] = changes.trace[at] ?? '';
    model.tasks.label[row] = changes.label[at] ?? '';
    model.tasks.type[row] = changes.type[at] ?? '';
    model.tasks.lane[row] = changes.lane[at] ?? -1;
    model.tasks.start[row] = changes.start[at] ?? 0;
    model.tasks.end[row] = changes.end[at] ?? null;
    model.tasks.state[row] = changes.state[at] ?? 'running';
  }
}

function extendStrip(model: RunModel, strip: Strip): void {
  const at = model.strips.findIndex(({ id }) => id === strip.id);
  const known = model.strips[at];
  if (known === undefined) {
    model.strips.push({ ...strip, t: [...strip.t], v: [...strip.v] });
    // Where it stands in the stored run too: nothing moves when the run ends.
    model.strips.sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
    return;
  }
  const points = new Map(known.t.map((ms, index) => [ms, known.v[index] ?? 0]));
  for (const [index, ms] of strip.t.entries()) points.set(ms, strip.v[index] ?? 0);
  const sorted = [...points].sort((a, b) => a[0] - b[0]);
  let t = sorted.map(([ms]) => ms);
  let v = sorted.map(([, value]) => value);
  if (t.length > MAX_POINTS) [t, v] = [t, v].map((column) => column.filter((_, index) => index % 2 === 0)) as [number[], number[]];
  model.strips[at] = { ...known, ...strip, t, v };
}

export interface Task {
  readonly row: number;
  readonly id: string;
  readonly trace: string;
  readonly label: string;
  readonly type: string;
  readonly lane: number;
  readonly start: number;
  readonly end: number | null;
  readonly state: TaskState;
}

export function taskAt({ tasks }: RunModel, row: number): Task | undefined {
  const id = tasks.id[row];
  if (id === undefined) return undefined;
  return {
    row,
    id,
    trace: tasks.trace[row] ?? '',
    label: tasks.label[row] ?? '',
    type: tasks.type[row] ?? '',
    lane: tasks.lane[row] ?? -1,
    start: tasks.start[row] ?? 0,
    end: tasks.end[row] ?? null,
    state: tasks.state[row] ?? 'done',
  };
}

/** Number of the segment of a lane at `ms`; -1 where there is none. */
export function segmentAt(lane: Lane, ms: number): number {
  const after = firstAfter(lane, ms);
  const at = after - 1;
  return at >= 0 && (lane.end[at] ?? 0) > ms ? at : -1;
}

/** Number of the first segment that begins after `ms`. */
export function firstAfter({ start }: Lane, ms: number): number {
  let low = 0;
  let high = start.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((start[middle] ?? 0) > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Milliseconds of a task by category, largest first, from what its lane shows. */
export function timeOf(model: RunModel, task: Task): { category: number; ms: number }[] {
  const lane = model.rows[task.lane];
  if (lane === undefined) return [];
  const ms = new Map<number, number>();
  for (let at = Math.max(0, firstAfter(lane, task.start) - 1); at < lane.start.length; at++) {
    if ((lane.start[at] ?? 0) >= (task.end ?? Infinity)) break;
    if (lane.task[at] !== task.row) continue;
    const category = lane.category[at] ?? 0;
    ms.set(category, (ms.get(category) ?? 0) + (lane.end[at] ?? 0) - (lane.start[at] ?? 0));
  }
  return [...ms].map(([category, own]) => ({ category, ms: own })).sort((a, b) => b.ms - a.ms);
}
