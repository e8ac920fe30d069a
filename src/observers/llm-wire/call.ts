/** One attempt of an LLM call, from the request's first byte to its end, whatever the end is. */
import type { ExchangeRequest, ExchangeSink, ResponseHead } from '../../hooks/http-exchange.ts';
import type { Frame, LlmCall, LlmCallEnd, Recorder } from '../../recording/types.ts';
import type { EpochMs } from '../../semconv/telemetry.ts';
import { ATTR_SWARMSCOPE_RETRY_AFTER } from '../../semconv/index.ts';
import type { ObserverContext } from '../observer.ts';
import { isAbort, providerErrorType, transportErrorType } from '../../protocols/facts/error-type.ts';
import { rateLimitsOf, retryAfterOf } from '../../protocols/facts/headers.ts';
import type { AnswerReader, Protocol } from '../../protocols/protocol.ts';
import { BodyBuffer } from '../../protocols/read/body-buffer.ts';
import { asObject, parseJson } from '../../protocols/read/json.ts';
import { SseScanner } from '../../protocols/read/sse.ts';
import { providerOf } from '../../protocols/recognition.ts';
import type { ToolGaps } from './tool-gaps.ts';

/** A stream whose socket closed in good order before the protocol said that the answer is whole. */
const INCOMPLETE_STREAM = 'incomplete_stream';
/** The app broke off before it had an answer. */
const ABORTED = 'AbortError';

export interface CallOptions {
  readonly context: ObserverContext;
  readonly recorder: Recorder;
  readonly request: ExchangeRequest;
  readonly protocol: Protocol;
  readonly startTime: EpochMs;
  /** Shared by all calls of the process. */
  readonly tools: ToolGaps;
}

export class WireCall implements ExchangeSink {
  readonly #context: ObserverContext;
  readonly #recorder: Recorder;
  readonly #protocol: Protocol;
  readonly #tools: ToolGaps;
  readonly #frame: Frame | undefined;
  readonly #call: LlmCall;
  readonly #answer: AnswerReader;
  readonly #startTime: EpochMs;
  readonly #isRequestEncoded: boolean;
  readonly #requestBody = new BodyBuffer();
  readonly #responseBody = new BodyBuffer();
  #isStreamRequested = false;
  #head: ResponseHead | undefined;
  #scanner: SseScanner | undefined;
  #isUnreadable = false;
  /** When the network chunk being read arrived; read once per chunk. */
  #firstChunkTime: EpochMs | undefined;
  #lastChunkTime: EpochMs = 0;
  #outputChunks = 0;
  #outputChunksBefore = 0;

  constructor({ context, recorder, request, protocol, startTime, tools }: CallOptions) {
    this.#context = context;
    this.#recorder = recorder;
    this.#protocol = protocol;
    this.#tools = tools;
    this.#frame = recorder.current();
    this.#startTime = startTime;
    this.#answer = new protocol.Answer(recorder.isContentCaptured);
    const encoding = request.header('content-encoding');
    this.#isRequestEncoded = encoding !== undefined && encoding !== 'identity';
    this.#call = recorder.startLlmCall({
      operation: protocol.operation,
      provider: providerOf(request.host, protocol),
      serverAddress: request.host,
      serverPort: request.port,
      startTime: this.#startTime,
      resendCount: resendCountOf(request),
      frame: this.#frame,
    });
  }

  requestBody(chunk: Uint8Array): void {
    if (!this.#isRequestEncoded) this.#requestBody.add(chunk);
  }

  requestEnd(): void {
    if (this.#isRequestEncoded) this.#context.count('llm-wire.encoded-request');
    if (this.#requestBody.isEmpty) return;
    const isTooLarge = this.#requestBody.isTooLarge;
    const text = this.#requestBody.take();
    if (isTooLarge) {
      this.#context.count('llm-wire.large-request');
      // Enough to find the model; a property of that name inside a message would need unescaped quotes.
      this.#call.learn({ requestModel: /"model"\s*:\s*"([^"\\]{1,200})"/.exec(text)?.[1] });
      return;
    }
    const body = asObject(parseJson(text));
    if (body === undefined) return this.#context.count('llm-wire.unreadable-request');
    const { toolResults = [], ...facts } = this.#protocol.readRequest(body, this.#recorder.isContentCaptured);
    this.#isStreamRequested = facts.stream === true;
    this.#call.learn(facts);
    for (const id of toolResults) this.#recordTool(id);
  }

  /** The result of a tool call goes back with this request: the tool ran since the answer that asked for it. */
  #recordTool(id: string): void {
    const tool = this.#tools.answered(id);
    if (tool === undefined) return;
    this.#recorder.recordInferredTool({
      name: tool.name,
      callId: id,
      startTime: tool.at,
      endTime: Math.max(tool.at, this.#startTime),
      frame: this.#frame,
    });
  }

  responseHead(head: ResponseHead): void {
    this.#head = head;
    const type = head.header('content-type') ?? '';
    const isStream = type.includes('text/event-stream') || (this.#isStreamRequested && head.status < 400 && !type.includes('json'));
    if (isStream) this.#scanner = new SseScanner((event) => this.#onEvent(event));
  }

  responseChunk(bytes: Uint8Array): void {
    const scanner = this.#scanner;
    if (scanner === undefined) return this.#responseBody.add(bytes);
    scanner.feed(bytes);
    if (this.#outputChunks === this.#outputChunksBefore) return;
    this.#outputChunksBefore = this.#outputChunks;
    this.#lastChunkTime = this.#recorder.now();
    this.#firstChunkTime ??= this.#lastChunkTime;
  }

  responseUnreadable(reason: string): void {
    this.#isUnreadable = true;
    this.#context.count(`llm-wire.unreadable-response.${reason}`);
  }

  end(lateMs: number): void {
    const { facts } = this.#answer;
    this.#readRest();
    const isCut = this.#scanner !== undefined && !facts.isComplete && !this.#isUnreadable;
    this.#finish(lateMs, facts.errorType ?? this.#statusError() ?? (isCut ? INCOMPLETE_STREAM : undefined));
  }

  error(error: unknown, lateMs: number): void {
    const { facts } = this.#answer;
    this.#readRest();
    // Clients break off behind the last event of a whole answer; and one who leaves a stream early made no error.
    const isLeft = isAbort(error) && this.#scanner !== undefined;
    const fault = facts.isComplete || isLeft ? undefined : isAbort(error) ? ABORTED : transportErrorType(error);
    this.#finish(lateMs, facts.errorType ?? this.#statusError() ?? fault);
  }

  /** A fault of ours: what is known by now is the call. */
  lost(): void {
    this.#call.end({ statusCode: this.#head?.status });
  }

  #onEvent(event: string): void {
    if (this.#answer.readEvent(event)) this.#outputChunks += 1;
  }

  #readRest(): void {
    if (this.#scanner !== undefined) {
      this.#scanner.end();
      if (this.#scanner.skipped > 0) this.#context.count('llm-wire.large-event', this.#scanner.skipped);
    } else if (!this.#responseBody.isEmpty && !this.#isUnreadable) {
      const body = this.#responseBody.isTooLarge ? undefined : asObject(parseJson(this.#responseBody.take()));
      if (body === undefined) this.#context.count('llm-wire.unreadable-response');
      else if (this.#isFailed) this.#answer.facts.errorType = body['error'] === undefined ? undefined : codeOrNothing(body['error']);
      else this.#answer.readBody(body);
    }
    this.#answer.finish();
  }

  get #isFailed(): boolean {
    return this.#head !== undefined && this.#head.status >= 400;
  }

  #statusError(): string | undefined {
    return this.#isFailed ? String(this.#head?.status) : undefined;
  }

  #finish(lateMs: number, errorType: string | undefined): void {
    const { facts } = this.#answer;
    const isBrokenStream = errorType !== undefined && this.#scanner !== undefined;
    const end: LlmCallEnd = {
      endTime: this.#recorder.now() - lateMs,
      responseModel: facts.responseModel,
      responseId: facts.responseId,
      finishReasons: isBrokenStream ? ['error'] : facts.finishReasons,
      usage: facts.usage,
      timeToFirstChunk: this.#firstChunkTime === undefined ? undefined : (this.#firstChunkTime - this.#startTime) / 1000,
      timePerChunk: this.#pace(),
      statusCode: this.#head?.status,
      errorType,
      toolsCalled: facts.toolsCalled.length === 0 ? undefined : facts.toolsCalled,
      rateLimits: this.#head === undefined ? undefined : rateLimitsOf(this.#head),
      providerCost: facts.providerCost,
      attributes: { ...facts.attributes, [ATTR_SWARMSCOPE_RETRY_AFTER]: this.#head === undefined ? undefined : retryAfterOf(this.#head) },
    };
    const heldFrom = this.#recorder.now();
    this.#call.end(end);
    // The app goes on only now: what we did meanwhile (the first time we load the prices) is not its tools' time.
    const at = (end.endTime ?? heldFrom) + this.#recorder.now() - heldFrom;
    facts.toolCallIds.forEach((callId, index) => this.#tools.asked({ callId, name: facts.toolsCalled[index] ?? '', at }));
  }

  #pace(): LlmCallEnd['timePerChunk'] {
    if (this.#firstChunkTime === undefined || this.#outputChunks < 2) return undefined;
    const count = this.#outputChunks - 1;
    return { mean: (this.#lastChunkTime - this.#firstChunkTime) / 1000 / count, count };
  }
}

function codeOrNothing(error: unknown): string | undefined {
  const code = providerErrorType(error);
  return code === '_OTHER' ? undefined : code;
}

/** The official SDKs count their retries in a header; other clients do not tell. */
function resendCountOf(request: ExchangeRequest): number | undefined {
  const text = request.header('x-stainless-retry-count');
  return text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}
