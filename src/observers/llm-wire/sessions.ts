/** WebSockets to LLM services: one span for each session, and a call for each response of the model in it. */
import type { HandshakeRequest, HandshakeSink, Unread } from '../../hooks/websocket/index.ts';
import type { ResponseHead } from '../../hooks/http/index.ts';
import { readMessages, type Closed, type Direction, type SocketReader, type Traffic } from '../../hooks/websocket/messages.ts';
import type { Duplex } from 'node:stream';
import type { ToolResult } from '../../protocols/facts/tool-results.ts';
import type { OwnServices } from '../../protocols/own-services.ts';
import { isToldByBody, providerOf } from '../../protocols/providers.ts';
import { recognise, type Recognised } from '../../protocols/recognition.ts';
import type { SessionFacts, SessionHost, SessionReader, SessionResponse, SessionStart } from '../../protocols/session.ts';
import type { Frame, LlmSession, Recorder } from '../../recording/types.ts';
import {
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_SWARMSCOPE_SESSION_CLOSE_CODE,
  ATTR_SWARMSCOPE_SESSION_CONNECT_DURATION,
  ATTR_SWARMSCOPE_SESSION_ENDING,
  ATTR_SWARMSCOPE_SESSION_ID,
  ATTR_SWARMSCOPE_SESSION_RECEIVED_MESSAGES,
  ATTR_SWARMSCOPE_SESSION_RECEIVED_SIZE,
  ATTR_SWARMSCOPE_SESSION_RESPONSE_COUNT,
  ATTR_SWARMSCOPE_SESSION_SENT_MESSAGES,
  ATTR_SWARMSCOPE_SESSION_SENT_SIZE,
} from '../../semconv/index.ts';
import type { Attributes, EpochMs, RateLimit } from '../../semconv/telemetry.ts';
import type { ObserverContext } from '../observer.ts';
import { closedEnd, failedEnd, type SessionEnd } from './session-end.ts';
import { recordResults } from './inferred-tools.ts';
import { openResponse, type OpenResponse } from './session-response.ts';
import type { ToolGaps } from './tool-gaps.ts';

/** Messages without a word of the protocol after which a WebSocket at a path that others have too is somebody else's. */
const MAX_STRANGE_MESSAGES = 16;

export interface WireSessionsOptions {
  readonly context: ObserverContext;
  readonly tools: ToolGaps;
  readonly own: OwnServices | undefined;
}

/** `undefined` for what is no session, or when recording is impossible. */
export function openSession(options: WireSessionsOptions, request: HandshakeRequest): HandshakeSink | undefined {
  const place = { method: 'WEBSOCKET', host: request.host, port: request.port, path: request.path };
  const own = options.own?.find(place);
  const recognised = own?.recognised ?? recognise(place);
  if (recognised?.protocol.Session === undefined) return undefined;
  const recorder = options.context.recorder();
  if (recorder === undefined) return undefined;
  return new WireSession({ ...options, recorder, request, recognised, provider: own?.provider });
}

interface Made extends WireSessionsOptions {
  readonly recorder: Recorder;
  readonly request: HandshakeRequest;
  readonly recognised: Recognised;
  /** `gen_ai.provider.name`, where the user's settings say it. */
  readonly provider: string | undefined;
}

class WireSession implements HandshakeSink, SocketReader, SessionHost {
  readonly isContentCaptured: boolean;
  readonly #made: Made;
  readonly #startTime: EpochMs;
  readonly #frame: Frame | undefined;
  readonly #reader: SessionReader | undefined;
  readonly #open = new Set<OpenResponse>();
  #model: string | undefined;
  /** Absent while nothing has shown that it is a session. */
  #session: LlmSession | undefined;
  #traffic: Traffic | undefined;
  #attributes: Attributes = {};
  #responses = 0;

  constructor(made: Made) {
    this.#made = made;
    const { recorder, recognised, request } = made;
    this.isContentCaptured = recorder.isContentCaptured;
    this.#frame = recorder.current();
    this.#startTime = recorder.now();
    this.#model = modelIn(request.path);
    const { Session } = recognised.protocol;
    this.#reader = Session === undefined ? undefined : new Session(this);
    const isSure = !isToldByBody(request.host, recognised) || made.provider !== undefined;
    if (isSure || this.#model !== undefined) this.#start();
  }

  now(): EpochMs {
    return this.#made.recorder.now();
  }

  opened(socket: Duplex, head: ResponseHead, unread: Unread): void {
    this.#set({
      [ATTR_HTTP_RESPONSE_STATUS_CODE]: head.status,
      [ATTR_SWARMSCOPE_SESSION_CONNECT_DURATION]: (this.now() - this.#startTime) / 1_000,
    });
    this.#traffic = readMessages(socket, head, unread, this);
  }

  refused(status: number): void {
    this.#set({ [ATTR_HTTP_RESPONSE_STATUS_CODE]: status });
    this.#end({ ending: 'error', fault: String(status) });
  }

  failed(error: unknown): void {
    this.#end(failedEnd(error));
  }

  settles(direction: Direction, bytes: DataView): boolean {
    return direction === 'received' && this.#reader?.settles?.(bytes) === true;
  }

  begins(direction: Direction, start: string, isWhole: boolean): boolean {
    const { messages } = this.#traffic ?? { messages: { sent: 0, received: 0 } };
    if (this.#session === undefined && messages.sent + messages.received > MAX_STRANGE_MESSAGES) this.#traffic?.stop();
    return this.#reader?.begins(direction, start, isWhole) === true;
  }

  message(direction: Direction, bytes: Buffer): void {
    this.#reader?.message(direction, bytes);
  }

  unread(what: string): void {
    if (this.#session !== undefined) this.#made.context.count(`llm-wire.session.${what}`);
  }

  closed(closed: Closed): void {
    for (const response of [...this.#open]) response.broken(closed);
    this.#end(closedEnd(closed), closed.code);
  }

  lost(error: unknown): void {
    this.#made.context.fault('llm-wire', error);
    for (const response of [...this.#open]) response.lost();
    this.#end({ ending: 'cut', fault: undefined });
  }

  learn({ id, model }: SessionFacts): void {
    this.#model = model ?? this.#model;
    if (id !== undefined) this.#set({ [ATTR_SWARMSCOPE_SESSION_ID]: id });
    this.#start().learn({ requestModel: this.#model, provider: this.#providerOf(this.#model) });
  }

  begin({ startTime, isUnasked = false, operation: name }: SessionStart = {}): SessionResponse {
    const session = this.#start();
    const { recorder, request, recognised } = this.#made;
    this.#responses += 1;
    const response = openResponse({
      recorder,
      request,
      recognised: name === undefined ? recognised : { ...recognised, operation: { ...recognised.operation, name } },
      tools: this.#made.tools,
      frame: this.#placeOf(session, isUnasked),
      startTime: startTime ?? this.now(),
      provider: (model) => this.#providerOf(model),
      model: () => this.#model,
      sessionId: this.#sessionId(session),
      onUnread: (what, times) => this.#made.context.count(`llm-wire.${what}`, times),
      onEnd: () => this.#open.delete(response),
    });
    this.#open.add(response);
    return response;
  }

  toolResults(results: readonly ToolResult[]): void {
    const { recorder, tools } = this.#made;
    recordResults({ recorder, tools, frame: recorder.current() ?? this.#frame, endTime: this.now() }, results);
  }

  rateLimits(limits: readonly RateLimit[]): void {
    const [response] = this.#open;
    response?.limits(limits);
  }

  /** A response hangs below its session, unless the program asked for it from another task or agent than it opened the session in. */
  #placeOf(session: LlmSession, isUnasked: boolean): Frame {
    const here = isUnasked ? undefined : this.#made.recorder.current();
    if (here === undefined) return session.activity.frame;
    const isElsewhere = here.task !== this.#frame?.task || here.agent !== this.#frame?.agent || here.inference !== undefined;
    return isElsewhere ? here : session.activity.frame;
  }

  #sessionId(session: LlmSession): string {
    return String(this.#attributes[ATTR_SWARMSCOPE_SESSION_ID] ?? session.activity.spanId);
  }

  #providerOf(model: string | undefined): string {
    const { provider, request, recognised } = this.#made;
    return provider ?? providerOf(request, recognised, { model });
  }

  #start(): LlmSession {
    if (this.#session !== undefined) return this.#session;
    const { recorder, request } = this.#made;
    this.#session = recorder.startLlmSession({
      provider: this.#providerOf(this.#model),
      requestModel: this.#model,
      serverAddress: request.host,
      serverPort: request.port,
      startTime: this.#startTime,
      frame: this.#frame,
      onCut: (errorType) => {
        for (const response of [...this.#open]) response.cut(errorType);
        this.#end({ ending: 'process_exit', fault: errorType });
      },
    });
    this.#session.learn({ attributes: this.#attributes });
    return this.#session;
  }

  #set(attributes: Attributes): void {
    this.#attributes = { ...this.#attributes, ...attributes };
    this.#session?.learn({ attributes });
  }

  #end({ ending, fault }: SessionEnd, code?: number): void {
    this.#traffic?.stop();
    const { bytes, messages } = this.#traffic ?? { bytes: undefined, messages: undefined };
    this.#session?.end({
      errorType: fault,
      attributes: {
        [ATTR_SWARMSCOPE_SESSION_ENDING]: ending,
        [ATTR_SWARMSCOPE_SESSION_CLOSE_CODE]: code,
        [ATTR_SWARMSCOPE_SESSION_RESPONSE_COUNT]: this.#responses,
        [ATTR_SWARMSCOPE_SESSION_SENT_MESSAGES]: messages?.sent,
        [ATTR_SWARMSCOPE_SESSION_SENT_SIZE]: bytes?.sent,
        [ATTR_SWARMSCOPE_SESSION_RECEIVED_MESSAGES]: messages?.received,
        [ATTR_SWARMSCOPE_SESSION_RECEIVED_SIZE]: bytes?.received,
      },
    });
  }
}

/** OpenAI's `model`, Azure's `deployment`. */
function modelIn(path: string): string | undefined {
  const query = new URLSearchParams(path.slice(path.indexOf('?') + 1));
  const model = query.get('model') ?? query.get('deployment');
  return path.includes('?') && model !== null && model !== '' ? model.slice(0, MAX_MODEL_CHARACTERS) : undefined;
}

const MAX_MODEL_CHARACTERS = 512;
