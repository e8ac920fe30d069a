/** What a repository is called: the name of the folder of its main worktree, or of the bare repository without `.git`. */
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { readSmall } from '../small-file.ts';

/** @param gitFolder The git folder of one of its worktrees, as `gitFolderIn` finds it. */
export function repositoryName(gitFolder: string): string {
  const common = readSmall(join(gitFolder, 'commondir'))?.text.trim();
  const root = common === undefined ? gitFolder : isAbsolute(common) ? common : resolve(gitFolder, common);
  return basename(root) === '.git' ? basename(dirname(root)) : bareName(root);
}

export function bareName(folder: string): string {
  return basename(folder).replace(/\.git$/, '');
}
