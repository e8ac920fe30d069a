/** Removes the folders that dead roots left. A root that cannot be seen from here is dead only when that is proven. */
import type * as Net from 'node:net';
import { join } from 'node:path';
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { cancel, clock, later, outside } from '../config/originals.ts';
import { isOfThisKernel } from '../config/process-mark.ts';
import { leftIn } from '../config/run-folder-files.ts';
import { FINALS_NAMES } from './finals.ts';
import { hasRootMark, readRootMark } from './root-mark.ts';

/** Looked at per start; protects the start from a folder with thousands of dead runs. */
const MAX_PRUNED = 200;
/** A folder without a mark may be one that is just being made. */
const UNMARKED_GRACE_MS = 3_600_000;
/** Last metrics of a run whose root was killed wait this long for a process of that run to take them over. */
const ADOPTION_GRACE_MS = 60_000;
/** What processes left of a run whose root was killed waits so long for `swarmscope report` or the next run. */
const LEFT_GRACE_MS = 86_400_000;
/** A root in another container of this machine renews its mark each minute: after this its socket is asked, too. */
const UNSEEN_MS = 86_400_000;
/** Of another machine, or from before a restart, nothing can be asked; nor where the mark cannot be read. */
const ELSEWHERE_MS = 7 * 86_400_000;
const ANSWER_MS = 1_000;

/** @param channelOf the socket of the root of a folder */
export function prune(parent: string, channelOf: (path: string) => string): void {
  try {
    for (const name of some(readdirSync(parent))) {
      const path = join(parent, name);
      const { mtimeMs, isFolder } = look(path);
      const fate = isFolder ? fateOf(path, mtimeMs) : 'stays';
      if (fate === 'stale') removeFolder(path);
      if (fate === 'asked') ifRefused(channelOf(path), () => removeFolder(path));
    }
  } catch {
    // Another root prunes at the same time, or the folder cannot be listed: the next start tries again.
  }
}

export function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Windows holds what is open; the next root prunes it.
  }
}

/** Others at each start, so that folders which must stay hide none that may go. */
function some(names: readonly string[]): readonly string[] {
  const start = names.length > MAX_PRUNED ? Math.floor(Math.random() * names.length) : 0;
  return [...names.slice(start), ...names.slice(0, start)].slice(0, MAX_PRUNED);
}

function look(path: string): { mtimeMs: number; isFolder: boolean } {
  const stat = lstatSync(path);
  return { mtimeMs: stat.mtimeMs, isFolder: stat.isDirectory() };
}

function fateOf(path: string, mtimeMs: number): 'stays' | 'stale' | 'asked' {
  const mark = readRootMark(path);
  if (mark === undefined) return ageMs(mtimeMs) > (hasRootMark(path) ? ELSEWHERE_MS : UNMARKED_GRACE_MS) ? 'stale' : 'stays';
  if (mark.life === 'alive' || isAwaited(path)) return 'stays';
  if (mark.life === 'dead') return 'stale';
  if (isOfThisKernel(mark)) return ageMs(mark.renewedMs) > UNSEEN_MS ? 'asked' : 'stays';
  return ageMs(mark.renewedMs) > ELSEWHERE_MS ? 'stale' : 'stays';
}

/** Somebody may still read what is in it, or is reading it. */
function isAwaited(path: string): boolean {
  const finals = FINALS_NAMES.map((name) => join(path, name));
  return finals.some((each) => isFilled(each, ADOPTION_GRACE_MS)) || leftIn(path).some((each) => isFilled(each, LEFT_GRACE_MS));
}

function isFilled(folder: string, graceMs: number): boolean {
  try {
    return Math.abs(ageMs(lstatSync(folder).mtimeMs)) < graceMs && readdirSync(folder).length > 0;
  } catch {
    // It has another name, or is gone.
    return false;
  }
}

const ageMs = (mtimeMs: number): number => clock.now() - mtimeMs;

/** A socket that takes a connection has a living root behind it. In the background; holds nothing alive. */
function ifRefused(address: string, act: () => void): void {
  const { createConnection } = process.getBuiltinModule('node:net');
  const socket: Net.Socket = outside(() => createConnection(address));
  socket.unref();
  const timer = later(ANSWER_MS, () => socket.destroy());
  socket.on('connect', () => socket.destroy());
  socket.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'ECONNREFUSED' || code === 'ENOENT') act();
  });
  socket.on('close', () => cancel(timer));
}
