// What the columns of the wire say, as a reader of them would see it.
import type { Category, SegmentColumns, Snapshot } from '../../../src/viewer/wire.ts';

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
