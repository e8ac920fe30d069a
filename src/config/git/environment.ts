/** The environment variables by which all git commands below this process report themselves by Trace2. */
import { isTrace2OfRun, trace2Value, type GitTarget } from './target.ts';
import { isOff, NO_USER_TRACE2, type UserTrace2 } from './user-trace2.ts';

/**
 * Variables that Trace2 repeats in its events: the parent span of the command, where it works, and which agent runs it.
 * Codex gives its tools no place in a trace, but names the conversation and the call.
 */
export const repeated: readonly string[] = [
  'TRACEPARENT',
  'GIT_DIR',
  'GIT_INDEX_FILE',
  'CLAUDE_CODE_SESSION_ID',
  'CODEX_THREAD_ID',
  'CODEX_TOOL_CALL_ID',
];

/** Variables for children, added where the user has none. Empty where the user already traces git: that is kept. */
export function gitEnvironment(
  target: GitTarget,
  environment: Readonly<Record<string, string | undefined>>,
  user: UserTrace2 = NO_USER_TRACE2,
): Record<string, string> {
  const value = trace2Value(target);
  const theirs = environment['GIT_TRACE2_EVENT'] ?? '';
  // The target of an earlier root of this run, which may have ended: then this process is the root of the rest.
  const isOurs = theirs === value || isTrace2OfRun(theirs, environment['SWARMSCOPE_RUN_DIR'] ?? '');
  if (!isOurs && (theirs !== '' || user.hasTarget || !isOff(environment['GIT_TRACE2_EVENT_BRIEF']))) return {};
  const names = (environment['GIT_TRACE2_ENV_VARS'] || user.envVars).split(',').filter((name) => name !== '');
  return {
    GIT_TRACE2_EVENT: value,
    GIT_TRACE2_ENV_VARS: [...new Set([...names, ...repeated])].join(','),
    // The events go to our target, so they need the times that the user's setting leaves out.
    ...(user.isBrief ? { GIT_TRACE2_EVENT_BRIEF: '0' } : {}),
  };
}
