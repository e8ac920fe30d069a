/** Keeps the promise that no verb ever throws: a fault of ours is told once, and the caller gets a stand-in. */
import { INVALID_SPANID, INVALID_TRACEID } from '@opentelemetry/api';
import type { Core } from './core.ts';
import type { Activity, Frame, LlmCall, LlmSession, Recorder } from './types.ts';

export type OnFault = (verb: string, error: unknown) => void;
/** The verbs are what may fail; the rest of the recorder reads what is there. */
type Verb = Exclude<keyof Recorder, 'settings' | 'isContentCaptured' | 'now' | 'current' | 'within' | 'resume'>;
type Answers<V extends Verb> = (...args: Parameters<Recorder[V]>) => ReturnType<Recorder[V]>;
/** What each verb does, and what it answers where that failed. */
export type VerbTable = { readonly [V in Verb]: readonly [does: Answers<V>, standIn: Answers<V>] };

/** `onFault` gets the verb's name and what it threw; it must not throw. */
export function guarded(verbs: VerbTable, onFault: OnFault): Pick<Recorder, Verb> {
  const guard = <V extends Verb>(verb: V, [does, standIn]: VerbTable[V]): Answers<V> =>
    function (...args) {
      try {
        return does(...args);
      } catch (error) {
        onFault(verb, error);
        return standIn(...args);
      }
    };
  const all = (Object.keys(verbs) as Verb[]).map((verb) => [verb, guard(verb, verbs[verb])]);
  return Object.fromEntries(all) as Pick<Recorder, Verb>;
}

export function standInsOf(core: Core) {
  const frame = (): Frame => core.frames.current() ?? core.emptyFrame();
  /** Records nothing; what is started below it hangs where it would have hung itself. */
  const activity = (): Activity => ({
    frame: frame(),
    traceId: INVALID_TRACEID,
    spanId: INVALID_SPANID,
    isEnded: true,
    startTime: core.now(),
    set: nothing,
    end: nothing,
  });
  return {
    nothing,
    frame,
    activity,
    variables: (): Record<string, string> => ({}),
    llmCall: (): LlmCall => ({ activity: activity(), learn: nothing, learnHead: nothing, end: nothing }),
    llmSession: (): LlmSession => ({ activity: activity(), learn: nothing, end: nothing }),
    gitCommand: () => ({ end: nothing }),
    tracking: () => ({ stop: nothing }),
    submission: (type: string) => ({ type, submittedAt: core.now(), frame: core.frames.current(), cancel: nothing }),
  };
}

const nothing = (): undefined => undefined;

/** The same promise for what `startLlmCall` answered: its activity ends in any case. */
export function guardedCall(call: LlmCall, onFault: OnFault): LlmCall {
  return {
    activity: call.activity,
    learn: (facts) => safely(() => call.learn(facts), 'startLlmCall.learn', onFault),
    learnHead: (head) => safely(() => call.learnHead(head), 'startLlmCall.learnHead', onFault),
    end: (end) => {
      safely(() => call.end(end), 'startLlmCall.end', onFault);
      call.activity.end({ endTime: end?.endTime, errorType: end?.errorType });
    },
  };
}

export function guardedGit(git: ReturnType<Recorder['startGit']>, onFault: OnFault): ReturnType<Recorder['startGit']> {
  return { end: (operation) => safely(() => git.end(operation), 'startGit.end', onFault) };
}

function safely(fn: () => void, verb: string, onFault: OnFault): void {
  try {
    fn();
  } catch (error) {
    onFault(verb, error);
  }
}
