/** One request of a client to its upstream and the answer back: every byte as it came, at its pace, and no answer of our own. */
import { request as httpRequest, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { AnswerBytes } from './answer-bytes.ts';
import type { Connector } from './connect.ts';
import { headerIn, mapHeaders, pairsOf } from './headers.ts';
import { holdBack, whenMet } from './meetings.ts';
import type { Route } from './routes.ts';
import { originOf } from './upstream.ts';
import type { Witness } from './witness.ts';

/** Longest head of a request or an answer; Node's own bound is 16 KiB, and providers send longer ones. */
export const MAX_HEAD_BYTES = 262_144;

/** Why a witness is told that a call ended where nobody says it: the client went away, the upstream did. */
const LEFT = { name: 'AbortError' };
const CUT = { name: 'Error', code: 'ECONNRESET' };

export interface Relayed {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: Route;
  readonly connector: Connector;
  readonly witness: Witness | undefined;
}

export function relay(relayed: Relayed): void {
  const { request, response, route, connector, witness } = relayed;
  const outgoing = openRequest(route, connector, request);
  let bytes: AnswerBytes | undefined;
  let answer: IncomingMessage | undefined;
  let isOver = false;
  /** Closes the client's connection as the upstream closed ours. */
  const breakOff = (error: unknown): void => {
    if (isOver) return;
    isOver = true;
    witness?.error(error);
    outgoing.destroy();
    whenMet(request.socket, () => closeAs(request.socket, error));
  };

  request.on('data', (chunk: Buffer) => {
    witness?.requestBody(chunk);
    if (!outgoing.write(chunk)) request.pause();
  });
  outgoing.on('drain', () => request.resume());
  request.on('end', () => {
    if (request.rawTrailers.length > 0) outgoing.addTrailers([...pairsOf(request.rawTrailers)]);
    outgoing.end();
    witness?.requestEnd();
  });
  // A body that comes later must not keep the head back.
  setImmediate(() => {
    if (!outgoing.headersSent && !outgoing.destroyed) outgoing.flushHeaders();
  });

  outgoing.on('socket', (socket) => (bytes = new AnswerBytes(socket)));
  outgoing.on('continue', () => response.writeContinue());
  outgoing.on('response', (incoming) => {
    answer = incoming;
    holdBack(request.socket);
    sendHead(relayed, incoming);
    witness?.responseHead(incoming.statusCode ?? 0, incoming.rawHeaders);
    const isForwarded = bytes?.forward(incoming, response) === true;
    incoming.on('data', (chunk: Buffer) => {
      if (!isForwarded && !response.write(chunk)) incoming.pause();
      witness?.responseChunk(chunk);
    });
    if (!isForwarded) response.on('drain', () => incoming.resume());
    incoming.on('end', () => {
      bytes?.stop();
      if (isOver) return;
      if (!isForwarded && incoming.rawTrailers.length > 0) response.addTrailers([...pairsOf(incoming.rawTrailers)]);
      // It lets go of all that is held back.
      whenMet(request.socket, () => response.end());
      isOver = true;
      witness?.end();
    });
    const { socket } = incoming;
    for (const event of ['error', 'close'] as const) incoming.on(event, () => breakOff(socket.errored ?? CUT));
    if (isForwarded) return;
    process.nextTick(() => {
      if (!response.destroyed) response.flushHeaders();
    });
  });
  outgoing.on('error', (error: NodeJS.ErrnoException) => {
    // An upstream may answer and close before it has read the request to its end.
    if (answer === undefined) breakOff(error);
    else request.resume();
  });
  response.on('close', () => {
    if (isOver) return;
    isOver = true;
    witness?.error(LEFT);
    outgoing.destroy();
    answer?.destroy();
  });
  response.on('error', () => {
    // EPIPE, ECONNRESET: `close` follows.
  });
}

function openRequest({ upstream, path }: Route, connector: Connector, request: IncomingMessage): ClientRequest {
  const { host, port, authority, isSecure } = upstream;
  const { agent, isAbsolute, proxyAuthorization } = connector;
  const { method = 'GET', rawHeaders } = request;
  const headers = mapHeaders(rawHeaders, (name) => (name === 'host' ? authority : undefined));
  if (headerIn(rawHeaders, 'host') === undefined) headers.push('Host', authority);
  if (proxyAuthorization !== undefined) headers.push('Proxy-Authorization', proxyAuthorization);
  const hasBody = ['content-length', 'transfer-encoding'].some((name) => headerIn(rawHeaders, name) !== undefined);
  if (!hasBody && method !== 'GET' && method !== 'HEAD') headers.push('Content-Length', '0');
  // Node keeps a list as it is, and adds a word about the connection where there is none; by name it adds nothing.
  const isList = headerIn(rawHeaders, 'connection') !== undefined || hasRepeated(headers);
  const outgoing = (isSecure ? httpsRequest : httpRequest)({
    host,
    port,
    method,
    path: isAbsolute ? originOf(upstream) + path : path,
    agent,
    setHost: false,
    maxHeaderSize: MAX_HEAD_BYTES,
    ...(isList ? { headers } : {}),
  });
  outgoing.maxHeadersCount = 0;
  if (isList) return outgoing;
  for (const [name, value] of pairsOf(headers)) outgoing.setHeader(name, value);
  outgoing.removeHeader('connection');
  return outgoing;
}

function hasRepeated(headers: readonly string[]): boolean {
  const names = headers.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  return new Set(names).size < names.length;
}

/** The list as it came. Node adds nothing to it: no date, no word about the connection, no framing. */
function sendHead({ request, response, route }: Relayed, { statusCode = 0, statusMessage, rawHeaders }: IncomingMessage): void {
  const isOld = request.httpVersionMinor === 0;
  const headers = mapHeaders(rawHeaders, (name, value) => {
    // A place relative to the host is below our path for the client.
    if (name === 'location' && /^\/(?!\/)/.test(value)) return route.before + value;
    return isOld && name === 'transfer-encoding' ? null : undefined;
  });
  response.sendDate = false;
  response.removeHeader('connection');
  const isFramed = headerIn(rawHeaders, 'content-length') !== undefined || headerIn(rawHeaders, 'transfer-encoding') !== undefined;
  if (!isFramed || isOld) {
    // It ends with its connection, for the client as well.
    response.removeHeader('transfer-encoding');
    response.shouldKeepAlive = isOld && isFramed && response.shouldKeepAlive;
  }
  response.writeHead(statusCode, statusMessage, headers);
}

/** A reset is handed on as a reset; an upstream that cannot be reached is a connection that closes without an answer. */
function closeAs(socket: Socket, error: unknown): void {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === 'ECONNRESET' && syscall === 'read') socket.resetAndDestroy();
  else socket.destroy();
}
