/** Tells a command that met the lock of another process and did not say so, by the index beside the lock. */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CLOCK_SLACK_MS } from '../../config/git/conflicts.ts';
import { gitFolderIn } from '../../config/git/worktree.ts';
import type { SettledCommand } from './command-tree.ts';
import { parseArguments } from './operations.ts';
import type { GitCommand } from './trace2-parser.ts';

export interface LockWatch {
  /** To be called as soon as a command reports its exit. */
  readonly onExit: (command: GitCommand) => void;
  readonly isLocked: (settled: SettledCommand) => boolean;
}

export function createLockWatch(): LockWatch {
  const atExit = new WeakSet<GitCommand>();
  return {
    onExit(command) {
      if (couldNotWrite(command) && isInUse(command)) atExit.add(command);
    },
    isLocked: ({ command, helpers }) => [command, ...helpers].some((each) => couldNotWrite(each) && (atExit.has(each) || isInUse(each))),
  };
}

/** git says no more than that the index could not be written, and `git stash` says nothing once it has read the index. */
function couldNotWrite(command: GitCommand): boolean {
  if (command.exitCode === undefined || command.exitCode === 0) return false;
  if (command.errors.length > 0) return command.errors.some((message) => /(?:could not|unable to) write (?:new )?index/i.test(message));
  const isStash = parseArguments(command.argv, command.name).operation.startsWith('stash');
  return isStash && command.didReadIndex && !command.didUnpack && !command.didMerge && command.children.length === 0;
}

/** Whether another process has the index: its lock is there, or the index changed during a command that did not write it. */
function isInUse({ worktree, environment, startTime = 0, lastTime = startTime }: GitCommand): boolean {
  if (worktree === undefined) return false;
  const folder = environment['GIT_DIR'] === undefined ? gitFolderIn(worktree) : resolve(worktree, environment['GIT_DIR']);
  if (folder === undefined) return false;
  const index = resolve(worktree, environment['GIT_INDEX_FILE'] ?? join(folder, 'index'));
  const changedMs = changeOf(index) ?? 0;
  return changeOf(`${index}.lock`) !== undefined || (changedMs >= startTime - CLOCK_SLACK_MS && changedMs <= lastTime + CLOCK_SLACK_MS);
}

function changeOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  } catch {
    // Not allowed to look.
    return undefined;
  }
}
