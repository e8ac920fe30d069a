/** Which target the git commands of a run get: the supervisor's socket where there is one, else the folder its root drains. */
import { existsSync } from 'node:fs';
import { gitFolderOf, gitSocketOf, type GitTarget } from '../config/git-target.ts';

export function gitTargetOf(runFolder: string): GitTarget {
  const socket = gitSocketOf(runFolder);
  return existsSync(socket) ? { socket } : { folder: gitFolderOf(runFolder) };
}
