/** A process that has a root: its metrics go there, and come back to it when the root is gone. */
import { connect, type ChannelClient } from './channel-client.ts';
import { adoptFinals, writeFinalSync } from './finals.ts';
import type { MergedMetrics } from './metrics-merge.ts';
import { remainder } from './remainder.ts';
import { RootLink } from './root.ts';
import { isRootAlive, type RunFolder } from './run-folder.ts';
import type { MetricSnapshot } from './types.ts';

/** Snapshots sent and not yet known to be exported; the root answers each export, so few wait. */
const MAX_UNANSWERED = 8;

export class MemberLink {
  readonly #folder: RunFolder;
  readonly #processKey: string;
  readonly #count: (name: string) => void;
  readonly #unanswered: MetricSnapshot[] = [];
  #client: ChannelClient | undefined;
  #road: 'channel' | 'file' | 'none' = 'channel';
  #exported: MetricSnapshot | undefined;
  #successor: RootLink | undefined;

  constructor(folder: RunFolder, processKey: string, count: (name: string) => void) {
    this.#folder = folder;
    this.#processKey = processKey;
    this.#count = count;
  }

  /** The root is gone for good. */
  get isAlone(): boolean {
    return this.#road === 'none';
  }

  /** Looks whether the root still lives: before a child is told of it. */
  check(): void {
    if (!isRootAlive(this.#folder.path)) this.#road = 'none';
  }

  /** What this process is to its own children once its root is gone: their root. */
  successor(startTime?: number): RootLink | undefined {
    if (!this.isAlone) return undefined;
    if (this.#successor === undefined) {
      this.#successor = new RootLink(this.#processKey, this.#count, this.#exported?.time ?? startTime);
      // A root that lives and takes no more finals, because it ends, exports those it has.
      if (!isRootAlive(this.#folder.path)) this.#successor.adopt(adoptFinals(this.#folder.path));
    }
    return this.#successor;
  }

  /** Hands `snapshot` to the root without waiting. False: there is no root any more, this process writes its own. */
  publish(snapshot: MetricSnapshot): boolean {
    if (this.#road === 'none') return false;
    if (this.#road === 'file') return this.publishFinalSync(snapshot);
    // Late, so that a process that is over before its first interval never opens a socket: its final is a file.
    this.#client ??= connect({
      address: this.#folder.channel,
      processKey: this.#processKey,
      onCollected: (sequence) => this.#learn(sequence),
      // A root that lives and does not answer (blocked, full) still reads the finals.
      onLost: () => (this.#road = isRootAlive(this.#folder.path) ? 'file' : 'none'),
    });
    this.#unanswered.push(snapshot);
    if (this.#unanswered.length > MAX_UNANSWERED) this.#unanswered.shift();
    this.#client.send(snapshot);
    return true;
  }

  /** Leaves the last word as a file. False: there is no root that will read it. */
  publishFinalSync(snapshot: MetricSnapshot): boolean {
    if (this.#road !== 'none' && isRootAlive(this.#folder.path) && writeFinalSync(this.#folder.finals, snapshot, this.#exported))
      return true;
    this.#road = 'none';
    return false;
  }

  /** Replaces the last word. A root that has looked for the last time has taken the one before; then this one is left unsaid. */
  amendFinalSync(snapshot: MetricSnapshot): void {
    if (this.#road !== 'none') writeFinalSync(this.#folder.finals, snapshot, this.#exported);
  }

  /** What this process has to write itself: all but what the root is known to have exported, of its own and of what the root left behind. */
  collect(snapshot: MetricSnapshot, isLast: boolean): MergedMetrics | undefined {
    return this.successor(snapshot.startTime)?.collect(remainder(snapshot, this.#exported), isLast);
  }

  close(): void {
    this.#client?.close();
    this.#successor?.close();
  }

  #learn(sequence: number): void {
    this.#exported = this.#unanswered.find((snapshot) => snapshot.sequence === sequence) ?? this.#exported;
    while ((this.#unanswered[0]?.sequence ?? Infinity) <= sequence) this.#unanswered.shift();
  }
}
