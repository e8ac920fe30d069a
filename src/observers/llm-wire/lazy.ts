/** From the bytes of LLM calls to the recorder. */
import type { ExchangeRequest, ExchangeSink } from '../../hooks/http/index.ts';
import type { HandshakeRequest, HandshakeSink } from '../../hooks/websocket/index.ts';
import { ExchangeReader } from '../../protocols/exchange.ts';
import { resendCountOf } from '../../protocols/facts/headers.ts';
import { OwnServices } from '../../protocols/own-services.ts';
import { isToldByBody, providerOf, regionOf } from '../../protocols/providers.ts';
import { KnownConversations } from '../../protocols/read/known-conversations.ts';
import { recognise, type Recognised } from '../../protocols/recognition.ts';
import type { Frame, LlmCall, LlmCallEnd, LlmCallStart, Recorder } from '../../recording/types.ts';
import { ATTR_GEN_AI_RESPONSE_ID } from '../../semconv/index.ts';
import { isInference, type LlmAnswer } from '../../semconv/telemetry.ts';
import type { ObserverContext } from '../observer.ts';
import { BackgroundCalls, withoutInference } from '../../protocols/background.ts';
import { contextSizeOf, withInferredCompaction, type ContextSize } from './compaction.ts';
import { askedTools, recordResults } from './inferred-tools.ts';
import { Redirects } from './redirects.ts';
import { openSession } from './sessions.ts';
import { ToolGaps } from './tool-gaps.ts';
import { UnreadAnswers } from './unread.ts';

export { OpenExchange } from '../../hooks/http/index.ts';

/** One call: its reader changes when a redirect sends the request to another place. */
interface WireCall {
  readonly recorder: Recorder;
  recognised: Recognised;
  /** `gen_ai.provider.name`, where the user's settings say it. */
  readonly provider: string | undefined;
  /** Absent while only the body of the request can tell whether it is a call. */
  call: LlmCall | undefined;
  reader: ExchangeReader | undefined;
  /** What is done instead of cutting the reader, once that has ended and the call has not. */
  onCut?: () => void;
}

/** Where and when a request was made. */
type Made = Pick<LlmCallStart, 'frame' | 'startTime'>;

/** All calls of one process: the time between two of them is when tools run. */
export class WireCalls {
  readonly #context: ObserverContext;
  readonly #tools = new ToolGaps();
  readonly #background = new BackgroundCalls();
  readonly #redirects = new Redirects<WireCall>();
  readonly #known = new KnownConversations();
  readonly #own: OwnServices | undefined;
  #unread: UnreadAnswers | undefined;

  constructor(context: ObserverContext) {
    this.#context = context;
    const { llmServices } = context.settings;
    if (Object.keys(llmServices).length > 0) this.#own = new OwnServices(llmServices, () => context.count('llm-wire.unknown-protocol'));
  }

  /** A call was redirected to there: the request belongs to it, whatever its path. */
  follows(request: ExchangeRequest): boolean {
    return request.method === 'POST' && this.#redirects.has(request);
  }

  /**
   * `undefined` for what is no LLM call, or when recording is impossible. The call starts when all that the first one
   * loads is loaded: the app's request goes out only after this returns.
   */
  open(request: ExchangeRequest): ExchangeSink | undefined {
    const redirected = this.#redirects.take(request);
    if (redirected?.reader?.quietSince !== undefined) {
      this.#unread?.delete(redirected.reader);
      redirected.reader.leave();
      return this.#read(redirected, request);
    }
    const own = this.#own?.find(request);
    const recognised = own?.recognised ?? recognise(request);
    const recorder = recognised === undefined ? undefined : this.#context.recorder();
    if (recognised === undefined || recorder === undefined) return undefined;
    this.#unread?.goOn();
    const wireCall: WireCall = { recorder, recognised, provider: own?.provider, call: undefined, reader: undefined };
    if (own === undefined && isToldByBody(request.host, recognised)) {
      return this.#read(wireCall, request, { frame: recorder.current(), startTime: recorder.now() });
    }
    this.#start(wireCall, request);
    return this.#read(wireCall, request);
  }

  /** `undefined` for what is no session of an LLM service. */
  openSession(request: HandshakeRequest): HandshakeSink | undefined {
    return openSession({ context: this.#context, tools: this.#tools, own: this.#own }, request);
  }

  #start(wireCall: WireCall, request: ExchangeRequest, made: Made = {}): LlmCall {
    const { recorder, recognised, provider } = wireCall;
    return (wireCall.call = recorder.startLlmCall({
      ...made,
      operation: recognised.operation.name,
      provider: provider ?? providerOf(request, recognised),
      requestModel: recognised.model,
      attributes: recognised.responseId === undefined ? undefined : { [ATTR_GEN_AI_RESPONSE_ID]: recognised.responseId },
      region: regionOf(request.host),
      serverAddress: request.host,
      serverPort: request.port,
      method: request.method,
      resendCount: resendCountOf(request),
      onCut(errorType) {
        if (wireCall.onCut === undefined) wireCall.reader?.cut(errorType);
        else wireCall.onCut();
      },
    }));
  }

  /** `made`: of a request that may be no call. */
  #read(wireCall: WireCall, request: ExchangeRequest, made?: Made): ExchangeReader {
    const { recorder, provider } = wireCall;
    let { recognised } = wireCall;
    const startTime = wireCall.call?.activity.startTime ?? made?.startTime ?? recorder.now();
    let history: number | undefined;
    let before: ContextSize | undefined;
    let servedBy: string | undefined;
    const reader = new ExchangeReader({
      recognised,
      request,
      startTime,
      clock: recorder,
      isUnsure: made !== undefined,
      isContentCaptured: recorder.isContentCaptured,
      estimatesTokens: this.#context.settings.estimatesTokens,
      digest: (content) => recorder.digest(content),
      // A body that is to be measured is read whole.
      known: this.#context.settings.estimatesTokens ? undefined : this.#known,
      onRequest: ({ tools, requestModel, stream, toolsOffered, likeness, attributes }, told) => {
        wireCall.recognised = recognised = told;
        const call = wireCall.call ?? this.#start(wireCall, request, made);
        const frame = frameOf(call);
        servedBy = provider ?? providerOf(request, recognised, { model: requestModel });
        call.learn({ requestModel, stream, toolsOffered, likeness, attributes, provider: servedBy });
        history = tools?.history;
        // The result of a tool call goes back with this request: the tool ran since the answer that asked for it.
        before = recordResults({ recorder, tools: this.#tools, frame, endTime: startTime }, tools?.results ?? []);
      },
      onHead: ({ location, ...head }) => {
        wireCall.call?.learnHead(head);
        if (location !== undefined) this.#redirects.add(request, location, wireCall);
        if (reader.quietSince !== undefined) (this.#unread ??= new UnreadAnswers(() => recorder.now())).add(reader, location !== undefined);
      },
      onEnd: (answer, toolCallIds) => {
        this.#unread?.delete(reader);
        const { call } = wireCall;
        if (call === undefined) return;
        // A proxy may have given the request to another model.
        const answeredBy = ({ responseModel: model, server }: LlmAnswer): string | undefined =>
          provider ?? (model === undefined ? undefined : providerOf(request, recognised, { model, server }));
        const end = (told: LlmAnswer, callIds: readonly string[]): void => {
          const heldFrom = recorder.now();
          const ended: LlmCallEnd = withInferredCompaction(told, before);
          const provider = answeredBy(told);
          call.end(provider === undefined || provider === servedBy ? ended : { ...ended, provider });
          if (callIds.length === 0) return;
          // The app goes on only now: our own work (the first call loads the prices) is not the time of its tools.
          const at = (told.endTime ?? heldFrom) + recorder.now() - heldFrom;
          const asked = { at, frame: placeOf(frameOf(call)), history, responseId: told.responseId, context: contextSizeOf(told) };
          for (const tool of askedTools(told, callIds, asked)) this.#tools.asked(tool);
        };
        if (!isInference(recognised.operation.name)) {
          end(withoutInference(answer), []);
          this.#background.learn(answer, toolCallIds);
        } else if (this.#background.keep({ end }, answer)) {
          // Where the process ends before it is told.
          wireCall.onCut = () => this.#background.leave(answer.responseId);
        } else end(answer, toolCallIds);
      },
      onUnread: (what, times) => this.#context.count(`llm-wire.${what}`, times),
    });
    wireCall.reader = reader;
    return reader;
  }
}

/** Where it was made. */
function frameOf(call: LlmCall): Frame | undefined {
  return call.activity.frame.parent;
}

/** Where a call hangs: a tool is no part of the library's span of the call that asked for it. */
function placeOf(frame: Frame | undefined): Frame | undefined {
  let at = frame;
  while (at?.inference !== undefined) at = at.parent;
  return at;
}
