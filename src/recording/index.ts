/** The recorder of one process: what the preload loads at the first event worth recording. */
import type { LivePolicies } from '../config/policies/live.ts';
import { isCaptured } from '../config/settings/capture.ts';
import type { Settings } from '../config/settings/index.ts';
import type { EpochMs } from '../semconv/telemetry.ts';
import type { BudgetBook } from './budgets/index.ts';
import type { CallsUnderWay } from './calls-under-way.ts';
import { Core } from './core.ts';
import type { Pricing } from './cost.ts';
import { inheritedFrame } from './frame.ts';
import { recordGit, startGit } from './git-operation.ts';
import { guarded, type OnFault } from './guarded.ts';
import { tellPolicies, type PolicyNotice } from './policy-notice.ts';
import type { PlannedIds } from './planned-ids.ts';
import { RateLimits } from './rate-limits.ts';
import { startRun } from './run.ts';
import type { TaskTable } from './task-table.ts';
import type { Trackers } from './trackers.ts';
import type { Assembly, Recorder } from './types.ts';
import { verbsOf } from './verbs.ts';

export interface RecorderOptions {
  settings: Settings;
  /** In force in this process. Default: none ever. */
  policies?: LivePolicies | undefined;
  loadAssembly: (state: RecorderState) => Assembly;
  loadPricing: () => Pricing;
  /** Whether this process has started threads: their work is told by recorders of their own. Default: it has none. */
  hasThreads?: (() => boolean) | undefined;
  /** The ids of the run's own span, where threads were told them before it was opened. */
  plannedRun?: (() => PlannedIds | undefined) | undefined;
  /** `TRACEPARENT` and `TRACESTATE` that this process was started with. */
  traceparent: string | undefined;
  tracestate: string | undefined;
  count: (name: string, by?: number) => void;
  /** Told of faults of ours; every fault is also counted as `recording.fault.{verb}`. */
  fault?: ((where: string, error: unknown) => void) | undefined;
  /** Default: the clock of the run. */
  now?: (() => EpochMs) | undefined;
}

/** What the gauges read, and what the end of the process calls. */
export interface RecorderState {
  readonly tasks: TaskTable;
  readonly trackers: Trackers;
  readonly rateLimits: RateLimits;
  readonly callsUnderWay: CallsUnderWay;
  readonly budgets: BudgetBook;
  readonly git: Pick<Recorder, 'startGit' | 'recordGit'>;
  /** Of the run that this process leads, or was started under. */
  runTraceId(): string | undefined;
  tellPolicies(notice: PolicyNotice): void;
  /** `isFault`: the run itself did not come to its end. */
  endOpen(errorType: string, isFault?: boolean): void;
  /** How much is held, by name: every one of these falls back when the work is done, or is bounded. */
  held(): Readonly<Record<string, number>>;
}

/** None of its members ever throws: see `guarded.ts`. */
export function createRecorder(options: RecorderOptions): Recorder {
  const onFault: OnFault = (verb, error) => {
    options.count(`recording.fault.${verb}`);
    options.fault?.('recording', error);
  };
  const rateLimits = new RateLimits();
  const core: Core = new Core({
    settings: options.settings,
    loadAssembly: () => options.loadAssembly(stateOf(core, rateLimits)),
    loadPricing: options.loadPricing,
    hasThreads: options.hasThreads,
    plannedRun: options.plannedRun,
    policies: options.policies,
    inherited: inheritedFrame(options.traceparent, options.tracestate),
    count: options.count,
    onFault,
    onMaskFault: (reason) => options.fault?.('content-mask', reason),
    now: options.now,
  });
  core.ownRun.openBy((run) => startRun(core, run.name, run));
  return {
    settings: core.settings,
    get isContentCaptured() {
      return isCaptured(core.captureContent);
    },
    now: () => core.now(),
    current: () => core.frames.current(),
    within: (frame, fn) => core.frames.within(frame, fn),
    resume: (frame, fn) => core.frames.resume(frame, fn),
    ...guarded(verbsOf(core, rateLimits, onFault), onFault),
  };
}

function stateOf(core: Core, rateLimits: RateLimits): RecorderState {
  return {
    tasks: core.tasks,
    trackers: core.trackers,
    rateLimits,
    callsUnderWay: core.callsUnderWay,
    budgets: core.budgets,
    git: { startGit: (start) => startGit(core, start), recordGit: (git) => recordGit(core, git) },
    endOpen(type, isFault) {
      if (isFault === true) core.ownRun.failed(type);
      core.endOpen(type);
    },
    runTraceId: () => core.runTraceId(),
    tellPolicies: (notice) => tellPolicies(core, notice),
    held: () => core.held(),
  };
}
