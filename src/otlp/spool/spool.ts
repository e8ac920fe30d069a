/** Requests that the endpoint could not take, on disk for this or another process of the same destination. */
import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { renameSync } from 'node:fs';
import type { Settings } from '../../config/settings/index.ts';
import { clock, isProcessAlive } from '../../config/originals.ts';
import { here } from '../../config/process-mark.ts';
import { destinationFolder, listFolder, listSpool, makeRoom, remove, spoolFolder, type Destination } from './folder.ts';
import { readPrivate } from '../../config/small-file.ts';
import { writeWhole } from '../../config/write-whole.ts';
import { claimedName, isFree, spoolName, unclaimedName } from './name.ts';

/** Requests are 2 MiB and the item that did not fit; what is larger was not made by us. */
const MAX_FILE_BYTES = 8_388_608;

export interface Spool {
  /** Writes one request down; false: it cannot be kept, and nothing is left behind. Never throws. */
  keep(request: { readonly body: Buffer; readonly items: number }): boolean;
  /** Takes over the oldest request that nobody else is sending. */
  claim(): Claimed | undefined;
}

/** A request that this process alone may send. */
export interface Claimed {
  readonly body: Buffer;
  readonly items: number;
  done(): void;
  /** It could not be sent: somebody else may try. */
  release(): void;
}

export interface SpoolOptions extends Destination {
  readonly settings: Settings;
  /** Items by outcome: `spool.expired`, `spool.dropped`, `spool.damaged`; `spool.failed` counts requests. */
  readonly count: (name: string, by: number) => void;
}

/** Touches the disk at the first call of a method, not before. */
export function createSpool({ settings, count, ...destination }: SpoolOptions): Spool {
  const root = spoolFolder(settings);
  const bounds = { maxBytes: settings.spoolMaxBytes, maxAgeMs: settings.spoolMaxAgeMs, count };

  function write({ body, items }: { body: Buffer; items: number }): void {
    const folder = destinationFolder(root, destination, true);
    if (folder === undefined) throw new Error('not private');
    const unique = randomBytes(6).toString('hex');
    writeWhole(join(folder, spoolName({ time: clock.now(), items, bytes: body.length, unique })), body);
  }

  return {
    keep(request) {
      if (request.body.length > Math.min(MAX_FILE_BYTES, settings.spoolMaxBytes)) return false;
      try {
        makeRoom(root, request.body.length, bounds);
        write(request);
        return true;
      } catch {
        // A full or read-only disk, no home folder, a folder that is not ours alone.
        count('spool.failed', 1);
        return false;
      }
    },
    claim() {
      try {
        const folder = destinationFolder(root, destination, false);
        if (folder === undefined) return undefined;
        const reader = { host: thisHost(), now: clock.now(), isAlive: isProcessAlive };
        for (const file of listFolder(folder)) {
          const mine = join(folder, claimedName(file.name, { pid: process.pid, host: reader.host, time: reader.now }));
          if (!isFree(file, reader) || !isMoved(join(folder, file.name), mine)) continue;
          if (reader.now - file.time > settings.spoolMaxAgeMs) count('spool.expired', file.items);
          else {
            const body = readPrivate(mine, MAX_FILE_BYTES);
            if (body?.length === file.bytes)
              return {
                body,
                items: file.items,
                done: () => void remove(mine),
                release: () => void isMoved(mine, unclaimed(folder, file.name)),
              };
            count('spool.damaged', file.items);
          }
          remove(mine);
        }
      } catch {
        // A folder that went away, or is not ours to read.
      }
      return undefined;
    },
  };
}

const unclaimed = (folder: string, name: string): string => join(folder, unclaimedName(name));

/** Of two processes that rename one file, one succeeds. */
function isMoved(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    // ENOENT: the other one was faster.
    return false;
  }
}

/** Pids of another container mean nothing here, also where it has the name of its host. */
function thisHost(): string {
  return createHash('sha256')
    .update(`${hostname()} ${here().space ?? ''}`)
    .digest('hex')
    .slice(0, 8);
}

export interface SpoolSummary {
  readonly files: number;
  readonly items: number;
  readonly bytes: number;
  /** Epoch milliseconds; undefined: it is empty. */
  readonly oldest: number | undefined;
}

/** What waits on this machine, over all destinations: for `doctor`. */
export function readSpool(settings: Settings): SpoolSummary {
  const files = listSpool(spoolFolder(settings));
  const sum = (of: (file: (typeof files)[number]) => number): number => files.reduce((total, file) => total + of(file), 0);
  return { files: files.length, items: sum(({ items }) => items), bytes: sum(({ bytes }) => bytes), oldest: files[0]?.time };
}
