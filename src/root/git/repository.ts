/** Facts about a repository that Trace2 does not carry: its name and the current branch. */
import { join } from 'node:path';
import { branchIn } from '../../config/git/branch.ts';
import { bareName, repositoryName } from '../../config/git/repository-name.ts';
import { gitFolderIn, isFolder } from '../../config/git/worktree.ts';

export interface RepositoryFacts {
  /** Name of the folder of the main worktree, or of the bare repository without `.git`. */
  name: string;
  /** The current branch; undefined when detached. */
  branch: string | undefined;
}

/** undefined where the folder is no repository. */
export type ReadRepository = (worktree: string) => RepositoryFacts | undefined;

/** Worktrees whose folders are remembered; a swarm has some hundred. */
const MAX_REMEMBERED = 1_000;

interface Folders {
  own: string;
  name: string;
}

/** Folders change rarely and branches often: only the folders are remembered. */
export function createRepositoryReader(): ReadRepository {
  const remembered = new Map<string, Folders>();
  return (worktree) => {
    let folders = remembered.get(worktree);
    if (folders === undefined) {
      folders = find(worktree);
      if (folders === undefined) return undefined;
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      remembered.set(worktree, folders);
    }
    return { name: folders.name, branch: branchIn(folders.own) };
  };
}

function find(worktree: string): Folders | undefined {
  const own = gitFolderIn(worktree);
  if (own === undefined) return isFolder(join(worktree, 'refs')) ? { own: worktree, name: bareName(worktree) } : undefined;
  return { own, name: repositoryName(own) };
}
