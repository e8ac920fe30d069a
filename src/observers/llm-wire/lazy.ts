/** From the bytes of LLM calls to the recorder. */
import type { ExchangeRequest, ExchangeSink } from '../../hooks/http/index.ts';
import { ExchangeReader } from '../../protocols/exchange.ts';
import { resendCountOf } from '../../protocols/facts/headers.ts';
import { protocolOf, providerOf } from '../../protocols/recognition.ts';
import type { Frame } from '../../recording/types.ts';
import type { ObserverContext } from '../observer.ts';
import { ToolGaps } from './tool-gaps.ts';

/** All calls of one process: the time between two of them is when tools run. */
export class WireCalls {
  readonly #context: ObserverContext;
  readonly #tools = new ToolGaps();

  constructor(context: ObserverContext) {
    this.#context = context;
  }

  /**
   * `undefined` for what is no LLM call, or when recording is impossible. The call starts when all that the first one
   * loads is loaded: the app's request goes out only after this returns.
   */
  open(request: ExchangeRequest): ExchangeSink | undefined {
    const protocol = protocolOf(request);
    const recorder = protocol === undefined ? undefined : this.#context.recorder();
    if (protocol === undefined || recorder === undefined) return undefined;
    const call = recorder.startLlmCall({
      operation: protocol.operation,
      provider: providerOf(request.host, protocol),
      serverAddress: request.host,
      serverPort: request.port,
      resendCount: resendCountOf(request),
    });
    const {
      startTime,
      frame: { parent: frame },
    } = call.activity;
    let history: number | undefined;
    return new ExchangeReader({
      protocol,
      request,
      startTime,
      clock: recorder,
      isContentCaptured: recorder.isContentCaptured,
      onRequest: ({ tools, ...facts }) => {
        call.learn(facts);
        history = tools?.history;
        // The result of a tool call goes back with this request: the tool ran since the answer that asked for it.
        for (const result of tools?.results ?? []) {
          const tool = this.#tools.answered(result, frame);
          if (tool === undefined) continue;
          recorder.recordInferredTool({ ...tool, startTime: tool.at, endTime: Math.max(tool.at, startTime) });
        }
      },
      onEnd: (answer, toolCallIds) => {
        const heldFrom = recorder.now();
        call.end(answer);
        // The app goes on only now: our own work (the first call loads the prices) is not the time of its tools.
        const at = (answer.endTime ?? heldFrom) + recorder.now() - heldFrom;
        const asked = { at, frame: placeOf(frame), history };
        toolCallIds.forEach((callId, index) => this.#tools.asked({ callId, name: answer.toolsCalled?.[index] ?? '', ...asked }));
      },
      onUnread: (what, times) => this.#context.count(`llm-wire.${what}`, times),
    });
  }
}

/** Where a call hangs: a tool is no part of the library's span of the call that asked for it. */
function placeOf(frame: Frame | undefined): Frame | undefined {
  let at = frame;
  while (at?.inference !== undefined) at = at.parent;
  return at;
}
