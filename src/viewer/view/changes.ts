/** What changed in the lanes and tasks of a living run, as the columns of a frame. */
import type { LaneChange } from '../../analysis/lane-board.ts';
import type { LiveOccupant } from '../../analysis/lane-model.ts';
import type { LaneChanges, TaskChanges } from '../wire.ts';
import { shortened, taskColumns, wholeSegments, type TaskRow } from './columns.ts';

export function laneChanges(changes: readonly LaneChange[], startMs: number): LaneChanges {
  const columns = {
    l: [] as number[],
    f: [] as number[],
    k: [] as number[],
    c: [] as number[],
    s: [] as number[],
    d: [] as number[],
    t: [] as number[],
  };
  for (const { lane, fromMs, segments } of changes) {
    const whole = wholeSegments(segments, startMs);
    let from = Math.round(fromMs - startMs);
    columns.l.push(lane);
    columns.f.push(from);
    columns.k.push(whole.length);
    for (const { start, end, c, t } of whole) {
      columns.c.push(c);
      columns.s.push(start - from);
      columns.d.push(end - start);
      columns.t.push(t);
      from = end;
    }
  }
  return columns;
}

export function liveTaskRow({ node, place, label, type, isOpen, isFailed }: LiveOccupant, startMs: number, isOver: boolean): TaskRow {
  return {
    id: node.row.spanId,
    trace: node.row.traceId,
    label: shortened(label),
    type: shortened(type),
    lane: place.lane,
    start: Math.round(place.startMs - startMs),
    end: isOpen ? null : Math.round((Number.isFinite(place.endMs) ? place.endMs : node.endMs) - startMs),
    state: isOpen ? (isOver ? 'cut' : 'running') : isFailed ? 'failed' : 'done',
  };
}

export function taskChanges(occupants: readonly LiveOccupant[], startMs: number, isOver: boolean): TaskChanges {
  return { i: occupants.map(({ row }) => row), ...taskColumns(occupants.map((each) => liveTaskRow(each, startMs, isOver))) };
}
