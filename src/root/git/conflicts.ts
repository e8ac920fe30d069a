/** How many files a command left in conflict, counted before a following `--abort` removes the conflicts. */
import { readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { CLOCK_SLACK_MS, conflictCount, NOTE_PREFIX, type ConflictNote } from '../../config/git/conflicts.ts';
import { parseArguments } from './operations.ts';
import { canConflict } from './outcome.ts';
import type { GitCommand } from './trace2-parser.ts';

export interface ConflictCounter {
  /** To be called as soon as a command reports its exit. */
  readonly onExit: (command: GitCommand) => void;
  /** What was there at the command's exit, else what the process that started it noted, else what is there now. */
  readonly countOf: (command: GitCommand, worktree: string) => number | undefined;
}

/** `runFolder` is where processes leave their notes. */
export function createConflictCounter(runFolder: string): ConflictCounter {
  const atExit = new WeakMap<GitCommand, number>();
  return {
    onExit(command) {
      if (command.exitCode !== 1 || command.worktree === undefined) return;
      if (!canConflict(parseArguments(command.argv, command.name).operation)) return;
      const count = countNow(command, command.worktree);
      if (count !== undefined) atExit.set(command, count);
    },
    countOf: (command, worktree) => atExit.get(command) ?? readNote(runFolder, command) ?? countNow(command, worktree),
  };
}

function countNow({ startTime = 0, lastTime = startTime }: GitCommand, worktree: string): number | undefined {
  return conflictCount(worktree, startTime, Math.max(startTime, lastTime));
}

/** Notes looked at: most are read once and removed, more are left only by commands that Trace2 did not report. */
const MAX_NOTES = 100;

/** The note of the process that started this command: in the same worktree, around the same time. */
function readNote(runFolder: string, { worktree, startTime = 0, lastTime = 0 }: GitCommand): number | undefined {
  for (const name of notesIn(runFolder)) {
    const file = join(runFolder, name);
    try {
      const note = JSON.parse(readFileSync(file, 'utf8')) as Partial<ConflictNote>;
      if (note.worktree !== worktree) continue;
      if (startTime < (note.startTime ?? 0) - CLOCK_SLACK_MS || lastTime > (note.endTime ?? 0) + CLOCK_SLACK_MS) continue;
      unlinkSync(file);
      return Number.isSafeInteger(note.count) && Number(note.count) > 0 ? note.count : undefined;
    } catch {
      // Another reader has taken it, or it is only partly written.
    }
  }
  return undefined;
}

function notesIn(runFolder: string): string[] {
  try {
    return readdirSync(runFolder)
      .filter((name) => name.startsWith(NOTE_PREFIX))
      .slice(0, MAX_NOTES);
  } catch {
    // The run folder is gone.
    return [];
  }
}
