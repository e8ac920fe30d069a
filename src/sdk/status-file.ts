/** The private file in which a process notes what it recorded, sent and dropped, for `swarmscope doctor`. */
import { basename, dirname, join } from 'node:path';
import { readdirSync, rmSync } from 'node:fs';
import { makeOwnFolders } from '../config/private-folder.ts';
import { stateFolder } from '../config/folders.ts';
import type { Policies } from '../config/policies/types.ts';
import type { SettingProblem, Settings, Signal } from '../config/settings/index.ts';
import { isOurs, readPrivate, statusOf } from '../config/small-file.ts';
import { writeWhole } from '../config/write-whole.ts';
import { cancel, clock, later, type Timer } from '../config/originals.ts';
import type { FoundLibrary } from './libraries.ts';
import type { SignalTally } from './tally.ts';

export interface ObserverStatus {
  readonly isOn: boolean;
  readonly why: string;
}

export interface ProcessStatus {
  readonly version: string;
  readonly pid: number;
  readonly threadId: number;
  readonly startTime: number;
  readonly time: number;
  readonly isEnded: boolean;
  readonly serviceName: string;
  readonly runId: string;
  readonly node: string;
  /** Per signal, credentials removed; `off` when that exporter is off. */
  readonly endpoints: Readonly<Record<Signal, string>>;
  readonly signals: Readonly<Record<Signal, SignalTally>>;
  readonly observers: Readonly<Record<string, ObserverStatus>>;
  /** Libraries that were loaded and are known. Absent in files of older versions. */
  readonly libraries?: readonly FoundLibrary[];
  /** In force; `version` 0: none were ever set. Absent in files of older versions. */
  readonly policies?: (Policies & { readonly version: number }) | undefined;
  readonly counters: Readonly<Record<string, number>>;
  /** What our runtime holds in memory right now, by name; each is bounded. Absent in files of older versions. */
  readonly held?: Readonly<Record<string, number>>;
  readonly problems: readonly SettingProblem[];
}

/** `doctor` shows the last few; the rest would only fill a disk. */
const KEPT_FILES = 200;
const PRUNE_ABOVE = 250;
const WRITE_INTERVAL_MS = 1_000;
/** A file that is newer than this is not from now. */
const AHEAD_MS = 60_000;
const MAX_FILE_BYTES = 262_144;

export interface StatusFile {
  /** Something changed: written within a second. */
  touch(): void;
  /** Writes now; called again, once more. */
  close(): void;
}

/** Calls `read` when a write is due. A folder that cannot be written is given up silently: the app pays nothing. */
export function createStatusFile(settings: Settings, name: string, read: (isEnded: boolean) => ProcessStatus): StatusFile {
  const folder = statusFolder(settings);
  const file = join(folder, `${name}.json`);
  let timer: Timer | undefined;
  let isReady = false;
  let isGivenUp = false;
  let isClosed = false;
  const write = (isEnded: boolean): void => {
    cancel(timer);
    timer = undefined;
    if (isGivenUp) return;
    try {
      if (!isReady) prepare(folder);
      isReady = true;
      // Renamed into place: a reader never sees half a file.
      writeWhole(file, JSON.stringify(read(isEnded)));
    } catch {
      // No home folder, a read-only disk, no space.
      isGivenUp = true;
    }
    isClosed ||= isEnded;
  };
  return {
    touch() {
      if (!isGivenUp && !isClosed) timer ??= later(WRITE_INTERVAL_MS, () => write(false));
    },
    close: () => write(true),
  };
}

/** The newest status first. Files that cannot be read are left out. */
export function readStatusFiles(settings: Settings, limit = KEPT_FILES): ProcessStatus[] {
  const folder = statusFolder(settings);
  const found: ProcessStatus[] = [];
  for (const { path } of filesByAge(folder).slice(0, limit)) {
    try {
      const bytes = readPrivate(path, MAX_FILE_BYTES, isOurs);
      if (bytes === undefined) continue;
      const status: unknown = JSON.parse(bytes.toString('utf8'));
      if (isStatus(status)) found.push(status);
    } catch {
      // Half a file of a process that died while writing, or pruned meanwhile.
    }
  }
  return found;
}

export function statusFolder(settings: Settings): string {
  return join(stateFolder(settings), 'status');
}

/** The endpoint as it may be shown: no user, password, query or fragment, and no part of the path that looks like a key. */
export function scrubUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/[\w-]{32,}(?=\/|$)/g, '/***')}`;
}

function isStatus(value: unknown): value is ProcessStatus {
  if (!isRecord(value)) return false;
  const { version, pid, serviceName, time, endpoints, signals, observers, libraries = [], policies, counters, problems } = value;
  return (
    [version, serviceName].every((text) => typeof text === 'string') &&
    [pid, time].every((number) => typeof number === 'number') &&
    isRecord(endpoints) &&
    isRecord(signals) &&
    ['traces', 'metrics', 'logs'].every((signal) => typeof endpoints[signal] === 'string' && isTally(signals[signal])) &&
    isRecord(counters) &&
    isRecord(observers) &&
    Object.values(observers).every((observer) => isRecord(observer) && typeof observer['why'] === 'string') &&
    Array.isArray(libraries) &&
    libraries.every((library) => isRecord(library) && ['name', 'version', 'observer'].every((name) => typeof library[name] === 'string')) &&
    (policies === undefined || (isRecord(policies) && typeof policies['version'] === 'number')) &&
    Array.isArray(problems) &&
    problems.every((problem) => isRecord(problem) && ['env', 'expected', 'received'].every((name) => typeof problem[name] === 'string'))
  );
}

function isTally(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value['dropped'])) return false;
  const { recorded, sent, dropped, spooled, lastAnswer } = value;
  return (
    [recorded, sent, ...Object.values(dropped)].every((count) => typeof count === 'number') &&
    (spooled === undefined || typeof spooled === 'number') &&
    (lastAnswer === undefined || (isRecord(lastAnswer) && typeof lastAnswer['text'] === 'string'))
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function prepare(folder: string): void {
  makeOwnFolders(dirname(folder), [basename(folder)]);
  if (readdirSync(folder).length <= PRUNE_ABOVE) return;
  for (const { path } of filesByAge(folder, '').slice(KEPT_FILES)) rmSync(path, { force: true });
}

function filesByAge(folder: string, extension = '.json'): { path: string; time: number }[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    // Nothing was ever recorded here.
    return [];
  }
  const files: { path: string; time: number }[] = [];
  for (const name of names) {
    if (!name.endsWith(extension)) continue;
    const path = join(folder, name);
    const time = statusOf(path)?.mtimeMs;
    if (time !== undefined) files.push({ path, time });
  }
  // What was written under a clock that was ahead would stay the newest until the clock catches up: it is the oldest.
  const latest = clock.now() + AHEAD_MS;
  return files.sort((a, b) => Number(a.time > latest) - Number(b.time > latest) || b.time - a.time);
}

/** Unique per process and thread, and sorts by start. */
export function statusName(pid: number, startTime: number, threadId: number): string {
  return `${pid}-${Math.floor(startTime)}${threadId === 0 ? '' : `-t${threadId}`}`;
}
