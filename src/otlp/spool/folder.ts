/** The private folder of the spool: one folder per endpoint and credentials, its bounds, and access to its files. */
import { createHmac, randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { existsSync, linkSync, lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { makeOwnFolder, makeOwnFolders } from '../../config/private-folder.ts';
import { stateFolder } from '../../config/folders.ts';
import type { Settings } from '../../config/settings/index.ts';
import { clock } from '../../config/originals.ts';
import { readPrivate } from '../../config/small-file.ts';
import { PART_SUFFIX, writeWhole } from '../../config/write-whole.ts';
import { parseSpoolName, type SpoolName } from './name.ts';

const SALT_BYTES = 32;
/** A name costs a little too: so many small requests are kept at most. */
const MAX_FILES = 4_096;
/** A file that is being written is there for milliseconds; one this old was left by a process that died. */
const STALE_PART_MS = 60_000;

export interface Destination {
  readonly url: URL;
  /** As they are sent; they go into the key, never to disk. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface SpoolFile extends SpoolName {
  readonly folder: string;
}

export const spoolFolder = (settings: Settings): string => join(stateFolder(settings), 'spool');

/** Whether it is a folder that only this user can read or write; a link to one is not. */
export function isPrivateFolder(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.isDirectory() && (found.mode & 0o077) === 0 && found.uid === (process.getuid?.() ?? found.uid);
}

/** The folder of one destination; without `isNew` undefined if there is none. Throws what the file system throws. */
export function destinationFolder(root: string, { url, headers }: Destination, isNew: boolean): string | undefined {
  // One that is there and open to others is not used, and not closed either: what lies in it may be theirs.
  if (isNew && !existsSync(root)) makeOwnFolders(dirname(root), [basename(root)]);
  if (!isPrivateFolder(root)) return undefined;
  const salt = readSalt(root) ?? (isNew ? makeSalt(root) : undefined);
  if (salt === undefined) return undefined;
  const sent = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value])
    .filter(([name]) => name !== 'user-agent')
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  const key = createHmac('sha256', salt)
    .update(JSON.stringify([url.href, sent]))
    .digest('hex')
    .slice(0, 32);
  const folder = join(root, key);
  if (isNew) makeOwnFolder(folder);
  return isPrivateFolder(folder) ? folder : undefined;
}

/** All that waits, oldest first. Throws nothing: what cannot be listed is not there. */
export function listSpool(root: string): SpoolFile[] {
  return namesIn(root)
    .filter((name) => /^[0-9a-f]{32}$/.test(name) && isPrivateFolder(join(root, name)))
    .flatMap((name) => listFolder(join(root, name)))
    .sort((a, b) => a.time - b.time);
}

/** What waits for one destination, oldest first; what a writer left half-way is removed. */
export function listFolder(folder: string): SpoolFile[] {
  const files: SpoolFile[] = [];
  for (const name of namesIn(folder)) {
    const parsed = parseSpoolName(name);
    if (parsed !== undefined) files.push({ ...parsed, folder });
    else if (name.endsWith(PART_SUFFIX) && !(clock.now() - Number(name.slice(0, 13)) < STALE_PART_MS)) remove(join(folder, name));
  }
  return files.sort((a, b) => a.time - b.time);
}

export interface Bounds {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  /** Items that had to go: `spool.expired`, `spool.dropped`. */
  readonly count: (name: string, by: number) => void;
}

/** Removes what is too old, and then the oldest until `bytes` more fit. */
export function makeRoom(root: string, bytes: number, { maxBytes, maxAgeMs, count }: Bounds): void {
  const files = listSpool(root);
  let total = files.reduce((sum, file) => sum + file.bytes, 0);
  let left = files.length;
  for (const file of files) {
    const isOld = clock.now() - file.time > maxAgeMs;
    if (!isOld && total + bytes <= maxBytes && left < MAX_FILES) continue;
    total -= file.bytes;
    left--;
    if (remove(join(file.folder, file.name))) count(isOld ? 'spool.expired' : 'spool.dropped', file.items);
  }
  for (const folder of new Set(files.map((file) => file.folder))) removeIfEmpty(folder);
}

/** False: somebody else was faster, or it cannot be removed. */
export function remove(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch {
    // ENOENT, EACCES
    return false;
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // ENOTEMPTY: it is in use.
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Nothing was ever kept, or it is not ours to read.
    return [];
  }
}

function readSalt(root: string): Buffer | undefined {
  const salt = readPrivate(join(root, 'salt'), SALT_BYTES);
  return salt?.length === SALT_BYTES ? salt : undefined;
}

/** Linked into place whole: of two processes that make one, both use the first. */
function makeSalt(root: string): Buffer | undefined {
  const mine = join(root, `salt-${randomBytes(6).toString('hex')}`);
  writeWhole(mine, randomBytes(SALT_BYTES));
  try {
    linkSync(mine, join(root, 'salt'));
  } catch {
    // EEXIST
  } finally {
    remove(mine);
  }
  return readSalt(root);
}
