/** The variables by which every git below us reports its commands, and whether this git can. */
import { isTrace2OfRun, trace2Value, type GitTarget } from './target.ts';
import { isOff, NO_USER_TRACE2, type UserTrace2 } from './user-trace2.ts';

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
  const value = trace2Value(target);
  const theirs = environment['GIT_TRACE2_EVENT'] ?? '';
  // What an earlier root handed down: it may be gone by now, and this process the root of what is left.
  const isOurs = theirs === value || isTrace2OfRun(theirs, environment['SWARMSCOPE_RUN_DIR'] ?? '');
  if (!isOurs && (theirs !== '' || user.hasTarget || !isOff(environment['GIT_TRACE2_EVENT_BRIEF']))) return {};
  const names = (environment['GIT_TRACE2_ENV_VARS'] || user.envVars).split(',').filter((name) => name !== '');
  return {
    GIT_TRACE2_EVENT: value,
    GIT_TRACE2_ENV_VARS: [...new Set([...names, ...repeated])].join(','),
    // The target is ours: so is the form in which it is written.
    ...(user.isBrief ? { GIT_TRACE2_EVENT_BRIEF: '0' } : {}),
  };
}
