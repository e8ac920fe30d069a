/** The file of a run's folder that names its root, and tells by its time that the root still works. */
import { statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { clock } from '../config/originals.ts';
import { isOfThisKernel, lifeOf, ownMark, readMark, type Life, type ProcessMark } from '../config/process-mark.ts';
import { readPrivate } from '../config/small-file.ts';
import { writeWhole } from '../config/write-whole.ts';

const PID_FILE = 'pid';
/** A mark has about 150; protects a start from a huge file in its place. */
const MAX_MARK_BYTES = 4_096;

export function writeRootMark(path: string): void {
  writeWhole(join(path, PID_FILE), JSON.stringify(ownMark()));
}

/** To be called now and then by the root: who cannot know whether it lives goes by the age of its mark. */
export function renewRootMark(path: string): void {
  try {
    const seconds = clock.now() / 1_000;
    utimesSync(join(path, PID_FILE), seconds, seconds);
  } catch {
    // The folder was emptied; it is made again with the next child.
  }
}

export interface RootMark extends ProcessMark {
  readonly life: Life;
  /** When it was written or renewed, by the machine's clock. */
  readonly renewedMs: number;
}

/** undefined: there is none, or it is not whole. */
export function readRootMark(path: string): RootMark | undefined {
  const file = join(path, PID_FILE);
  const mark = readMark(readPrivate(file, MAX_MARK_BYTES)?.toString('utf8') ?? '');
  const renewedMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  return mark === undefined || renewedMs === undefined ? undefined : { ...mark, life: lifeOf(mark), renewedMs };
}

export const hasRootMark = (path: string): boolean => statSync(join(path, PID_FILE), { throwIfNoEntry: false }) !== undefined;

/** Also where that cannot be known from this container: its members go on until the root's socket refuses them. */
export function isRootAlive(path: string): boolean {
  const life = readRootMark(path)?.life;
  return life === 'alive' || life === 'unknown';
}

/** The root's socket has refused: whether that proves its end, which nothing proves on another machine. */
export function isRootGone(path: string): boolean {
  const mark = readRootMark(path);
  return mark === undefined || mark.life === 'dead' || (mark.life === 'unknown' && isOfThisKernel(mark));
}
