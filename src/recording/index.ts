/** The verbs, put together: what the register door loads at the first event worth recording. */
import type { Settings } from '../config/settings.ts';
import { recordInferredTool, startAgent, startTool } from './agent.ts';
import { newBatch, recordBatch, startBatch } from './batch.ts';
import { startChildProcess } from './child-process.ts';
import { Core } from './core.ts';
import type { Pricing } from './cost.ts';
import { carrierOf, frameOfTraceparent } from './frame.ts';
import { recordGit, startGit } from './git-operation.ts';
import { guarded } from './guarded.ts';
import { LibraryTracers, startLibrarySpan } from './library-span.ts';
import { startLlmCall } from './llm-call.ts';
import { RateLimits } from './rate-limits.ts';
import { startPhase, startRun } from './run.ts';
import { startTask, submitTask } from './task.ts';
import type { TaskTable } from './task-table.ts';
import type { Trackers } from './trackers.ts';
import type { Assembly, Recorder } from './types.ts';
import type { EpochMs } from '../semconv/telemetry.ts';
import { startWait } from './wait.ts';

export interface RecorderOptions {
  settings: Settings;
  loadAssembly: (state: RecorderState) => Assembly;
  loadPricing: () => Pricing;
  /** `TRACEPARENT` and `TRACESTATE` that this process was started with. */
  traceparent: string | undefined;
  tracestate: string | undefined;
  count: (name: string, by?: number) => void;
  /** Told of faults of ours; every fault is also counted as `recording.fault.{verb}`. */
  fault?: ((where: string, error: unknown) => void) | undefined;
  /** Default: `clock.steady`. */
  now?: (() => EpochMs) | undefined;
}

/** What the gauges read, and what the end of the process calls. */
export interface RecorderState {
  readonly tasks: TaskTable;
  readonly trackers: Trackers;
  readonly rateLimits: RateLimits;
  readonly git: Pick<Recorder, 'startGit' | 'recordGit'>;
  endOpen(errorType: string): void;
  /** How much is held, by name: every one of these falls back when the work is done, or is bounded. */
  held(): Readonly<Record<string, number>>;
}

/** The recorder of one process. None of its members ever throws: see `guarded.ts`. */
export function createRecorder(options: RecorderOptions): Recorder {
  const onFault = (verb: string, error: unknown): void => {
    options.count(`recording.fault.${verb}`);
    options.fault?.('recording', error);
  };
  const core = createCore(options, onFault);
  return guarded(verbsOf(core), onFault);
}

interface Parts {
  core: Core;
  rateLimits: RateLimits;
}

function createCore(options: RecorderOptions, onFault: (verb: string, error: unknown) => void): Parts {
  const rateLimits = new RateLimits();
  const core: Core = new Core({
    settings: options.settings,
    loadAssembly: () =>
      options.loadAssembly({
        tasks: core.tasks,
        trackers: core.trackers,
        rateLimits,
        git: { startGit: (start) => startGit(core, start), recordGit: (git) => recordGit(core, git) },
        endOpen: (type) => core.endOpen(type),
        held: () => core.held(),
      }),
    loadPricing: options.loadPricing,
    inherited: options.traceparent === undefined ? undefined : frameOfTraceparent(options.traceparent, options.tracestate),
    count: options.count,
    onFault,
    now: options.now,
  });
  return { core, rateLimits };
}

function verbsOf({ core, rateLimits }: Parts): Recorder {
  const libraryTracers = new LibraryTracers(core);
  return {
    settings: core.settings,
    isContentCaptured: core.settings.captureContent === 'on',
    now: () => core.now(),
    current: () => core.frames.current(),
    within: (frame, fn) => core.frames.within(frame, fn),
    carrier: (frame) => carrierOf(frame ?? core.frames.current()),
    frameOfTraceparent: (traceparent) => frameOfTraceparent(traceparent),
    startRun: (name) => startRun(core, name),
    startPhase: (name) => startPhase(core, name),
    startTask: (task, fallbackType) => startTask(core, task, fallbackType),
    startBatch: (batch) => startBatch(core, batch),
    newBatch,
    joinBatch: (frame, batch) => ({ ...(frame ?? core.frames.current() ?? core.emptyFrame()), batch }),
    recordBatch: (batch, more, startTime, frame) => recordBatch(core, batch, more, startTime, frame),
    startAgent: (name, attributes) => startAgent(core, { name, attributes }),
    startTool: (tool) => startTool(core, tool),
    recordInferredTool: (call) => recordInferredTool(core, call),
    startWait: (reason, attributes, startTime) => startWait(core, reason, attributes ?? {}, startTime),
    startLlmCall: (call) => startLlmCall(core, call, rateLimits),
    startLibrarySpan: (span) => startLibrarySpan(core, libraryTracers, span),
    startChildProcess: (child) => startChildProcess(core, child),
    startGit: (start) => startGit(core, start),
    recordGit: (git) => recordGit(core, git),
    submitTask: (type, pool) => submitTask(core, type, pool),
    environment: () => core.assembly().environment(),
    trackPool(pool) {
      // The assembly reads the gauges: a program that only tracks, and has no span yet, is shown too.
      core.assembly();
      return core.trackers.trackPool(pool);
    },
    trackQueue(queue) {
      core.assembly();
      return core.trackers.trackQueue(queue);
    },
  };
}
