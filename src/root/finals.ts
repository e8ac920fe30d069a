/** Last metric snapshots, written synchronously by a process that ends: no socket is sent from inside `exit`. */
import { join } from 'node:path';
import { lstatSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from './originals.ts';
import { readSnapshot } from './snapshot.ts';
import type { MetricSnapshot } from './types.ts';

/** As a line of the channel; a larger file is not ours. */
const MAX_FINAL_BYTES = 4 * 1_048_576;
/** Read per call; the rest waits for the next. */
const MAX_FINALS_PER_READ = 5_000;
const SUFFIX = '.json';

/**
 * Puts the snapshot into `folder` under its process's key, whole or not at all; a later one replaces an earlier. Returns whether it is there: the
 * folder is gone once the root took its last look.
 */
export function writeFinalSync(folder: string, snapshot: MetricSnapshot): boolean {
  const path = join(folder, `${fileName(snapshot.processKey)}${SUFFIX}`);
  const partial = `${path}.${process.pid}.part`;
  try {
    const text = JSON.stringify(snapshot);
    if (Buffer.byteLength(text) > MAX_FINAL_BYTES) return false;
    writeFileSync(partial, text, { mode: 0o600, flag: 'wx' });
    renameSync(partial, path);
    return true;
  } catch {
    // The folder is gone, full or read-only: the caller writes its own metrics.
    return false;
  }
}

/** Reads and removes the finals in `folder`; what cannot be read is removed too and counted by `onBad`. */
export function takeFinals(folder: string, onBad: () => void): MetricSnapshot[] {
  const snapshots: MetricSnapshot[] = [];
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    const snapshot = readFinal(path);
    if (snapshot === undefined) onBad();
    else snapshots.push(snapshot);
    try {
      rmSync(path, { force: true });
    } catch {
      // Held by another program: read again next time, which changes nothing.
    }
  }
  return snapshots;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(SUFFIX))
      .slice(0, MAX_FINALS_PER_READ);
  } catch {
    // The folder was removed from outside.
    return [];
  }
}

function readFinal(path: string): MetricSnapshot | undefined {
  try {
    const stat = lstatSync(path);
    if (!stat.isFile() || stat.size > MAX_FINAL_BYTES) return undefined;
    return readSnapshot(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Not JSON, or not to be read.
    return undefined;
  }
}

const fileName = (processKey: string): string => processKey.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 100);
