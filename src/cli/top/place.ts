/** Where an agent works: repository, worktree and branch by name, from git's files. */
import { basename } from 'node:path';
import { branchIn } from '../../config/git/branch.ts';
import { repositoryName } from '../../config/git/repository-name.ts';
import { worktreeAround } from '../../config/git/worktree.ts';

export interface WorkPlace {
  readonly repository: string | undefined;
  /** Name of the worktree's folder, or of the folder itself where there is none. */
  readonly worktree: string;
  /** undefined: none, as on a commit of its own. */
  readonly branch: string | undefined;
}

export function placeOf(folder: string): WorkPlace {
  const found = worktreeAround(folder);
  if (found === undefined) return { repository: undefined, worktree: basename(folder) || folder, branch: undefined };
  const { worktree, gitFolder } = found;
  return { repository: repositoryName(gitFolder), worktree: basename(worktree), branch: branchIn(gitFolder) };
}
