/** What is told of one attempt of an LLM call, and when. */
import type { EpochMs, LlmAnswer, LlmHead, LlmOperation, LlmRequest } from '../semconv/telemetry.ts';
import type { Activity, Frame } from './activity-types.ts';

export interface LlmCallStart extends LlmRequest {
  operation: LlmOperation;
  /** `gen_ai.provider.name`, e.g. `openai`. */
  provider: string;
  /** Where the service runs, if its address says so; its prices may depend on it. */
  region?: string | undefined;
  serverAddress?: string | undefined;
  serverPort?: number | undefined;
  /** Of its HTTP request. Default: `POST`. */
  method?: string | undefined;
  startTime?: EpochMs | undefined;
  /** 0 for the first attempt. */
  resendCount?: number | undefined;
  frame?: Frame | undefined;
  /** Makes its span the root of a trace of its own, linked to what `frame` stands for. */
  isOwnTrace?: boolean | undefined;
  /** The process ends while the call is open: ends it with what is known. */
  onCut?: ((errorType: string) => void) | undefined;
}

/** Its content attributes are given only when `recorder.isContentCaptured`. */
export interface LlmCallEnd extends LlmAnswer {
  requestModel?: string | undefined;
  /** Where the answer tells it better than the request did. */
  provider?: string | undefined;
}

export interface LlmCall {
  readonly activity: Activity;
  /** Facts known only after the start (the body came later than the headers). */
  learn(facts: LlmRequest & { operation?: LlmOperation; provider?: string }): void;
  /** What the head of the answer tells: it is known whatever becomes of the body. */
  learnHead(head: LlmHead): void;
  end(end: LlmCallEnd): void;
}
