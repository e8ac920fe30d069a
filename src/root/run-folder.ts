/** The private folder of a run: where its channel, git events and last metrics are. */
import { randomBytes } from 'node:crypto';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { temporaryFolder } from '../config/folders.ts';
import { gitFolderOf } from '../config/git/target.ts';
import { makePrivateFolder } from '../config/private-folder.ts';
import { FINALS, FINALS_NAMES } from './finals.ts';
import { isAlive, markOf, readMark } from './liveness.ts';
import { clock } from '../config/originals.ts';

/** `sun_path` holds 104 bytes on macOS and 108 on Linux, the closing zero included. */
const MAX_SOCKET_PATH_BYTES = 103;
/** Looked at per start; protects the start from a folder with thousands of dead runs. */
const MAX_PRUNED = 200;
/** A folder without a pid file may be one that is just being made. */
const UNMARKED_GRACE_MS = 3_600_000;
/** Last metrics of a run whose root was killed wait this long for a process of that run to take them over. */
const ADOPTION_GRACE_MS = 60_000;
const PID_FILE = 'pid';

export const isWindows = process.platform === 'win32';

export interface RunFolder {
  readonly path: string;
  /** Unix socket path, or the name of a pipe on Windows. */
  readonly channel: string;
  readonly finals: string;
  remove(): void;
}

export type FolderResult = { readonly folder: RunFolder } | { readonly reason: string };

export function channelOf(path: string): string {
  return isWindows ? `\\\\.\\pipe\\swarmscope-${path.replace(/[^A-Za-z0-9]+/g, '-').slice(-100)}` : join(path, 'channel.sock');
}

/**
 * Makes the folder, 0700, below `base`; in a fresh private one where the parent cannot be trusted, and in `/tmp` where
 * a socket path would get too long. Removes folders of dead roots. Synchronous, never throws.
 */
export function createRunFolder(base: string = temporaryFolder()): FolderResult {
  const reasons: string[] = [];
  const attempts = [() => inParent(base), () => inFresh(base), ...(isWindows || base === '/tmp' ? [] : [() => inFresh('/tmp')])];
  for (const attempt of attempts) {
    let path: string | undefined;
    try {
      path = attempt();
      const channel = channelOf(path);
      if (!isWindows && Buffer.byteLength(channel) > MAX_SOCKET_PATH_BYTES)
        throw new Error(`socket path is longer than ${MAX_SOCKET_PATH_BYTES} bytes: ${channel}`);
      return { folder: furnish(path, channel) };
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
      if (path !== undefined) removeQuietly(path);
    }
  }
  return { reason: [...new Set(reasons)].join('; ') };
}

/** The folder that a parent handed down, if it is private, ours and its root lives; else undefined. */
export function openRunFolder(path: string): RunFolder | undefined {
  if (path === '' || !isAbsolute(path) || privacyFault(path) !== undefined || !isRootAlive(path)) return undefined;
  // It is the root's to remove.
  return { path, channel: channelOf(path), finals: join(path, FINALS), remove: () => undefined };
}

export function isRootAlive(path: string): boolean {
  try {
    const mark = readMark(readFileSync(join(path, PID_FILE), 'utf8'));
    return mark !== undefined && isAlive(mark);
  } catch {
    // The folder went with its root.
    return false;
  }
}

/** Whether what processes of the run look for is there: something may have emptied the temporary folder meanwhile. */
export function isWhole({ path, finals }: RunFolder): boolean {
  return existsSync(join(path, PID_FILE)) && existsSync(gitFolderOf(path)) && existsSync(finals);
}

/** Makes again what is missing of the folder, at the same place. Throws where that is somebody else's by now. */
export function mendRunFolder({ path }: RunFolder): void {
  makePrivateFolder(path);
  const parent = dirname(path);
  for (const each of basename(parent) === parentName() ? [parent, path] : [path]) {
    const fault = privacyFault(each);
    if (fault !== undefined) throw new Error(`${each} ${fault}`);
  }
  for (const folder of [gitFolderOf(path), join(path, FINALS)]) makePrivateFolder(folder);
  writeMark(path);
}

function inParent(base: string): string {
  const parent = join(base, parentName());
  makePrivateFolder(parent);
  const fault = privacyFault(parent);
  if (fault === 'mode') chmodSync(parent, 0o700);
  else if (fault !== undefined) throw new Error(`${parent} ${fault}`);
  prune(parent);
  const path = join(parent, randomBytes(4).toString('hex'));
  mkdirSync(path, { mode: 0o700 });
  return path;
}

const inFresh = (base: string): string => mkdtempSync(join(base, 'swarmscope-'));

function furnish(path: string, channel: string): RunFolder {
  const finals = join(path, FINALS);
  mkdirSync(gitFolderOf(path), { mode: 0o700 });
  mkdirSync(finals, { mode: 0o700 });
  writeMark(path);
  return { path, channel, finals, remove: () => removeQuietly(path) };
}

function writeMark(path: string): void {
  writeFileSync(join(path, PID_FILE), JSON.stringify(markOf(process.pid)), { mode: 0o600 });
}

/** What makes a folder not private: `mode` where that can be mended. */
function privacyFault(path: string): string | undefined {
  try {
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) return 'is a symbolic link';
    if (!stat.isDirectory()) return 'is not a folder';
    if (isWindows) return undefined;
    if (stat.uid !== process.getuid?.()) return 'belongs to another user';
    return (stat.mode & 0o077) === 0 ? undefined : 'mode';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Removes what dead roots of this user left, at most {@link MAX_PRUNED} folders. */
function prune(parent: string): void {
  try {
    for (const name of readdirSync(parent).slice(0, MAX_PRUNED)) {
      const path = join(parent, name);
      const stat = lstatSync(path);
      if (stat.isDirectory() && isStale(path, stat.mtimeMs)) removeQuietly(path);
    }
  } catch {
    // Another root prunes at the same time, or the folder cannot be listed: the next start tries again.
  }
}

function isStale(path: string, mtimeMs: number): boolean {
  try {
    const mark = readMark(readFileSync(join(path, PID_FILE), 'utf8'));
    return mark !== undefined && !isAlive(mark) && !isAwaitingAdoption(path);
  } catch {
    // No pid file yet, or never.
    return clock.now() - mtimeMs > UNMARKED_GRACE_MS;
  }
}

/** Also while a process of that run is reading them. */
function isAwaitingAdoption(path: string): boolean {
  return FINALS_NAMES.some((name) => {
    const finals = join(path, name);
    try {
      return clock.now() - lstatSync(finals).mtimeMs < ADOPTION_GRACE_MS && readdirSync(finals).length > 0;
    } catch {
      // It has another of these names, or is gone.
      return false;
    }
  });
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Windows holds what is open; the next root prunes it.
  }
}

function parentName(): string {
  return `swarmscope-${process.getuid?.() ?? 'user'}`;
}
