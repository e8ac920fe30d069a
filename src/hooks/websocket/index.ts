/** Offers every WebSocket that this process opens, by undici (Node's `WebSocket`) or by what stands on `node:http(s)` (`ws`), to listeners. */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ExchangeRequest, ResponseHead } from '../http/index.ts';
import { ABORTED, breakReason, portOf, textOf } from '../http/node-http.ts';
import { CreatedRequest, headerInList } from '../http/undici.ts';
import { wrapMethod } from '../wrap-method.ts';

/** The handshake of a WebSocket. */
export type HandshakeRequest = Omit<ExchangeRequest, 'method'>;

/** One of the three is called, once. */
export interface HandshakeSink {
  /**
   * The server agreed: what passes on `socket` from now on are frames. `unread` are bytes of it that came with the answer
   * and stand in the socket's buffer already, or will be given to the client directly.
   */
  opened(socket: Duplex, head: ResponseHead, unread: Unread): void;
  /** The server answered with something else. */
  refused(status: number): void;
  failed(error: unknown): void;
}

/** The bytes that came with the head of the answer, as long as nobody knows whether the socket will tell of them. */
export interface Unread {
  /** Called when the client has had its chance to put them back into the socket. */
  take: ((bytes: Uint8Array) => void) | undefined;
}

export interface HandshakeListener {
  /** Called synchronously in the context of the request. Every WebSocket passes. */
  wants(request: HandshakeRequest): HandshakeSink | undefined;
  /** A fault of the listener or of the hook. */
  onFault(error: unknown): void;
}

const listeners: HandshakeListener[] = [];

/**
 * Listens for WebSockets; nothing that the app sees changes. What passes on them is read by `readMessages`, which is not
 * loaded with this file.
 * @example subscribeWebSockets({ wants: ({ path }) => (path.endsWith('/realtime') ? sink : undefined), onFault });
 */
export function subscribeWebSockets(listener: HandshakeListener): void {
  if (listeners.push(listener) > 1) return;
  on('undici:request:create', (message) => onUndiciRequest((message as { request: UndiciRequest }).request));
  on('undici:request:headers', (message) => {
    const { request, response } = message as { request: object; response: { statusCode?: unknown } };
    const status = Number(response.statusCode);
    if (status >= 200) waiting.get(request)?.refused(status);
  });
  on('undici:request:error', (message) => {
    const { request, error } = message as { request: object; error?: unknown };
    waiting.get(request)?.failed(error);
  });
  on('http.client.request.created', (message) => onHttpRequest((message as { request: ClientRequest }).request));
}

interface UndiciRequest {
  upgrade?: unknown;
  path?: unknown;
  method?: unknown;
}

/** The handshakes of undici that somebody listens to. */
const waiting = new WeakMap<object, HandshakeSink>();
const UNDICI_METHODS = ['onUpgrade', 'onRequestUpgrade'];
const PROTOCOL = 'websocket';
/** Stands for a limit of the client's own, at which it gives up without a reason. */
const TIMED_OUT = { name: 'TimeoutError', code: 'timeout' };

function on(channel: string, handle: (message: unknown) => void): void {
  subscribe(channel, (message) => guard(() => handle(message)));
}

function guard(work: () => void): void {
  try {
    work();
  } catch (error) {
    for (const listener of listeners) listener.onFault(error);
  }
}

function onUndiciRequest(request: UndiciRequest): void {
  if (request.upgrade !== PROTOCOL || typeof request.path !== 'string' || waiting.has(request)) return;
  const method = UNDICI_METHODS.find((name) => typeof (request as Record<string, unknown>)[name] === 'function');
  const sink = method === undefined ? undefined : sinkFor(new CreatedRequest(request, 'GET', request.path));
  if (method === undefined || sink === undefined) return;
  waiting.set(request, sink);
  wrapMethod(request, method, (original, self, args) => {
    const [status, headers, socket] = args as [unknown, unknown, Duplex | undefined];
    guard(() => {
      const head = { status: Number(status), header: (name: string) => headerInList(headers, name) };
      // An HTTP/2 stream has no status here.
      if (socket !== undefined && status === 101) sink.opened(socket, head, { take: undefined });
    });
    return Reflect.apply(original, self, args);
  });
}

function onHttpRequest(request: ClientRequest): void {
  if (textOf(request.getHeader('upgrade'))?.toLowerCase() !== PROTOCOL || waiting.has(request)) return;
  const header = (name: string): string | undefined => textOf(request.getHeader(name));
  const sink = sinkFor({ host: request.host, port: portOf(request), path: request.path, header });
  if (sink === undefined) return;
  waiting.set(request, sink);
  let isLate = false;
  // A client that gives up says nothing; what Node makes of it looks like a server that hung up.
  wrapMethod(request, 'destroy', (original, self, args) => {
    guard(() => sink.failed(args[0] ?? (isLate ? TIMED_OUT : breakReason(request))));
    return Reflect.apply(original, self, args);
  });
  wrapMethod(request, 'emit', (original, self, args) => {
    const unread: Unread = { take: undefined };
    // Who listens for it gives up, or waits on.
    if (args[0] === 'timeout') isLate = true;
    guard(() => onHttpEvent(sink, args, unread));
    const result = Reflect.apply(original, self, args);
    if (unread.take !== undefined) guard(() => giveUnread(args as unknown as Upgraded, unread));
    return result;
  });
}

type Upgraded = readonly [event: string, response: IncomingMessage, socket: Duplex, head: Uint8Array];

function onHttpEvent(sink: HandshakeSink, args: readonly unknown[], unread: Unread): void {
  const [event, subject] = args;
  if (event === 'upgrade') {
    const [, response, socket] = args as unknown as Upgraded;
    const { statusCode = 0, headers } = response;
    sink.opened(socket, { status: statusCode, header: (name) => textOf(headers[name]) }, unread);
  } else if (event === 'response') sink.refused((subject as IncomingMessage).statusCode ?? 0);
  else if (event === 'error') sink.failed(subject);
  else if (event === 'close') sink.failed(ABORTED);
}

/** Clients put what came with the head back into the socket (`ws`), or read it at once. */
function giveUnread([, , socket, head]: Upgraded, unread: Unread): void {
  if (head.byteLength > 0 && socket.readableLength === 0) unread.take?.(head);
}

/** What all who want the handshake are told through; `undefined` when nobody does. */
function sinkFor(request: HandshakeRequest): HandshakeSink | undefined {
  const sinks = listeners.flatMap((listener) => listener.wants(request) ?? []);
  if (sinks.length === 0) return undefined;
  let isSettled = false;
  const settle = (tell: (sink: HandshakeSink) => void): void => {
    if (isSettled) return;
    isSettled = true;
    sinks.forEach((sink) => guard(() => tell(sink)));
  };
  return {
    opened: (socket, head, unread) => settle((sink) => sink.opened(socket, head, unread)),
    refused: (status) => settle((sink) => sink.refused(status)),
    failed: (error) => settle((sink) => sink.failed(error)),
  };
}
