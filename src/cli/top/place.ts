/** Where an agent works: repository, worktree and branch by name, from git's files. */
import { basename, dirname, join } from 'node:path';
import { repositoryName } from '../../config/git/repository-name.ts';
import { gitFolderIn } from '../../config/git/worktree.ts';
import { readSmall } from '../../config/small-file.ts';

export interface WorkPlace {
  readonly repository: string | undefined;
  /** Name of the worktree's folder, or of the folder itself where there is none. */
  readonly worktree: string;
  /** undefined: none, as on a commit of its own. */
  readonly branch: string | undefined;
}

/** Folders above that are looked into, as git does. */
const MAX_DEPTH = 64;

export function placeOf(folder: string): WorkPlace {
  let at = folder;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const git = gitFolderIn(at);
    if (git !== undefined) return { repository: repositoryName(git), worktree: basename(at), branch: branchIn(git) };
    if (dirname(at) === at) break;
    at = dirname(at);
  }
  return { repository: undefined, worktree: basename(folder) || folder, branch: undefined };
}

function branchIn(gitFolder: string): string | undefined {
  return /^ref: refs\/heads\/(.+)$/m.exec(readSmall(join(gitFolder, 'HEAD'), 4_096)?.text ?? '')?.[1];
}
