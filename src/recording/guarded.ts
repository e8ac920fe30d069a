/** The promise that no verb ever throws, kept in one place: a fault of ours is told once and the caller gets a stand-in. */
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { newBatch } from './batch.ts';
import { inertActivity, inertLlmCall, inertSubmission } from './inert.ts';
import type { Activity, Frame, LlmCall, Recorder } from './types.ts';

type Verb = Exclude<keyof Recorder, 'settings' | 'isContentCaptured' | 'now' | 'current' | 'within'>;
type Answers = { readonly [V in Verb]: (...args: Parameters<Recorder[V]>) => ReturnType<Recorder[V]> };

/** `onFault` gets the verb's name and what it threw; it must not throw. */
export function guarded(recorder: Recorder, onFault: (verb: string, error: unknown) => void): Recorder {
  const standIns = standInsOf(recorder);
  const guard = <V extends Verb>(verb: V): Answers[V] =>
    function (...args: Parameters<Recorder[V]>): ReturnType<Recorder[V]> {
      try {
        return (recorder[verb] as Answers[V])(...args);
      } catch (error) {
        onFault(verb, error);
        return standIns[verb](...args);
      }
    } as Answers[V];
  const verbs = Object.fromEntries((Object.keys(standIns) as Verb[]).map((verb) => [verb, guard(verb)])) as unknown as Answers;
  return {
    ...recorder,
    ...verbs,
    startLlmCall: (start) => guardedCall(verbs.startLlmCall(start), onFault),
    startGit: (start) => {
      const git = verbs.startGit(start);
      return { end: (operation) => safely(() => git.end(operation), 'startGit.end', onFault) };
    },
  };
}

function guardedCall(call: LlmCall, onFault: (verb: string, error: unknown) => void): LlmCall {
  return {
    activity: call.activity,
    learn: (facts) => safely(() => call.learn(facts), 'startLlmCall.learn', onFault),
    end: (end) => {
      safely(() => call.end(end), 'startLlmCall.end', onFault);
      call.activity.end({ endTime: end?.endTime, errorType: end?.errorType });
    },
  };
}

function safely(fn: () => void, verb: string, onFault: (verb: string, error: unknown) => void): void {
  try {
    fn();
  } catch (error) {
    onFault(verb, error);
  }
}

function standInsOf(recorder: Recorder): Answers {
  const frame = (): Frame =>
    recorder.current() ?? {
      context: ROOT_CONTEXT,
      parent: undefined,
      task: undefined,
      batch: undefined,
      agent: undefined,
      runId: undefined,
    };
  const activity = (): Activity => inertActivity(frame(), recorder.now());
  const nothing = (): undefined => undefined;
  const untracked = (): { stop(): void } => ({ stop: nothing });
  return {
    carrier: () => ({}),
    frameOfTraceparent: nothing,
    startRun: activity,
    startPhase: activity,
    startTask: activity,
    startBatch: activity,
    newBatch,
    joinBatch: frame,
    recordBatch: nothing,
    startAgent: activity,
    startTool: activity,
    recordInferredTool: nothing,
    startWait: activity,
    startLlmCall: () => inertLlmCall(activity()),
    startLibrarySpan: nothing,
    startChildProcess: activity,
    startGit: () => ({ end: nothing }),
    recordGit: nothing,
    submitTask: (type) => inertSubmission(type, recorder.now(), recorder.current()),
    environment: () => ({}),
    trackPool: untracked,
    trackQueue: untracked,
  };
}
