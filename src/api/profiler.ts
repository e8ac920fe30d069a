/** The profiler: how well a program used its tools, its context windows and its workers. Fed by what is seen; by hand where it is not. */
import { recorderOf } from './recorder-of.ts';
import { NO_PROFILE, type ProfileSummary } from '../semconv/profile.ts';

/** What `profiler.getSummary` answers. Shares are of 1; what is not known is undefined. */
export type ProfilerSummary = ProfileSummary;

/** What a callback of `startSnapshots` may answer, to be recorded. */
export interface ParallelismSnapshot {
  activeWorkers: number;
  tasksByWorker?: Readonly<Record<string, unknown>>;
  pendingTasks?: number;
  completedTasks?: number;
}

/** Between two snapshots. */
const SNAPSHOT_MS = 1_000;
let timer: ReturnType<typeof setInterval> | undefined;

/** Each `record…` answers what was wrong with it, if anything was. */
export interface Profiler {
  /** What a task had and how often it used it, for tools that are not seen by themselves. */
  recordToolUsage(
    taskId: string,
    workerId: string,
    availableTools: readonly string[],
    callCounts: Readonly<Record<string, number>>,
  ): string | undefined;
  /** Tokens of a task, of those that it may have. */
  recordContextUtilization(
    taskId: string,
    workerId: string,
    budgetTokens: number,
    inputTokens: number,
    outputTokens: number,
  ): string | undefined;
  /** How many workers are at work: of use where their tasks are not seen. */
  recordParallelismSnapshot(
    activeWorkers: number,
    tasksByWorker?: Readonly<Record<string, unknown>>,
    pendingTasks?: number,
    completedTasks?: number,
  ): string | undefined;
  /** Calls `callback` each second with the summary so far; what it answers is recorded. It keeps no process alive. */
  startSnapshots(callback: (summary: ProfilerSummary) => ParallelismSnapshot | undefined): void;
  stopSnapshots(): void;
  getSummary(): ProfilerSummary;
}

/**
 * Of this process; the report has the same of the whole run, as `profile`.
 * @example console.log(profiler.getSummary().unusedTools);
 */
export const profiler: Profiler = {
  recordToolUsage: (taskId, workerId, availableTools, callCounts) => record({ taskId, workerId, availableTools, callCounts }),
  recordContextUtilization: (taskId, workerId, budgetTokens, inputTokens, outputTokens) =>
    record({ taskId, workerId, budgetTokens, inputTokens, outputTokens }),
  recordParallelismSnapshot: (activeWorkers, tasksByWorker, pendingTasks, completedTasks) =>
    record({ activeWorkers, tasksByWorker, pendingTasks, completedTasks }),
  startSnapshots(callback) {
    profiler.stopSnapshots();
    timer = setInterval(() => {
      const told = callback(profiler.getSummary());
      if (told === undefined) return;
      const { activeWorkers, tasksByWorker, pendingTasks, completedTasks } = told;
      profiler.recordParallelismSnapshot(activeWorkers, tasksByWorker, pendingTasks, completedTasks);
    }, SNAPSHOT_MS);
    timer.unref();
  },
  stopSnapshots() {
    clearInterval(timer);
    timer = undefined;
  },
  getSummary() {
    try {
      return recorderOf()?.profile() ?? NO_PROFILE;
    } catch {
      // A recorder of another version, which keeps no profile.
      return NO_PROFILE;
    }
  },
};

type Recorder = NonNullable<ReturnType<typeof recorderOf>>;

function record(given: Parameters<Recorder['recordProfile']>[0]): string | undefined {
  try {
    return recorderOf()?.recordProfile(given);
  } catch {
    // As above.
    return undefined;
  }
}
