/** Counts the files that a git command left in conflict, and describes the note by which a process passes it on. */
import { join } from 'node:path';
import { gitFolderIn, readSmall } from './worktree.ts';

/** Written as soon as the command has ended: the next command may be an `--abort` that removes the conflicts. */
export interface ConflictNote {
  readonly count: number;
  /** Real path. */
  readonly worktree: string;
  /** When the child began and ended, epoch ms; the pid would not do, since a git behind a shell has another one. */
  readonly startTime: number;
  readonly endTime: number;
}

/** Names of notes in the run's folder begin with this. */
export const NOTE_PREFIX = 'conflicts-';

/** Clocks and the times of files differ by some milliseconds between processes. */
export const CLOCK_SLACK_MS = 20;

/** Files in conflict that were left between two times (epoch ms), by the list that git writes into MERGE_MSG. */
export function conflictCount(worktree: string, startTime: number, endTime: number): number | undefined {
  const folder = gitFolderIn(worktree);
  const message = folder === undefined ? undefined : readSmall(join(folder, 'MERGE_MSG'));
  if (message === undefined || message.modifiedMs < startTime - CLOCK_SLACK_MS || message.modifiedMs > endTime + CLOCK_SLACK_MS)
    return undefined;
  return /^# Conflicts:\n((?:#\t.*\n?)+)/m.exec(message.text)?.[1]?.trimEnd().split('\n').length;
}
