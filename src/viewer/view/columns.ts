/** Writes lanes and tasks as the columns of the wire: whole milliseconds since the run's start, small numbers where they can be. */
import { CATEGORIES, type Category } from '../../analysis/categories.ts';
import type { LaneSegment, PicturedOccupant } from '../../analysis/lane-picture.ts';
import type { SegmentColumns, TaskColumns, TaskState } from '../wire.ts';

/** Longest text of a label that is sent: names come from other programs. */
const MAX_LABEL = 512;

export const categoryNumber: Readonly<Record<Category, number>> = Object.fromEntries(
  CATEGORIES.map((category, index) => [category, index]),
) as Record<Category, number>;

export const shortened = (text: string): string => (text.length > MAX_LABEL ? `${text.slice(0, MAX_LABEL)}…` : text);

/** A segment in whole milliseconds of the run. */
export interface WholeSegment {
  readonly start: number;
  readonly end: number;
  readonly c: number;
  readonly t: number;
}

/** Rounds both ends, so that what was adjacent stays so; what is left without length is left out. */
export function wholeSegments(segments: readonly LaneSegment[], startMs: number): WholeSegment[] {
  const whole: WholeSegment[] = [];
  for (const { startMs: from, endMs: to, category, of } of segments) {
    const start = Math.round(from - startMs);
    const end = Math.round(to - startMs);
    if (end > start) whole.push({ start, end, c: categoryNumber[category], t: of });
  }
  return whole;
}

export function segmentColumns(lanes: readonly (readonly WholeSegment[])[]): SegmentColumns {
  const columns = { l: [] as number[], c: [] as number[], s: [] as number[], d: [] as number[], t: [] as number[] };
  let before = 0;
  for (const [lane, segments] of lanes.entries()) {
    let from = 0;
    for (const { start, end, c, t } of segments) {
      columns.l.push(lane - before);
      columns.c.push(c);
      columns.s.push(start - from);
      columns.d.push(end - start);
      columns.t.push(t);
      before = lane;
      from = end;
    }
  }
  return columns;
}

/** One row of the tasks, before it is in columns. */
export interface TaskRow {
  readonly id: string;
  readonly trace: string;
  readonly label: string;
  readonly type: string;
  readonly lane: number;
  readonly start: number;
  readonly end: number | null;
  readonly state: TaskState;
}

export function taskRow(occupant: PicturedOccupant, startMs: number, isLive: boolean): TaskRow {
  const { node, label, type, lane, isOpen, isFailed } = occupant;
  return {
    id: node.row.spanId,
    trace: node.row.traceId,
    label: shortened(label),
    type: shortened(type),
    lane,
    start: Math.round(occupant.startMs - startMs),
    end: isOpen ? null : Math.round(occupant.endMs - startMs),
    state: isOpen ? (isLive ? 'running' : 'cut') : isFailed ? 'failed' : 'done',
  };
}

export function taskColumns(rows: readonly TaskRow[]): TaskColumns {
  return {
    id: rows.map(({ id }) => id),
    trace: rows.map(({ trace }) => trace),
    label: rows.map(({ label }) => label),
    type: rows.map(({ type }) => type),
    lane: rows.map(({ lane }) => lane),
    start: rows.map(({ start }) => start),
    end: rows.map(({ end }) => end),
    state: rows.map(({ state }) => state),
  };
}
