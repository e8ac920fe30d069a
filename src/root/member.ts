/** A process that has a root: its metrics go there, and come back to it when the root is gone. */
import { connect, type ChannelClient } from './channel-client.ts';
import { writeFinalSync } from './finals.ts';
import { remainder } from './remainder.ts';
import { isRootAlive, type RunFolder } from './run-folder.ts';
import type { MetricSnapshot } from './types.ts';

/** Snapshots sent and not yet known to be exported; the root answers each collection, so few wait. */
const MAX_UNANSWERED = 8;

export class MemberLink {
  readonly #folder: RunFolder;
  readonly #processKey: string;
  readonly #unanswered: MetricSnapshot[] = [];
  #client: ChannelClient | undefined;
  #road: 'channel' | 'file' | 'none' = 'channel';
  #exported: MetricSnapshot | undefined;

  constructor(folder: RunFolder, processKey: string) {
    this.#folder = folder;
    this.#processKey = processKey;
  }

  get isAlone(): boolean {
    return this.#road === 'none';
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
    if (this.#road !== 'none' && isRootAlive(this.#folder.path) && writeFinalSync(this.#folder.finals, snapshot)) return true;
    this.#road = 'none';
    return false;
  }

  /** What this process has to write itself: all but what the root is known to have exported. */
  remainder(snapshot: MetricSnapshot): MetricSnapshot {
    return remainder(snapshot, this.#exported);
  }

  close(): void {
    this.#client?.close();
  }

  #learn(sequence: number): void {
    this.#exported = this.#unanswered.find((snapshot) => snapshot.sequence === sequence) ?? this.#exported;
    while ((this.#unanswered[0]?.sequence ?? Infinity) <= sequence) this.#unanswered.shift();
  }
}
