/** How well a program used what it had: tools, context windows, workers; by what was seen, else by what was given by hand. */
import type { EpochMs } from '../semconv/telemetry.ts';
import type { ProfileSummary } from '../semconv/profile.ts';
import { addNames, type Rollup } from './rollup.ts';

/** Tasks whose own numbers are kept; protects the app's memory. Those that were heard of first are forgotten. */
const MAX_TASKS = 10_000;
const MAX_TOOLS = 1_000;

/** What a program gives by hand; nothing of it is trusted. */
export interface GivenProfile {
  readonly taskId?: unknown;
  readonly workerId?: unknown;
  readonly availableTools?: unknown;
  /** Times by name. */
  readonly callCounts?: unknown;
  readonly budgetTokens?: unknown;
  readonly inputTokens?: unknown;
  readonly outputTokens?: unknown;
  readonly activeWorkers?: unknown;
  readonly tasksByWorker?: unknown;
  readonly pendingTasks?: unknown;
  readonly completedTasks?: unknown;
}

/** What is known of one task. */
export interface TaskProfile {
  readonly offered: Set<string>;
  readonly used: Set<string>;
  contextShare: number | undefined;
  /** Of a task that has ended: what was seen of it, to which nothing that is given by hand is added. */
  readonly seen?: { readonly tools: boolean; readonly context: boolean };
}

export class Profile {
  readonly #count: (name: string) => void;
  readonly #tasks = new Map<string, TaskProfile>();
  readonly #offered = new Set<string>();
  readonly #used = new Set<string>();
  #running = 0;
  #peak = 0;
  /** The most workers that the program said it had at work. */
  #givenPeak = 0;
  #givenSum = 0;
  #givenCount = 0;
  #firstStart: EpochMs | undefined;
  #changedAt: EpochMs = 0;
  #busyMs = 0;

  constructor(count: (name: string) => void) {
    this.#count = count;
  }

  started(now: EpochMs): void {
    this.#firstStart ??= now;
    this.#advance(now);
    this.#running += 1;
    this.#peak = Math.max(this.#peak, this.#running);
  }

  /** What was given by hand fills what nobody saw; then all of it is part of the profile. */
  ended(id: string, rollup: Rollup, now: EpochMs): void {
    this.#advance(now);
    this.#running = Math.max(0, this.#running - 1);
    const given = this.#tasks.get(id);
    const seen = { tools: rollup.toolsOffered.size + rollup.toolsUsed.size > 0, context: rollup.contextPeakUtilization !== undefined };
    if (given !== undefined) {
      if (rollup.toolsOffered.size === 0) addNames(rollup.toolsOffered, given.offered);
      if (rollup.toolsUsed.size === 0) addNames(rollup.toolsUsed, given.used);
      rollup.contextPeakUtilization ??= given.contextShare;
    }
    const { toolsOffered, toolsUsed, contextPeakUtilization: contextShare } = rollup;
    if (toolsOffered.size + toolsUsed.size > 0 || contextShare !== undefined)
      this.#keep(id, { offered: new Set(toolsOffered), used: new Set(toolsUsed), contextShare, seen });
  }

  /** All that is known of its task; undefined where it is of no task; a text where it was not taken: why. */
  record(given: GivenProfile): TaskProfile | string | undefined {
    const { taskId } = given;
    if ('activeWorkers' in given) return this.#addSnapshot(given);
    if (typeof taskId !== 'string' || taskId === '') return this.#refuse('taskId', 'a text that is not empty');
    const task = this.#tasks.get(taskId) ?? { offered: new Set<string>(), used: new Set<string>(), contextShare: undefined };
    const problem = 'budgetTokens' in given ? this.#addContext(task, given) : this.#addTools(task, given);
    if (problem !== undefined) return problem;
    this.#keep(taskId, task);
    return task;
  }

  summary(now: EpochMs): ProfileSummary {
    this.#advance(now);
    const tasks = [...this.#tasks.values()];
    const withTools = tasks.filter(({ offered, used }) => offered.size + used.size > 0);
    const shares = tasks.flatMap(({ contextShare }) => contextShare ?? []);
    const offered = withTools.reduce((sum, task) => sum + task.offered.size, 0);
    const used = withTools.reduce((sum, task) => sum + [...task.used].filter((name) => task.offered.has(name)).length, 0);
    const elapsedMs = this.#firstStart === undefined ? 0 : now - this.#firstStart;
    return {
      tasksWithToolTracking: withTools.length,
      tasksWithContextTracking: shares.length,
      // What was seen wins over what was said.
      peakParallelism: this.#peak > 0 ? this.#peak : this.#givenPeak,
      toolUtilization: offered === 0 ? undefined : used / offered,
      unusedTools: [...this.#offered].filter((name) => !this.#used.has(name)).toSorted(),
      meanContextUtilization: shares.length === 0 ? undefined : shares.reduce((sum, share) => sum + share, 0) / shares.length,
      peakContextUtilization: shares.length === 0 ? undefined : Math.max(...shares),
      idleShare: this.#idleShare(elapsedMs),
    };
  }

  #idleShare(elapsedMs: number): number | undefined {
    if (elapsedMs > 0 && this.#peak > 0) return Math.max(0, 1 - this.#busyMs / (this.#peak * elapsedMs));
    return this.#peak === 0 && this.#givenPeak > 0 ? 1 - this.#givenSum / this.#givenCount / this.#givenPeak : undefined;
  }

  #addSnapshot({ activeWorkers, tasksByWorker = {}, pendingTasks = 0, completedTasks = 0 }: GivenProfile): string | undefined {
    if (!isCount(activeWorkers)) return this.#refuse('activeWorkers', 'a number of at least 0');
    if (typeof tasksByWorker !== 'object' || tasksByWorker === null) return this.#refuse('tasksByWorker', 'tasks by worker');
    if (!isCount(pendingTasks)) return this.#refuse('pendingTasks', 'a number of at least 0');
    if (!isCount(completedTasks)) return this.#refuse('completedTasks', 'a number of at least 0');
    this.#givenPeak = Math.max(this.#givenPeak, activeWorkers);
    this.#givenSum += activeWorkers;
    this.#givenCount += 1;
    return undefined;
  }

  #addTools(task: TaskProfile, { availableTools, callCounts }: GivenProfile): string | undefined {
    if (!Array.isArray(availableTools)) return this.#refuse('availableTools', 'a list of names');
    if (typeof callCounts !== 'object' || callCounts === null) return this.#refuse('callCounts', 'times by name');
    const used = Object.entries(callCounts as Record<string, unknown>).flatMap(([name, times]) =>
      isCount(times) && times > 0 ? [name] : [],
    );
    if (task.seen?.tools === true) return undefined;
    addNames(task.offered, availableTools.filter(isText));
    addNames(task.used, used);
    return undefined;
  }

  #addContext(task: TaskProfile, { budgetTokens, inputTokens, outputTokens }: GivenProfile): string | undefined {
    if (!isCount(budgetTokens) || budgetTokens === 0) return this.#refuse('budgetTokens', 'a number above 0');
    if (!isCount(inputTokens)) return this.#refuse('inputTokens', 'a number of at least 0');
    if (!isCount(outputTokens)) return this.#refuse('outputTokens', 'a number of at least 0');
    if (task.seen?.context === true) return undefined;
    task.contextShare = Math.max(task.contextShare ?? 0, (inputTokens + outputTokens) / budgetTokens);
    return undefined;
  }

  #keep(id: string, task: TaskProfile): void {
    this.#tasks.delete(id);
    this.#tasks.set(id, task);
    for (const name of task.offered) if (this.#offered.size < MAX_TOOLS) this.#offered.add(name);
    for (const name of task.used) if (this.#used.size < MAX_TOOLS) this.#used.add(name);
    const oldest = this.#tasks.keys().next().value;
    if (this.#tasks.size > MAX_TASKS && oldest !== undefined) this.#tasks.delete(oldest);
  }

  #advance(now: EpochMs): void {
    this.#busyMs += this.#running * Math.max(0, now - this.#changedAt);
    this.#changedAt = now;
  }

  #refuse(field: string, expected: string): string {
    this.#count('profile.refused');
    return `profile: ${field}: expected ${expected}`;
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
