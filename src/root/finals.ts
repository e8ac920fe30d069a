/** Final metric snapshots: files, since a socket sends nothing from an `exit` handler. They stay until exported. */
import { join } from 'node:path';
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { readPrivate } from '../config/small-file.ts';
import { writeWhole } from '../config/write-whole.ts';
import { MAX_LINE_BYTES } from './lines.ts';
import { remainder } from './remainder.ts';
import { packSnapshot, readSnapshot } from './snapshot.ts';
import type { MetricSnapshot } from './types.ts';

/** As a line of the channel; a larger file is not ours. */
const MAX_FINAL_BYTES = MAX_LINE_BYTES;
/** Read per call; the rest waits for the next. */
const MAX_FINALS_PER_READ = 5_000;
/** Read files kept for whoever follows a root that dies; more only while the endpoint is away. */
const MAX_KEPT = 5_000;
const SUFFIX = '.json';
/** Folder in the run folder to which processes write, and its name once the root takes its last look. */
export const FINALS = 'finals';
export const SEALED_FINALS = 'finals.last';
const adoptedName = (name: string): string => `${name}.adopted`;
export const FINALS_NAMES: readonly string[] = [FINALS, SEALED_FINALS].flatMap((name) => [name, adoptedName(name)]);
/** Of a file that the root has read and not yet exported. */
const READ_SUFFIX = '.read';

/**
 * Writes the snapshot into `folder`, whole or not at all, and returns whether it is there. A later one replaces it;
 * `exported` is what the root is known to have exported of this process.
 */
export function writeFinalSync(folder: string, snapshot: MetricSnapshot, exported?: MetricSnapshot): boolean {
  const path = join(folder, `${fileName(snapshot.processKey)}${SUFFIX}`);
  try {
    const text = JSON.stringify({ ...packSnapshot(snapshot), exported: exported && packSnapshot(exported) });
    if (Buffer.byteLength(text) > MAX_FINAL_BYTES) return false;
    writeWhole(path, text);
    return true;
  } catch {
    // The folder is gone, full or read-only: the caller writes its own metrics.
    return false;
  }
}

/** The root's reader. Read files are renamed and removed once exported: a killed root leaves them to its successor. */
export class FinalsReader {
  readonly #onBad: () => void;
  /** Paths of read files, with the reading that took them; the oldest first. */
  readonly #kept = new Map<string, number>();
  #reading = 0;

  constructor(onBad: () => void) {
    this.#onBad = onBad;
  }

  /** New finals in `folder`; what cannot be read is removed and counted by `onBad`. */
  take(folder: string): MetricSnapshot[] {
    const snapshots: MetricSnapshot[] = [];
    this.#reading++;
    for (const name of namesIn(folder, [SUFFIX])) {
      // Renamed before it is read, so that a newer final that the process writes in between is not taken for read.
      const path = this.#claim(join(folder, name));
      const snapshot = readFinal(path)?.snapshot;
      if (snapshot !== undefined) snapshots.push(snapshot);
      else {
        this.#onBad();
        this.#remove(path);
      }
    }
    return snapshots;
  }

  /** Everything read so far; call the result when that has been exported. */
  mark(): () => void {
    const reading = this.#reading;
    return () => {
      for (const [path, at] of this.#kept) if (at <= reading) this.#remove(path);
    };
  }

  move(from: string, to: string): void {
    const moved = [...this.#kept].map(([path, at]) => [path.replace(from, to), at] as const);
    this.#kept.clear();
    for (const [path, at] of moved) this.#kept.set(path, at);
  }

  /** Its new path. */
  #claim(path: string): string {
    const read = `${path.slice(0, -SUFFIX.length)}${READ_SUFFIX}`;
    try {
      renameSync(path, read);
    } catch {
      // Held by another program: read where it is, and again next time, which changes nothing.
      return path;
    }
    this.#kept.delete(read);
    this.#kept.set(read, this.#reading);
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#remove(oldest);
    return read;
  }

  #remove(path: string): void {
    this.#kept.delete(path);
    remove(path);
  }
}

/** What a dead root left unexported of ended processes. The folder is renamed first, so only one caller gets it. */
export function adoptFinals(path: string): MetricSnapshot[] {
  return [FINALS, SEALED_FINALS].flatMap((name) => {
    const adopted = join(path, adoptedName(name));
    try {
      renameSync(join(path, name), adopted);
    } catch {
      // Another process was faster, or the folder went with its root.
      return [];
    }
    return namesIn(adopted, [SUFFIX, READ_SUFFIX]).flatMap((file) => {
      const final = readFinal(join(adopted, file));
      return final === undefined ? [] : [remainder(final.snapshot, final.exported)];
    });
  });
}

function namesIn(folder: string, suffixes: readonly string[]): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => suffixes.some((suffix) => name.endsWith(suffix)))
      .slice(0, MAX_FINALS_PER_READ);
  } catch {
    // The folder was removed from outside.
    return [];
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Held by another program; it goes with the folder.
  }
}

function readFinal(path: string): { snapshot: MetricSnapshot; exported: MetricSnapshot | undefined } | undefined {
  try {
    const bytes = readPrivate(path, MAX_FINAL_BYTES);
    if (bytes === undefined) return undefined;
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    const snapshot = readSnapshot(value);
    return snapshot === undefined ? undefined : { snapshot, exported: readSnapshot((value as { exported?: unknown }).exported) };
  } catch {
    // Not JSON, or not to be read.
    return undefined;
  }
}

const fileName = (processKey: string): string => processKey.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 100);
