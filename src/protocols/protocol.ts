/** What every protocol of LLM calls is to us: bodies and events in, facts out. Pure, no I/O, no clock. */
import type { Attributes, LlmAnswer, LlmOperation, LlmRequest } from '../semconv/telemetry.ts';
import type { JsonObject } from './read/json.ts';

export interface RequestFacts extends LlmRequest {
  /** Ids of the tool calls whose results this request brings. */
  toolResults?: readonly string[] | undefined;
}

type Answered = Pick<LlmAnswer, 'responseModel' | 'responseId' | 'finishReasons' | 'usage' | 'providerCost'>;

/** Grows while the answer is read. */
export interface AnswerFacts extends Answered {
  toolsCalled: string[];
  /** Ids of `toolsCalled`, same order; empty where the client does not execute it or no id came. */
  toolCallIds: string[];
  /** An error that the provider told in the answer, also in the middle of a stream. */
  errorType?: string | undefined;
  /** The protocol said that the answer is whole, whatever happens to the connection afterwards. */
  isComplete: boolean;
  attributes: Attributes;
}

export interface AnswerReader {
  readonly facts: AnswerFacts;
  /** A whole JSON answer, plain or error. */
  readBody(body: JsonObject): void;
  /** One server-sent event, as the bytes' Latin-1 text. True when it carries output of the model. */
  readEvent(event: string): boolean;
  /** The answer is over: content that was gathered becomes an attribute. */
  finish(): void;
}

/** Which requests are a protocol's own, and what they are about. Every process holds this much, so that every other request is left alone. */
export interface Endpoint {
  /** Any prefix may stand before it. */
  readonly pathEnd: string;
  /** `gen_ai.provider.name` where the host is not a well-known one. */
  readonly provider: string;
  /** `gen_ai.operation.name`. */
  readonly operation: LlmOperation;
}

export interface Protocol extends Endpoint {
  readRequest(body: JsonObject, isContentCaptured: boolean): RequestFacts;
  readonly Answer: new (isContentCaptured: boolean) => AnswerReader;
}

/** Tool calls remembered of one answer; protects from an endless stream. */
export const MAX_TOOLS_CALLED = 128;
