/** Those who follow a living run, each at its own pace: who has not taken what it was given gets nothing until it has. */
import type { Writable } from 'node:stream';
import type { FrameRing } from './ring.ts';

interface Tab {
  readonly to: Writable;
  seq: number;
  isFull: boolean;
}

/** The next one is told to poll. */
export const MAX_TABS = 16;
/** A connection on which nothing passes is taken for a dead one by what is in between. */
const KEEP_ALIVE_MS = 15_000;

export class Tabs {
  readonly #ring: FrameRing;
  readonly #reset: () => string;
  readonly #tabs = new Set<Tab>();
  readonly #timer: NodeJS.Timeout;

  /** `reset`: the line that tells a reader to begin anew. */
  constructor(ring: FrameRing, reset: () => string) {
    this.#ring = ring;
    this.#reset = reset;
    this.#timer = setInterval(() => {
      for (const { to, isFull } of this.#tabs) if (!isFull) to.write('\n');
    }, KEEP_ALIVE_MS);
    this.#timer.unref();
  }

  get count(): number {
    return this.#tabs.size;
  }

  add(to: Writable, seq: number): void {
    const tab: Tab = { to, seq, isFull: false };
    this.#tabs.add(tab);
    const gone = (): void => void this.#tabs.delete(tab);
    to.on('close', gone).on('error', gone);
    to.on('drain', () => {
      tab.isFull = false;
      this.#feed(tab);
    });
    to.write('\n');
    this.#feed(tab);
  }

  /** To be called after new frames. */
  feedAll(): void {
    for (const tab of this.#tabs) if (!tab.isFull) this.#feed(tab);
  }

  endAll(): void {
    clearInterval(this.#timer);
    for (const { to } of this.#tabs) to.end();
  }

  #feed(tab: Tab): void {
    const lines = this.#ring.after(tab.seq);
    tab.seq = this.#ring.seq;
    if (lines?.length === 0) return;
    tab.isFull = !tab.to.write(lines === undefined ? this.#reset() : Buffer.concat(lines));
  }
}
