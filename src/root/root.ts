/** The process that owns what must exist once per run: the folder, the channel, the merged metrics. */
import { join } from 'node:path';
import { renameSync } from 'node:fs';
import { listen, type ChannelServer, type Member } from './channel-server.ts';
import { FinalsReader, SEALED_FINALS } from './finals.ts';
import { MetricsMerge, type MergedMetrics, type MergeFaults } from './metrics-merge.ts';
import { createRunFolder, type RunFolder } from './run-folder.ts';
import { tellThreads } from './threads.ts';
import type { MetricSnapshot } from './types.ts';

/** Readings of the finals folder at the end; each takes a bounded number of files. */
const MAX_LAST_ROUNDS = 20;

export class RootLink {
  readonly #merge: MetricsMerge;
  readonly #reader: FinalsReader;
  readonly #processKey: string;
  readonly #count: (name: string) => void;
  #folder: RunFolder | undefined;
  #reason: string | undefined;
  #server: ChannelServer | undefined;
  #finals = '';
  #isClosed = false;

  /** `startTime` (ms since the epoch, default now) is that of every series it writes. */
  constructor(processKey: string, count: (name: string) => void, startTime?: number) {
    this.#merge = new MetricsMerge(startTime);
    this.#processKey = processKey;
    this.#count = count;
    this.#reader = new FinalsReader(() => count('run-channel.bad-final'));
  }

  /** Why there is no folder, once one was asked for. */
  get reason(): string | undefined {
    return this.#reason;
  }

  get faults(): MergeFaults {
    return this.#merge.faults;
  }

  /** Makes the folder and listens, on the first call; undefined when that is impossible. Synchronous: a child may start right after. */
  folder(): RunFolder | undefined {
    if (this.#folder !== undefined || this.#reason !== undefined || this.#isClosed) return this.#folder;
    const result = createRunFolder();
    if ('reason' in result) {
      this.#reason = result.reason;
      this.#count('run-folder.failed');
      return undefined;
    }
    this.#folder = result.folder;
    this.#finals = result.folder.finals;
    tellThreads(result.folder.path);
    this.#server = listen({
      address: result.folder.channel,
      onSnapshot: (snapshot) => this.#merge.update(snapshot, true),
      onGone: ({ processKey }) => {
        this.#takeFinals();
        this.#merge.fold(processKey);
      },
      count: this.#count,
    });
    return this.#folder;
  }

  /**
   * Our own metrics and those of all members, merged. `isLast`: from now on members find no place for their finals and write their own, so that none
   * is left unread between this look and our end.
   */
  collect(own: MetricSnapshot, isLast: boolean): MergedMetrics {
    if (isLast) this.#seal();
    for (let round = 0; this.#takeFinals() > 0 && isLast && round < MAX_LAST_ROUNDS; round++);
    this.#merge.update({ ...own, processKey: this.#processKey });
    const merged = this.#merge.collect(own.time);
    const marks = [this.#server?.mark(), this.#reader.mark()];
    return { ...merged, onExported: () => marks.forEach((mark) => mark?.()) };
  }

  /** Takes over what another root left unexported. */
  adopt(snapshots: readonly MetricSnapshot[]): void {
    for (const snapshot of snapshots) {
      this.#merge.update(snapshot);
      this.#merge.fold(snapshot.processKey);
    }
  }

  members(): Member[] {
    return this.#server?.members() ?? [];
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#server?.close();
    this.#folder?.remove();
    if (this.#folder !== undefined) tellThreads(undefined);
  }

  /** How many there were. */
  #takeFinals(): number {
    if (this.#finals === '') return 0;
    const snapshots = this.#reader.take(this.#finals);
    this.adopt(snapshots);
    return snapshots.length;
  }

  #seal(): void {
    if (this.#folder === undefined || this.#finals !== this.#folder.finals) return;
    const sealed = join(this.#folder.path, SEALED_FINALS);
    try {
      renameSync(this.#finals, sealed);
      this.#reader.move(this.#finals, sealed);
      this.#finals = sealed;
    } catch {
      // Windows, a file in it is open: the last look is taken unsealed.
      this.#count('run-folder.unsealed');
    }
  }
}
