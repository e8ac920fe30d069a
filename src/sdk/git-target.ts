/** Where the git commands of a run report to: the supervisor's socket where there is one, else the folder its root drains. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { GitTarget } from '../observers/git/index.ts';

export function gitSocket(runFolder: string): string {
  return join(runFolder, 'git.sock');
}

export function gitTargetOf(runFolder: string): GitTarget {
  const socket = gitSocket(runFolder);
  return existsSync(socket) ? { socket } : { folder: join(runFolder, 'git') };
}
