/** Notes for the root of the run how many files a command left in conflict when it ended. */
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { conflictCount, NOTE_PREFIX, type ConflictNote, type GitPlace } from '../../config/git/conflicts.ts';
import { writeWhole } from '../../config/write-whole.ts';
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
      const place = placeOf(launch);
      const count = place === undefined ? undefined : conflictCount(place, startTime, Date.now());
      if (place === undefined || count === undefined) return;
      const note: ConflictNote = { count, worktree: realpathSync(place.worktree), startTime, endTime: Date.now() };
      writeWhole(join(runFolder, `${NOTE_PREFIX}${pid}`), JSON.stringify(note));
    },
  };
}

function placeOf({ args, cwd, environment }: ChildLaunch): GitPlace | undefined {
  let folder = cwd ?? currentFolder();
  let gitDir = environment['GIT_DIR'];
  let worktree = environment['GIT_WORK_TREE'];
  for (let at = 0; at < args.length; at += 1) {
    const [name = '', value = args[at + 1] ?? ''] = args[at]?.split(/=(.*)/s) ?? [];
    if (name === '-C') folder = resolve(folder, value);
    else if (name === '--git-dir') gitDir = value;
    else if (name === '--work-tree') worktree = value;
  }
  const GIT_INDEX_FILE = environment['GIT_INDEX_FILE'];
  if (gitDir) return { worktree: resolve(folder, worktree ?? ''), GIT_DIR: resolve(folder, gitDir), GIT_INDEX_FILE };
  for (let climbed = 0; climbed < MAX_CLIMBED; climbed += 1) {
    if (existsSync(join(folder, '.git'))) return { worktree: folder, GIT_INDEX_FILE };
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
