/** Counts the files that a git command left in conflict, and describes the note by which a process passes it on. */
import { join, resolve } from 'node:path';
import { countUnmerged } from './unmerged.ts';
import { readBytes, readSmall } from '../small-file.ts';
import { gitFolderIn } from './worktree.ts';

/** Written as soon as the command has ended: the next command may be an `--abort` that removes the conflicts. */
export interface ConflictNote {
  readonly count: number;
  /** Real path. */
  readonly worktree: string;
  /** When the child began and ended, epoch ms; the pid would not do, since a git behind a shell has another one. */
  readonly startTime: number;
  readonly endTime: number;
}

/** Where a command works. `GIT_DIR` and `GIT_INDEX_FILE` are as in its environment, relative to the worktree. */
export interface GitPlace {
  readonly worktree: string;
  readonly GIT_DIR?: string | undefined;
  readonly GIT_INDEX_FILE?: string | undefined;
}

/** Names of notes in the run's folder begin with this. */
export const NOTE_PREFIX = 'conflicts-';

/** Clocks and the times of files differ by some milliseconds between processes. */
export const CLOCK_SLACK_MS = 20;

/** An index of 300,000 files. Protects the program's event loop, which reads 100,000 in 10 ms. */
const MAX_INDEX_BYTES = 33_554_432;

/**
 * Files in conflict that were left between two times (epoch ms): by the index, else by the list that git writes into
 * MERGE_MSG. Undefined where there are none.
 */
export function conflictCount({ worktree, ...place }: GitPlace, startTime: number, endTime: number): number | undefined {
  const folder = place.GIT_DIR === undefined ? gitFolderIn(worktree) : resolve(worktree, place.GIT_DIR);
  if (folder === undefined) return undefined;
  const isFromThen = ({ modifiedMs }: { modifiedMs: number }): boolean =>
    modifiedMs >= startTime - CLOCK_SLACK_MS && modifiedMs <= endTime + CLOCK_SLACK_MS;
  const index = readBytes(resolve(worktree, place.GIT_INDEX_FILE ?? join(folder, 'index')), MAX_INDEX_BYTES, isFromThen);
  const unmerged = index === undefined ? undefined : countUnmerged(index);
  if (unmerged !== undefined) return unmerged === 0 ? undefined : unmerged;
  const message = readSmall(join(folder, 'MERGE_MSG'));
  if (message === undefined || !isFromThen(message)) return undefined;
  return /^# Conflicts:\n((?:#\t.*\n?)+)/m.exec(message.text)?.[1]?.trimEnd().split('\n').length;
}
