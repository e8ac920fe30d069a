/** The session files of this machine: found, and read as they grow within a bound of bytes. */
import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { statusOf } from '../config/small-file.ts';
import { formats } from './catalogue.ts';
import { openReader, type Budget, type FileReader, type Limits } from './file-reader.ts';
import type { SessionFormat } from './format.ts';
import { createSessionStore, type SessionStore } from './store.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Files that are looked at; protects from a folder that holds everything else as well. */
const MAX_FILES = 100_000;

export interface Library {
  readonly store: SessionStore;
  /** Finds files, also those that came since. Files that did not change since `sinceMs` are counted and not read. */
  look(places: readonly Place[], sinceMs: number): void;
  /** Reads what is new, the files of `first` before the others, and stops when the budget is spent. */
  read(budget: Budget, first?: (path: string) => boolean): void;
  /** Whether all that was there at the last look was read, of one session's files or of all. */
  isComplete(paths?: Iterable<string>): boolean;
  /** The file that bears this session's id, whenever it changed last. */
  pathOf(agent: string, id: string): string | undefined;
  /** The id of the session that this file tells, by its name. */
  idOf(agent: string, path: string): string | undefined;
  /** Reads a file whenever it changed last. */
  want(path: string): void;
  /** Files that were not read since they are older. */
  readonly older: number;
}

/** Where an agent with this environment keeps its files. */
export interface Place {
  readonly home: string;
  readonly environment: Environment;
}

export function openLibrary({ limits = {}, maxFiles = MAX_FILES }: { limits?: Limits; maxFiles?: number } = {}): Library {
  const store = createSessionStore();
  const readers = new Map<string, FileReader>();
  const old = new Map<string, { format: SessionFormat; root: string }>();
  const byId = new Map<string, string>();
  const leftOut = new Set<string>();

  function add(format: SessionFormat, root: string, path: string, sinceMs: number): void {
    if (readers.has(path)) return;
    const status = statusOf(path);
    if (status === undefined) return;
    if (!old.has(path) && readers.size + old.size >= maxFiles) {
      if (!leftOut.has(path) && leftOut.size < maxFiles) store.counts.leftOut++;
      leftOut.add(path);
      return;
    }
    const id = format.idOf(path);
    if (id !== undefined) byId.set(`${format.agent}:${id}`, path);
    if (status.mtimeMs < sinceMs && format.kind !== 'database') {
      old.set(path, { format, root });
      return;
    }
    old.delete(path);
    const bornMs = status.birthtimeMs > 0 ? status.birthtimeMs : status.mtimeMs;
    readers.set(path, openReader(format, { path, root, bornMs }, store, limits));
  }

  return {
    store,
    look(places, sinceMs) {
      for (const format of formats) {
        const roots = new Set(places.flatMap(({ environment, home }) => format.roots(environment, home)));
        for (const root of roots)
          for (const path of filesBelow(root, format.maxDepth)) if (format.isSession(path)) add(format, root, join(root, path), sinceMs);
      }
    },
    read(budget, first = () => false) {
      // The older file first: what a fork copied is told by the one that it was copied from.
      const all = [...readers.values()].sort(
        (a, b) => Number(first(b.file.path)) - Number(first(a.file.path)) || a.file.bornMs - b.file.bornMs,
      );
      for (const reader of [...all, ...all]) {
        if (budget.bytes <= 0) return;
        reader.read(budget);
      }
    },
    isComplete(paths = readers.keys()) {
      for (const path of paths) if (readers.get(path)?.isComplete === false) return false;
      return true;
    },
    pathOf: (agent, id) => byId.get(`${agent}:${id}`),
    idOf: (agent, path) => formats.find((format) => format.agent === agent && format.isSession(path))?.idOf(path),
    want(path) {
      const found = old.get(path);
      if (found !== undefined) add(found.format, found.root, path, 0);
    },
    get older() {
      return old.size;
    },
  };
}

/** Paths below a folder, with `/` between. Links to folders are not followed, but the root may be one. */
function* filesBelow(root: string, maxDepth: number, below = ''): Generator<string> {
  let entries: Dirent[];
  try {
    entries = readdirSync(join(root, below), { withFileTypes: true });
  } catch {
    // ENOENT, EACCES: nothing of this agent is here.
    return;
  }
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (!entry.isDirectory()) yield path;
    else if (maxDepth > 1) yield* filesBelow(root, maxDepth - 1, path);
  }
}
