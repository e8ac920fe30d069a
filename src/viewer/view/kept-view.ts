/** What was found by one look at a large run, kept: each question reads the part that it is about, so that memory does not grow with the run. */
import type { DatabaseSync } from 'node:sqlite';
import { CATEGORIES } from '../../analysis/categories.ts';
import type { LanePicture, LaneSegment } from '../../analysis/lane-picture.ts';
import { withStored } from '../store/stored.ts';
import type { TaskDetail } from '../wire.ts';
import { categoryNumber } from './columns.ts';
import { openKept, packed, unpacked, writeKept } from './kept-file.ts';
import { type SpanIndex, tasksPage, tilesOf } from './spans.ts';
import { StoredSpans } from './stored-spans.ts';
import type { Asking } from './thread-messages.ts';

/** Answers that are kept as they are. */
const WHOLE = ['snapshot', 'summary', 'pulse', 'frames', 'report'] as const;
type Whole = (typeof WHOLE)[number];
const isWhole = (what: Asking['what']): what is Whole => (WHOLE as readonly string[]).includes(what);

export interface Found {
  readonly bodyOf: (what: Whole) => string;
  readonly picture: LanePicture;
  readonly tasks: readonly TaskDetail[];
  readonly index: SpanIndex;
  readonly startMs: number;
}

/** Segments of one row of the file. */
const PART = 4_096;
/** Start, end and category. */
const SEGMENT_BYTES = 17;

/** Throws where the folder of the run cannot be written. */
export function keepView(runFile: string, mark: string, { bodyOf, picture, tasks, index, startMs }: Found): void {
  writeKept(runFile, mark, (database) => {
    const part = database.prepare('INSERT INTO parts VALUES (?, ?)');
    for (const what of WHOLE) part.run(what, packed(bodyOf(what)));
    part.run('tasks', packed(JSON.stringify(tasks)));
    const about = database.prepare('INSERT INTO about VALUES (?, ?)');
    about.run('start', String(startMs));
    about.run('lanes', String(picture.count));
    const lane = database.prepare('INSERT INTO lanes VALUES (?, ?, ?, ?, ?)');
    for (const [number, segments] of picture.lanes.entries())
      for (let from = 0, at = 0; from < segments.length; from += PART, at++) {
        const own = segments.slice(from, from + PART);
        lane.run(number, at, own[0]?.startMs ?? 0, own.at(-1)?.endMs ?? 0, bytesOf(own));
      }
    const member = database.prepare('INSERT INTO members VALUES (?, ?, ?)');
    for (const [row, { node }] of picture.occupants.entries())
      for (const { cursor, page } of index.pages(index.ofTask(node))) member.run(row, cursor, packed(JSON.stringify(page)));
  });
}

function bytesOf(segments: readonly LaneSegment[]): Uint8Array {
  const bytes = Buffer.alloc(segments.length * SEGMENT_BYTES);
  for (const [index, { startMs, endMs, category }] of segments.entries()) {
    bytes.writeDoubleLE(startMs, index * SEGMENT_BYTES);
    bytes.writeDoubleLE(endMs, index * SEGMENT_BYTES + 8);
    bytes[index * SEGMENT_BYTES + 16] = categoryNumber[category];
  }
  return bytes;
}

type Shown = Pick<LaneSegment, 'startMs' | 'endMs' | 'category'>;

function* segmentsIn(body: Uint8Array): Generator<Shown> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  for (let at = 0; at + SEGMENT_BYTES <= bytes.length; at += SEGMENT_BYTES) {
    const category = CATEGORIES[bytes[at + 16] ?? -1];
    if (category !== undefined) yield { startMs: bytes.readDoubleLE(at), endMs: bytes.readDoubleLE(at + 8), category };
  }
}

export class KeptView {
  readonly #database: DatabaseSync;
  readonly #runFile: string;
  readonly #startMs: number;
  readonly #lanes: number;

  private constructor(database: DatabaseSync, runFile: string) {
    this.#database = database;
    this.#runFile = runFile;
    const about = (what: string): number => Number(database.prepare('SELECT value FROM about WHERE what = ?').get(what)?.['value']);
    this.#startMs = about('start');
    this.#lanes = about('lanes');
  }

  /** Undefined where nothing is kept of the run as it is now. */
  static open(runFile: string, mark: string): KeptView | undefined {
    const database = openKept(runFile, mark);
    return database === undefined ? undefined : new KeptView(database, runFile);
  }

  close(): void {
    this.#database.close();
  }

  /** Undefined where there is no such thing. @throws ViewerError, or what a damaged file throws */
  bodyOf({ what, query }: Asking): string | undefined {
    const asked = new URLSearchParams(query);
    if (isWhole(what)) return this.#part(what);
    switch (what) {
      case 'tasks':
        return JSON.stringify(tasksPage(JSON.parse(this.#part('tasks')) as TaskDetail[], asked));
      case 'tiles': {
        const tiles = tilesOf({ count: this.#lanes, segmentsOf: (...of) => this.#segments(...of) }, this.#startMs, asked);
        return tiles === undefined ? undefined : JSON.stringify(tiles);
      }
      case 'spans': {
        const task = asked.get('task');
        if (task === null) return JSON.stringify(this.#stored((spans) => spans.page(asked)));
        const members = this.#database.prepare('SELECT body FROM members WHERE task = ? AND cursor = ?');
        const found = members.get(Number(task), asked.get('cursor') ?? '');
        return found === undefined ? undefined : unpacked(found['body']);
      }
      case 'span': {
        const detail = this.#stored((spans) => spans.detail(asked.get('trace') ?? '', asked.get('span') ?? ''));
        return detail === undefined ? undefined : JSON.stringify(detail);
      }
    }
  }

  #part(name: string): string {
    return unpacked(this.#database.prepare('SELECT body FROM parts WHERE name = ?').get(name)?.['body']);
  }

  *#segments(lane: number, fromMs: number, toMs: number): Generator<Shown> {
    const parts = this.#database.prepare('SELECT body FROM lanes WHERE lane = ? AND to_ms > ? AND from_ms < ? ORDER BY part');
    for (const { body } of parts.iterate(lane, fromMs, toMs)) yield* segmentsIn(body as Uint8Array);
  }

  #stored<T>(ask: (spans: StoredSpans) => T): T {
    return withStored(this.#runFile, (database) => ask(new StoredSpans(database, this.#startMs)));
  }
}
