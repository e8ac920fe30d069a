/** What an exchange is read by, and whom it is told to. */
import type { EpochMs, LlmAnswer, LlmHead } from '../semconv/telemetry.ts';
import type { Headers } from './facts/headers.ts';
import type { RequestFacts } from './protocol.ts';
import type { Recognised } from './recognition.ts';
import type { RequestBodyOptions } from './request-body.ts';

export interface AnswerHead extends LlmHead {
  /** Where the client is to send the request instead, as the server wrote it. */
  readonly location: string | undefined;
}

export interface ExchangeOptions extends RequestBodyOptions {
  readonly startTime: EpochMs;
  /** Read once for each piece of the answer, and at the end. */
  readonly clock: { now(): EpochMs };
  /** Called at most once, when the request is whole and could be read. `recognised`: which of the calls that go to its path it is. */
  onRequest(facts: RequestFacts, recognised: Recognised): void;
  /** Called at most once: what is true of the call, whatever becomes of its body. */
  onHead(head: AnswerHead): void;
  /** Called once, and last. `toolCallIds` are those of `toolsCalled`; empty for a tool that the provider executes. */
  onEnd(answer: LlmAnswer, toolCallIds: readonly string[]): void;
  onUnread(what: string, times?: number): void;
}

export interface ResponseHead extends Headers {
  readonly status: number;
}
