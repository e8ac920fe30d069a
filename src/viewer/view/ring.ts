/** The last frames of a run, shared by all who follow it: a slow reader costs a number, not a queue. */

interface Kept {
  readonly seq: number;
  readonly atMs: number;
  /** A line of NDJSON. */
  readonly line: Buffer;
}

/** What a reader may be late by. */
const MAX_BYTES = 4 * 1024 ** 2;
const MAX_AGE_MS = 30_000;

export class FrameRing {
  readonly #kept: Kept[] = [];
  #bytes = 0;
  /** Of the last frame that was made. */
  seq = 0;

  push(frame: (seq: number) => object, nowMs: number): void {
    this.seq += 1;
    const line = Buffer.from(`${JSON.stringify(frame(this.seq))}\n`);
    this.#kept.push({ seq: this.seq, atMs: nowMs, line });
    this.#bytes += line.length;
    let gone = 0;
    for (const {
      line: { length },
      atMs,
    } of this.#kept) {
      if (gone === this.#kept.length - 1 || (this.#bytes <= MAX_BYTES && nowMs - atMs <= MAX_AGE_MS)) break;
      this.#bytes -= length;
      gone += 1;
    }
    this.#kept.splice(0, gone);
  }

  /** The lines after `seq`, undefined where some of them have left or were never made here. */
  after(seq: number): readonly Buffer[] | undefined {
    if (seq === this.seq) return [];
    const first = this.#kept[0]?.seq ?? Infinity;
    return seq > this.seq || seq < first - 1 ? undefined : this.#kept.slice(seq - first + 1).map(({ line }) => line);
  }
}
