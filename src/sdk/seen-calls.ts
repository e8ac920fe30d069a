/** LLM calls that our own process saw: each hangs below what made it, else below the run or in a trace of its own. */
import type { Frame, LlmCall, LlmCallStart, Recorder } from '../recording/types.ts';

/** `isOwnTrace`: where nothing is above it; else it hangs below the run. */
export interface SeenCallStart extends Omit<LlmCallStart, 'frame'> {
  /** Of the span that it hangs below. */
  readonly traceparent: string | undefined;
}

export interface SeenCalls {
  startLlmCall(start: SeenCallStart): LlmCall;
}

export function seenCalls(recorder: Recorder, run: Frame): SeenCalls {
  return {
    startLlmCall({ traceparent, isOwnTrace, ...start }) {
      const frame = traceparent === undefined ? undefined : recorder.frameOfTraceparent(traceparent);
      return recorder.startLlmCall({ ...start, frame: frame ?? run, isOwnTrace: frame === undefined && isOwnTrace === true });
    },
  };
}
