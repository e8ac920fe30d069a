// What the columns of the wire say, as a reader of them would see it.
import { expect } from '@jest/globals';
import type { Category, Frame, SegmentColumns, Snapshot } from '../../../src/viewer/wire.ts';

export interface Seen {
  readonly lane: number;
  readonly start: number;
  readonly end: number;
  readonly category: Category;
  readonly task: number;
}

export function segmentsOf({ g, categories }: Pick<Snapshot, 'g' | 'categories'>): Seen[] {
  return decoded(g).map(({ c, ...rest }) => ({ ...rest, category: categories[c] ?? 'idle' }));
}

function decoded({ l, c, s, d, t }: SegmentColumns): (Omit<Seen, 'category'> & { c: number })[] {
  let lane = 0;
  let end = 0;
  return l.map((step, index) => {
    if (step !== 0) end = 0;
    lane += step;
    const start = end + (s[index] ?? 0);
    end = start + (d[index] ?? 0);
    return { lane, start, end, c: c[index] ?? 0, task: t[index] ?? -1 };
  });
}

export function timeBy(segments: readonly Seen[]): Map<Category, number> {
  const sums = new Map<Category, number>();
  for (const { category, start, end } of segments) sums.set(category, (sums.get(category) ?? 0) + end - start);
  return sums;
}

/** Follows a run as the page does: a snapshot, then frames. */
export class Follower {
  readonly lanes: Omit<Seen, 'lane'>[][] = [];
  readonly tasks: { id: string; label: string; state: string; lane: number }[] = [];
  readonly frames: Frame[] = [];
  readonly #categories: readonly Category[];
  seq: number;

  constructor(snapshot: Snapshot) {
    this.#categories = snapshot.categories;
    this.seq = snapshot.seq;
    for (const { lane, ...segment } of segmentsOf(snapshot)) (this.lanes[lane] ??= []).push(segment);
    const { id, label, state, lane } = snapshot.tasks;
    id.forEach((each, row) => (this.tasks[row] = { id: each, label: label[row] ?? '', state: state[row] ?? '', lane: lane[row] ?? -1 }));
  }

  apply(frame: Frame): void {
    expect(frame.seq).toBe(this.seq + 1);
    this.seq = frame.seq;
    this.frames.push(frame);
    const { w, tasks } = frame;
    tasks?.i.forEach((row, n) => {
      this.tasks[row] = { id: tasks.id[n] ?? '', label: tasks.label[n] ?? '', state: tasks.state[n] ?? '', lane: tasks.lane[n] ?? -1 };
    });
    let next = 0;
    w?.l.forEach((lane, n) => {
      const from = w.f[n] ?? 0;
      const kept = (this.lanes[lane] ?? []).filter(({ start }) => start < from).map((each) => ({ ...each, end: Math.min(each.end, from) }));
      let end = from;
      for (const last = next + (w.k[n] ?? 0); next < last; next++) {
        const start = end + (w.s[next] ?? 0);
        end = start + (w.d[next] ?? 0);
        kept.push({ start, end, category: this.#categories[w.c[next] ?? 0] ?? 'idle', task: w.t[next] ?? -1 });
      }
      this.lanes[lane] = kept;
    });
  }

  /** The segments of each task, by its id. */
  byTask(): Record<string, string[]> {
    const found: Record<string, string[]> = {};
    for (const { task, category, start, end } of this.lanes.flat()) {
      const id = this.tasks[task]?.id;
      if (id !== undefined) (found[id] ??= []).push(`${category} ${start}-${end}`);
    }
    return found;
  }
}
