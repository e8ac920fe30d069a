/** The git folder of a worktree. What is missing or odd is unknown. */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readSmall } from '../small-file.ts';

/** `.git`, or the folder that a `.git` file of a linked worktree points to; undefined in a bare repository. */
export function gitFolderIn(worktree: string): string | undefined {
  const git = join(worktree, '.git');
  if (isFolder(git)) return git;
  const target = /^gitdir: (.+)$/m.exec(readSmall(git)?.text ?? '')?.[1];
  return target === undefined ? undefined : resolve(worktree, target);
}

export function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    // Not allowed to look.
    return false;
  }
}
