/** What was found out about programs of this machine, in the cache folder: by path, size and time, once for all processes. */
import { join } from 'node:path';
import { makeOwnFolder } from '../../config/private-folder.ts';
import { readPrivate } from '../../config/small-file.ts';
import { writeWhole } from '../../config/write-whole.ts';

export interface ProgramFile {
  readonly path: string;
  readonly bytes: number;
  readonly changedMs: number;
}

/** Programs that are remembered. Protects the file, and who reads it, from paths that are made of data. */
const MAX_PROGRAMS = 32;
const MAX_FILE_BYTES = 262_144;

type Facts = Record<string, unknown>;

/** undefined: not known, or another file stands there now. */
export function factOf(cache: string, { path, bytes, changedMs }: ProgramFile): boolean | undefined {
  const entry = read(cache)[path];
  if (!Array.isArray(entry) || entry[0] !== bytes || entry[1] !== changedMs) return undefined;
  return typeof entry[2] === 'boolean' ? entry[2] : undefined;
}

/** Never throws: where it cannot be written, each process finds it out for itself. */
export function noteFact(cache: string, { path, bytes, changedMs }: ProgramFile, fact: boolean): void {
  try {
    const others = Object.entries(read(cache)).filter(([other]) => other !== path);
    const text = JSON.stringify(Object.fromEntries([...others.slice(1 - MAX_PROGRAMS), [path, [bytes, changedMs, fact]]]));
    writeWhole(fileIn(makeOwnFolder(cache)), Buffer.from(text));
  } catch {
    // No home folder, a read-only disk, no space.
  }
}

function read(cache: string): Facts {
  try {
    const facts: unknown = JSON.parse(readPrivate(fileIn(cache), MAX_FILE_BYTES)?.toString('utf8') ?? '{}');
    return typeof facts === 'object' && facts !== null ? (facts as Facts) : {};
  } catch {
    // Cut: it is written anew.
    return {};
  }
}

const fileIn = (cache: string): string => join(cache, 'programs.json');
