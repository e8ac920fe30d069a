/** Reads one attempt of an LLM call: the bytes of the request and of its answer in, facts out, whatever the end is. */
import { ATTR_GEN_AI_OUTPUT_MESSAGES, ATTR_SWARMSCOPE_RETRY_AFTER } from '../semconv/index.ts';
import type { EpochMs, LlmAnswer } from '../semconv/telemetry.ts';
import { AnswerFacts } from './facts/answer.ts';
import { isAbort, transportErrorType } from './facts/error-type.ts';
import { statusFailure } from './facts/failure.ts';
import { type Headers, rateLimitsOf, retryAfterOf } from './facts/headers.ts';
import { likenessOf } from './facts/likeness.ts';
import type { AnswerReader, Protocol, RequestFacts } from './protocol.ts';
import { BodyBuffer } from './read/body-buffer.ts';
import { asObject, parseJson } from './read/json.ts';
import { SseScanner } from './read/sse.ts';

/** A stream whose connection was closed in good order before the protocol said that the answer is whole. */
const INCOMPLETE_STREAM = 'incomplete_stream';
/** The app gave up before it had an answer. */
const ABORTED = 'AbortError';

export interface ExchangeOptions {
  readonly protocol: Protocol;
  readonly request: Headers;
  readonly startTime: EpochMs;
  /** Read once for each piece of the answer, and at the end. */
  readonly clock: { now(): EpochMs };
  readonly isContentCaptured: boolean;
  /** Called at most once, when the request is whole and could be read. */
  onRequest(facts: RequestFacts): void;
  /** Called once, and last. `toolCallIds` are those of `toolsCalled`; empty for a tool that the provider executes. */
  onEnd(answer: LlmAnswer, toolCallIds: readonly string[]): void;
  /** Something could not be read; `what` is one of a few names. */
  onUnread(what: string, times?: number): void;
}

export interface ResponseHead extends Headers {
  readonly status: number;
}

/** Chunks are borrowed: read during the call, never kept. `end`, `error` or `lost` comes once, and last. */
export class ExchangeReader {
  readonly #options: ExchangeOptions;
  readonly #facts: AnswerFacts;
  readonly #answer: AnswerReader;
  readonly #isRequestEncoded: boolean;
  readonly #requestBody = new BodyBuffer();
  readonly #responseBody = new BodyBuffer();
  #isStreamRequested = false;
  #head: ResponseHead | undefined;
  #scanner: SseScanner | undefined;
  #isUnreadable = false;
  #firstOutputTime: EpochMs | undefined;
  #lastOutputTime: EpochMs = 0;
  #outputChunks = 0;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#facts = new AnswerFacts(options.isContentCaptured);
    this.#answer = new options.protocol.Answer(this.#facts);
    const encoding = options.request.header('content-encoding');
    this.#isRequestEncoded = encoding !== undefined && encoding !== 'identity';
  }

  requestBody(chunk: Uint8Array): void {
    if (!this.#isRequestEncoded) this.#requestBody.add(chunk);
  }

  requestEnd(): void {
    const options = this.#options;
    if (this.#isRequestEncoded) options.onUnread('encoded-request');
    if (this.#requestBody.isEmpty) return;
    const isTooLarge = this.#requestBody.isTooLarge;
    const text = this.#requestBody.take();
    if (isTooLarge) {
      options.onUnread('large-request');
      // Enough to find the model; a property of that name inside a message would need unescaped quotes.
      return options.onRequest({ requestModel: /"model"\s*:\s*"([^"\\]{1,200})"/.exec(text)?.[1] });
    }
    const body = asObject(parseJson(text));
    if (body === undefined) return options.onUnread('unreadable-request');
    const facts = options.protocol.readRequest(body, options.isContentCaptured);
    this.#isStreamRequested = facts.stream === true;
    options.onRequest({ ...facts, likeness: likenessOf(text) });
  }

  responseHead(head: ResponseHead): void {
    this.#head = head;
    const type = head.header('content-type') ?? '';
    const isStream = type.includes('text/event-stream') || (this.#isStreamRequested && head.status < 400 && !type.includes('json'));
    if (!isStream) return;
    this.#scanner = new SseScanner((event) => {
      if (this.#answer.readEvent(event)) this.#outputChunks += 1;
    });
  }

  /** Bytes without their content encoding. */
  responseChunk(bytes: Uint8Array): void {
    if (this.#scanner === undefined) return this.#responseBody.add(bytes);
    const before = this.#outputChunks;
    // When the bytes came, and not when they have been read.
    const now = this.#options.clock.now();
    this.#scanner.feed(bytes);
    if (this.#outputChunks === before) return;
    this.#lastOutputTime = now;
    this.#firstOutputTime ??= now;
  }

  /** The content encoding of the answer could not be removed. */
  responseUnreadable(reason: string): void {
    this.#isUnreadable = true;
    this.#options.onUnread(`unreadable-response.${reason}`);
  }

  /** The answer has ended in good order, `lateMs` ago. */
  end(lateMs: number): void {
    const endTime = this.#options.clock.now() - lateMs;
    this.#readRest();
    const isCut = this.#scanner !== undefined && !this.#facts.isComplete && !this.#isUnreadable;
    this.#finish(endTime, isCut ? INCOMPLETE_STREAM : undefined);
  }

  /** The connection has failed or the client has closed it, `lateMs` ago. */
  error(error: unknown, lateMs: number): void {
    const endTime = this.#options.clock.now() - lateMs;
    this.#readRest();
    // Clients close the connection after the last event; and one that leaves a stream early has made no error.
    const isLeft = isAbort(error) && this.#scanner !== undefined;
    const fault = isAbort(error) ? ABORTED : transportErrorType(error);
    this.#finish(endTime, this.#facts.isComplete || isLeft ? undefined : fault);
  }

  /** The reader has thrown: what is known by now is the call. */
  lost(): void {
    this.#options.onEnd({ statusCode: this.#head?.status }, []);
  }

  #readRest(): void {
    if (this.#scanner !== undefined) {
      this.#scanner.end();
      if (this.#scanner.skipped > 0) this.#options.onUnread('large-event', this.#scanner.skipped);
    } else if (!this.#responseBody.isEmpty && !this.#isUnreadable) {
      const text = this.#responseBody.isTooLarge ? '' : this.#responseBody.take();
      const document = parseJson(text);
      const body = asObject(document);
      if (this.#isFailed) this.#facts.fail(statusFailure(document ?? text, this.#head?.status ?? 0));
      else if (body !== undefined) this.#answer.readBody(body);
      if (this.#isFailed ? document === undefined : body === undefined) this.#options.onUnread('unreadable-response');
    }
  }

  get #isFailed(): boolean {
    return this.#head !== undefined && this.#head.status >= 400;
  }

  /** What the provider said comes before the status, and that before what happened to the connection. */
  #finish(endTime: EpochMs, fault: string | undefined): void {
    const { startTime } = this.#options;
    const facts = this.#facts;
    const head = this.#head;
    const errorType = facts.errorType ?? (this.#isFailed ? String(head?.status) : fault);
    const isBrokenStream = errorType !== undefined && this.#scanner !== undefined;
    const gaps = this.#outputChunks - 1;
    const first = this.#firstOutputTime;
    const answer: LlmAnswer = {
      endTime,
      responseModel: facts.responseModel,
      responseId: facts.responseId,
      finishReasons: isBrokenStream ? ['error'] : facts.finishReasons,
      usage: facts.usage,
      timeToFirstChunk: first === undefined ? undefined : (first - startTime) / 1000,
      timePerChunk: first === undefined || gaps < 1 ? undefined : { mean: (this.#lastOutputTime - first) / 1000 / gaps, count: gaps },
      statusCode: head?.status,
      errorType,
      isContextOverflow: facts.isContextOverflow,
      toolsCalled: facts.toolsCalled.length === 0 ? undefined : facts.toolsCalled,
      rateLimits: head === undefined ? undefined : rateLimitsOf(head),
      providerCost: facts.providerCost,
      attributes: {
        [ATTR_GEN_AI_OUTPUT_MESSAGES]: facts.output?.toJson(),
        [ATTR_SWARMSCOPE_RETRY_AFTER]: head === undefined ? undefined : retryAfterOf(head),
      },
    };
    this.#options.onEnd(answer, facts.toolCallIds);
  }
}
