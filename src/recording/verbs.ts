/** Every verb of the recorder, one line each: what it does, and what it answers where that failed. */
import { NO_PROFILE } from '../semconv/profile.ts';
import type { PolicyAnswer, PolicyAsk } from '../config/policies/types.ts';
import { recordInferredTool, startAgent, startTool } from './agent.ts';
import { newBatch, recordBatch, startBatch } from './batch.ts';
import { startChildProcess } from './child-process.ts';
import { budgetCarrier, type BudgetBook } from './budgets/index.ts';
import type { Core } from './core.ts';
import { emit } from './events/emit.ts';
import { carrierOf, frameOfCarrier, frameOfTraceparent } from './frame.ts';
import { expectGit, recordGit, startGit } from './git-operation.ts';
import { recordGivenProfile } from './given-profile.ts';
import { guardedCall, guardedGit, standInsOf, type OnFault, type VerbTable } from './guarded.ts';
import { LibraryMeters } from './library-meter.ts';
import { LibraryTracers, startLibrarySpan } from './library-span.ts';
import { startLlmCall } from './llm-call.ts';
import { startLlmSession } from './llm-session.ts';
import type { RateLimits } from './rate-limits.ts';
import { takeSnapshot } from './snapshots/index.ts';
import { startServed } from './served-request.ts';
import { startPhase, startRun, startWorkflow } from './run.ts';
import { startTask, submitTask } from './task.ts';
import { digestOf } from '../config/keyed-hash.ts';
import { tellEvent } from './told-events.ts';
import { toolFacts } from './tool-facts.ts';
import type { Trackers } from './trackers.ts';
import type { Recorder } from './types.ts';
import { startWait } from './wait.ts';
import { workCarrier } from './work.ts';

const FAULT = 'a fault of swarmscope: nothing was taken';
const NO_RUN = 'policies: this process belongs to no run';

export function verbsOf(core: Core, rateLimits: RateLimits, onFault: OnFault): VerbTable {
  const libraryTracers = new LibraryTracers(core);
  const libraryMeters = new LibraryMeters(core);
  const { nothing, frame, activity, variables, llmCall, llmSession, gitCommand, tracking, submission } = standInsOf(core);
  /** The gauges are started by the assembly: a program that only tracks, and has no span yet, is shown too. */
  const trackers = (): Trackers => {
    core.assembly();
    return core.trackers;
  };
  const budgets = (): BudgetBook => {
    core.assembly();
    return core.budgets;
  };
  return {
    carrier: [
      (given) => {
        const frame = given ?? core.askedTools.act(undefined, 'work', undefined).frame ?? core.ownRun.frame();
        return { ...carrierOf(frame), ...budgetCarrier(core, frame), ...workCarrier(core, frame) };
      },
      variables,
    ],
    frameOfTraceparent: [(traceparent) => frameOfTraceparent(traceparent), nothing],
    frameOfCarrier: [(carrier) => frameOfCarrier(carrier), nothing],
    followContext: [(read) => core.frames.follow(read), nothing],
    startRun: [(name) => startRun(core, name), activity],
    startWorkflow: [(name) => startWorkflow(core, name), activity],
    startPhase: [(name) => startPhase(core, name), activity],
    startTask: [(task, fallbackType) => startTask(core, task, fallbackType), activity],
    startBatch: [(batch) => startBatch(core, batch), activity],
    newBatch: [newBatch, newBatch],
    joinBatch: [(given, batch) => ({ ...(given ?? frame()), batch }), frame],
    recordBatch: [(batch, more, startTime, given) => recordBatch(core, batch, more, startTime, given), nothing],
    tell: [(event) => tellEvent(core, event), () => FAULT],
    startAgent: [
      (name, attributes, process) => startAgent(core, { name, attributes, process, isElsewhere: process !== undefined }),
      activity,
    ],
    startTool: [(tool) => startTool(core, tool), activity],
    digest: [(content) => digestOf(core.assembly(), content), nothing],
    toolFacts: [(content) => toolFacts(core, content), () => ({})],
    recordInferredTool: [(call) => recordInferredTool(core, call), nothing],
    startWait: [(reason, attributes, startTime) => startWait(core, reason, attributes ?? {}, startTime), activity],
    startLlmCall: [(call) => guardedCall(core.askedTools.watched(startLlmCall(core, call, rateLimits)), onFault), llmCall],
    startLlmSession: [(session) => startLlmSession(core, session), llmSession],
    startLibrarySpan: [(span) => startLibrarySpan(core, libraryTracers, span), nothing],
    libraryMeter: [(scope) => libraryMeters.of(scope), nothing],
    startServed: [(start) => startServed(core, start), nothing],
    startChildProcess: [(child) => startChildProcess(core, child), activity],
    startGit: [(start) => guardedGit(startGit(core, start), onFault), gitCommand],
    expectGit: [() => expectGit(core), nothing],
    recordGit: [(git) => recordGit(core, git), nothing],
    submitTask: [(type, pool) => submitTask(core, type, pool), submission],
    environment: [() => core.assembly().environment(), variables],
    threadShared: [(thread, memory) => threadShared(core, thread, memory), nothing],
    threadEnded: [(thread) => core.assembly().threads?.ended(thread, core.now()), nothing],
    leave: [() => core.assembly().leave?.(), nothing],
    maskContent: [(mask) => core.userMask.add(mask), nothing],
    trackPool: [(pool) => trackers().trackPool(pool), tracking],
    trackQueue: [(queue) => trackers().trackQueue(queue), tracking],
    budget: [(given) => budgets().declare(given), () => ({ name: '', problem: FAULT })],
    allocate: [(given) => budgets().allocate(given), () => ({ id: '', budget: '', problem: FAULT })],
    profile: [() => core.profile.summary(core.now()), () => NO_PROFILE],
    recordProfile: [(given) => recordGivenProfile(core, given), () => FAULT],
    policies: [() => policiesOf(core), () => ({ version: 0, policies: {} })],
    askPolicies: [(ask) => askPolicies(core, ask), () => Promise.resolve({ version: 0, problem: FAULT })],
    emit: [(given) => emit(core, given), () => FAULT],
    snapshot: [(name, state) => takeSnapshot(core, name, state), () => FAULT],
    release: [(given) => budgets().release(given), () => FAULT],
  };
}

/** It has recorded something below the run: this process may not have, so far. */
function threadShared(core: Core, thread: number, memory: SharedArrayBuffer): void {
  core.ownRun.frame();
  core.assembly().threads?.shared(thread, memory);
}

/** What the run has is known with the assembly. */
function policiesOf(core: Core): ReturnType<Recorder['policies']> {
  core.assembly();
  const { version, policies } = core.policies;
  return { version, policies };
}

function askPolicies(core: Core, ask: PolicyAsk): Promise<PolicyAnswer> {
  const answer = core.assembly().askPolicies?.(ask);
  return answer ?? Promise.resolve({ version: core.policies.version, problem: NO_RUN });
}
