/** Whether only this user and root can change what a path leads to: what lies there may be executed. */
import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readSmall, statusOf } from './small-file.ts';

/** Links followed on the way, as in Linux (`MAXSYMLINKS`). Protects from links that lead in a circle. */
const MAX_LINKS = 40;
const GROUP_MAY_WRITE = 0o020;
const ALL_MAY_WRITE = 0o002;
/** In a folder with this bit, as `/tmp` has, only its owner removes or renames an entry. */
const STICKY = 0o1000;
/** The owner of what belongs to nobody in this user namespace: `kernel.overflowuid`. */
const UNMAPPED = 65_534;

/**
 * Why the path must not be trusted; undefined where it may be, also where its end is not there yet. Looks at every
 * folder above it and at every link, each by its owner and mode.
 */
export function distrust(path: string): string | undefined {
  if (process.platform === 'win32') return undefined;
  const left = namesOf(resolve(path));
  let at = '/';
  let links = 0;
  let problem = problemOf(at, lstatSync(at));
  while (problem === undefined) {
    const name = left.shift();
    if (name === undefined) return undefined;
    if (name === '..') {
      at = dirname(at);
      continue;
    }
    const next = join(at, name);
    const found = statusOf(next);
    if (found === undefined) return undefined;
    problem = problemOf(next, found);
    if (!found.isSymbolicLink()) at = next;
    else if (++links > MAX_LINKS) problem = `${next} is one of too many links`;
    else {
      const target = readlinkSync(next);
      if (target.startsWith('/')) at = '/';
      left.unshift(...namesOf(target));
    }
  }
  return problem;
}

const namesOf = (path: string): string[] => path.split('/').filter((name) => name !== '' && name !== '.');

function problemOf(path: string, found: Stats): string | undefined {
  const { uid, mode } = found;
  if (uid !== 0 && uid !== process.getuid?.() && !isUnmapped(uid)) return `${path} belongs to another user`;
  if (!found.isDirectory() || (mode & STICKY) !== 0) return undefined;
  const isOpen = (mode & ALL_MAY_WRITE) !== 0 || ((mode & GROUP_MAY_WRITE) !== 0 && !isOfOwnGroup(found));
  return isOpen ? `other users can change ${path}` : undefined;
}

/** The group that carries the user's own number has no other member, by the custom of Debian and Fedora (umask 002). */
function isOfOwnGroup({ uid, gid }: Stats): boolean {
  return uid !== 0 && uid === gid && gid === process.getgid?.();
}

/** In a sandbox with a user namespace, folders of the real root belong to nobody. */
function isUnmapped(uid: number): boolean {
  if (uid !== UNMAPPED) return false;
  // Absent: no user namespaces here, and it is a user like any other.
  const map = readSmall('/proc/self/uid_map')?.text;
  return map !== undefined && !/^\s*0\s+0\s+4294967295\s*$/.test(map);
}
