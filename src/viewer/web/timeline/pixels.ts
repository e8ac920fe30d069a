/** Which category took most of each pixel of a lane: what is drawn costs as much as the picture is wide, however long the run is. */
import { firstAfter, type Lane } from '../model.ts';

/** A pixel of which nothing is known. */
export const NOTHING = 255;

export interface Pixels {
  readonly category: Uint8Array;
  readonly task: Int32Array;
}

export function pixelsFor(px: number): Pixels {
  return { category: new Uint8Array(px), task: new Int32Array(px) };
}

/** One for each category, and few to spare: it is emptied for each pixel that several share. */
const sums = new Float64Array(32);

/**
 * Fills `into` for the time between `from` and `to`. `openUntil`: the last segment goes on until then; undefined where it ended.
 * Cost: the segments in view, and the pixels.
 */
export function dominantPixels(lane: Lane, range: { from: number; to: number }, openUntil: number | undefined, into: Pixels): void {
  const { category, task } = into;
  const px = category.length;
  category.fill(NOTHING);
  task.fill(-1);
  const scale = px / (range.to - range.from);
  const count = lane.start.length;
  let pixel = -1;
  let best = 0;
  const add = (at: number, own: number, ownTask: number, share: number): void => {
    if (at !== pixel) {
      sums.fill(0);
      pixel = at;
      best = 0;
    }
    const sum = (sums[own] ?? 0) + share;
    sums[own] = sum;
    if (sum <= best) return;
    best = sum;
    category[at] = own;
    task[at] = ownTask;
  };
  for (let at = Math.max(0, firstAfter(lane, range.from) - 1); at < count; at++) {
    const startMs = lane.start[at] ?? 0;
    if (startMs >= range.to) break;
    const endMs = at === count - 1 && openUntil !== undefined ? Math.max(openUntil, lane.end[at] ?? 0) : (lane.end[at] ?? 0);
    if (endMs <= range.from) continue;
    const own = lane.category[at] ?? 0;
    const ownTask = lane.task[at] ?? -1;
    const x0 = Math.max(0, (startMs - range.from) * scale);
    const x1 = Math.min(px, (endMs - range.from) * scale);
    const first = Math.floor(x0);
    const last = Math.floor(x1);
    if (first === last) {
      if (first < px) add(first, own, ownTask, x1 - x0);
      continue;
    }
    add(first, own, ownTask, first + 1 - x0);
    category.fill(own, first + 1, last);
    task.fill(ownTask, first + 1, last);
    if (last < px && x1 > last) add(last, own, ownTask, x1 - last);
  }
}

/** What is at the middle of each pixel: for sums over many lanes, where the exact share of a pixel changes nothing that can be seen. */
export function middlePixels(lane: Lane, { from, to }: { from: number; to: number }, openUntil: number | undefined, into: Pixels): void {
  const { category, task } = into;
  category.fill(NOTHING);
  const px = category.length;
  const count = lane.start.length;
  const step = (to - from) / px;
  let at = Math.max(0, firstAfter(lane, from) - 1);
  for (let x = 0; x < px; x++) {
    const ms = from + (x + 0.5) * step;
    while (at + 1 < count && (lane.start[at + 1] ?? 0) <= ms) at++;
    const endMs = at === count - 1 && openUntil !== undefined ? openUntil : (lane.end[at] ?? 0);
    if (endMs <= ms || (lane.start[at] ?? 0) > ms) continue;
    category[x] = lane.category[at] ?? 0;
    task[x] = lane.task[at] ?? -1;
  }
}

export interface Run {
  readonly x: number;
  readonly width: number;
  readonly category: number;
  readonly task: number;
}

/** Neighbouring pixels of one category and one task, as one piece. */
export function runsOf({ category, task }: Pixels): Run[] {
  const runs: Run[] = [];
  let x = 0;
  while (x < category.length) {
    let end = x + 1;
    while (end < category.length && category[end] === category[x] && task[end] === task[x]) end++;
    if (category[x] !== NOTHING) runs.push({ x, width: end - x, category: category[x] ?? 0, task: task[x] ?? -1 });
    x = end;
  }
  return runs;
}
