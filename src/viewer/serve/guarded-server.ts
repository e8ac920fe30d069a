/** A local HTTP server that no web page or other machine can use: it checks `Host` and `Origin` and bounds requests. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { BodyReader, type Body, type BodyBounds } from './body.ts';
import { boundsFor, Connections } from './connections.ts';
import { readKey } from './key.ts';
import { closeServer, listen } from './listen.ts';
import { Memory } from './memory.ts';
import { Peers } from './peers.ts';
import { Refused } from './refused.ts';

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  /** Requests with another method are refused, and told the first of these. */
  readonly methods: readonly [string, ...string[]];
  /** Its answers are counted under this name, `traces.200`; without a name by their status alone. */
  readonly name?: string;
  /** Looks at the headers before the body is read. @throws Refused */
  readonly admit?: (request: IncomingMessage) => void;
  /**
   * The body of a GET is empty: it is not read. Bodies are read one after the other; a function that is returned is what
   * needs no turn of its own. @throws Refused
   */
  readonly answer: (request: IncomingMessage, body: Body) => Answer | Promise<Answer | LaterAnswer>;
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
  readonly refusalOf: (request: IncomingMessage, refused: Refused) => Pick<Answer, 'body' | 'contentType'>;
  readonly texts: { readonly notFound: string; readonly webPage: string; readonly stranger: string };
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
  const server = createServer(timeouts, (request, response) => {
    response.on('close', () => connections.end(request.socket));
    void handle(request, { ...options, bodies, port, connections, peers }).then(({ name, ...answer }) => {
      count(name === undefined ? String(answer.status) : `${name}.${answer.status}`);
      send(request, response, answer);
    });
  });
  const connectionBounds = boundsFor(bounds.connections);
  const connections = new Connections(server, connectionBounds);
  const peers = new Peers();
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
    // A reset connection is no request. All else is bytes that are no HTTP, or a sender that never finished.
    if (error.code !== 'ECONNRESET') count(status.slice(0, 3));
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
  });
  // Those that the system hands over in one go must not drive each other out before they could say a word.
  const backlog = Math.max(1, Math.min(MAX_BACKLOG, Math.floor(connectionBounds.strangers / 2)));
  const hosts = options.host === undefined ? LOOPBACK : [options.host];
  const { host, port } = await listen(server, { hosts, port: options.port ?? 0, backlog });
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    counts: () => ({ ...counts }),
    close: (timeoutMs = 500) => closeServer(server, timeoutMs),
  };
}

type Serving = GuardedServerOptions & {
  readonly bodies: BodyReader;
  readonly port: number;
  readonly connections: Connections;
  readonly peers: Peers;
};

/** Never rejects. `name` is that of the route, once the request has come so far. */
async function handle(request: IncomingMessage, serving: Serving): Promise<Answer & { readonly name?: string | undefined }> {
  let name: string | undefined;
  try {
    checkSender(request, serving);
    const path = await pathFor(request, serving);
    serving.connections.begin(request.socket);
    const route = routeOf(path, serving);
    name = route.name;
    if (!route.methods.includes(request.method ?? ''))
      throw new Refused(405, `Use ${route.methods[0]}.`, { allow: route.methods.join(', ') });
    route.admit?.(request);
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
    const take = (body: Body): ReturnType<Route['answer']> => route.answer(request, body);
    const taken = await (hasBody ? serving.bodies.read(request, take) : take(NO_BODY));
    return { ...(typeof taken === 'function' ? await taken() : taken), name };
  } catch (error) {
    const refused = error instanceof Refused ? error : new Refused(500, 'swarmscope could not take this request.');
    return { status: refused.status, headers: refused.headers, ...serving.refusalOf(request, refused), name };
  }
}

/** Against DNS rebinding, where a page sends its own name as `Host`; other pages send an `Origin`. */
function checkSender({ headers }: IncomingMessage, { port, texts }: Serving): void {
  const [, name = '', sentPort] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(headers.host ?? '') ?? [];
  if (!LOOPBACK_NAMES.has(name.toLowerCase()) || Number(sentPort) !== port)
    throw new Refused(403, 'The Host header names another machine (DNS rebinding); use the address that swarmscope gave.');
  if (headers.origin !== undefined) throw new Refused(403, texts.webPage);
}

/** The path that a sender asks for, once it is clear that it may. @throws Refused */
async function pathFor(request: IncomingMessage, { key, connections, peers, texts }: Serving): Promise<string> {
  if (key === undefined) return request.url ?? '';
  const { shown, path } = readKey(request, key);
  // Another key is that of another run: its telemetry belongs there, whoever sends it.
  const isWelcome = shown === 'right' || (shown === 'none' && (connections.isKnown(request.socket) || (await peers.isOwn(request.socket))));
  if (request.destroyed) throw new Refused(400, 'The request was cut off.');
  if (!isWelcome) throw new Refused(401, texts.stranger, { 'www-authenticate': 'Bearer', connection: 'close' });
  return path;
}

function routeOf(url: string, { routes, texts }: Serving): Route {
  const [path = ''] = url.split('?', 1);
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (route === undefined) throw new Refused(404, texts.notFound);
  return route;
}

function send(request: IncomingMessage, response: ServerResponse, { status, body, contentType, headers }: Answer): void {
  if (response.destroyed) return;
  response.on('error', () => {
    // The sender went away before its answer; nobody is left to tell.
  });
  // An unread body would be taken for the next request on this connection.
  const isUnread = !request.complete;
  response.writeHead(status, {
    'content-length': body.length,
    'content-type': contentType,
    ...(isUnread ? { connection: 'close' } : {}),
    ...headers,
  });
  // Nobody reads on what a stranger sends.
  if (status === 401) response.once('finish', () => request.socket.destroySoon());
  response.end(request.method === 'HEAD' ? undefined : body);
  if (isUnread) request.resume();
}
