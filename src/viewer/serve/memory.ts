/** Refuses work before memory is full: by the heap that Node really has, and by what a container leaves it. */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startedWith } from '../../config/started-with.ts';
import { Refused } from './refused.ts';

/** How full memory is. The first of each pair must stay below the second. */
export interface Fullness {
  readonly heapBytes: number;
  readonly maxHeapBytes: number;
  /** With what lies outside the heap: bodies that are being received. */
  readonly allBytes: number;
  readonly maxAllBytes: number;
}

export interface MemoryOptions {
  read?: () => Fullness;
  collect?: () => void;
  now?: () => number;
}

/** The rest is for the garbage collector, which needs room to work, and for the report. */
const HEAP_SHARE = 0.7;
/** The program of the run lives in the same container. */
const CONTAINER_SHARE = 0.5;
/** Rows and what they are made from, in multiples of the bytes of a request: nine were measured for spans without attributes. */
const BYTES_PER_BYTE = 10;
/** Shortest time between two collections that are asked for: each stops everything for some 100 ms where the heap is full. */
const COLLECT_EVERY_MS = 1_000;

export class Memory {
  readonly #read: () => Fullness;
  readonly #collect: () => void;
  readonly #now: () => number;
  #collectedAt = -Infinity;

  constructor({ read = readFullness, collect = collectGarbage, now = () => performance.now() }: MemoryOptions = {}) {
    this.#read = read;
    this.#collect = collect;
    this.#now = now;
  }

  /** @throws Refused 503 where there is no room to read so many bytes now, 413 where there never is. */
  assertRoom(bytes: number): void {
    const needed = bytes * BYTES_PER_BYTE;
    if (hasRoom(this.#read(), needed)) return;
    // What counts as used may be garbage, which goes only when somebody asks.
    if (this.#now() - this.#collectedAt >= COLLECT_EVERY_MS) {
      this.#collectedAt = this.#now();
      this.#collect();
      if (hasRoom(this.#read(), needed)) return;
    }
    const { maxHeapBytes, maxAllBytes } = this.#read();
    if (needed > Math.min(maxHeapBytes, maxAllBytes))
      throw new Refused(413, 'The body is too large for the memory of this process; send smaller ones, or give Node more memory.');
    throw new Refused(503, 'The memory of this process is nearly full; send it again in a moment.', { 'retry-after': '1' });
  }
}

function hasRoom({ heapBytes, maxHeapBytes, allBytes, maxAllBytes }: Fullness, needed: number): boolean {
  return heapBytes + needed <= maxHeapBytes && allBytes + needed <= maxAllBytes;
}

/** V8's limit includes the young generation, where nothing stays: 48 MiB by default, 192 MiB where its flag is given. */
const YOUNG_BYTES = 48 * 1024 ** 2;
const OLD_SPACE_FLAG = /--max[-_]old[-_]space[-_]size[= ](\d+)/g;

/** @example oldSpaceBytes(4_345_298_944, '--max-old-space-size=256') // 268_435_456 */
export function oldSpaceBytes(limit: number, flags: string): number {
  const given = [...flags.matchAll(OLD_SPACE_FLAG)].at(-1)?.[1];
  return given === undefined ? Math.max(limit - YOUNG_BYTES, limit / 2) : Number(given) * 1024 ** 2;
}

function readFullness(): Fullness {
  const { used_heap_size: heapBytes, heap_size_limit, external_memory: outside } = getHeapStatistics();
  const limit = oldSpaceBytes(heap_size_limit, `${startedWith['NODE_OPTIONS'] ?? ''} ${process.execArgv.join(' ')}`);
  // Without a limit: 0, or a number that no machine has.
  const container = process.constrainedMemory() || Infinity;
  return { heapBytes, maxHeapBytes: limit * HEAP_SHARE, allBytes: heapBytes + outside, maxAllBytes: container * CONTAINER_SHARE };
}

let collector: (() => void) | undefined;

function collectGarbage(): void {
  if (collector === undefined) {
    setFlagsFromString('--expose-gc');
    collector = runInNewContext('gc') as () => void;
  }
  collector();
}
