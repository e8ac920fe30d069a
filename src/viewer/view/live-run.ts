/** A run that goes on, as the page follows it: its lanes as they change, at most twenty times a second, and only while somebody looks. */
import { CATEGORIES } from '../../analysis/categories.ts';
import { findFacts, type LiveFinding, type RunFacts } from '../../analysis/index.ts';
import { LaneModel } from '../../analysis/lane-model.ts';
import type { RunData, RunRow } from '../../analysis/model.ts';
import type { Answer } from '../serve/asked.ts';
import type { Live } from '../receive/live.ts';
import type { LogRows, MetricRows, TraceRows } from '../receive/rows/index.ts';
import type { Frame, Pulse, RunHead, Snapshot, Tiles } from '../wire.ts';
import { laneChanges, liveTaskRow, taskChanges } from './changes.ts';
import { segmentColumns, shortened, taskColumns, wholeSegments } from './columns.ts';
import { LiveState } from './live-state.ts';
import { errorBody } from './reader.ts';
import { PoolLimits } from './limits.ts';
import { PointSums } from './point-sums.ts';
import { FrameRing } from './ring.ts';
import type { JsonAnswer } from './server.ts';
import { tiledOf, tilesOf } from './spans.ts';
import { isStripMetric, StripBoard } from './strips.ts';
import { MAX_TABS, Tabs } from './tabs.ts';

export interface LiveRunOptions {
  readonly run: RunRow;
  readonly version: string;
  readonly live: Live;
  /** What is wrong now. */
  readonly findings?: () => readonly LiveFinding[];
  /** The clock of the run. */
  readonly now: () => number;
}

const TICK_MS = 50;
/** Where a tick takes long it comes less often: this many times what it took, at most so many milliseconds later. */
const TICK_SHARE = 5;
const MAX_TICK_MS = 150;
/** Totals, needs and the reasons of empty lanes. */
const SLOW_MS = 500;
/** Of the time, so much at most goes into one look at the whole run, or in larger runs at all of its tasks. */
const WHOLE_SHARE = 0.05;
const MAX_WHOLE_SPANS = 3_000;
const LEAST_WHOLE_MS = 1_000;
/** Longest stretch of work in one tick: what receives telemetry must not wait. */
const SLICE_MS = 20;
/** Without a tab, so long after the last question changes are still told by frames. */
const POLLED_MS = 5_000;

export class LiveRun {
  #options: LiveRunOptions;
  #model: LaneModel;
  #strips: StripBoard;
  #state: LiveState;
  readonly #ring = new FrameRing();
  readonly #tabs: Tabs;
  #timer: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  #limit: number | undefined;
  #askedMs = -Infinity;
  #slowMs = -Infinity;
  #wholeMs = -Infinity;
  #wholeTookMs = 0;
  #tookMs = 0;
  #isNews = true;
  #laneCount = 0;
  #snapshot: { readonly seq: number; readonly madeMs: number; readonly body: Buffer } | undefined;
  #ended: RunHead | undefined;
  #isEnding = false;
  readonly #limits = new PoolLimits();
  readonly #sums = new PointSums();

  constructor(options: LiveRunOptions) {
    this.#options = options;
    [this.#model, this.#strips, this.#state] = emptyPicture(options);
    this.#tabs = new Tabs(this.#ring, () => this.#reset());
  }

  /** The program starts at `startMs`: nothing before is part of the run, and a page that looks already counts its times anew. */
  begin(startMs: number): void {
    this.#options = { ...this.#options, run: { ...this.#options.run, startMs } };
    [this.#model, this.#strips, this.#state] = emptyPicture(this.#options);
    this.#laneCount = 0;
    this.#snapshot = undefined;
    this.#ring.push((seq): Frame => ({ seq, now: this.#options.now(), reset: true }), performance.now());
    this.#tabs.feedAll();
  }

  /** How many follow now. */
  get tabCount(): number {
    return this.#tabs.count;
  }

  /** Whether somebody asked a moment ago. */
  wasAsked(withinMs: number): boolean {
    return performance.now() - this.#askedMs < withinMs;
  }

  addTraces({ spans }: TraceRows): void {
    for (const span of spans) this.#model.add(span);
    this.#state.addEnded(spans);
    this.#wake();
  }

  addLogs({ openSpans, spans }: LogRows): void {
    for (const span of openSpans) this.#model.add(span);
    this.addTraces({ spans, losses: {} });
  }

  addMetrics({ points }: MetricRows): void {
    for (const point of points) {
      if (!isStripMetric(point.name)) continue;
      const value = this.#sums.take(point);
      if (value === undefined) continue;
      this.#strips.add({ ...point, value });
      this.#limits.add({ ...point, value });
    }
    this.#wake();
  }

  /** `trace` and span id of a row of the tasks. */
  taskAt(row: number): { readonly trace: string; readonly span: string } | undefined {
    const node = this.#model.occupants[row]?.node;
    return node === undefined ? undefined : { trace: node.row.traceId, span: node.row.spanId };
  }

  /** Where a task stands here: a stored run counts its rows and lanes anew. */
  rowOf(trace: string, span: string): { readonly row: number; readonly lane: number } {
    const found = this.#model.occupants.find(({ key, place }) => key === `${trace}/${span}` && place.lane >= 0);
    return { row: found?.row ?? -1, lane: found?.place.lane ?? -1 };
  }

  tiles(query: URLSearchParams): Tiles | undefined {
    this.#tell(true);
    return tilesOf(
      tiledOf({ lanes: this.#model.told(this.#options.now()), count: this.#model.laneCount }),
      this.#options.run.startMs,
      query,
    );
  }

  snapshot(): JsonAnswer {
    this.#tell(true);
    const madeMs = performance.now();
    if (this.#snapshot?.seq !== this.#ring.seq || madeMs - this.#snapshot.madeMs > SLOW_MS)
      this.#snapshot = { seq: this.#ring.seq, madeMs, body: Buffer.from(JSON.stringify(this.#makeSnapshot())) };
    return { status: 200, body: this.#snapshot.body };
  }

  frames(from: number): JsonAnswer {
    this.#tell(false);
    const lines = this.#ring.after(from) ?? [Buffer.from(this.#reset())];
    return { status: 200, body: Buffer.from(`{"v":1,"frames":[${lines.map((line) => line.toString('utf8').trim()).join(',')}]}`) };
  }

  #reset(): string {
    return `${JSON.stringify({ seq: this.#ring.seq, now: this.#options.now(), reset: true } satisfies Frame)}\n`;
  }

  pulse(): JsonAnswer {
    const now = this.#options.now();
    const { verdict, needs } = this.#state.at(now);
    const pulse: Pulse = {
      v: 1,
      seq: this.#ring.seq,
      now,
      state: this.#ended?.state ?? 'live',
      verdict,
      needs: needs.filter(({ isUrgent }) => isUrgent).length,
    };
    return { status: 200, body: Buffer.from(JSON.stringify(pulse)) };
  }

  stream(from: number): Answer {
    if (this.#tabs.count >= MAX_TABS)
      return {
        status: 503,
        body: errorBody('busy', 'Too many tabs follow this run; ask for its frames once a second.'),
        contentType: 'application/json',
      };
    return {
      status: 200,
      body: Buffer.alloc(0),
      contentType: 'application/x-ndjson',
      stream: (to) => {
        this.#tabs.add(to, from);
        if (this.#ended !== undefined) to.end();
        else this.#wake();
      },
    };
  }

  /** The last frames: the lanes as the whole analysis has them, and how it ended. `isKept`: those who follow stay connected. */
  end(facts: RunFacts | undefined, head: RunHead, isKept: boolean): void {
    for (const timer of [this.#timer, this.#idle]) clearTimeout(timer);
    this.#timer = undefined;
    this.#isEnding = true;
    if (facts !== undefined && this.#tabs.count > 0) {
      this.#model.correct(facts, true);
      this.#tellNow(true, facts.tree.endMs);
    }
    this.#ended = head;
    this.#ring.push(
      (seq): Frame => ({ seq, now: this.#options.now(), ...(facts === undefined ? { reset: true } : {}), end: head }),
      performance.now(),
    );
    this.#tabs.feedAll();
    if (!isKept) this.#tabs.endAll();
  }

  /** Whether the run is small enough for `end` to be given its analysis. */
  get isSmall(): boolean {
    return this.#model.tree.size <= MAX_WHOLE_SPANS;
  }

  /** Somebody looks: from now on, for a while, what changes is told by frames. */
  ask(): void {
    this.#askedMs = performance.now();
    this.#wake();
  }

  #wake(): void {
    this.#isNews = true;
    if (this.#timer !== undefined || this.#ended !== undefined) return;
    if (this.#tabs.count === 0 && !this.wasAsked(POLLED_MS)) return;
    this.#timer = setTimeout(() => this.#tick(), Math.min(MAX_TICK_MS, Math.max(TICK_MS, this.#tookMs * TICK_SHARE))).unref();
  }

  #tick(): void {
    const startedMs = performance.now();
    this.#timer = undefined;
    this.#tell(false);
    this.#tookMs = performance.now() - startedMs;
    if (this.#isNews || this.#model.isDirty) return this.#wake();
    // While somebody looks, ages and shares go on also where nothing arrives.
    clearTimeout(this.#idle);
    if (this.#tabs.count > 0) this.#idle = setTimeout(() => this.#wake(), SLOW_MS).unref();
  }

  #tell(isWhole: boolean): void {
    if (this.#ended === undefined) this.#tellNow(isWhole, this.#options.now());
  }

  #tellNow(isWhole: boolean, now: number): void {
    const { run } = this.#options;
    const startedMs = performance.now();
    this.#isNews = false;
    const isSlow = isWhole || startedMs - this.#slowMs >= SLOW_MS;
    if (isSlow && !this.#isEnding) this.#look(now, startedMs);
    const update = this.#model.take(now, isWhole ? undefined : () => performance.now() - startedMs > SLICE_MS);
    const frame: Omit<Frame, 'seq' | 'now'> = {
      ...(update.changes.length === 0 ? {} : { w: laneChanges(update.changes, run.startMs) }),
      ...(update.occupants.length === 0 ? {} : { tasks: taskChanges(update.occupants, run.startMs, false) }),
      ...(this.#laneCount === this.#model.laneCount ? {} : { lanes: this.#lanes() }),
      ...(isSlow ? this.#state.changes(now) : {}),
    };
    this.#laneCount = this.#model.laneCount;
    if (Object.keys(frame).length === 0) return;
    this.#ring.push((seq): Frame => ({ seq, now, ...frame }), startedMs);
    this.#tabs.feedAll();
  }

  /** Half a second apart: why lanes are empty, and in a small run all that takes a look at the whole of it. */
  #look(now: number, startedMs: number): void {
    this.#slowMs = startedMs;
    const leastMs = this.isSmall ? LEAST_WHOLE_MS : 0;
    if (startedMs - this.#wholeMs < Math.max(leastMs, this.#wholeTookMs / WHOLE_SHARE) || this.#model.tree.size === 0) return;
    if (!this.isSmall) {
      this.#limit = this.#limits.sum() || undefined;
      this.#model.explainEmpty(now);
      this.#model.reserve(this.#limit ?? 0);
    } else {
      const facts = findFacts(this.#data({ ...this.#options.run, endMs: undefined }));
      this.#model.correct(facts, false);
      this.#limit = facts.lanes.limit;
    }
    this.#wholeMs = startedMs;
    this.#wholeTookMs = performance.now() - startedMs;
  }

  #data(run: RunRow): RunData {
    return { run, spans: this.#model.tree.rows(), series: this.#limits.series(), logs: [], losses: {} };
  }

  #lanes(): Snapshot['lanes'] {
    const { kind, laneCount: count } = this.#model;
    return { count, ...(kind === undefined ? {} : { kind }), ...(this.#limit === undefined ? {} : { limit: this.#limit }) };
  }

  #makeSnapshot(): Snapshot {
    const { run, version } = this.#options;
    const now = this.#options.now();
    const rows = this.#model.occupants.map((each) => liveTaskRow(each, run.startMs, false));
    const state = this.#state.at(now);
    return {
      v: 1,
      version,
      seq: this.#ring.seq,
      now,
      startMs: run.startMs,
      run: { id: run.id, name: shortened(run.name), command: shortened(run.command), state: 'live' },
      categories: CATEGORIES,
      lanes: this.#lanes(),
      tasks: taskColumns(rows),
      g: segmentColumns(this.#model.told(now).map((lane) => wholeSegments(lane, run.startMs))),
      ...state,
      strips: this.#strips.all(),
      losses: {},
      notes: [],
    };
  }
}

function emptyPicture(options: LiveRunOptions): [LaneModel, StripBoard, LiveState] {
  const { startMs } = options.run;
  const model = new LaneModel(startMs);
  const strips = new StripBoard(startMs);
  return [model, strips, new LiveState(model, strips, { ...options, startMs })];
}
