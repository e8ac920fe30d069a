/** What a protocol of LLM calls is: bodies and events in, facts out. Pure: no I/O and no clock. */
import type { LlmOperation, LlmRequest } from '../semconv/telemetry.ts';
import type { AnswerFacts } from './facts/answer.ts';
import type { ToolHistory } from './facts/tool-results.ts';
import type { EventMatcher } from './read/event-matcher.ts';
import type { JsonObject } from './read/json.ts';
import type { SessionHost, SessionReader } from './session.ts';

export interface RequestFacts extends LlmRequest {
  /** The results of tool calls that it brings. */
  tools?: ToolHistory | undefined;
}

/** Reads one answer. A protocol has the methods for the forms in which its service answers; `readBody` always. */
export interface AnswerReader {
  /** The whole answer. Without `readPart` also each part of a stream that comes as JSON. */
  readBody(body: JsonObject): void;
  /** One server-sent event, as the Latin-1 text of its bytes, so that most need not be parsed. True when it carries output of the model. */
  readEvent?(event: string): boolean;
  /**
   * Finds the events that bring more output of the model and nothing that `readEvent` would note; `undefined` while there are none
   * such. What it finds counts as output, and is not given to `readEvent`.
   */
  readonly moreOutput?: EventMatcher | undefined;
  /**
   * One part of a stream, parsed: an object of JSON lines or of a list, a message of an AWS event stream; without `readEvent`
   * also the data of a server-sent event. `name` is the event's. True when it carries output of the model.
   */
  readPart?(part: JsonObject, name?: string): boolean;
  /** A whole answer that is text and no JSON, where the service may answer so. */
  readText?(text: string): void;
}

/** One address that calls of a protocol go to. */
export interface Operation {
  /**
   * How the path ends; any prefix may stand before it. `{name}` stands for the rest of a segment; `{model}` names the model, `{embedding_model}`, `{image_model}` and `{video_model}` one with `embed`, `imagen` or `veo` in its name, `{id}` a stored response, `{response}` one whose id begins with `resp_`.
   * The longest pattern that fits wins. It begins with `/`, and ends with a word, or with a variable behind a word.
   * @example '/model/{model}/converse-stream', '/models/{model}:streamGenerateContent', '/chat/completions'
   */
  readonly path: string;
  /** Default: `POST`. `WEBSOCKET` is the handshake of one, behind which each response is a call. */
  readonly method?: 'GET' | 'WEBSOCKET';
  /** `gen_ai.operation.name`. */
  readonly name: LlmOperation;
  /** The answer is a stream, whatever the body of the request says. */
  readonly isStream?: true;
  /** `gen_ai.provider.name` by the path alone, where the host is not a well-known one. */
  readonly provider?: string;
  /**
   * Members that the body of a request must have where the host is not a well-known one. For paths that other services use
   * too (`/api/chat`): such a call begins, with its true start, once its body was seen.
   */
  readonly body?: readonly string[];
  /** Where the names of its members do not tell the body from those of other calls that go to the same path. */
  readonly fits?: (body: JsonObject) => boolean;
  /** Others than calls go to such a path at the well-known hosts as well: the body is asked there too. */
  readonly isShared?: true;
}

/** Which requests are a protocol's own. Every process holds the paths, and leaves every other request alone. */
export interface Endpoint {
  /** What its calls are called, for `doctor`. */
  readonly calls: string;
  /** `gen_ai.provider.name` where neither host nor path tells it. */
  readonly provider: string;
  readonly operations: readonly Operation[];
}

/** What is known of a request before its body is read. */
export interface Asked {
  readonly operation: Operation;
  readonly isContentCaptured: boolean;
}

export interface Protocol extends Endpoint {
  /** A model that stands in the path is known already. */
  readRequest(body: JsonObject, asked: Asked): RequestFacts;
  readonly Answer: new (facts: AnswerFacts, operation: Operation) => AnswerReader;
  /** Reads what passes on a WebSocket, where the service has one. */
  readonly Session?: new (host: SessionHost) => SessionReader;
}
