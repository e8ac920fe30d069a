/** The private folder of a run: where its channel, git events and last metrics are. */
import { randomBytes } from 'node:crypto';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { temporaryFolder } from '../config/folders.ts';
import { gitFolderOf } from '../config/git/target.ts';
import { clock } from '../config/originals.ts';
import { leftIn, parentOfRuns } from '../config/run-folder-files.ts';
import { makePrivateFolder } from '../config/private-folder.ts';
import { FINALS } from './finals.ts';
import { prune, removeFolder } from './prune.ts';
import { hasRootMark, isRootAlive, writeRootMark } from './root-mark.ts';

/** `sun_path` holds 104 bytes on macOS and 108 on Linux, the closing zero included. */
const MAX_SOCKET_PATH_BYTES = 103;
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
      if (path !== undefined) removeFolder(path);
    }
  }
  return { reason: [...new Set(reasons)].join('; ') };
}

/** The folder that a parent handed down, if it is private, ours and its root is not known to be gone; else undefined. */
export function openRunFolder(path: string): RunFolder | undefined {
  if (path === '' || !isAbsolute(path) || privacyFault(path) !== undefined || !isRootAlive(path)) return undefined;
  // It is the root's to remove.
  return { path, channel: channelOf(path), finals: join(path, FINALS), remove: () => undefined };
}

/** By it a folder is known that was whole: nothing has been made, renamed or removed in it since. Asked at each child. */
const seenWhole = new WeakMap<RunFolder, string>();
/** Two changes within one tick of a file system's clock leave the same time: what changed just now is looked at again. */
const SETTLED_MS = 50;

/** Whether what processes of the run look for is there: something may have emptied the temporary folder meanwhile. */
export function isWhole(folder: RunFolder): boolean {
  const { path, finals } = folder;
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  const state = `${found.ino} ${found.mtimeMs}`;
  if (seenWhole.get(folder) === state) return true;
  if (!hasRootMark(path) || !existsSync(gitFolderOf(path)) || !existsSync(finals) || !leftIn(path).every(existsSync)) return false;
  if (Math.abs(clock.now() - found.mtimeMs) > SETTLED_MS) seenWhole.set(folder, state);
  return true;
}

/** Makes again what is missing of the folder, at the same place. Throws where that is somebody else's by now. */
export function mendRunFolder({ path }: RunFolder): void {
  makePrivateFolder(path);
  const parent = dirname(path);
  for (const each of basename(parent) === parentOfRuns() ? [parent, path] : [path]) {
    const fault = privacyFault(each);
    if (fault !== undefined) throw new Error(`${each} ${fault}`);
  }
  for (const folder of [gitFolderOf(path), join(path, FINALS), ...leftIn(path)]) makePrivateFolder(folder);
  writeRootMark(path);
}

function inParent(base: string): string {
  const parent = join(base, parentOfRuns());
  makePrivateFolder(parent);
  const fault = privacyFault(parent);
  if (fault === 'mode') chmodSync(parent, 0o700);
  else if (fault !== undefined) throw new Error(`${parent} ${fault}`);
  prune(parent, channelOf);
  const path = join(parent, randomBytes(8).toString('hex'));
  mkdirSync(path, { mode: 0o700 });
  return path;
}

const inFresh = (base: string): string => mkdtempSync(join(base, 'swarmscope-'));

function furnish(path: string, channel: string): RunFolder {
  const finals = join(path, FINALS);
  mkdirSync(gitFolderOf(path), { mode: 0o700 });
  for (const folder of [finals, ...leftIn(path)]) mkdirSync(folder, { mode: 0o700 });
  writeRootMark(path);
  return { path, channel, finals, remove: () => removeFolder(path) };
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
