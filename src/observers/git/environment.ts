/** The variables by which every git below us reports its commands, and whether this git can. */

import { join } from 'node:path';
import { isOff, NO_USER_TRACE2, type UserTrace2 } from './user-config.ts';

/** Where git writes: `folder` is made of one file per process, `socket` is read by another process than the one that starts git. */
export type GitTarget = { readonly folder: string } | { readonly socket: string };

/** What Trace2 shall repeat in its events: our place in the trace. */
const repeated = ['TRACEPARENT'];

/**
 * Variables for children, to be added where the user has none. Empty when the user traces git already, by variables or by git's own
 * configuration: that is theirs, and git is then seen as a plain child process.
 */
export function gitEnvironment(
  target: GitTarget,
  environment: Readonly<Record<string, string | undefined>>,
  user: UserTrace2 = NO_USER_TRACE2,
): Record<string, string> {
  const value = 'folder' in target ? target.folder : socketValue(target.socket);
  const theirs = environment['GIT_TRACE2_EVENT'] ?? '';
  const isOurs = theirs === value || isOfEarlierRoot(theirs, environment['SWARMSCOPE_RUN_DIR'] ?? '');
  if (!isOurs && (theirs !== '' || user.hasTarget || !isOff(environment['GIT_TRACE2_EVENT_BRIEF']))) return {};
  const names = (environment['GIT_TRACE2_ENV_VARS'] || user.envVars).split(',').filter((name) => name !== '');
  return {
    GIT_TRACE2_EVENT: value,
    GIT_TRACE2_ENV_VARS: [...new Set([...names, ...repeated])].join(','),
    // The target is ours: so is the form in which it is written.
    ...(user.isBrief ? { GIT_TRACE2_EVENT_BRIEF: '0' } : {}),
  };
}

function socketValue(path: string): string {
  return `af_unix:stream:${path}`;
}

/** What the root of this process handed down; it may be gone by now, and this process the root of what is left. */
function isOfEarlierRoot(value: string, runFolder: string): boolean {
  return runFolder !== '' && (value === join(runFolder, 'git') || value === socketValue(join(runFolder, 'git.sock')));
}
