/** What a git that we ask something is started with beside its environment: it leaves no word in the places where the user has git traced. */
export const QUIET_GIT: Readonly<Record<string, string>> = {
  GIT_TRACE: '0',
  GIT_TRACE_SETUP: '0',
  GIT_TRACE_PERFORMANCE: '0',
  GIT_TRACE2: '0',
  GIT_TRACE2_PERF: '0',
  GIT_TRACE2_EVENT: '0',
  SWARMSCOPE_DISABLED: '1',
};
