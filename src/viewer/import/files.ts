/** Which files a command line means: those named, those in a folder, and standard input. */
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';

/** Something that is read once, from its first byte to its last. */
export interface Source {
  /** As the user named it, for messages. */
  readonly name: string;
  /** Known to be protobuf, whose first bytes may look like text. */
  readonly isProtobuf?: boolean;
  open(): Readable;
}

/** Bytes of JSON and of protobuf, as they are or packed. What is in a file is told by its first bytes: the name only chooses in a folder. */
const KNOWN = /\.(?:json|jsonl|ndjson|pb)(?:\.(?:gz|zst))?$/i;
/** A collector makes a folder for each group of what it writes; protects from a folder that holds the whole disk. */
const MAX_DEPTH = 8;
const MAX_FILES = 10_000;

/** What cannot be used, by why. */
export interface Unusable {
  readonly path: string;
  readonly why: string;
}

/** `-` is standard input. In a folder, the files whose names say that they may hold telemetry, in the order of their names. */
export function findFiles(paths: readonly string[]): { sources: Source[]; unusable: Unusable[] } {
  const sources: Source[] = [];
  const unusable: Unusable[] = [];
  for (const path of paths) {
    if (path === '-') {
      sources.push({ name: 'standard input', open: () => process.stdin });
      continue;
    }
    try {
      if (!statSync(path).isDirectory()) {
        sources.push(fileSource(path));
        continue;
      }
      const found = filesIn(path);
      if (found.length === 0) unusable.push({ path, why: 'the folder holds no .json, .jsonl, .ndjson or .pb, packed or not' });
      else sources.push(...found.map(fileSource));
    } catch (error) {
      unusable.push({ path, why: whyOf(error) });
    }
  }
  return { sources, unusable };
}

const fileSource = (path: string): Source => ({
  name: path,
  isProtobuf: /\.pb(?:\.(?:gz|zst))?$/i.test(path),
  open: () => createReadStream(path, { highWaterMark: 256 * 1024 }),
});

function filesIn(folder: string, depth = 0): string[] {
  if (depth > MAX_DEPTH) return [];
  const found: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...filesIn(path, depth + 1));
    else if (entry.isFile() && KNOWN.test(basename(path))) found.push(path);
    if (found.length > MAX_FILES) return found.slice(0, MAX_FILES);
  }
  return found;
}

const WHYS: Readonly<Record<string, string>> = { ENOENT: 'no such file', EACCES: 'it may not be read', ENOTDIR: 'no such file' };

function whyOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return WHYS[code ?? ''] ?? message;
}
