/** One response of the model in a session: read as the answer to an exchange, and recorded as the call that it is. */
import type { Closed } from '../../hooks/websocket/messages.ts';
import { ExchangeReader } from '../../protocols/exchange.ts';
import type { Headers } from '../../protocols/facts/headers.ts';
import type { RequestFacts } from '../../protocols/protocol.ts';
import type { Recognised } from '../../protocols/recognition.ts';
import type { SessionResponse } from '../../protocols/session.ts';
import type { Frame, LlmCall, Recorder } from '../../recording/types.ts';
import { ATTR_NETWORK_PROTOCOL_NAME, ATTR_SWARMSCOPE_SESSION_ID } from '../../semconv/index.ts';
import type { EpochMs, LlmAnswer, RateLimit } from '../../semconv/telemetry.ts';
import { ABORTED, HUNG_UP } from '../../hooks/http/node-http.ts';
import { askedTools, recordResults } from './inferred-tools.ts';
import type { ToolGaps } from './tool-gaps.ts';

export interface ResponseOptions {
  readonly recorder: Recorder;
  readonly request: Headers & { readonly host: string; readonly port: number };
  readonly recognised: Recognised;
  readonly tools: ToolGaps;
  readonly frame: Frame;
  readonly startTime: EpochMs;
  /** Of the session; they may be known late. */
  provider(model: string | undefined): string;
  model(): string | undefined;
  readonly sessionId: string;
  onUnread(what: string, times?: number): void;
  onEnd(): void;
}

export interface OpenResponse extends SessionResponse {
  limits(limits: readonly RateLimit[]): void;
  /** The connection has ended. */
  broken(closed: Closed): void;
  cut(errorType: string): void;
  lost(): void;
}

export function openResponse(options: ResponseOptions): OpenResponse {
  return new Response(options);
}

/** As the head of a stream: the events are read as if they stood in one. */
const HEAD = { status: 200, header: (name: string) => (name === 'content-type' ? 'text/event-stream' : undefined) };
const BEFORE = Buffer.from('data: ');
const AFTER = Buffer.from('\n\n');
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;

class Response implements OpenResponse {
  readonly #options: ResponseOptions;
  readonly #call: LlmCall;
  readonly #reader: ExchangeReader;
  #history: number | undefined;
  #hasHead = false;
  isEnded = false;

  constructor(options: ResponseOptions) {
    this.#options = options;
    const { recorder, recognised, request, startTime } = options;
    const model = options.model();
    this.#call = recorder.startLlmCall({
      operation: recognised.operation.name,
      provider: options.provider(model),
      requestModel: model,
      stream: true,
      serverAddress: request.host,
      serverPort: request.port,
      startTime,
      frame: options.frame,
      attributes: { [ATTR_NETWORK_PROTOCOL_NAME]: 'websocket', [ATTR_SWARMSCOPE_SESSION_ID]: options.sessionId },
      onCut: (errorType) => this.cut(errorType),
    });
    this.#reader = new ExchangeReader({
      recognised,
      request: NO_HEADERS,
      startTime,
      clock: recorder,
      isUnsure: false,
      isContentCaptured: recorder.isContentCaptured,
      digest: (content) => recorder.digest(content),
      onRequest: () => undefined,
      onHead: () => undefined,
      onEnd: (answer, toolCallIds) => this.#finish(answer, toolCallIds),
      onUnread: (what, times) => options.onUnread(what, times),
    });
  }

  asked({ tools, ...facts }: RequestFacts): void {
    const { recorder, startTime } = this.#options;
    const model = facts.requestModel ?? this.#options.model();
    this.#call.learn({ ...facts, requestModel: model, stream: true, provider: this.#options.provider(model) });
    this.#history = tools?.history;
    recordResults({ recorder, tools: this.#options.tools, frame: this.#options.frame, endTime: startTime }, tools?.results ?? []);
  }

  event(bytes: Buffer): void {
    this.#feed(Buffer.concat([BEFORE, inOneLine(bytes), AFTER]));
  }

  output(): void {
    if (this.isEnded) return;
    this.#begin();
    this.#reader.output();
  }

  end(): void {
    if (!this.isEnded) this.#reader.end(0);
  }

  limits(rateLimits: readonly RateLimit[]): void {
    this.#call.learnHead({ rateLimits });
  }

  broken({ by, error }: Closed): void {
    if (!this.isEnded) this.#reader.error(by === 'program' ? ABORTED : (error ?? HUNG_UP), 0);
  }

  cut(errorType: string): void {
    if (!this.isEnded) this.#reader.cut(errorType);
  }

  lost(): void {
    this.#reader.lost();
  }

  #feed(bytes: Buffer): void {
    if (this.isEnded) return;
    this.#begin();
    this.#reader.responseChunk(bytes);
  }

  #begin(): void {
    if (this.#hasHead) return;
    this.#hasHead = true;
    this.#reader.responseHead(HEAD);
  }

  /** A response has no status of its own. */
  #finish({ statusCode: _, ...answer }: LlmAnswer, toolCallIds: readonly string[]): void {
    this.isEnded = true;
    const { recorder, tools, frame } = this.#options;
    const heldFrom = recorder.now();
    this.#call.end(answer);
    const at = (answer.endTime ?? heldFrom) + recorder.now() - heldFrom;
    const asked = { at, frame, history: this.#history, responseId: answer.responseId };
    for (const tool of askedTools(answer, toolCallIds, asked)) tools.asked(tool);
    this.#options.onEnd();
  }
}

const NO_HEADERS: Headers = { header: () => undefined };

/** Between values of JSON a line break is white space; in a stream of events it would end the event. */
function inOneLine(bytes: Buffer): Buffer {
  if (!bytes.includes(NEWLINE) && !bytes.includes(RETURN)) return bytes;
  const copy = Buffer.from(bytes);
  for (let at = 0; at < copy.length; at += 1) if (copy[at] === NEWLINE || copy[at] === RETURN) copy[at] = SPACE;
  return copy;
}
