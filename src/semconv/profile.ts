/** The summary of a profile: what `profiler.getSummary` says of one process, and the report's `profile` of the run. */

/** Shares are of 1; what is not known is undefined. */
export interface ProfileSummary {
  /** Tasks of which it is known what tools they had or used. */
  readonly tasksWithToolTracking: number;
  readonly tasksWithContextTracking: number;
  /** The most tasks at work at the same time. */
  readonly peakParallelism: number;
  /** Share of the tools that tasks had that they used. */
  readonly toolUtilization: number | undefined;
  /** Tools that were there and that no task used. */
  readonly unusedTools: readonly string[];
  readonly meanContextUtilization: number | undefined;
  readonly peakContextUtilization: number | undefined;
  /** Share of the time of as many workers as were at work at most in which they had no task. */
  readonly idleShare: number | undefined;
}

/** Of a program of which nothing is known. */
export const NO_PROFILE: ProfileSummary = {
  tasksWithToolTracking: 0,
  tasksWithContextTracking: 0,
  peakParallelism: 0,
  toolUtilization: undefined,
  unusedTools: [],
  meanContextUtilization: undefined,
  peakContextUtilization: undefined,
  idleShare: undefined,
};
