/** Metrics on disk: series with their points, thinned in time so that a long run stays small. */
import { createHash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Attributes, MetricSeries } from '../../analysis/model.ts';
import type { Room } from './room.ts';
import { ownerIn, ownerText } from './tables.ts';
import type { MetricPointRow } from '../receive/rows/index.ts';

export interface MetricLimits {
  /** Most series of a run, so that a label with ever new values cannot fill the disk. */
  maxSeries: number;
  /** Most points of one series. At this number every second point is removed and the spacing doubles. */
  maxPoints: number;
}

interface State {
  id: number;
  count: number;
  spacingMs: number;
  /** Start of the current spacing interval, and the last point, which moves within it. */
  anchorMs: number;
  last: { timeMs: number; value: number; sum: number | undefined; max: number | undefined; buckets: MetricPointRow['buckets'] } | undefined;
}

export class MetricTable {
  readonly #states = new Map<string, State>();
  readonly #limits: MetricLimits;
  readonly #insertSeries: StatementSync;
  readonly #insertPoint: StatementSync;
  readonly #movePoint: StatementSync;
  readonly #setBuckets: StatementSync;
  readonly #spreadPeaks: StatementSync;
  readonly #thin: StatementSync;
  readonly #stats: StatementSync;

  constructor(database: DatabaseSync, limits: MetricLimits) {
    this.#limits = limits;
    this.#insertSeries = database.prepare(
      'INSERT INTO series (name, unit, kind, is_monotonic, attributes, instance_id, owner) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#insertPoint = database.prepare('INSERT OR REPLACE INTO points (series_id, time_ms, value, sum, max) VALUES (?, ?, ?, ?, ?)');
    this.#movePoint = database.prepare(
      'UPDATE OR REPLACE points SET time_ms = ?, value = ?, sum = ?, max = ? WHERE series_id = ? AND time_ms = ?',
    );
    this.#setBuckets = database.prepare('UPDATE series SET buckets = ? WHERE id = ?');
    this.#spreadPeaks = database.prepare(`UPDATE points SET max = wide.peak FROM
      (SELECT time_ms AS at, max(coalesce(max, value)) OVER (ORDER BY time_ms ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS peak FROM points WHERE series_id = ?) AS wide
      WHERE series_id = ? AND time_ms = wide.at`);
    this.#thin = database.prepare(`DELETE FROM points WHERE series_id = ? AND time_ms IN
      (SELECT time_ms FROM (SELECT time_ms, row_number() OVER (ORDER BY time_ms DESC) AS place FROM points WHERE series_id = ?) WHERE place % 2 = 0)`);
    this.#stats = database.prepare(
      'SELECT count(*) AS count, min(time_ms) AS first, (SELECT max FROM points WHERE series_id = ?1 ORDER BY time_ms DESC LIMIT 1) AS peak FROM points WHERE series_id = ?1',
    );
  }

  /** Returns why the point was not kept, else undefined. */
  add(row: MetricPointRow): string | undefined {
    const state = this.#stateOf(row);
    if (state === undefined) return 'metric.too-many-series';
    const before = state.last;
    if (before !== undefined && row.timeMs < before.timeMs) return isBeginning(row) ? undefined : 'metric.out-of-order';
    const last =
      row.isDelta && before !== undefined
        ? added(before, row)
        : { timeMs: row.timeMs, value: row.value, sum: row.sum, max: row.max, buckets: row.buckets };
    if (before !== undefined && row.timeMs - state.anchorMs < state.spacingMs) {
      // When a gauge is thinned, its peak is kept, since reports show peaks.
      if (row.kind === 'gauge') last.max = Math.max(before.max ?? before.value, row.value);
      this.#movePoint.run(last.timeMs, last.value, last.sum ?? null, last.max ?? null, state.id, before.timeMs);
    } else {
      this.#insertPoint.run(state.id, last.timeMs, last.value, last.sum ?? null, last.max ?? null);
      state.anchorMs = row.timeMs;
      state.count++;
    }
    if (last.buckets !== undefined) this.#setBuckets.run(JSON.stringify(last.buckets), state.id);
    state.last = last;
    if (state.count > this.#limits.maxPoints) this.#thinOut(state, row.kind);
    return undefined;
  }

  /** After a rolled-back transaction: ids given in it are gone. */
  forget(): void {
    this.#states.clear();
  }

  #stateOf(row: MetricPointRow): State | undefined {
    const attributes = JSON.stringify(Object.entries(row.attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
    // Programs that name neither themselves nor their process are told apart by the process that sent it.
    const key = shortened(`${row.name}\n${row.kind}\n${row.instanceId}\n${ownerText(row.owner) ?? ''}\n${attributes}`);
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    if (this.#states.size >= this.#limits.maxSeries) return undefined;
    const { lastInsertRowid } = this.#insertSeries.run(
      row.name,
      row.unit,
      row.kind,
      row.isMonotonic ? 1 : 0,
      JSON.stringify(row.attributes),
      row.instanceId,
      ownerText(row.owner),
    );
    const state: State = { id: Number(lastInsertRowid), count: 0, spacingMs: 0, anchorMs: 0, last: undefined };
    this.#states.set(key, state);
    return state;
  }

  #thinOut(state: State, kind: MetricPointRow['kind']): void {
    // The value of a removed gauge point is kept as the maximum of the next point.
    if (kind === 'gauge') this.#spreadPeaks.run(state.id, state.id);
    this.#thin.run(state.id, state.id);
    const stats = this.#stats.get(state.id);
    state.count = Number(stats?.['count'] ?? 0);
    if (state.last !== undefined) state.last.max = (stats?.['peak'] as number | null | undefined) ?? undefined;
    const spanMs = (state.last?.timeMs ?? 0) - Number(stats?.['first'] ?? 0);
    state.spacingMs = Math.max(state.spacingMs * 2, spanMs / Math.max(1, state.count));
  }
}

/** Longest name of a series that is held as it is; of longer ones, which may have megabytes, a hash. */
const MAX_KEY_LENGTH = 256;

const shortened = (key: string): string => (key.length > MAX_KEY_LENGTH ? createHash('sha256').update(key).digest('base64') : key);

function added(before: NonNullable<State['last']>, row: MetricPointRow): NonNullable<State['last']> {
  const counts =
    before.buckets !== undefined && row.buckets?.counts.length === before.buckets.counts.length
      ? row.buckets.counts.map((count, index) => count + (before.buckets?.counts[index] ?? 0))
      : undefined;
  return {
    timeMs: row.timeMs,
    value: before.value + row.value,
    sum: row.sum === undefined ? before.sum : (before.sum ?? 0) + row.sum,
    max: row.max === undefined ? before.max : Math.max(before.max ?? row.max, row.max),
    buckets: counts === undefined ? (row.buckets ?? before.buckets) : { bounds: row.buckets?.bounds ?? [], counts },
  };
}

const ownerOf = ({ owner }: Record<string, unknown>): Pick<MetricSeries, 'owner'> =>
  typeof owner === 'string' ? { owner: ownerIn(owner) } : {};

/** As far as there is room for their points. */
export function readSeries(database: DatabaseSync, room: Room): MetricSeries[] {
  const byId = new Map<number, MetricSeries & { points: MetricSeries['points'][number][] }>();
  for (const row of database.prepare('SELECT * FROM series ORDER BY id').iterate()) {
    const buckets = row['buckets'] as string | null;
    byId.set(row['id'] as number, {
      name: row['name'] as string,
      unit: row['unit'] as string,
      kind: row['kind'] as MetricSeries['kind'],
      isMonotonic: row['is_monotonic'] === 1,
      attributes: JSON.parse(row['attributes'] as string) as Attributes,
      instanceId: row['instance_id'] as string,
      points: [],
      ...ownerOf(row),
      ...(buckets === null ? {} : { buckets: JSON.parse(buckets) as NonNullable<MetricSeries['buckets']> }),
    });
  }
  room.take(
    'metric point',
    database.prepare('SELECT series_id, time_ms, value, sum, max FROM points ORDER BY series_id, time_ms').iterate(),
    {
      count: () => Number(database.prepare('SELECT count(*) AS count FROM points').get()?.['count'] ?? 0),
      textOf: () => 0,
      read(row) {
        const { sum, max } = row as { sum: number | null; max: number | null };
        byId.get(row['series_id'] as number)?.points.push({
          timeMs: row['time_ms'] as number,
          value: row['value'] as number,
          ...(sum === null ? {} : { sum }),
          ...(max === null ? {} : { max }),
        });
      },
    },
  );
  return [...byId.values()];
}

/**
 * The 0 with which a counter or a histogram begins. A sender that was not answered in time says it again, whatever it has told since: nothing
 * of it is lost.
 */
function isBeginning({ kind, isMonotonic, isDelta, value }: MetricPointRow): boolean {
  return value === 0 && !isDelta && (isMonotonic || kind === 'histogram');
}
