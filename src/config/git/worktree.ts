/** The git folder of a worktree. What is missing or odd is unknown. */
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readSmall } from '../small-file.ts';

/** `.git`, or the folder that a `.git` file of a linked worktree points to; undefined in a bare repository. */
export function gitFolderIn(worktree: string): string | undefined {
  const git = join(worktree, '.git');
  if (isFolder(git)) return git;
  const target = /^gitdir: (.+)$/m.exec(readSmall(git)?.text ?? '')?.[1];
  return target === undefined ? undefined : resolve(worktree, target);
}

/** Folders above that are looked into. */
const MAX_DEPTH = 64;

/** The worktree that a folder lies in, as git finds it: upwards. undefined: none. */
export function worktreeAround(folder: string): { readonly worktree: string; readonly gitFolder: string } | undefined {
  let at = folder;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const gitFolder = gitFolderIn(at);
    if (gitFolder !== undefined) return { worktree: at, gitFolder };
    if (dirname(at) === at) break;
    at = dirname(at);
  }
  return undefined;
}

export function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    // Not allowed to look.
    return false;
  }
}
