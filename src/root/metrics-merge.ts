/** Merges the cumulative metrics of all processes of a run exactly, however often a message is lost or repeated. */
import { runClock } from '../config/run-clock.ts';
import { hasBounds, metricKey, MetricSum, rebucket, SeriesLimit } from './series.ts';
import type { MergedMetrics, MergeFaults, MetricSnapshot } from './types.ts';
import type { HistogramPoint, MetricDescription, MetricKind, NumberPoint, SnapshotMetric } from '../semconv/telemetry.ts';

/** Processes alive at once: as many as the channel takes connections, with space for finals not yet folded. */
const MAX_LIVE = 10_000;
/** Ended processes of which a newer final can still replace an older; beyond, only their sum is kept. */
const MAX_ENDED = 1_000;
/** Points kept for them in all; about 100 bytes each, so 20 MB at most. */
const MAX_ENDED_POINTS = 200_000;
/** Keys of processes that are only part of the sum; 36 characters each, so about 10 MB at most. */
const MAX_FORGOTTEN_KEYS = 100_000;
/** Of ours, and as many of the program's. */
const MAX_METRICS = 1_000;
/** What a provider told a process counts so long after its end: most limits are renewed within a minute. */
const TOLD_MS = 60_000;

interface Definition {
  readonly described: MetricDescription;
  readonly kind: MetricKind;
  /** Of the first histogram seen; others are put on them. */
  readonly bounds: readonly number[];
  readonly limit: SeriesLimit;
  /** The sums that were last collected, by series. */
  readonly told: Map<string, number>;
}

interface Member {
  readonly sequence: number;
  readonly metrics: ReadonlyMap<string, MetricSum>;
  readonly points: number;
  /** Of a live one: what it had when last collected. */
  readonly collected: ReadonlyMap<string, MetricSum> | undefined;
}

/**
 * Counters and histograms sum over all processes, up-down counters over live ones; gauges take the largest live one. Where a
 * provider told the number, the newest counts, for a minute also of a process that has ended. What a process had at its end and
 * no collection saw, since it lived too short a time, is in the next one, where no live process has that series.
 * `startTime` (ms since the epoch) is that of every merged series.
 */
export class MetricsMerge {
  readonly #startTime: number;
  /** This and all maps of sums by the keys of metrics. */
  readonly #definitions = new Map<string, Definition>();
  readonly #defined = { ours: 0, theirs: 0 };
  readonly #live = new Map<string, Member>();
  readonly #ended = new Map<string, Member>();
  readonly #total = new Map<string, MetricSum>();
  /** What providers told processes that have ended. */
  readonly #told = new Map<string, MetricSum>();
  /** What ended processes had at the moment and no collection saw: the largest of each series, until the next one. */
  readonly #unseen = new Map<string, MetricSum>();
  readonly #forgotten = new Set<string>();
  readonly #faults = { late: 0, refused: 0, conflicting: 0, rebucketed: 0 };
  #endedPoints = 0;
  #lastTime = 0;

  constructor(startTime: number = runClock.now()) {
    this.#startTime = startTime;
  }

  get faults(): MergeFaults {
    const full = [...this.#definitions].filter(([, { limit }]) => limit.overflowed > 0);
    return {
      ...this.#faults,
      overflowed: full.reduce((sum, [, { limit }]) => sum + limit.overflowed, 0),
      overflowing: full.map(([, { described }]) => described.name),
    };
  }

  /** Takes a process's newest state; returns whether it was newer. `isAlive`: it is connected, so it has not ended. */
  update(snapshot: MetricSnapshot, isAlive = false): boolean {
    const { processKey, sequence } = snapshot;
    const known = this.#live.get(processKey) ?? this.#ended.get(processKey);
    if (this.#forgotten.has(processKey) || (known !== undefined && sequence <= known.sequence)) {
      this.#faults.late++;
      return false;
    }
    const isEnded = this.#ended.has(processKey);
    if (isEnded && isAlive && this.#live.size < MAX_LIVE) this.#revive(processKey);
    if (!isEnded && known === undefined && this.#live.size >= MAX_LIVE) {
      this.#faults.refused++;
      return false;
    }
    const member = this.#read(snapshot, known?.collected);
    if (this.#ended.has(processKey)) this.#end(processKey, member);
    else this.#live.set(processKey, member);
    return true;
  }

  /** The process is gone: what it counted stays, what it had at the moment leaves. */
  fold(processKey: string): void {
    const member = this.#live.get(processKey);
    if (member === undefined) return;
    this.#live.delete(processKey);
    this.#keepUnseen(member);
    this.#end(processKey, member);
  }

  /** Merged state at `now` (ms since the epoch). */
  collect(now: number = runClock.now()): MergedMetrics {
    const sums = new Map<string, MetricSum>();
    for (const metrics of this.#sources()) for (const [name, sum] of metrics) this.#addTo(sums, name, sum);
    for (const [name, sum] of this.#told) {
      const fresh = sum.told(now - TOLD_MS);
      this.#told.set(name, fresh);
      this.#addTo(sums, name, fresh);
    }
    for (const [name, sum] of this.#unseen) this.#addTo(sums, name, sum.without(sums.get(name)));
    this.#unseen.clear();
    for (const [key, member] of this.#live) this.#live.set(key, { ...member, collected: member.metrics });
    const metrics: SnapshotMetric[] = [];
    for (const [name, sum] of sums) {
      const definition = this.#definitions.get(name);
      if (definition === undefined || sum.size === 0) continue;
      if (isKept(definition.kind)) sum.neverFall(definition.told);
      metrics.push(sum.toMetric(definition.described));
    }
    // Momentary series give up their place when they are gone; a counter's never, since its sum must not move to another series.
    for (const [name, { kind, limit }] of this.#definitions) if (!isKept(kind)) limit.retain((key) => sums.get(name)?.has(key) === true);
    // The clock of a program without a run may be set back; a series must not be.
    this.#lastTime = Math.max(now, this.#startTime, this.#lastTime);
    return { startTime: this.#startTime, time: this.#lastTime, metrics };
  }

  #revive(processKey: string): void {
    this.#endedPoints -= this.#ended.get(processKey)?.points ?? 0;
    this.#ended.delete(processKey);
  }

  *#sources(): Iterable<ReadonlyMap<string, MetricSum>> {
    yield this.#total;
    for (const { metrics } of this.#ended.values()) yield metrics;
    for (const { metrics } of this.#live.values()) yield metrics;
  }

  #addTo(sums: Map<string, MetricSum>, name: string, sum: MetricSum): void {
    const definition = this.#definitions.get(name);
    if (definition === undefined) return;
    let target = sums.get(name);
    if (target === undefined) {
      target = new MetricSum(definition.kind);
      sums.set(name, target);
    }
    target.addAll(sum);
  }

  #end(processKey: string, member: Member): void {
    const metrics = new Map([...member.metrics].filter(([name]) => isKept(this.#definitions.get(name)?.kind)));
    for (const [name, sum] of member.metrics) if (this.#definitions.get(name)?.kind === 'gauge') this.#addTo(this.#told, name, sum.told(0));
    let points = 0;
    for (const { size } of metrics.values()) points += size;
    this.#endedPoints += points - (this.#ended.get(processKey)?.points ?? 0);
    // To the back of the line: what was heard of last is forgotten last.
    this.#ended.delete(processKey);
    this.#ended.set(processKey, { sequence: member.sequence, metrics, points, collected: undefined });
    for (const [oldest, { metrics: last, points: freed }] of this.#ended) {
      if (this.#ended.size <= MAX_ENDED && this.#endedPoints <= MAX_ENDED_POINTS) break;
      for (const [name, sum] of last) this.#addTo(this.#total, name, sum);
      this.#ended.delete(oldest);
      this.#endedPoints -= freed;
      remember(this.#forgotten, oldest);
    }
  }

  #keepUnseen({ metrics, collected }: Member): void {
    for (const [name, sum] of metrics) {
      if (isKept(this.#definitions.get(name)?.kind)) continue;
      const unseen = this.#unseen.get(name) ?? new MetricSum('gauge');
      unseen.addAll(sum.without(collected?.get(name)));
      if (unseen.size > 0) this.#unseen.set(name, unseen);
    }
  }

  #read(snapshot: MetricSnapshot, collected: Member['collected']): Member {
    const metrics = new Map<string, MetricSum>();
    let points = 0;
    for (const metric of snapshot.metrics) {
      const definition = this.#define(metric);
      if (definition === undefined) {
        this.#faults.conflicting++;
        continue;
      }
      const key = metricKey(metric);
      const sum = metrics.get(key) ?? new MetricSum(definition.kind);
      for (const point of metric.points) this.#addPoint(sum, definition, point);
      metrics.set(key, sum);
      points += sum.size;
    }
    return { sequence: snapshot.sequence, metrics, points, collected };
  }

  #define(metric: SnapshotMetric): Definition | undefined {
    const key = metricKey(metric);
    const known = this.#definitions.get(key);
    if (known !== undefined) return known.kind === metric.kind ? known : undefined;
    const owner = metric.scope === undefined ? 'ours' : 'theirs';
    if (this.#defined[owner] >= MAX_METRICS) return undefined;
    const { name, unit, description, isInt, scope, isObserved, kind } = metric;
    const bounds = metric.kind === 'histogram' ? (metric.points[0]?.bounds ?? []) : [];
    const described = { name, unit, description, isInt, scope, isObserved };
    const made: Definition = { described, kind, bounds, limit: new SeriesLimit(), told: new Map() };
    // A histogram without a point tells no bounds yet.
    if (kind !== 'histogram' || metric.points.length > 0) {
      this.#definitions.set(key, made);
      this.#defined[owner]++;
    }
    return made;
  }

  #addPoint(sum: MetricSum, { bounds, limit }: Definition, point: NumberPoint | HistogramPoint): void {
    const { key, attributes } = limit.admit(point.attributes);
    const own = { ...point, attributes };
    if (!('counts' in own) || hasBounds(own, bounds)) sum.add(key, own);
    else {
      this.#faults.rebucketed++;
      sum.add(key, rebucket(own, bounds));
    }
  }
}

const isKept = (kind: MetricKind | undefined): boolean => kind === 'counter' || kind === 'histogram';

function remember(keys: Set<string>, key: string): void {
  keys.add(key);
  if (keys.size <= MAX_FORGOTTEN_KEYS) return;
  for (const oldest of keys) {
    keys.delete(oldest);
    return;
  }
}
