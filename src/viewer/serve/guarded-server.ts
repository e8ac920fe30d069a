/**
 * A local server that no web page or other machine can use: it checks `Host` and `Origin` and bounds requests. One port
 * takes HTTP/1, HTTP/2 without TLS, and gRPC.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Answer, Asked } from './asked.ts';
import { BodyReader, type Body, type BodyBounds } from './body.ts';
import { boundsFor, Connections } from './connections.ts';
import { hasBearer, readKey } from './key.ts';
import { listenTo } from './first-bytes.ts';
import { createHttp2 } from './http2.ts';
import { closeServer, listen } from './listen.ts';
import { Memory } from './memory.ts';
import { isFromOwnPage, type PageDoor } from './own-page.ts';
import { Peers } from './peers.ts';
import { Refused } from './refused.ts';

export interface Route {
  /** Requests with another method are refused, and told the first of these. */
  readonly methods: readonly [string, ...string[]];
  /** Its answers are counted under this name, `traces.200`; without a name by their status alone. */
  readonly name?: string;
  /** Looks at the headers before the body is read. @throws Refused */
  readonly admit?: (asked: Asked) => void;
  /**
   * The body of a GET is empty: it is not read. Bodies are read one after the other; a function that is returned is what
   * needs no turn of its own. @throws Refused
   */
  readonly answer: (asked: Asked, body: Body) => Answer | Promise<Answer | LaterAnswer>;
}

export type LaterAnswer = () => Promise<Answer>;

export interface ServerBounds extends BodyBounds {
  /** A sender that dribbles its headers is cut off after this time. Node looks every two seconds. */
  readonly headersMs: number;
  /** The same for a whole request. */
  readonly requestMs: number;
  readonly connections: number;
}

export interface GuardedServerOptions {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /** Who has it may send, and so may processes of our own user; without a key everybody on this machine may. */
  readonly key?: string | undefined;
  /** By path, without a query. */
  readonly routes: Readonly<Record<string, Route>>;
  readonly bounds: ServerBounds;
  readonly refusalOf: (asked: Asked, refused: Refused) => Pick<Answer, 'body' | 'contentType'>;
  readonly texts: { readonly notFound: string; readonly webPage: string; readonly stranger: string };
  /** For paths that are not in `routes`. */
  readonly routeFor?: (path: string) => Route | undefined;
  /** Only for a server that has a page of its own: the page may ask, with the key as a bearer token, and nobody else. */
  readonly page?: PageDoor | undefined;
  /** On every answer. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface GuardedServer {
  /** Base URL without a slash at the end, e.g. `http://127.0.0.1:43811`. */
  readonly url: string;
  readonly port: number;
  /** Requests by answer: `traces.200`, `403`, `traces.400`. */
  counts(): Readonly<Record<string, number>>;
  /** Takes no more requests; answers the ones begun, at most for `timeoutMs` (default 500). */
  close(timeoutMs?: number): Promise<void>;
}

const CHECK_INTERVAL_MS = 2_000;
/** Node's own. */
const MAX_BACKLOG = 511;
/** The second is all that a network without IPv4 has. */
const LOOPBACK = ['127.0.0.1', '::1'] as const;
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
const NO_BODY: Body = { sent: Buffer.alloc(0), unpacked: Buffer.alloc(0), encoding: undefined };

/** @throws ViewerError `port_in_use`, `listen_failed` */
export async function startGuardedServer(options: GuardedServerOptions): Promise<GuardedServer> {
  const { bounds } = options;
  const bodies = new BodyReader(bounds, new Memory());
  const counts: Record<string, number> = {};
  const count = (key: string): void => void (counts[key] = (counts[key] ?? 0) + 1);
  const timeouts = {
    headersTimeout: bounds.headersMs,
    requestTimeout: bounds.requestMs,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
  };
  const answer = async (asked: Asked): Promise<Answer> => {
    const { name, ...given } = await handle(asked, { ...options, bodies, port, connections, peers });
    count(name === undefined ? String(given.status) : `${name}.${given.status}`);
    return options.headers === undefined ? given : { ...given, headers: { ...options.headers, ...given.headers } };
  };
  const server = createServer(timeouts, (request, response) => {
    response.on('close', () => connections.end(request.socket));
    void answer(askedOf(request)).then((given) => send(request, response, given));
  });
  const http2 = createHttp2({
    answer,
    ended: (connection) => connections.end(connection),
    tooLate(asked) {
      count('408');
      return refusal(asked, new Refused(408, 'The request was not complete in time.'), options);
    },
    headersMs: bounds.headersMs,
    requestMs: bounds.requestMs,
  });
  tellApart(server, { http2: http2.take, silentMs: bounds.headersMs, count });
  const connectionBounds = boundsFor(bounds.connections);
  const connections = new Connections(server, connectionBounds);
  const peers = new Peers();
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
    // A reset connection is no request. All else is bytes that are no HTTP, or a sender that never finished.
    if (error.code !== 'ECONNRESET') count(status.slice(0, 3));
    if (socket.writable) socket.end(refusedAs(status));
  });
  // Those that the system hands over in one go must not drive each other out before they could say a word.
  const backlog = Math.max(1, Math.min(MAX_BACKLOG, Math.floor(connectionBounds.strangers / 2)));
  const hosts = options.host === undefined ? LOOPBACK : [options.host];
  const { host, port } = await listen(server, { hosts, port: options.port ?? 0, backlog });
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    counts: () => ({ ...counts }),
    close: (timeoutMs = 500) => closeServer(server, http2, timeoutMs),
  };
}

type Serving = GuardedServerOptions & {
  readonly bodies: BodyReader;
  readonly port: number;
  readonly connections: Connections;
  readonly peers: Peers;
};

/** Node's own listener for HTTP/1 stays in place, with its time limits; what begins as HTTP/2 goes past it. */
function tellApart(
  server: Server,
  { http2, silentMs, count }: { http2: (connection: Socket) => void; silentMs: number; count: (key: string) => void },
): void {
  const listeners = server.listeners('connection') as ((this: Server, connection: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', (connection: Socket) =>
    listenTo(
      connection,
      {
        http1: () => listeners.forEach((listener) => listener.call(server, connection)),
        http2,
        silent() {
          count('408');
          connection.end(refusedAs('408 Request Timeout'));
          connection.destroySoon();
        },
      },
      silentMs,
    ),
  );
}

const refusedAs = (status: string): string => `HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`;

function askedOf(request: IncomingMessage): Asked {
  const { method = '', url = '', headers, socket: connection } = request;
  return { method, url, headers, body: request, connection, isGrpc: false };
}

/** Never rejects. `name` is that of the route, once the request has come so far. */
async function handle(asked: Asked, serving: Serving): Promise<Answer & { readonly name?: string | undefined }> {
  let name: string | undefined;
  try {
    checkSender(asked, serving);
    const path = await pathFor(asked, serving);
    serving.connections.begin(asked.connection);
    const route = routeOf(path, serving);
    name = route.name;
    if (!route.methods.includes(asked.method)) throw new Refused(405, `Use ${route.methods[0]}.`, { allow: route.methods.join(', ') });
    route.admit?.(asked);
    const hasBody = asked.method !== 'GET' && asked.method !== 'HEAD';
    const take = (body: Body): ReturnType<Route['answer']> => route.answer(asked, body);
    const taken = await (hasBody ? serving.bodies.read(asked, take) : take(NO_BODY));
    return { ...(typeof taken === 'function' ? await taken() : taken), name };
  } catch (error) {
    const refused = error instanceof Refused ? error : new Refused(500, 'swarmscope could not take this request.');
    return { ...refusal(asked, refused, serving), name };
  }
}

function refusal(asked: Asked, refused: Refused, { refusalOf }: Pick<GuardedServerOptions, 'refusalOf'>): Answer {
  const { status, headers, message } = refused;
  return { status, headers, message, ...refusalOf(asked, refused) };
}

/** Against DNS rebinding, where a page sends its own name as `Host`; other pages send an `Origin`. */
function checkSender(asked: Asked, { port, texts, page }: Serving): void {
  const { headers } = asked;
  const [, name = '', sentPort] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(headers.host ?? '') ?? [];
  if (!LOOPBACK_NAMES.has(name.toLowerCase()) || Number(sentPort) !== port)
    throw new Refused(403, 'The Host header names another machine (DNS rebinding); use the address that swarmscope gave.');
  if (page === undefined ? headers.origin !== undefined : !isFromOwnPage(asked, page)) throw new Refused(403, texts.webPage);
}

/** The path that a sender asks for, once it is clear that it may. @throws Refused */
async function pathFor(asked: Asked, { key, connections, peers, texts, page }: Serving): Promise<string> {
  if (key === undefined) return asked.url;
  if (page !== undefined) {
    if (page.open.has(pathOf(asked.url)) || hasBearer(asked, key)) return asked.url;
    throw new Refused(401, texts.stranger, { 'www-authenticate': 'Bearer' });
  }
  const { connection, body } = asked;
  const { shown, path } = readKey(asked, key);
  // Another key is that of another run: its telemetry belongs there, whoever sends it.
  const isWelcome = shown === 'right' || (shown === 'none' && (connections.isKnown(connection) || (await peers.isOwn(connection))));
  if (body.destroyed) throw new Refused(400, 'The request was cut off.');
  if (!isWelcome) throw new Refused(401, texts.stranger, { 'www-authenticate': 'Bearer', connection: 'close' });
  return path;
}

const pathOf = (url: string): string => url.split('?', 1)[0] ?? '';

function routeOf(url: string, { routes, texts, routeFor }: Serving): Route {
  const path = pathOf(url);
  const route = Object.hasOwn(routes, path) ? routes[path] : routeFor?.(path);
  if (route === undefined) throw new Refused(404, texts.notFound);
  return route;
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, body, contentType, headers, stream } = answer;
  if (response.destroyed) return;
  response.on('error', () => {
    // The sender went away before its answer; nobody is left to tell.
  });
  // An unread body would be taken for the next request on this connection.
  const isUnread = !request.complete;
  response.writeHead(status, {
    ...(stream === undefined ? { 'content-length': body.length } : {}),
    'content-type': contentType,
    ...(isUnread ? { connection: 'close' } : {}),
    ...headers,
  });
  // Nobody reads on what a stranger sends.
  if (status === 401 && headers?.['connection'] === 'close') response.once('finish', () => request.socket.destroySoon());
  if (stream !== undefined && request.method !== 'HEAD') stream(response);
  else response.end(request.method === 'HEAD' ? undefined : body);
  if (isUnread) request.resume();
}
