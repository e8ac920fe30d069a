/** LLM calls that our own process saw: each hangs below the process that made it, else below the run. */
import type { Frame, LlmCall, LlmCallStart, Recorder } from '../recording/types.ts';

export interface SeenCallStart extends Omit<LlmCallStart, 'frame'> {
  /** Of the span that it hangs below; undefined: below the run. */
  readonly traceparent: string | undefined;
}

export interface SeenCalls {
  startLlmCall(start: SeenCallStart): LlmCall;
}

export function seenCalls(recorder: Recorder, run: Frame): SeenCalls {
  return {
    startLlmCall({ traceparent, ...start }) {
      const frame = traceparent === undefined ? undefined : recorder.frameOfTraceparent(traceparent);
      return recorder.startLlmCall({ ...start, frame: frame ?? run });
    },
  };
}
