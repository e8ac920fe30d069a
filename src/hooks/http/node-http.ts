/** Requests of `node:http(s)`, read by wrapped methods of each request and answer, never by a `data` listener. */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type Exchange, guard, openExchange } from './exchange.ts';
import { targetIn } from './target.ts';
import { wrapMethod } from '../wrap-method.ts';

interface Seen {
  readonly exchange: Exchange;
  /** The app ended the request itself: what follows on the socket is no fault of the server. */
  appError: unknown;
}

const seenRequests = new WeakMap<object, Seen>();
let isArmed = false;

export function armNodeHttp(): void {
  if (isArmed) return;
  isArmed = true;
  subscribe('http.client.request.created', (message) => guard(() => onCreated((message as { request: ClientRequest }).request)));
  subscribe('http.client.response.finish', (message) =>
    guard(() => onResponse(message as { request: ClientRequest; response: IncomingMessage })),
  );
  subscribe('http.client.request.error', (message) =>
    guard(() => {
      const { request, error } = message as { request: ClientRequest; error: unknown };
      const seen = seenRequests.get(request);
      seen?.exchange.error(seen.appError ?? error);
    }),
  );
}

function onCreated(request: ClientRequest): void {
  // The channel may publish a request twice; the exchange that reads it goes on.
  if (seenRequests.has(request)) return;
  const target = targetIn(request.path);
  const exchange = openExchange({
    method: request.method,
    path: target?.path ?? request.path,
    host: target?.host ?? request.host,
    get port() {
      return target?.port ?? portOf(request);
    },
    header: (name) => textOf(request.getHeader(name)),
  });
  if (exchange === undefined) return;
  const seen: Seen = { exchange, appError: undefined };
  seenRequests.set(request, seen);
  // Read after the call: what the method refuses by throwing was not sent.
  wrapMethod(request, 'write', (original, self, args) => {
    const result = Reflect.apply(original, self, args);
    guard(() => sendChunk(exchange, args));
    return result;
  });
  wrapMethod(request, 'end', (original, self, args) => {
    const result = Reflect.apply(original, self, args);
    guard(() => {
      sendChunk(exchange, args);
      exchange.requestEnd();
    });
    return result;
  });
  wrapMethod(request, 'destroy', (original, self, args) => {
    guard(() => (seen.appError ??= args[0] ?? breakReason(request)));
    return Reflect.apply(original, self, args);
  });
}

/** Stands for an abort that named no reason. */
export const ABORTED = { name: 'AbortError' };
/** As Node names a server that ends the connection before its answer. */
export const HUNG_UP = { name: 'Error', code: 'ECONNRESET' };

/** Who broke off where nobody says why: clients tidy up without a reason after the server has gone. */
export function breakReason({ socket }: { readonly socket?: Socket | null }): object {
  return socket?.errored ?? (socket?.readableEnded === true || socket?.destroyed === true ? HUNG_UP : ABORTED);
}

function onResponse({ request, response }: { request: ClientRequest; response: IncomingMessage }): void {
  const seen = seenRequests.get(request);
  if (seen === undefined) return;
  const { exchange } = seen;
  exchange.responseHead({ status: response.statusCode ?? 0, header: (name) => textOf(response.headers[name]) });
  wrapMethod(response, 'push', (original, self, args) => {
    guard(() => {
      if (args[0] === null) exchange.end();
      else if (args[0] instanceof Uint8Array) exchange.responseChunk(args[0]);
    });
    return Reflect.apply(original, self, args);
  });
  // Called by `destroy`, whoever asks: the app that leaves early (no error) or a socket that broke (an error).
  wrapMethod(response, '_destroy', (original, self, args) => {
    guard(() => {
      if (!exchange.isEnded) exchange.error(seen.appError ?? args[0] ?? breakReason(response));
    });
    return Reflect.apply(original, self, args);
  });
}

export function sendChunk(exchange: Exchange, [chunk, encoding]: unknown[]): void {
  if (chunk instanceof Uint8Array) exchange.requestBody(chunk);
  else if (typeof chunk === 'string')
    exchange.requestBody(Buffer.from(chunk, typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8'));
}

export function portOf(request: ClientRequest): number {
  return portIn(textOf(request.getHeader('host')) ?? '') ?? (request.protocol === 'https:' ? 443 : 80);
}

/** The port that a host is written with. */
export function portIn(host: string): number | undefined {
  const port = /:(\d+)$/.exec(host)?.[1];
  return port === undefined ? undefined : Number(port);
}

export function textOf(value: string | number | readonly string[] | undefined): string | undefined {
  if (typeof value === 'string' || value === undefined) return value;
  return typeof value === 'number' ? String(value) : value[0];
}
