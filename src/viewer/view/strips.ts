/** What is used of what there is, over time: gauges as strips, from the points of a stored run or as they arrive. */
import type { Attributes, MetricSeries } from '../../analysis/model.ts';
import * as names from '../../semconv/index.ts';
import type { Full, Strip } from '../wire.ts';

interface StripRow {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly metric: string;
  /** One strip for each value of it. */
  readonly by?: string;
  readonly isCounted?: (attributes: Attributes) => boolean;
  readonly combine: 'sum' | 'max';
  readonly limit?: number;
  /** The metric of the limit, with the same value of `by`. */
  readonly limitMetric?: string;
}

/** In the order in which they are shown. */
const ROWS: readonly StripRow[] = [
  {
    id: 'slots',
    label: 'workers',
    unit: '1',
    metric: names.METRIC_SWARMSCOPE_WORKER_COUNT.name,
    by: names.ATTR_SWARMSCOPE_POOL_NAME,
    isCounted: (attributes) => attributes[names.ATTR_SWARMSCOPE_WORKER_STATE] === names.SWARMSCOPE_WORKER_STATE_VALUE_ACTIVE,
    combine: 'sum',
    limitMetric: names.METRIC_SWARMSCOPE_WORKER_LIMIT.name,
  },
  {
    id: 'queue',
    label: 'queue',
    unit: '1',
    metric: names.METRIC_SWARMSCOPE_QUEUE_SIZE.name,
    by: names.ATTR_SWARMSCOPE_QUEUE_NAME,
    combine: 'sum',
    limitMetric: names.METRIC_SWARMSCOPE_QUEUE_CAPACITY.name,
  },
  { id: 'calls', label: 'LLM calls', unit: '1', metric: names.METRIC_SWARMSCOPE_INFERENCE_ACTIVE.name, combine: 'sum' },
  {
    id: 'limit',
    label: 'rate limit',
    unit: '%',
    metric: names.METRIC_SWARMSCOPE_RATE_LIMIT_UTILIZATION.name,
    by: names.ATTR_SWARMSCOPE_RATE_LIMIT_KIND,
    combine: 'max',
    limit: 100,
  },
  {
    id: 'cpu',
    label: 'CPU',
    unit: '%',
    metric: names.METRIC_SYSTEM_CPU_UTILIZATION.name,
    isCounted: (attributes) => attributes[names.ATTR_CPU_MODE] !== 'idle' && attributes[names.ATTR_CPU_MODE] !== 'iowait',
    combine: 'sum',
    limit: 100,
  },
  {
    id: 'memory',
    label: 'memory',
    unit: '%',
    metric: names.METRIC_SYSTEM_MEMORY_UTILIZATION.name,
    isCounted: (attributes) => attributes[names.ATTR_SYSTEM_MEMORY_STATE] === 'used',
    combine: 'sum',
    limit: 100,
  },
  { id: 'gpu', label: 'GPU', unit: '%', metric: names.METRIC_HW_GPU_UTILIZATION.name, by: names.ATTR_HW_ID, combine: 'max', limit: 100 },
  {
    id: 'gpu-memory',
    label: 'GPU memory',
    unit: '%',
    metric: names.METRIC_HW_GPU_MEMORY_UTILIZATION.name,
    by: names.ATTR_HW_ID,
    combine: 'max',
    limit: 100,
  },
];

/** Points of one strip; beyond them every second one goes. */
const MAX_POINTS = 2_000;
/** A program may name queues without end. */
const MAX_STRIPS = 40;
const MAX_SERIES = 2_000;
/** Points of one collection come one after the other. */
const SAME_MS = 250;

/** One value of a series. A running total, never a delta. */
export interface StripPoint {
  readonly name: string;
  readonly attributes: Attributes;
  readonly instanceId: string;
  readonly timeMs: number;
  readonly value: number;
}

interface Board {
  readonly row: StripRow;
  readonly id: string;
  readonly label: string;
  readonly t: number[];
  readonly v: number[];
  limit: number | undefined;
  /** Since when without a break it has been almost full. */
  fullSince: number | undefined;
  /** What is to be told from here on; undefined: all of it. */
  told: number | undefined;
}

export class StripBoard {
  readonly #startMs: number;
  readonly #boards = new Map<string, Board>();
  readonly #latest = new Map<string, Map<string, number>>();
  #series = 0;

  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  add(point: StripPoint): void {
    if (!Number.isFinite(point.value) || !Number.isFinite(point.timeMs)) return;
    for (const row of ROWS) {
      const group = row.by === undefined ? '' : String(point.attributes[row.by] ?? '').slice(0, 100);
      const id = group === '' ? row.id : `${row.id}:${group}`;
      if (row.limitMetric === point.name) this.#limit(row, id, group, this.#combined(`${id} limit`, point, 'sum'));
      if (row.metric !== point.name || row.isCounted?.(point.attributes) === false) continue;
      const used = this.#combined(id, point, row.combine) * (row.unit === '%' ? 100 : 1);
      // Shares that are measured one after the other may have a sum above the whole.
      const value = Math.min(used, row.limit ?? Infinity);
      const board = this.#board(row, id, group);
      if (board !== undefined) append(board, Math.round(point.timeMs - this.#startMs), Math.round(value * 100) / 100);
    }
  }

  /** All of them, without those that never had a point. */
  all(): Strip[] {
    return this.#shown().map((board) => stripOf(board, 0));
  }

  /** What has come since the last time. */
  changes(): Strip[] {
    const changed = this.#shown().filter(({ t, told = 0 }) => told < t.length);
    const strips = changed.map((board) => stripOf(board, board.told ?? 0));
    for (const board of changed) board.told = board.t.length;
    return strips;
  }

  /** What has a limit, the fullest first; `forMs`: how long it has been almost full. */
  full(): (Full & { readonly forMs: number })[] {
    return this.#shown()
      .flatMap(({ id, label, t, v, limit, fullSince }) => {
        const used = v.at(-1) ?? 0;
        if (limit === undefined || limit <= 0) return [];
        return [{ id, label, used, limit, share: used / limit, forMs: fullSince === undefined ? 0 : (t.at(-1) ?? 0) - fullSince }];
      })
      .sort((a, b) => b.share - a.share);
  }

  #shown(): Board[] {
    const order = (board: Board): number => ROWS.indexOf(board.row);
    return [...this.#boards.values()].filter(({ t }) => t.length > 0).sort((a, b) => order(a) - order(b) || (a.id < b.id ? -1 : 1));
  }

  #board(row: StripRow, id: string, group: string): Board | undefined {
    const known = this.#boards.get(id);
    if (known !== undefined) return known;
    if (this.#boards.size >= MAX_STRIPS) return undefined;
    const label = group === '' ? row.label : `${row.label} ${group}`;
    const made: Board = { row, id, label, t: [], v: [], limit: row.limit, fullSince: undefined, told: undefined };
    this.#boards.set(id, made);
    return made;
  }

  #limit(row: StripRow, id: string, group: string, value: number): void {
    const board = this.#board(row, id, group);
    if (board !== undefined && value > 0) board.limit = value;
  }

  #combined(id: string, { attributes, instanceId, value }: StripPoint, how: StripRow['combine']): number {
    const latest = this.#latest.get(id) ?? new Map<string, number>();
    this.#latest.set(id, latest);
    const key = `${instanceId} ${JSON.stringify(attributes)}`;
    if (!latest.has(key) && ++this.#series > MAX_SERIES) return value;
    latest.set(key, value);
    let combined = 0;
    for (const each of latest.values()) combined = how === 'sum' ? combined + each : Math.max(combined, each);
    return combined;
  }
}

function append(board: Board, t: number, value: number): void {
  const last = board.t.at(-1);
  if (last !== undefined && t < last + SAME_MS) {
    board.v[board.v.length - 1] = value;
    if (board.told === board.t.length) board.told -= 1;
  } else {
    board.t.push(t);
    board.v.push(value);
  }
  const isFull = board.limit !== undefined && board.limit > 0 && value / board.limit >= 0.95;
  board.fullSince = isFull ? (board.fullSince ?? t) : undefined;
  if (board.t.length <= MAX_POINTS) return;
  for (const column of [board.t, board.v]) column.splice(0, column.length, ...column.filter((_, index) => index % 2 === 0));
  board.told = Math.min(board.told ?? 0, board.t.length);
}

function stripOf({ id, label, row, t, v, limit }: Board, from: number): Strip {
  const strip = { id, label, order: ROWS.indexOf(row), unit: row.unit, t: t.slice(from), v: v.slice(from) };
  return limit === undefined ? strip : { ...strip, limit };
}

const WANTED: ReadonlySet<string> = new Set(
  ROWS.flatMap(({ metric, limitMetric }) => [metric, ...(limitMetric === undefined ? [] : [limitMetric])]),
);

/** Whether a strip, or a limit of one, is made of it. */
export const isStripMetric = (name: string): boolean => WANTED.has(name);

/** The strips of a stored run. */
export function stripsOf(series: readonly MetricSeries[], startMs: number): StripBoard {
  const board = new StripBoard(startMs);
  const points = series
    .filter(({ name }) => isStripMetric(name))
    .flatMap(({ name, attributes, instanceId, points: own }) =>
      own.map(({ timeMs, value }): StripPoint => ({ name, attributes, instanceId, timeMs, value })),
    );
  for (const point of points.sort((a, b) => a.timeMs - b.timeMs)) board.add(point);
  return board;
}
