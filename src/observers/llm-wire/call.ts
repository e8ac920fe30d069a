/** One attempt of an LLM call: what its bytes say goes to the recorder. */
import type { ExchangeRequest } from '../../hooks/http-exchange.ts';
import type { ExchangeListener } from '../../protocols/exchange.ts';
import { resendCountOf } from '../../protocols/facts/headers.ts';
import type { Protocol, RequestFacts } from '../../protocols/protocol.ts';
import { providerOf } from '../../protocols/recognition.ts';
import type { Frame, LlmCall, Recorder } from '../../recording/types.ts';
import type { EpochMs, LlmAnswer } from '../../semconv/telemetry.ts';
import type { ObserverContext } from '../observer.ts';
import type { ToolGaps } from './tool-gaps.ts';

export interface CallOptions {
  readonly context: ObserverContext;
  readonly recorder: Recorder;
  readonly request: ExchangeRequest;
  readonly protocol: Protocol;
  readonly startTime: EpochMs;
  /** Shared by all calls of the process. */
  readonly tools: ToolGaps;
}

export class WireCall implements ExchangeListener {
  readonly #options: CallOptions;
  readonly #frame: Frame | undefined;
  readonly #call: LlmCall;

  constructor(options: CallOptions) {
    const { recorder, request, protocol, startTime } = options;
    this.#options = options;
    this.#frame = recorder.current();
    this.#call = recorder.startLlmCall({
      operation: protocol.operation,
      provider: providerOf(request.host, protocol),
      serverAddress: request.host,
      serverPort: request.port,
      startTime,
      resendCount: resendCountOf(request),
      frame: this.#frame,
    });
  }

  onRequest({ toolResults = [], ...facts }: RequestFacts): void {
    this.#call.learn(facts);
    for (const id of toolResults) this.#recordTool(id);
  }

  onEnd(answer: LlmAnswer, toolCallIds: readonly string[]): void {
    const { recorder, tools } = this.#options;
    const heldFrom = recorder.now();
    this.#call.end(answer);
    // The app goes on only now: what we did meanwhile (the first time we load the prices) is not its tools' time.
    const at = (answer.endTime ?? heldFrom) + recorder.now() - heldFrom;
    toolCallIds.forEach((callId, index) => tools.asked({ callId, name: answer.toolsCalled?.[index] ?? '', at }));
  }

  onUnread(what: string, times?: number): void {
    this.#options.context.count(`llm-wire.${what}`, times);
  }

  /** The result of a tool call goes back with this request: the tool ran since the answer that asked for it. */
  #recordTool(id: string): void {
    const { recorder, tools, startTime } = this.#options;
    const tool = tools.answered(id);
    if (tool === undefined) return;
    recorder.recordInferredTool({
      name: tool.name,
      callId: id,
      startTime: tool.at,
      endTime: Math.max(tool.at, startTime),
      frame: this.#frame,
    });
  }
}
