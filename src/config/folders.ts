/** Where our folders are: the one answer to which cache, state, data and temporary folder this process uses. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { makeOwnFolder } from './private-folder.ts';
import type { Settings } from './settings/index.ts';
import { startedWith } from './started-with.ts';
import { distrust } from './trusted-path.ts';

type Places = Pick<Settings, 'cacheFolder' | 'stateFolder' | 'dataFolder' | 'home'>;
type Environment = Readonly<Record<string, string | undefined>>;

/** Nothing can be made below it: what would be kept there is given up, as on a disk that cannot be written. */
const NOWHERE = '/dev/null/swarmscope';
const isWindows = process.platform === 'win32';

/** Folder for private copies of the preload and built binaries. */
export function cacheFolder(settings: Places): string {
  // What lies here is executed, so no other user may be able to change it.
  return folderOf(settings, settings.cacheFolder, ['.cache'], (path) => isWritable(path) && distrust(path) === undefined);
}

/** Folder for status files and for what waits for an endpoint. */
export function stateFolder(settings: Places): string {
  return folderOf(settings, settings.stateFolder, ['.local', 'state'], isWritable);
}

/** Folder for stored runs. */
export function dataFolder(settings: Places): string {
  return folderOf(settings, settings.dataFolder, ['.local', 'share'], isWritable);
}

/** Folder for what a run needs until it ends: the first that is absolute, there, and can be written. */
export function temporaryFolder({ TMPDIR, TMP, TEMP }: Environment = startedWith): string {
  if (isWindows) return process.getBuiltinModule('node:os').tmpdir();
  const named = [TMPDIR, TMP, TEMP].filter((path) => path !== undefined && isAbsolute(path)) as string[];
  return [...named, '/tmp', '/var/tmp'].find(isWritableFolder) ?? '/tmp';
}

export interface HomeProblem {
  readonly text: string;
  readonly next: string;
}

/** undefined: no folder of ours had to be put elsewhere, since there is a home folder or each is named. */
export function homeProblem(settings: Places): HomeProblem | undefined {
  const place = insteadPath() + sep;
  const away = [cacheFolder(settings), stateFolder(settings), dataFolder(settings)].filter((path) => path.startsWith(place));
  if (away.length === 0) return undefined;
  const why = homeOf(settings) === '' ? 'is no absolute path' : 'is not there, cannot be written, or other users can change it';
  const what = away.length === 3 ? 'all of ours' : 'a part of ours';
  return {
    text: `The home folder (HOME) ${why}: ${what} is kept in ${insteadPath()}, which lasts as long as temporary files do.`,
    next: 'set HOME, or XDG_CACHE_HOME, XDG_STATE_HOME and XDG_DATA_HOME, to a folder of yours',
  };
}

/** The user's home folder; empty where there is none. */
export function homeOf({ home = process.getBuiltinModule('node:os').homedir() }: Pick<Settings, 'home'>): string {
  return isAbsolute(home) ? home : '';
}

function folderOf(settings: Places, given: string, below: readonly string[], isUsable: (path: string) => boolean): string {
  if (given !== '') return join(given, 'swarmscope');
  const home = homeOf(settings);
  const path = join(home, ...below, 'swarmscope');
  // `/nonexistent` is the home of accounts that have none: it is not made.
  return home !== '' && (isWindows || (isFolder(home) && isUsable(path))) ? path : join(instead(), ...below, 'swarmscope');
}

/** For an account without a home (`nobody`, a container's number without a name), and for a home on a read-only disk. */
function instead(): string {
  const path = insteadPath();
  try {
    // At once, so that nobody else makes it first; where somebody has, it is not used.
    makeOwnFolder(path);
    return path;
  } catch {
    return NOWHERE;
  }
}

const insteadPath = (): string => join(temporaryFolder(), `swarmscope-home-${process.getuid?.() ?? 'user'}`);

/** It is there and can be written, or it can be made. */
function isWritable(path: string): boolean {
  let at = path;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return isWritableFolder(at);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // ENOENT, EACCES, ELOOP
    return false;
  }
}

function isWritableFolder(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return isFolder(path);
  } catch {
    // ENOENT, EACCES, EROFS
    return false;
  }
}
