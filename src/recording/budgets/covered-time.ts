/** Time that was under way at least once: what is at the same time, or told twice, counts once. */

/** Gaps that are remembered; protects the memory of the program. What is before them counts as told. */
const MAX_GAPS = 256;

export class CoveredTime {
  /** Disjoint and ascending. */
  #spans: { from: number; to: number }[] = [];
  #floor: number;

  /** @param since nothing before it counts; milliseconds, as all of it */
  constructor(since: number) {
    this.#floor = since;
  }

  /** Milliseconds that are new. */
  add(from: number, to: number): number {
    let start = Math.max(from, this.#floor);
    let end = to;
    if (!(end > start)) return 0;
    const apart: { from: number; to: number }[] = [];
    let fresh = end - start;
    for (const span of this.#spans) {
      if (span.to < from || span.from > to) {
        apart.push(span);
        continue;
      }
      fresh -= Math.max(0, Math.min(to, span.to) - Math.max(from, this.#floor, span.from));
      start = Math.min(start, span.from);
      end = Math.max(end, span.to);
    }
    this.#spans = [...apart, { from: start, to: end }].sort((one, other) => one.from - other.from);
    while (this.#spans.length > MAX_GAPS) this.#floor = this.#spans.shift()?.to ?? this.#floor;
    return Math.max(0, fresh);
  }
}
