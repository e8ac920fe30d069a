/** The branch that a worktree is on. */
import { join } from 'node:path';
import { readSmall } from '../small-file.ts';

/** `ref: refs/heads/` and a name that a file system allows. */
const MAX_HEAD_BYTES = 4_096;

/** @param gitFolder As `gitFolderIn` finds it. undefined: none, as on a commit of its own. */
export function branchIn(gitFolder: string): string | undefined {
  return /^ref: refs\/heads\/(.{1,250})$/m.exec(readSmall(join(gitFolder, 'HEAD'), MAX_HEAD_BYTES)?.text ?? '')?.[1];
}
