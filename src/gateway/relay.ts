/** One request of a client to its upstream and the answer back: every byte as it came, at its pace, and no answer of our own. */
import { request as httpRequest, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Connector } from './connect.ts';
import { headerIn, mapHeaders, pairsOf } from './headers.ts';
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
  let answer: IncomingMessage | undefined;
  let isOver = false;
  /** Closes the client's connection as the upstream closed ours. */
  const breakOff = (error: unknown): void => {
    if (isOver) return;
    isOver = true;
    witness?.error(error);
    outgoing.destroy();
    closeAs(request.socket, error);
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

  outgoing.on('continue', () => response.writeContinue());
  outgoing.on('response', (incoming) => {
    answer = incoming;
    sendHead(relayed, incoming);
    witness?.responseHead(incoming.statusCode ?? 0, incoming.rawHeaders);
    incoming.on('data', (chunk: Buffer) => {
      // The bytes go first.
      if (!response.write(chunk)) incoming.pause();
      witness?.responseChunk(chunk);
    });
    response.on('drain', () => incoming.resume());
    incoming.on('end', () => {
      if (isOver) return;
      if (incoming.rawTrailers.length > 0) response.addTrailers([...pairsOf(incoming.rawTrailers)]);
      response.end();
      isOver = true;
      witness?.end();
    });
    const { socket } = incoming;
    for (const event of ['error', 'close'] as const) incoming.on(event, () => breakOff(socket.errored ?? CUT));
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
  const outgoing = (isSecure ? httpsRequest : httpRequest)({
    host,
    port,
    method: request.method,
    path: isAbsolute ? originOf(upstream) + path : path,
    agent,
    setHost: false,
    maxHeaderSize: MAX_HEAD_BYTES,
  });
  outgoing.maxHeadersCount = 0;
  const values = new Map<string, { name: string; values: string[] }>();
  for (const [name, value] of pairsOf(request.rawHeaders)) {
    const key = name.toLowerCase();
    const known = values.get(key);
    if (known === undefined) values.set(key, { name, values: [key === 'host' ? authority : value] });
    else known.values.push(value);
  }
  for (const { name, values: list } of values.values()) outgoing.setHeader(name, list.length === 1 ? (list[0] as string) : list);
  if (!values.has('host')) outgoing.setHeader('Host', authority);
  if (proxyAuthorization !== undefined) outgoing.setHeader('Proxy-Authorization', proxyAuthorization);
  // What the client did not write is not added.
  if (!values.has('connection')) outgoing.removeHeader('connection');
  const hasBody = values.has('content-length') || values.has('transfer-encoding');
  if (!hasBody && outgoing.method !== 'GET' && outgoing.method !== 'HEAD') outgoing.setHeader('Content-Length', 0);
  return outgoing;
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
