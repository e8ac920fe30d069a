/** Reads one attempt of an LLM call: the bytes of the request and of its answer in, facts out, whatever the end is. */
import {
  ATTR_SWARMSCOPE_INFERENCE_ENDING,
  ATTR_SWARMSCOPE_INFERENCE_LOAD_DURATION,
  ATTR_SWARMSCOPE_RETRY_AFTER,
} from '../semconv/index.ts';
import type { EpochMs, LlmAnswer } from '../semconv/telemetry.ts';
import { AnswerBody } from './answer-body.ts';
import type { ExchangeOptions, ResponseHead } from './exchange-types.ts';
import { AnswerFacts } from './facts/answer.ts';
import { costInHeader, readTier } from './facts/cost.ts';
import { estimateOf } from './facts/estimate.ts';
import { brokenEnd, type End } from './facts/ending.ts';
import { isCollected } from './facts/error-type.ts';
import { nameOfAws, namedFailure, statusFailure } from './facts/failure.ts';
import { retryAfterOf } from './facts/headers.ts';
import { rateLimitsOf } from './facts/rate-limits.ts';
import { framingOf, type FramingName } from './framing.ts';
import { serverInHead } from './facts/server.ts';
import type { AnswerReader } from './protocol.ts';
import { nameOf, parseEvent } from './read/event-text.ts';
import type { JsonObject } from './read/json.ts';
import { RequestBody } from './request-body.ts';

export type { AnswerHead, ExchangeOptions, ResponseHead } from './exchange-types.ts';

/** A stream whose connection was closed in good order before the protocol said that the answer is whole. */
const INCOMPLETE: End = { ending: 'cut', fault: 'incomplete_stream' };
const COMPLETE: End = { ending: 'complete', fault: undefined };
const MEDIA = /^(?:audio|image|video)\//;
const SSE: FramingName = 'server-sent events';
/** Answers that have no body, and those by which a client sends the same request to another place. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);
const REDIRECTS: ReadonlySet<number> = new Set([307, 308]);

/** Chunks are borrowed: read during the call, never kept. What comes after the end is not read. */
export class ExchangeReader {
  readonly #options: ExchangeOptions;
  readonly #facts: AnswerFacts;
  #answer: AnswerReader;
  readonly #requestBody: RequestBody;
  #isStreamRequested = false;
  #head: ResponseHead | undefined;
  #decodeRest: (() => void) | undefined;
  #body: AnswerBody | undefined;
  #isUnreadable = false;
  #isEnded = false;
  /** When the head, or the last piece of the body, came. */
  #lastByteTime: EpochMs = 0;
  #firstOutputTime: EpochMs | undefined;
  #lastOutputTime: EpochMs = 0;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#facts = new AnswerFacts(options.isContentCaptured, options.estimatesTokens);
    const { protocol, operation } = options.recognised;
    this.#answer = new protocol.Answer(this.#facts, operation);
    this.#isStreamRequested = operation.isStream === true;
    this.#requestBody = new RequestBody(options);
  }

  requestBody(chunk: Uint8Array): void {
    this.#requestBody.add(chunk);
  }

  requestEnd(): void {
    const facts = this.#requestBody.read();
    if (facts === 'foreign') return this.leave();
    if (facts === undefined) return;
    this.#isStreamRequested ||= facts.stream === true;
    const { recognised } = this.#requestBody;
    if (recognised !== this.#options.recognised) this.#answer = new recognised.protocol.Answer(this.#facts, recognised.operation);
    this.#options.onRequest(facts, recognised);
  }

  /**
   * True when the times of the pieces matter. `decodeRest` hands over what has arrived and still waits for its decoding,
   * before it returns.
   */
  responseHead(head: ResponseHead, decodeRest?: () => void): boolean {
    if (this.#isEnded) return false;
    const options = this.#options;
    const { status } = head;
    this.#head = head;
    this.#decodeRest = decodeRest;
    this.#lastByteTime = options.clock.now();
    readTier(this.#facts, head);
    const type = head.header('content-type') ?? '';
    const framing = this.#framingOf(type, status);
    // Sound and pictures hold no facts: their bytes pass unread.
    if (!MEDIA.test(type) || status >= 400)
      this.#body = new AnswerBody({
        framing,
        isContentCaptured: this.#facts.output !== undefined,
        hasVectors: this.#requestBody.recognised.operation.name === 'embeddings',
        isListStream: this.#isStreamRequested && this.#answer.readPart !== undefined && status < 300,
        onEvent: (event) => !this.#facts.isOver && this.#readEvent(event),
        moreOutput: () => (this.#facts.isOver ? undefined : this.#answer.moreOutput),
        onPart: (part, name, isWhole) => !this.#facts.isOver && this.#readPart(part, name, isWhole),
        onFailure: (failure) => this.#facts.fail(namedFailure(failure)),
        onObject: (body, isWhole) => this.#readObject(body, isWhole),
        onText: (text) => this.#readText(text),
        onUnread: (what, times) => {
          if (!this.#isUnreadable) options.onUnread(what, times);
        },
      });
    const location = REDIRECTS.has(status) ? head.header('location') : undefined;
    options.onHead({ statusCode: status, rateLimits: rateLimitsOf(head), location });
    return framing !== undefined || this.#isStreamRequested;
  }

  responseChunk(bytes: Uint8Array): void {
    const body = this.#body;
    if (body === undefined || this.#isEnded) return;
    // When the bytes came, and not when they have been read.
    const now = (this.#lastByteTime = this.#options.clock.now());
    const { outputs } = body;
    body.feed(bytes);
    if (body.outputs !== outputs) {
      this.#lastOutputTime = now;
      this.#firstOutputTime ??= now;
    }
    // Whether the app reads on to the end of the connection changes nothing about the answer.
    if (this.#facts.isOver) this.#finish(now, COMPLETE);
  }

  /** Output came of which nothing but its time is a fact. */
  output(): void {
    if (this.#body === undefined || this.#isEnded) return;
    this.#body.outputs += 1;
    this.#lastOutputTime = this.#lastByteTime = this.#options.clock.now();
    this.#firstOutputTime ??= this.#lastOutputTime;
  }

  requestUnreadable(reason: string): void {
    this.#requestBody.unreadable(reason);
  }

  responseUnreadable(reason: string): void {
    this.#isUnreadable = true;
    this.#options.onUnread(`unreadable-response.${reason}`);
  }

  /** The answer has ended in good order, `lateMs` ago. */
  end(lateMs: number): void {
    if (this.#isEnded || this.#isRedirect) return;
    const endTime = this.#options.clock.now() - lateMs;
    this.#body?.end();
    const isCut = this.#body?.isStream === true && !this.#facts.isComplete && !this.#isUnreadable;
    this.#finish(this.#endedBy(endTime), isCut ? INCOMPLETE : COMPLETE);
  }

  /** The connection has failed or the client has closed it, `lateMs` ago. */
  error(error: unknown, lateMs: number): void {
    if (this.#isEnded || this.#isRedirect) return;
    const endTime = this.#options.clock.now() - lateMs;
    this.#body?.end();
    const { request, startTime } = this.#options;
    const isStream = this.#body?.isStream === true;
    const end = brokenEnd({ error, hasHead: this.#head !== undefined, isStream, request, waitedMs: endTime - startTime });
    // Clients close the connection after the last event. When Node noticed that an answer was let go of says nothing.
    this.#finish(isCollected(error) ? this.#lastByteTime : this.#endedBy(endTime), this.#facts.isComplete ? COMPLETE : end);
  }

  /**
   * Since when nothing has come of an answer whose outcome is known without the rest: a refusal, a redirect. `undefined`
   * for any other, and for one that has ended.
   */
  get quietSince(): EpochMs | undefined {
    return this.#isEnded || !this.#isSettled ? undefined : this.#lastByteTime;
  }

  /** Nothing more will be heard: ends with what is known, as an error unless the outcome is known. */
  cut(errorType: string | undefined): void {
    if (!this.#isEnded) this.#decodeRest?.();
    // What was decoded may have been the end.
    if (this.#isEnded) return;
    const now = this.#options.clock.now();
    this.#body?.end();
    this.#finish(this.#endedBy(now), this.#isSettled ? COMPLETE : { ending: 'process_exit', fault: errorType }, true);
  }

  leave(): void {
    this.#isEnded = true;
  }

  /** The reader has thrown: what is known by now is the call. */
  lost(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const { responseModel, responseId, usage, billing } = this.#facts;
    this.#options.onEnd({ statusCode: this.#head?.status, responseModel, responseId, usage, billing }, []);
  }

  /** A stream whose label says nothing is one of events, as far as its request tells. */
  #framingOf(type: string, status: number): FramingName | undefined {
    const labelled = framingOf(type);
    if (status >= 400) return labelled === SSE ? labelled : undefined;
    if (status >= 300 || BODILESS.has(status)) return undefined;
    if (labelled !== undefined) return labelled === SSE || this.#answer.readPart !== undefined ? labelled : undefined;
    return this.#isStreamRequested && !type.includes('json') ? SSE : undefined;
  }

  #readEvent(event: string): boolean {
    if (this.#answer.readEvent !== undefined) return this.#answer.readEvent(event);
    const part = parseEvent(event);
    return part !== undefined && this.#readPart(part, nameOf(event), true);
  }

  #readPart(part: JsonObject, name: string | undefined, isWhole: boolean): boolean {
    const isOutput = this.#answer.readPart?.(part, name) ?? false;
    if (!isWhole) this.#facts.isComplete = false;
    return isOutput;
  }

  #readObject(body: JsonObject, isWhole: boolean): void {
    if (this.#isFailed) this.#readFailure(body);
    else this.#answer.readBody(body);
    if (!isWhole) this.#facts.isComplete = false;
  }

  /** False for a text that the protocol does not know. */
  #readText(text: string): boolean {
    this.#readFailure(text);
    if (this.#isFailed || this.#answer.readText === undefined) return false;
    this.#answer.readText(text);
    return true;
  }

  /** `document` is an object or text. */
  #readFailure(document: JsonObject | string): void {
    if (this.#isFailed) this.#facts.fail(statusFailure(document, this.#head?.status ?? 0));
  }

  get #isFailed(): boolean {
    return this.#head !== undefined && this.#head.status >= 400;
  }

  get #isRedirect(): boolean {
    return this.#head !== undefined && REDIRECTS.has(this.#head.status) && this.#head.header('location') !== undefined;
  }

  /** Whatever comes changes nothing about how the call went. */
  get #isSettled(): boolean {
    return this.#facts.isComplete || this.#isFailed || this.#isRedirect;
  }

  /** An answer whose outcome is known has ended with its last byte, whenever the app, or the process, let go of it. */
  #endedBy(time: EpochMs): EpochMs {
    return this.#isSettled ? Math.min(this.#lastByteTime, time) : time;
  }

  /** What the provider said comes before the status, and that before what happened to the connection. */
  #finish(endTime: EpochMs, { ending, fault }: End, isCut = false): void {
    this.#isEnded = true;
    const { startTime } = this.#options;
    const facts = this.#facts;
    const head = this.#head;
    const told = facts.errorType ?? (this.#isFailed ? (nameOfAws(head?.header('x-amzn-errortype')) ?? String(head?.status)) : undefined);
    const errorType = told ?? fault;
    // Of a model that was cut off by the end of our own process nobody knows why it would have stopped.
    const isBrokenStream = (isCut ? told : errorType) !== undefined && this.#body?.isStream === true;
    const gaps = (this.#body?.outputs ?? 0) - 1;
    const first = this.#firstOutputTime;
    const { attributes } = facts;
    facts.tellTools(this.#options.digest);
    facts.tellOutput();
    attributes[ATTR_SWARMSCOPE_INFERENCE_ENDING] = told === undefined ? ending : 'error';
    if (facts.loadDuration !== undefined) attributes[ATTR_SWARMSCOPE_INFERENCE_LOAD_DURATION] = facts.loadDuration;
    const retryAfter = (head === undefined ? undefined : retryAfterOf(head)) ?? facts.refused?.retryAfterSeconds;
    if (retryAfter !== undefined) attributes[ATTR_SWARMSCOPE_RETRY_AFTER] = retryAfter;
    const answer: LlmAnswer = {
      endTime,
      responseModel: facts.responseModel,
      responseId: facts.responseId,
      finishReasons: isBrokenStream ? ['error'] : facts.finishReasons,
      usage: facts.usage,
      estimate: estimateOf(this.#options, this.#requestBody, facts),
      timeToFirstChunk: first === undefined ? undefined : (first - startTime) / 1000,
      timePerChunk: first === undefined || gaps < 1 ? undefined : { mean: (this.#lastOutputTime - first) / 1000 / gaps, count: gaps },
      statusCode: head?.status,
      errorType,
      isContextOverflow: facts.isContextOverflow,
      billing: facts.billing,
      providerCost: facts.providerCost ?? (head === undefined ? undefined : costInHeader(head, this.#body?.isStream === true)),
      rateLimits: facts.refused?.rateLimits,
      responseStatus: facts.responseStatus,
      server: (head === undefined ? undefined : serverInHead(head)) ?? facts.server,
      attributes,
    };
    const { toolCallIds } = facts;
    if (toolCallIds.length > 0) Object.assign(answer, facts.called);
    this.#options.onEnd(answer, toolCallIds);
  }
}
