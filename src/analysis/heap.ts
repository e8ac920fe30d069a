/** A binary heap of numbers by a rank; equal ranks in the order of the numbers. */
export class Heap {
  readonly #items: number[] = [];
  readonly #rankOf: (item: number) => number;

  constructor(rankOf: (item: number) => number) {
    this.#rankOf = rankOf;
  }

  push(item: number): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (!this.#isBefore(item, items[up] as number)) break;
      items[at] = items[up] as number;
      at = up;
    }
    items[at] = item;
  }

  popIf(isWanted: (item: number) => boolean): number | undefined {
    const top = this.#items[0];
    return top !== undefined && isWanted(top) ? this.pop() : undefined;
  }

  pop(): number | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return top;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= items.length) break;
      if (down + 1 < items.length && this.#isBefore(items[down + 1] as number, items[down] as number)) down++;
      if (!this.#isBefore(items[down] as number, last)) break;
      items[at] = items[down] as number;
      at = down;
    }
    items[at] = last;
    return top;
  }

  #isBefore(a: number, b: number): boolean {
    const difference = this.#rankOf(a) - this.#rankOf(b);
    return difference < 0 || (difference === 0 && a < b);
  }
}
