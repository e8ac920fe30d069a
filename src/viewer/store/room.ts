/** How much of a run is read: what the heap of this process holds, together with what an analysis makes of it. */
import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import type { Unread } from '../../analysis/model.ts';

/** Measured: the report of 600,000 spans with 190 characters of attributes each takes 600 MB, which is 1,000 bytes a span. */
const ROW_BYTES: Readonly<Record<Unread['what'], number>> = { span: 800, 'log record': 400, 'metric point': 120 };
const CHARACTER_BYTES = 2;
/** The collector of garbage needs air, or it takes all the time there is. */
const USABLE_SHARE = 0.9;
/** Spans come first, and leave this much to log records and points of metrics. */
const SPAN_SHARE = 0.85;

/** What still fits of one kind of rows; from the first row that does not, none is read. */
export class Room {
  readonly #bytes: number;
  #used = 0;
  readonly #unread: Unread[] = [];

  /** @param bytes of heap; default: what this process has left */
  constructor(bytes: number = heapLeft()) {
    this.#bytes = bytes;
  }

  /** The rows of `rows` as `read` gives them, as far as they fit. `count` is asked only where some do not. */
  take<Row, Made>(what: Unread['what'], rows: Iterable<Row>, { textOf, read, count }: Reading<Row, Made>): Made[] {
    const limit = what === 'span' ? this.#bytes * SPAN_SHARE : this.#bytes;
    const before = this.#used;
    const made: Made[] = [];
    for (const row of rows) {
      this.#used += ROW_BYTES[what] + CHARACTER_BYTES * textOf(row);
      if (this.#used > limit) {
        const of = count();
        this.#unread.push({ what, read: made.length, of, neededBytes: Math.ceil(((this.#used - before) / (made.length + 1)) * of) });
        break;
      }
      made.push(read(row));
    }
    return made;
  }

  /** Kinds of which not all was read. */
  unread(): readonly Unread[] {
    return this.#unread;
  }
}

export interface Reading<Row, Made> {
  /** Characters of text in a row. */
  readonly textOf: (row: Row) => number;
  readonly read: (row: Row) => Made;
  /** Of all rows. */
  readonly count: () => number;
}

/** V8 keeps this share of the machine's memory, at most so much of it, for objects that have just been made (seen on Node 24). */
const YOUNG = { share: 3 / 64, mostBytes: 192 * 1024 ** 2 };

function heapLeft(): number {
  const { heap_size_limit: limit, used_heap_size: used } = getHeapStatistics();
  const memory = Math.min(process.constrainedMemory() || Infinity, totalmem());
  return (limit - Math.min(YOUNG.mostBytes, memory * YOUNG.share) - used) * USABLE_SHARE;
}
