/** Where the git commands of a run write their Trace2 events: chosen by the root, inherited by the other processes. */
import { existsSync } from 'node:fs';

/** In a `folder` git writes one file per process. A `socket` is only for a reader that never waits for a git itself. */
export type GitTarget = { readonly folder: string } | { readonly socket: string };

export function gitSocketOf(runFolder: string): string {
  return `${runFolder}/git.sock`;
}

export function gitFolderOf(runFolder: string): string {
  return `${runFolder}/git`;
}

/** The socket of the supervisor where there is one, else the folder that the root of the run drains. */
export function gitTargetOf(runFolder: string): GitTarget {
  const socket = gitSocketOf(runFolder);
  return existsSync(socket) ? { socket } : { folder: gitFolderOf(runFolder) };
}

/** The value of `GIT_TRACE2_EVENT` for this target. */
export function trace2Value(target: GitTarget): string {
  return 'folder' in target ? target.folder : `af_unix:stream:${target.socket}`;
}

/** Whether this value of `GIT_TRACE2_EVENT` is that of a run; `runFolder` is empty where there is no run. */
export function isTrace2OfRun(value: string, runFolder: string): boolean {
  if (runFolder === '') return false;
  return value === trace2Value({ folder: gitFolderOf(runFolder) }) || value === trace2Value({ socket: gitSocketOf(runFolder) });
}
