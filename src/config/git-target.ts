/** Where the git commands of a run report to: made by the run's root, handed down in the environment, known again by every process. */

/** `folder` is made of one file per process, `socket` is read by another process than the one that starts git. */
export type GitTarget = { readonly folder: string } | { readonly socket: string };

export function gitSocketOf(runFolder: string): string {
  return `${runFolder}/git.sock`;
}

export function gitFolderOf(runFolder: string): string {
  return `${runFolder}/git`;
}

/** As `GIT_TRACE2_EVENT` wants it. */
export function trace2Value(target: GitTarget): string {
  return 'folder' in target ? target.folder : `af_unix:stream:${target.socket}`;
}

/** A value of `GIT_TRACE2_EVENT` that a root of this run made, and not the user; `runFolder` is empty where there is no run. */
export function isTrace2OfRun(value: string, runFolder: string): boolean {
  if (runFolder === '') return false;
  return value === trace2Value({ folder: gitFolderOf(runFolder) }) || value === trace2Value({ socket: gitSocketOf(runFolder) });
}
