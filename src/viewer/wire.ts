/**
 * What the server of the local view and its page tell each other: types of every message, no code. Times are epoch milliseconds unless
 * their comment says "of the run": then they are whole milliseconds since the run's start. What is unknown is absent, never 0.
 */
import type { Category, Comparison, Need, Review, RunReport, Verdict } from '../analysis/index.ts';

export type { Category, Need, NeedKind, Verdict } from '../analysis/index.ts';

/** Changes when the meaning of a member changes. A reader ignores members that it does not know. */
export type WireVersion = 1;

/** Every answer that is no success, with the status of HTTP beside it. */
export interface WireError {
  readonly v: WireVersion;
  /** Stable: `no_access`, `run_not_found`, `store_corrupt`, `store_newer`, `store_locked`, `store_odd`, `deleted`, `bad_request`, `too_large`, `busy`. */
  readonly error: string;
  /** What to do, in a sentence. */
  readonly message: string;
}

// --- The list of runs: GET /api/runs?cursor&limit ---

export interface RunsPage {
  readonly v: WireVersion;
  /** Of swarmscope, e.g. `0.1.0`. */
  readonly version: string;
  /** The last one first. */
  readonly runs: readonly RunItem[];
  /** Ask with `?cursor=` for what follows; absent at the end. */
  readonly next?: string | undefined;
  readonly total: number;
  /** The run that the user asked for: an address without a route opens it. */
  readonly opens?: string | undefined;
}

/** `live`: its process writes. `ended`: it ended. `cut`: its process was killed. `unreadable`: `problem` says why. */
export type RunState = 'live' | 'ended' | 'cut' | 'unreadable';

export interface RunItem {
  readonly id: string;
  readonly state: RunState;
  readonly name: string;
  readonly command: string;
  /** Absent for a run that cannot be read. */
  readonly startMs?: number | undefined;
  readonly endMs?: number | undefined;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly bytes: number;
  readonly changedMs: number;
  readonly problem?: { readonly code: string; readonly message: string } | undefined;
  /** A living run of another process: its own page, with its token. */
  readonly address?: string | undefined;
  /** Absent until the run was opened once since its last change: making it takes a look at the whole run. */
  readonly summary?: RunSummary | undefined;
}

export interface RunSummary {
  readonly wallMs: number;
  readonly spans: number;
  readonly lanes: number;
  readonly tasks: number;
  readonly failed: number;
  /** USD. Absent where no priced call was seen. */
  readonly cost?: number | undefined;
  readonly verdict: Verdict;
  /** Names of repositories that git worked in, at most 8. */
  readonly repositories: readonly string[];
  /** What its report says to change, the most valuable first, at most 3. */
  readonly findings: readonly FindingHead[];
}

export interface FindingHead {
  readonly kind: string;
  readonly action: string;
  readonly seconds: number;
  readonly usd: number;
}

// --- One run: GET /api/runs/ID/snapshot ---

export interface Snapshot {
  readonly v: WireVersion;
  readonly version: string;
  /** The frames that follow have larger numbers: `stream?from=SEQ`. */
  readonly seq: number;
  /** The clock of the run as this was made: ages are counted from it. */
  readonly now: number;
  readonly startMs: number;
  readonly run: RunHead;
  /** What the numbers in `c` stand for. */
  readonly categories: readonly Category[];
  readonly lanes: Lanes;
  /** What is or was in the lanes; `t` and `task` count its rows. They never move. */
  /** Segments up to so many milliseconds are part of the one before in `g`, since all of them are too many: `tiles` has them. */
  readonly mergedMs?: number | undefined;
  readonly tasks: TaskColumns;
  readonly g: SegmentColumns;
  readonly open: readonly OpenWork[];
  readonly totals: Totals;
  readonly strips: readonly Strip[];
  readonly verdict: Verdict;
  readonly needs: readonly Need[];
  readonly losses: Readonly<Record<string, number>>;
  /** What was merged or left out of this answer, in sentences to show as they are. */
  readonly notes: readonly string[];
}

export interface RunHead {
  readonly id: string;
  readonly name: string;
  readonly command: string;
  readonly state: Exclude<RunState, 'unreadable'>;
  readonly endMs?: number | undefined;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
}

/** What is in the lanes: `task`, `agent`, `process`, `call` or `wait`, the first of these that the run has. */
export type LaneKind = 'task' | 'agent' | 'process' | 'call' | 'wait';

export interface Lanes {
  readonly count: number;
  readonly kind?: LaneKind | undefined;
  /** Declared limit of the pools. */
  readonly limit?: number | undefined;
}

/** One entry a row in each column. */
export interface TaskColumns {
  readonly id: readonly string[];
  readonly trace: readonly string[];
  readonly label: readonly string[];
  readonly type: readonly string[];
  /** 0-based; -1 for one that took no time. */
  readonly lane: readonly number[];
  /** Of the run. */
  readonly start: readonly number[];
  /** Of the run; null while it runs, or where it never ended. */
  readonly end: readonly (number | null)[];
  readonly state: readonly TaskState[];
}

/** `cut`: its process ended before it did. */
export type TaskState = 'running' | 'done' | 'failed' | 'cut';

/**
 * Segments of lanes: by lane, then by time, whole milliseconds. `l`: how many lanes further than the segment before (the first: its lane).
 * `c`: number in `categories`. `s`: milliseconds between the end of the segment before in the same lane (the first in a lane: the run's
 * start) and its start. `d`: how long it is. `t`: row in `tasks`, -1 while the lane is empty.
 */
export interface SegmentColumns {
  readonly l: readonly number[];
  readonly c: readonly number[];
  readonly s: readonly number[];
  readonly d: readonly number[];
  readonly t: readonly number[];
}

/** What a lane does now: the last segment of that lane goes on until now, or until a frame says otherwise. */
export interface OpenWork {
  readonly lane: number;
  readonly task: number;
  readonly category: number;
  /** Of the innermost span under way. Absent where nothing recorded is under way. */
  readonly name?: string | undefined;
  readonly span?: string | undefined;
  readonly trace?: string | undefined;
  /** Of the run. */
  readonly since: number;
  /** Of the run: the last sign of life of this task. */
  readonly sign: number;
}

export interface Totals {
  readonly spans: number;
  readonly openSpans: number;
  /** Lanes in use now, those that wait among them, and the most at once. */
  readonly busy: number;
  readonly waiting: number;
  readonly peak: number;
  readonly tasks: { readonly running: number; readonly done: number; readonly failed: number; readonly cut: number };
  readonly llm: { readonly calls: number; readonly inFlight: number };
  /** Refused attempts (429, 503, 529). */
  readonly refused: { readonly count: number; readonly lastMinute: number };
  /** Absent where no LLM call was seen. */
  readonly tokens?: { readonly input: number; readonly output: number } | undefined;
  /** USD; absent where no priced call was seen. */
  readonly cost?: { readonly amount: number; readonly perMinute: number } | undefined;
  /** Lanes by category now, most first. Absent once the run has ended. */
  readonly nowBy?: readonly { readonly category: Category; readonly lanes: number }[] | undefined;
  /** Lane milliseconds by category over the whole run, largest first: the report's `laneTime`. Absent until it was computed. */
  readonly byCategory?: readonly { readonly category: Category; readonly ms: number }[] | undefined;
  /** What is used up most, the fullest first. */
  readonly full: readonly Full[];
}

export interface Full {
  /** The id of a strip. */
  readonly id: string;
  readonly label: string;
  readonly used: number;
  readonly limit: number;
  /** used / limit. */
  readonly share: number;
}

/** One thing over time, of a gauge. Columns of the same length; in a frame a point whose time is already there replaces it. */
export interface Strip {
  readonly id: string;
  readonly label: string;
  /** Strips stand in this order, and by id where it is the same. */
  readonly order: number;
  /** `1` for counts, `By`, `%`, `1/s`. */
  readonly unit: string;
  /** Of the run. */
  readonly t: readonly number[];
  readonly v: readonly number[];
  /** The last known one. Absent where there is none. */
  readonly limit?: number | undefined;
}

// --- What changes: GET /api/runs/ID/stream?from=SEQ (NDJSON, one frame a line, empty lines keep it open) and /frames?from=SEQ (`Frames`) ---

export interface Frame {
  readonly seq: number;
  readonly now: number;
  readonly w?: LaneChanges | undefined;
  /** The whole list, when it changed. */
  readonly open?: readonly OpenWork[] | undefined;
  readonly tasks?: TaskChanges | undefined;
  readonly lanes?: Lanes | undefined;
  readonly totals?: Totals | undefined;
  /** Points to add, by the id of the strip; a strip that is not known yet comes whole. */
  readonly strips?: readonly Strip[] | undefined;
  readonly verdict?: Verdict | undefined;
  /** The whole list, when it changed. */
  readonly needs?: readonly Need[] | undefined;
  readonly losses?: Readonly<Record<string, number>> | undefined;
  /** Everything told so far is void: fetch the snapshot. Frames that this reader has missed have left the ring, or the run was analysed anew. */
  readonly reset?: true | undefined;
  /** The run has ended: the last frame. The snapshot and the report are now those of the stored run. */
  readonly end?: RunHead | undefined;
}

/**
 * For lane `l[i]`: forget what begins at or after `f[i]` (of the run) and cut what reaches over it, then take the next `k[i]` segments of
 * `c`, `s`, `d`, `t`. `s` of the first of them counts from `f[i]`, the others as in `SegmentColumns`.
 */
export interface LaneChanges {
  readonly l: readonly number[];
  readonly f: readonly number[];
  readonly k: readonly number[];
  readonly c: readonly number[];
  readonly s: readonly number[];
  readonly d: readonly number[];
  readonly t: readonly number[];
}

/** Row `i[n]` is replaced, or added, by the n-th entry of each column. */
export interface TaskChanges extends TaskColumns {
  readonly i: readonly number[];
}

export interface Frames {
  readonly v: WireVersion;
  readonly frames: readonly Frame[];
}

/** GET /api/runs/ID/pulse: for hidden tabs. */
export interface Pulse {
  readonly v: WireVersion;
  readonly seq: number;
  readonly now: number;
  readonly state: Exclude<RunState, 'unreadable'>;
  readonly verdict: Verdict;
  /** Urgent ones. */
  readonly needs: number;
}

// --- Details on demand ---

/** GET /api/runs/ID/tiles?from&to&px&lanes=A-B: the category that took most of each pixel, for runs with too many segments to send. */
export interface Tiles {
  readonly v: WireVersion;
  /** Of the run. */
  readonly from: number;
  readonly to: number;
  readonly px: number;
  readonly firstLane: number;
  /** One text a lane: the category of each pixel as a letter, `A` is 0 in `categories`; `.` where nothing is known. */
  readonly rows: readonly string[];
}

/** GET /api/runs/ID/tasks?sort&q&cursor */
export interface TasksPage {
  readonly v: WireVersion;
  readonly tasks: readonly TaskDetail[];
  readonly next?: string | undefined;
  readonly total: number;
}

export interface TaskDetail {
  /** Row in `tasks` of the snapshot. */
  readonly row: number;
  readonly id: string;
  readonly trace: string;
  readonly label: string;
  readonly type: string;
  readonly lane: number;
  /** Of the run. */
  readonly start: number;
  readonly end: number | null;
  readonly state: TaskState;
  readonly errorType?: string | undefined;
  readonly durationMs: number;
  /** How its time was spent, largest first. */
  readonly byCategory: readonly { readonly category: Category; readonly ms: number }[];
  readonly llmCalls: number;
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  /** USD. */
  readonly cost?: number | undefined;
  readonly refused: number;
  readonly spans: number;
}

/** GET /api/runs/ID/spans?task=ROW, ?parent=TRACE/SPAN or ?trace=TRACE, &cursor: in order of start, at most 500. */
export interface SpansPage {
  readonly v: WireVersion;
  readonly spans: readonly SpanItem[];
  readonly next?: string | undefined;
  readonly total?: number | undefined;
}

export interface SpanItem {
  readonly trace: string;
  readonly id: string;
  readonly parent?: string | undefined;
  /** Where the parent is in another trace. */
  readonly parentTrace?: string | undefined;
  readonly name: string;
  readonly class: string;
  /** Of the run, with fraction. */
  readonly start: number;
  readonly end: number | null;
  readonly isError: boolean;
  /** LLM calls. */
  readonly model?: string | undefined;
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly cost?: number | undefined;
  readonly ending?: string | undefined;
  /** Milliseconds to the first chunk. */
  readonly firstChunkMs?: number | undefined;
}

/** GET /api/runs/ID/spans/TRACE/SPAN */
export interface SpanDetail extends SpanItem {
  readonly v: WireVersion;
  readonly kind: number;
  readonly scope: string;
  readonly service: string;
  readonly pid?: number | undefined;
  readonly links: readonly { readonly trace: string; readonly id: string }[];
  /** From the run down to the parent. */
  readonly ancestors: readonly { readonly trace: string; readonly id: string; readonly name: string }[];
  readonly children: number;
  readonly attributes: readonly SpanAttribute[];
}

export interface SpanAttribute {
  readonly name: string;
  readonly value: string | number | boolean | readonly (string | number | boolean)[];
  /** As in the registry: `content` is to be shown folded. Absent for names that the registry does not have. */
  readonly content?: 'never' | 'name' | 'content' | undefined;
  /** The value was longer: this is its beginning, of so many characters. */
  readonly cutOf?: number | undefined;
}

/** GET /api/runs/ID/report: the members of `swarmscope report --json`, and the same as printed text. */
export interface ReportAnswer {
  readonly v: WireVersion;
  readonly report: RunReport;
  readonly text: string;
  /** A run that has not ended: as of this moment. */
  readonly isPreliminary: boolean;
}

/** GET /api/diff?a&b: the two sides for a comparison that the page draws. */
export interface DiffAnswer {
  readonly v: WireVersion;
  readonly a: DiffSide;
  readonly b: DiffSide;
  /** What `swarmscope diff A B --json` says. */
  readonly comparison?: Comparison | undefined;
}

/** GET /api/review?runs=ID,ID: beside as many runs that began before the first of them. */
export interface ReviewAnswer {
  readonly v: WireVersion;
  readonly review: Review;
}

export interface DiffSide {
  readonly snapshot: Snapshot;
  readonly report: RunReport;
}

// --- The single file: a script element of type `application/json` with this id holds base64 of gzip of `FileData` ---

export type FileElementId = 'swarmscope-data';

export interface FileData {
  readonly v: WireVersion;
  readonly snapshot: Snapshot;
  readonly report: RunReport;
  readonly text: string;
  readonly tasks: readonly TaskDetail[];
  /** Without attributes that only a detail shows, unless `details` has them. */
  readonly spans: readonly SpanItem[];
  /** Spans beyond the bound that are not in this file. */
  readonly spansLeftOut: number;
  readonly isAnonymous: boolean;
}
