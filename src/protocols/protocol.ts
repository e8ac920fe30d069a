/** What a protocol of LLM calls is: bodies and events in, facts out. Pure: no I/O and no clock. */
import type { LlmOperation, LlmRequest } from '../semconv/telemetry.ts';
import type { AnswerFacts } from './facts/answer.ts';
import type { ToolHistory } from './facts/tool-results.ts';
import type { JsonObject } from './read/json.ts';

export interface RequestFacts extends LlmRequest {
  /** The results of tool calls that it brings. */
  tools?: ToolHistory | undefined;
}

export interface AnswerReader {
  /** The whole answer; or one event of it, where a stream comes as lines of JSON. */
  readBody(body: JsonObject): void;
  /** One server-sent event, as the Latin-1 text of its bytes. True when it carries output of the model. */
  readEvent(event: string): boolean;
}

/** Which requests are a protocol's own. Every process holds this much, and leaves every other request alone. */
export interface Endpoint {
  /** What its calls are called, for `doctor`. */
  readonly calls: string;
  /** Any prefix may stand before it. */
  readonly pathEnd: string;
  /** `gen_ai.provider.name` where the host is not a well-known one. */
  readonly provider: string;
  /** `gen_ai.operation.name`. */
  readonly operation: LlmOperation;
}

export interface Protocol extends Endpoint {
  readRequest(body: JsonObject, isContentCaptured: boolean): RequestFacts;
  readonly Answer: new (facts: AnswerFacts) => AnswerReader;
}
