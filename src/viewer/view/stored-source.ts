/** What the page is told of stored runs: the list, and each run as the thread reads it. */
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { compare, review, sideOf, type RunReport, type Side } from '../../analysis/index.ts';
import { readPrivate, statusOf } from '../../config/small-file.ts';
import { ViewerError } from '../error.ts';
import type { Answer } from '../serve/asked.ts';
import { readOwner } from '../store/owner.ts';
import { listRuns, runPath, type StoredRun } from '../store/runs.ts';
import type { Frame, Frames, ReviewAnswer, RunItem, RunsPage, RunSummary } from '../wire.ts';
import { shortened } from './columns.ts';
import { keptPath } from './kept-file.ts';
import { errorBody, type RunReader } from './reader.ts';
import type { JsonAnswer, ViewSource } from './server.ts';
import type { What } from './thread-messages.ts';

export interface StoredSourceOptions {
  readonly dataFolder: string;
  readonly version: string;
  readonly reader: RunReader;
  /** The run that the user asked for. */
  readonly opens?: string | undefined;
}

/** The file in a living run's folder that holds the address of its own page. */
export const ADDRESS_FILE = 'view-address';

const LIST_PAGE = 100;
/** A summary takes a look at the whole run: larger ones wait until somebody has opened them. */
const MAX_SUMMARY_BYTES = 64 * 1024 ** 2;
const MAX_KNOWN = 500;
/** Runs of one review; as many more may stand before them. */
const MAX_REVIEWED = 50;
/** A run that another process writes is looked at so often; it is analysed anew each time. */
const LOOK_MS = 1_000;
/** Of the time, so much at most goes into reading it again. */
const READ_SHARE = 0.1;

export class StoredSource implements ViewSource {
  readonly #options: StoredSourceOptions;
  readonly #summaries = new Map<string, { changedMs: number; summary: RunSummary | undefined }>();
  #summing: Promise<void> = Promise.resolve();

  constructor(options: StoredSourceOptions) {
    this.#options = options;
  }

  runs(query: URLSearchParams): Promise<JsonAnswer> {
    const { dataFolder, version, opens } = this.#options;
    const all = listRuns(dataFolder);
    const from = Math.max(0, Math.trunc(Number(query.get('cursor') ?? 0)) || 0);
    const shown = all.slice(from, from + LIST_PAGE);
    this.#summarise(shown);
    const page: RunsPage = {
      v: 1,
      version,
      runs: shown.map((stored) => this.#item(stored)),
      next: from + LIST_PAGE < all.length ? String(from + LIST_PAGE) : undefined,
      total: all.length,
      opens,
    };
    return Promise.resolve({ status: 200, body: Buffer.from(JSON.stringify(page)) });
  }

  run(id: string, what: string, query: URLSearchParams): Promise<JsonAnswer> | Answer | undefined {
    const [kind = '', trace, span] = what.split('/');
    if (kind === 'stream') return trace === undefined ? this.#stream(id) : undefined;
    if (kind === 'spans' && trace !== undefined && span !== undefined) return this.ask('span', id, new URLSearchParams({ trace, span }));
    return trace === undefined && isAsked(kind) ? this.ask(kind, id, query) : undefined;
  }

  async diff(a: string, b: string): Promise<JsonAnswer> {
    const sides: string[] = [];
    const figures: (Side | undefined)[] = [];
    for (const id of [a, b]) {
      const [snapshot, report] = [await this.ask('snapshot', id), await this.ask('report', id)];
      for (const answer of [snapshot, report]) if (answer.status !== 200) return answer;
      const found = reportIn(report.body);
      figures.push(sideOf(found));
      sides.push(`{"snapshot":${snapshot.body.toString('utf8')},"report":${JSON.stringify(found)}}`);
    }
    const [before, after] = figures;
    const comparison = before === undefined || after === undefined ? undefined : compare(before, after);
    const last = comparison === undefined ? '' : `,"comparison":${JSON.stringify(comparison)}`;
    return { status: 200, body: Buffer.from(`{"v":1,"a":${sides[0] ?? ''},"b":${sides[1] ?? ''}${last}}`) };
  }

  /** Of these runs, beside as many of those that came before the first of them. */
  async review(ids: readonly string[]): Promise<JsonAnswer> {
    const all = listRuns(this.#options.dataFolder)
      .filter(({ run }) => run !== undefined)
      .map(({ id }) => id)
      .toReversed();
    const missing = ids.find((id) => !all.includes(id));
    if (missing !== undefined)
      return { status: 404, body: errorBody('run_not_found', `The run ${missing.slice(0, 128)} is not stored here, or cannot be read.`) };
    if (ids.length > MAX_REVIEWED)
      return { status: 413, body: errorBody('too_large', `${ids.length} runs are too many for one review: it takes ${MAX_REVIEWED}.`) };
    const own = all.filter((id) => ids.includes(id));
    const first = all.indexOf(own[0] ?? '');
    const notes: string[] = [];
    const read = async (some: readonly string[]): Promise<RunReport[]> => {
      const reports: RunReport[] = [];
      for (const id of some) {
        const { status, body } = await this.ask('report', id);
        if (status === 200) reports.push(reportIn(body) as RunReport);
        else notes.push(`The run ${id} cannot be read and is left out.`);
      }
      return reports;
    };
    const runs = await read(own);
    const before = { name: 'the runs before', runs: await read(all.slice(Math.max(0, first - own.length), first)) };
    const answer: ReviewAnswer = { v: 1, review: review({ name: 'these runs', runs, before, notes }) };
    return { status: 200, body: Buffer.from(JSON.stringify(answer)) };
  }

  async ask(what: What, id: string, query = new URLSearchParams()): Promise<JsonAnswer> {
    try {
      return await this.#options.reader.ask({ what, id, path: runPath(this.#options.dataFolder, id), query: query.toString() });
    } catch (error) {
      if (error instanceof ViewerError) return { status: 400, body: errorBody(error.code, error.message) };
      throw error;
    }
  }

  #item(stored: StoredRun): RunItem {
    const { id, bytes, changedMs, run, problem } = stored;
    const known = this.#summaries.get(id);
    const state = stateOf(stored);
    return {
      id,
      state,
      name: shortened(run?.name ?? ''),
      command: shortened(run?.command ?? ''),
      startMs: run?.startMs,
      endMs: run?.endMs,
      exitCode: run?.exitCode,
      signal: run?.signal,
      bytes,
      changedMs,
      problem: problem === undefined ? undefined : { code: problem.code, message: problem.message },
      address: state === 'live' ? addressIn(stored.path) : undefined,
      summary: known?.changedMs === changedMs ? known.summary : undefined,
    };
  }

  /** One after the other, and never twice for the same state of a run. */
  #summarise(shown: readonly StoredRun[]): void {
    for (const stored of shown) {
      const { id, changedMs, bytes } = stored;
      if (stateOf(stored) === 'live' || stored.run === undefined) continue;
      if (bytes > MAX_SUMMARY_BYTES && statusOf(keptPath(stored.path)) === undefined) continue;
      if (this.#summaries.get(id)?.changedMs === changedMs) continue;
      this.#summaries.set(id, { changedMs, summary: undefined });
      if (this.#summaries.size > MAX_KNOWN)
        for (const oldest of [...this.#summaries.keys()].slice(0, -MAX_KNOWN)) this.#summaries.delete(oldest);
      this.#summing = this.#summing.then(async () => {
        const { status, body } = await this.ask('summary', id);
        if (status === 200) this.#summaries.set(id, { changedMs, summary: JSON.parse(body.toString('utf8')) as RunSummary });
      });
    }
  }

  /** An ended run has one frame. One that another process writes is told to be fetched again when it has changed. */
  #stream(id: string): Answer {
    return {
      status: 200,
      body: Buffer.alloc(0),
      contentType: 'application/x-ndjson',
      stream: (to) => void this.#follow(id, to),
    };
  }

  async #follow(id: string, to: Writable): Promise<void> {
    let isGone = false;
    to.once('close', () => (isGone = true)).on('error', () => (isGone = true));
    let seq = 0;
    let changed = this.#changedMs(id);
    while (!isGone) {
      const startedMs = performance.now();
      const { status, body } = await this.ask('frames', id);
      if (status !== 200) break;
      const [frame] = (JSON.parse(body.toString('utf8')) as Frames).frames;
      if (frame !== undefined) {
        to.write(`${JSON.stringify({ ...frame, ...(seq === 0 ? {} : { seq: seq + 1, reset: true }) } satisfies Frame)}\n`);
        break;
      }
      if (seq > 0) to.write(`${JSON.stringify({ seq, now: Date.now(), reset: true } satisfies Frame)}\n`);
      const readMs = performance.now() - startedMs;
      await pause(Math.max(LOOK_MS, readMs / READ_SHARE));
      while (!isGone && this.#changedMs(id) === changed) {
        await pause(LOOK_MS);
        // What ended without a word writes no more.
        if (this.#changedMs(id) === changed && this.#isOver(id)) break;
        if (!isGone) to.write('\n');
      }
      changed = this.#changedMs(id);
      seq++;
    }
    to.end();
  }

  /** Undefined where the run is no longer stored. */
  #changedMs(id: string): number | undefined {
    const path = runPath(this.#options.dataFolder, id);
    const times = ['', '-wal'].map((suffix) => statusOf(path + suffix)?.mtimeMs);
    return times[0] === undefined ? undefined : Math.max(times[0], times[1] ?? 0);
  }

  #isOver(id: string): boolean {
    return readOwner(dirname(runPath(this.#options.dataFolder, id))).life !== 'alive';
  }
}

const ASKED: ReadonlySet<string> = new Set<What>(['snapshot', 'pulse', 'frames', 'report', 'tasks', 'tiles', 'spans']);
const isAsked = (kind: string): kind is What => ASKED.has(kind);

function stateOf({ run, life }: StoredRun): RunItem['state'] {
  if (run === undefined) return 'unreadable';
  if (run.endMs !== undefined) return 'ended';
  return life === 'alive' ? 'live' : 'cut';
}

/** Longest address: with its token it has some 80 characters. */
const MAX_ADDRESS = 1_024;

function addressIn(path: string): string | undefined {
  const text = readPrivate(join(dirname(path), ADDRESS_FILE), MAX_ADDRESS)
    ?.toString('utf8')
    .trim();
  return text !== undefined && /^http:\/\/127\.0\.0\.1:\d+\/#[\w=/.&-]+$/.test(text) ? text : undefined;
}

const reportIn = (body: Buffer): unknown => (JSON.parse(body.toString('utf8')) as { report: unknown }).report;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
