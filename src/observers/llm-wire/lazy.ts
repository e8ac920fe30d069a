/** Opens the reader of one LLM call. */
import type { ExchangeRequest, ExchangeSink } from '../../hooks/http-exchange.ts';
import { ExchangeReader } from '../../protocols/exchange.ts';
import { protocolOf } from '../../protocols/recognition.ts';
import type { EpochMs } from '../../semconv/telemetry.ts';
import type { ObserverContext } from '../observer.ts';
import { WireCall } from './call.ts';
import { ToolGaps } from './tool-gaps.ts';

/** All calls of one process; the gap between two of them is where tools run. */
export class WireCalls {
  readonly #context: ObserverContext;
  readonly #tools = new ToolGaps();

  constructor(context: ObserverContext) {
    this.#context = context;
  }

  /** `startTime` is when the request was seen. `undefined` for what is no LLM call, or when recording is impossible. */
  open(request: ExchangeRequest, startTime: EpochMs): ExchangeSink | undefined {
    const protocol = protocolOf(request);
    const recorder = protocol === undefined ? undefined : this.#context.recorder();
    if (protocol === undefined || recorder === undefined) return undefined;
    const listener = new WireCall({ context: this.#context, recorder, request, protocol, startTime, tools: this.#tools });
    const { isContentCaptured } = recorder;
    return new ExchangeReader({ protocol, request, startTime, clock: recorder, isContentCaptured, listener });
  }
}
