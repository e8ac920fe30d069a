/** How many files a command left in conflict, looked up before a `--abort` behind it wipes them away. */
import { readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { NOTE_PREFIX, type ConflictNote } from './conflict-note.ts';
import { parseArguments } from './operations.ts';
import { canConflict } from './outcome.ts';
import type { RepositoryReader } from './repository.ts';
import type { GitCommand } from './trace2-parser.ts';

export interface Conflicts {
  /** To be called as soon as a command says that it ends. */
  readonly look: (command: GitCommand) => void;
  /** Runs `fn`; `count` then answers for this command. */
  within<T>(command: GitCommand, fn: () => T): T;
  count: RepositoryReader['conflictCount'];
}

/** What was seen at the command's exit, else what its starter noted in `runFolder`, else what is there now. */
export function conflictsOf(files: RepositoryReader, runFolder: string): Conflicts {
  const seen = new WeakMap<GitCommand, number>();
  let current: GitCommand | undefined;
  return {
    look(command) {
      const { worktree, startTime = 0, lastTime = 0 } = command;
      if (command.exitCode !== 1 || worktree === undefined) return;
      if (!canConflict(parseArguments(command.argv, command.name).operation)) return;
      const count = files.conflictCount(worktree, startTime, lastTime);
      if (count !== undefined) seen.set(command, count);
    },
    within(command, fn) {
      current = command;
      try {
        return fn();
      } finally {
        current = undefined;
      }
    },
    count(worktree, startTime, endTime) {
      const noted = current === undefined ? undefined : (seen.get(current) ?? readNote(runFolder, current));
      return noted ?? files.conflictCount(worktree, startTime, endTime);
    },
  };
}

/** Most notes are read once and removed; more than this have been left by commands that nobody told of. */
const MAX_NOTES = 100;

/** The note of whoever started this command: in the same worktree, around the same time. */
function readNote(runFolder: string, { worktree, startTime = 0, lastTime = 0 }: GitCommand): number | undefined {
  for (const name of notesIn(runFolder)) {
    const file = join(runFolder, name);
    try {
      const note = JSON.parse(readFileSync(file, 'utf8')) as Partial<ConflictNote>;
      // Clocks of two processes: some milliseconds apart.
      if (note.worktree !== worktree || startTime < (note.startTime ?? 0) - 20 || lastTime > (note.endTime ?? 0) + 20) continue;
      unlinkSync(file);
      return Number.isSafeInteger(note.count) && Number(note.count) > 0 ? note.count : undefined;
    } catch {
      // Half written, or taken by another reader.
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
