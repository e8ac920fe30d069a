/** Answers of stored runs, in the thread that does the heavy reading: the runs that were asked for last stay analysed, large ones in a file. */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { findFacts, reportOf, type RunReport } from '../../analysis/index.ts';
import { lanePicture, type LanePicture } from '../../analysis/lane-picture.ts';
import { statusOf } from '../../config/small-file.ts';
import { ViewerError } from '../error.ts';
import { readOwner, type Owner } from '../store/owner.ts';
import { readRunData } from '../store/read-run.ts';
import { storeError } from '../store/sqlite.ts';
import { withStored } from '../store/stored.ts';
import type { Frames, Pulse, ReportAnswer, RunHead, TaskDetail } from '../wire.ts';
import { snapshotOf, summaryOf, headOf, type Analysed } from './snapshot.ts';
import { SpanIndex, taskDetails, tasksPage, tiledOf, tilesOf } from './spans.ts';
import { keptPath, markOf } from './kept-file.ts';
import { KeptView, keepView } from './kept-view.ts';
import type { Asking, ThreadAnswer } from './thread-messages.ts';

export interface AnswerOptions {
  readonly version: string;
  /** The printed report. */
  readonly textOf: (report: RunReport) => string;
}

/** Runs that stay analysed: a page looks at one, a comparison at two. */
const MAX_OPENED = 2;
/** Largest answer: 4 MiB, but for snapshots and reports, which are bounded by what they hold. */
const MAX_BYTES = 4 * 1024 ** 2;

/** From so many spans on what was found is kept beside the run: reading it anew takes about a second. */
const KEPT_FROM = 10_000;
/** Kept runs that stay open: what is held of each is a handle. */
const MAX_KEPT = 4;

interface Opened extends Analysed {
  readonly path: string;
  readonly stamp: string;
  picture?: LanePicture;
  tasks?: readonly TaskDetail[];
  index?: SpanIndex;
  snapshot?: string;
}

export class Answers {
  readonly #options: AnswerOptions;
  /** The one that was asked for last is the last. */
  readonly #opened = new Map<string, Opened>();
  readonly #kept = new Map<string, { readonly stamp: string; readonly view: KeptView }>();
  /** What was analysed and is to be kept, once its answer has gone. */
  #unkept: Opened | undefined;

  constructor(options: AnswerOptions) {
    this.#options = options;
  }

  /** Never throws. */
  answer(asking: Asking): ThreadAnswer {
    try {
      const body = this.#bodyOf(asking);
      if (body === undefined) return refusal(404, 'not_found', 'There is no such thing in this run.');
      if (body.length > MAX_BYTES && !UNBOUNDED.has(asking.what))
        return refusal(413, 'too_large', 'The answer would be too large; ask for less.');
      return { status: 200, body };
    } catch (error) {
      if (error instanceof ViewerError) return refusal(error.code === 'run_not_found' ? 404 : 409, error.code, error.message);
      return refusal(500, 'fault', `A fault of ours while this run was read: ${String(error)}`);
    }
  }

  /** Between two answers: keeps what was found of a large run, and lets the run itself go. Never throws. */
  settle(): void {
    const opened = this.#unkept;
    this.#unkept = undefined;
    if (opened === undefined) return;
    const { path, stamp, facts } = opened;
    const mark = markOf(this.#options.version, stamp);
    try {
      const { startMs } = facts.tree;
      const bodyOf = (what: Asking['what']): string => this.#found(opened, { what, path, id: '', query: '' }) ?? '';
      keepView(path, mark, { bodyOf, picture: this.#picture(opened), tasks: this.#tasks(opened), index: this.#index(opened), startMs });
    } catch {
      // A folder that cannot be written: what was analysed stays in memory, as that of a small run does.
      return;
    }
    this.#opened.delete(path);
  }

  #bodyOf(asking: Asking): string | undefined {
    const { what, path, id } = asking;
    const stamp = stampOf(path);
    if (stamp === undefined) {
      this.#opened.delete(path);
      this.#letGo(path);
      throw new ViewerError('run_not_found', `The run ${id} is no longer stored; "swarmscope runs" lists those that are.`);
    }
    const kept = this.#opened.get(path)?.stamp === stamp ? undefined : this.#keptOf(path, stamp);
    if (kept !== undefined) {
      try {
        return kept.bodyOf(asking);
      } catch (error) {
        if (error instanceof ViewerError) throw error;
        // A damaged file of ours: the run itself is read, and the file is written anew.
        this.#letGo(path);
        rmSync(keptPath(path), { force: true });
      }
    }
    return this.#found(this.#open(path, stamp, what !== 'summary'), asking);
  }

  #keptOf(path: string, stamp: string): KeptView | undefined {
    const known = this.#kept.get(path);
    if (known?.stamp === stamp) return known.view;
    this.#letGo(path);
    const view = KeptView.open(path, markOf(this.#options.version, stamp));
    if (view === undefined) return undefined;
    this.#kept.set(path, { stamp, view });
    for (const oldest of this.#kept.keys()) if (this.#kept.size > MAX_KEPT) this.#letGo(oldest);
    return view;
  }

  #letGo(path: string): void {
    this.#kept.get(path)?.view.close();
    this.#kept.delete(path);
  }

  #found(opened: Opened, { what, query }: Asking): string | undefined {
    const asked = new URLSearchParams(query);
    const { facts, report, state } = opened;
    const { startMs } = facts.tree;
    switch (what) {
      case 'snapshot':
        return (opened.snapshot ??= JSON.stringify(snapshotOf(opened, 0, this.#options.version)));
      case 'summary':
        return JSON.stringify(summaryOf(opened));
      case 'pulse':
        return JSON.stringify(pulseOf(opened, this.#options.version));
      case 'frames':
        return JSON.stringify({
          v: 1,
          frames: state === 'live' ? [] : [{ seq: 1, now: facts.tree.endMs, end: headOf(report, state) }],
        } satisfies Frames);
      case 'report':
        return JSON.stringify({ v: 1, report, text: this.#options.textOf(report), isPreliminary: state === 'live' } satisfies ReportAnswer);
      case 'tasks':
        return JSON.stringify(tasksPage(this.#tasks(opened), asked));
      case 'tiles': {
        const tiles = tilesOf(tiledOf(this.#picture(opened)), startMs, asked);
        return tiles === undefined ? undefined : JSON.stringify(tiles);
      }
      case 'spans':
        return this.#spans(opened, asked);
      case 'span': {
        const index = this.#index(opened);
        const node = index.get(asked.get('trace') ?? '', asked.get('span') ?? '');
        return node === undefined ? undefined : JSON.stringify(index.detail(node));
      }
    }
  }

  #spans(opened: Opened, asked: URLSearchParams): string | undefined {
    const index = this.#index(opened);
    const { topDown } = opened.facts.tree;
    const [row, parent, trace, below] = ['task', 'parent', 'trace', 'below'].map((name) => asked.get(name));
    let nodes = topDown;
    if (typeof row === 'string') {
      const occupant = this.#picture(opened).occupants[Number(row)];
      if (occupant === undefined) return undefined;
      nodes = index.ofTask(occupant.node);
    } else if (typeof parent === 'string' || typeof below === 'string') {
      const [traceId = '', spanId = ''] = String(parent ?? below).split('/');
      const node = index.get(traceId, spanId);
      if (node === undefined) return undefined;
      nodes = typeof parent === 'string' ? node.children : index.ofTask(node);
    } else if (typeof trace === 'string') nodes = topDown.filter((each) => each.row.traceId === trace);
    return JSON.stringify(index.page(nodes, asked.get('cursor')));
  }

  /** @throws ViewerError */
  #open(path: string, stamp: string, isHeld: boolean): Opened {
    const known = this.#opened.get(path);
    if (known?.stamp !== stamp && !isHeld) return this.#read(path, stamp);
    this.#opened.delete(path);
    // What was analysed before makes room.
    if (known?.stamp !== stamp) for (const oldest of [...this.#opened.keys()].slice(0, -1)) this.#opened.delete(oldest);
    const opened = known?.stamp === stamp ? known : this.#read(path, stamp);
    this.#opened.set(path, opened);
    for (const oldest of this.#opened.keys()) if (this.#opened.size > MAX_OPENED) this.#opened.delete(oldest);
    return opened;
  }

  #read(path: string, stamp: string): Opened {
    const opened = read(path, stamp);
    if (opened.state !== 'live' && opened.facts.tree.topDown.length >= KEPT_FROM) this.#unkept = opened;
    return opened;
  }

  #picture(opened: Opened): LanePicture {
    return (opened.picture ??= lanePicture(opened.facts));
  }

  #tasks(opened: Opened): readonly TaskDetail[] {
    return (opened.tasks ??= taskDetails(opened.facts, this.#picture(opened), opened.state === 'live'));
  }

  #index(opened: Opened): SpanIndex {
    return (opened.index ??= new SpanIndex(opened.facts));
  }
}

function read(path: string, stamp: string): Opened {
  try {
    const facts = findFacts(withStored(path, (database) => readRunData(path, database)));
    return { path, stamp, facts, report: reportOf(facts), state: stateOf(facts.data.run.endMs, readOwner(dirname(path)).life) };
  } catch (cause) {
    throw storeError(path, cause);
  }
}

const UNBOUNDED: ReadonlySet<Asking['what']> = new Set(['snapshot', 'report']);

/** Changes with every write. Who reads leaves an empty log behind, which is none. */
function stampOf(path: string): string | undefined {
  const [file, log] = [statusOf(path), statusOf(`${path}-wal`)];
  if (file === undefined) return undefined;
  return [file.mtimeMs, file.size, ...(log === undefined || log.size === 0 ? [] : [log.mtimeMs, log.size])].join();
}

/** Where nobody can tell whether its process lives, a run without an end was cut: the report says the same. */
export function stateOf(endMs: number | undefined, life: Owner['life']): RunHead['state'] {
  if (endMs !== undefined) return 'ended';
  return life === 'alive' ? 'live' : 'cut';
}

function pulseOf(analysed: Analysed, version: string): Pulse {
  const { verdict, needs, now } = snapshotOf(analysed, 0, version);
  return { v: 1, seq: 0, now, state: analysed.state, verdict, needs: needs.filter(({ isUrgent }) => isUrgent).length };
}

const refusal = (status: number, error: string, message: string): ThreadAnswer => ({
  status,
  body: JSON.stringify({ v: 1, error, message }),
});
