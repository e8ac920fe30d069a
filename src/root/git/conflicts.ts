/** Which files a command left in conflict, counted before a following `--abort` removes the conflicts. */
import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { readOurs } from '../../config/small-file.ts';
import { CLOCK_SLACK_MS, conflictCount, NOTE_PREFIX, type ConflictNote } from '../../config/git/conflicts.ts';
import type { SettledCommand } from './command-tree.ts';
import { PART_SUFFIX } from '../../config/write-whole.ts';
import { isUserChild, parseArguments } from './operations.ts';
import type { GitChild, GitCommand } from './trace2-parser.ts';

export interface ConflictWatch {
  /** To be called as soon as a command reports its exit. */
  readonly onExit: (command: GitCommand) => void;
  /** The conflicts of a command and its helpers; `count` is undefined where only git's words are left of them. */
  readonly conflictOf: (settled: SettledCommand) => { readonly count: number | undefined } | undefined;
}

/** What git says of a commit or a patch that it could not merge. */
const WORDS = /could not (?:apply|revert) [0-9a-f]{4,}|failed to merge in the changes/i;

/** How a command can end with conflicts, and how that shows where the index does not tell it any more. */
interface Kind {
  /** Only with one of these options; then the exit code is 0. */
  readonly options?: readonly string[];
  /** It merges, ends with 1 and says nothing: nothing but a conflict ends it so. */
  readonly isSilent?: true;
  /** It conflicts without that Trace2 shows a merge. */
  readonly isUntold?: true;
}
const merging = ['-m', '--merge', '--conflict'];
const kinds: Readonly<Record<string, Kind>> = {
  merge: { isSilent: true },
  'stash pop': { isSilent: true },
  'stash apply': { isSilent: true },
  'stash branch': { isSilent: true },
  rebase: {},
  'cherry-pick': {},
  revert: {},
  am: {},
  apply: { isUntold: true },
  checkout: { options: merging },
  switch: { options: merging },
};

/** `runFolder` is where processes leave their notes. */
export function createConflictWatch(runFolder: string): ConflictWatch {
  const atExit = new WeakMap<GitCommand, number>();

  function countOf(command: GitCommand): number | undefined {
    // A note is taken also where nothing comes of it, so that notes do not gather.
    const noted = readNote(runFolder, command);
    return atExit.get(command) ?? noted ?? countNow(command);
  }

  return {
    onExit(command) {
      if (kindOf(command) === undefined) return;
      const count = countNow(command);
      if (count !== undefined) atExit.set(command, count);
    },
    conflictOf({ command, helpers }) {
      const counts = new Map<string | undefined, number>();
      let isConflict = false;
      for (const each of [command, ...helpers]) {
        const kind = kindOf(each);
        if (kind === undefined) continue;
        const count = countOf(each);
        if (refusalsIn(each).length > 0) continue;
        if (count !== undefined && (kind.isUntold === true || isMerging(each))) {
          isConflict = true;
          // A rebase and the `am` below it speak of the same files.
          counts.set(each.worktree, Math.max(count, counts.get(each.worktree) ?? 0));
        } else if (saysSo(each, kind)) isConflict = true;
      }
      const count = [...counts.values()].reduce((sum, each) => sum + each, 0);
      return isConflict ? { count: count === 0 ? undefined : count } : undefined;
    },
  };
}

/** What the user runs in a command, and ended it: a hook that said no, an editor, `rebase --exec`. */
export function refusalsIn(command: GitCommand): readonly GitChild[] {
  return command.children.filter(
    // Hooks that come after the command do not end it.
    (child) => (child.exitCode ?? 0) !== 0 && isUserChild(command, child) && !/^post-(?!checkout$)/.test(child.name),
  );
}

/** undefined for commands that cannot end with conflicts, or did not end so. */
function kindOf({ argv, name, exitCode }: GitCommand): Kind | undefined {
  if (exitCode === undefined) return undefined;
  const { operation, options } = parseArguments(argv, name);
  const kind = Object.hasOwn(kinds, operation) ? kinds[operation] : undefined;
  if (kind?.options === undefined) return exitCode === 0 ? undefined : kind;
  return kind.options.some((option) => options.has(option)) ? kind : undefined;
}

/** A command that meets the conflicts of an earlier one refuses before it merges anything. */
function isMerging(command: GitCommand): boolean {
  return command.didMerge || command.didUnpack || strategyOf(command) !== undefined;
}

/** Strategies such as `octopus` are programs of their own, which say 1 to a conflict. */
function strategyOf({ children }: GitCommand): number | undefined {
  return children.findLast(({ name }) => /^merge-(?!base|file|tree)/.test(name))?.exitCode;
}

function saysSo(command: GitCommand, { isSilent }: Kind): boolean {
  if (command.errors.some((message) => WORDS.test(message))) return true;
  if (isSilent !== true || command.exitCode !== 1) return false;
  return strategyOf(command) === 1 || (command.didMerge && command.errors.length === 0);
}

function countNow({ worktree, environment, startTime = 0, lastTime = startTime }: GitCommand): number | undefined {
  return worktree === undefined ? undefined : conflictCount({ ...environment, worktree }, startTime, Math.max(startTime, lastTime));
}

/** Notes looked at: most are read once and removed, more are left only by commands that Trace2 did not report. */
const MAX_NOTES = 100;

/** The note of the process that started this command: in the same worktree, around the same time. */
function readNote(runFolder: string, { worktree, startTime = 0, lastTime = 0 }: GitCommand): number | undefined {
  for (const name of notesIn(runFolder)) {
    const file = join(runFolder, name);
    try {
      const note = JSON.parse(readOurs(file) ?? '{}') as Partial<ConflictNote>;
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
      .filter((name) => name.startsWith(NOTE_PREFIX) && !name.endsWith(PART_SUFFIX))
      .slice(0, MAX_NOTES);
  } catch {
    // The run folder is gone.
    return [];
  }
}
