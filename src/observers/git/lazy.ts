/** Notes for the root of the run how many files a command left in conflict when it ended. */
import { existsSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { conflictCount, NOTE_PREFIX, type ConflictNote } from '../../config/git/conflicts.ts';
import type { ChildLaunch, ChildWatch } from '../../hooks/child-process/index.ts';
import type { ObserverContext } from '../observer.ts';

/** Folders that are climbed to find the worktree. Protects from links that lead in a circle. */
const MAX_CLIMBED = 40;

export function noteConflicts(context: ObserverContext, launch: ChildLaunch): ChildWatch {
  const startTime = Date.now();
  let pid: number | undefined;
  return {
    started: (given) => void (pid = given),
    exited(code) {
      const runFolder = context.peek()?.environment()['SWARMSCOPE_RUN_DIR'];
      if (code === null || code === 0 || pid === undefined || runFolder === undefined) return;
      const worktree = worktreeOf(launch);
      const count = worktree === undefined ? undefined : conflictCount(worktree, startTime, Date.now());
      if (worktree === undefined || count === undefined) return;
      const note: ConflictNote = { count, worktree: realpathSync(worktree), startTime, endTime: Date.now() };
      const fresh = join(runFolder, `.${NOTE_PREFIX}${pid}`);
      writeFileSync(fresh, JSON.stringify(note), { mode: 0o600 });
      renameSync(fresh, join(runFolder, `${NOTE_PREFIX}${pid}`));
    },
  };
}

function worktreeOf({ args, cwd }: ChildLaunch): string | undefined {
  let folder = cwd ?? currentFolder();
  for (let at = 0; at < args.length - 1; at += 1) if (args[at] === '-C') folder = resolve(folder, args[at + 1] ?? '');
  for (let climbed = 0; climbed < MAX_CLIMBED; climbed += 1) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return undefined;
    folder = dirname(folder);
  }
  return undefined;
}

function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    // The current folder was removed.
    return '/';
  }
}
