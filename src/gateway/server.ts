/** The server of the gateway: loopback only, under a path that only programs of this run know. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { createConnector, type Connector } from './connect.ts';
import { MAX_HEAD_BYTES, relay } from './relay.ts';
import { routeOf, type Route } from './routes.ts';
import { tunnel, withoutOffer } from './tunnel.ts';
import type { ClientConnection } from './messages.ts';
import type { ReadingQueue } from './reading-queue.ts';
import type { Upstream } from './upstream.ts';
import type { Witness } from './witness.ts';

/** Of a connection that was over before it could be asked. */
const UNKNOWN: ClientConnection = { clientPort: 0, gatewayPort: 0 };
/** For a client that begins with HTTP/2: empty SETTINGS, and GOAWAY with HTTP_1_1_REQUIRED (RFC 9113, 6.8 and 7). */
const NO_HTTP2 = Buffer.from('000000040000000000' + '000008070000000000' + '000000000000000d', 'hex');
const LOCAL_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;

export interface ProxyOptions {
  readonly upstreams: readonly Upstream[];
  /** The first part of every path. */
  readonly word: string;
  /** The user's, for proxies. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly trust: () => SecureContext;
  /** In which what passes is read. */
  readonly reading: ReadingQueue;
  /** Asked in the queue. Reads what passes; undefined for what is no LLM call. May throw. */
  readonly witness: (asked: Asked) => Witness | undefined;
  /** Told of each connection when it is accepted. */
  readonly onClient?: ((socket: Socket, client: ClientConnection) => void) | undefined;
}

/** One request of a client. */
export interface Asked {
  readonly request: IncomingMessage;
  readonly route: Route;
  readonly client: ClientConnection;
}

export interface Proxy {
  readonly server: Server;
  connectorFor(upstream: Upstream): Connector;
  /** Clients that are connected. */
  clients(): number;
}

/** Does not listen yet. */
export function createProxy(options: ProxyOptions): Proxy {
  const upstreams = new Map(options.upstreams.map((upstream) => [upstream.service, upstream]));
  const connectors = new Map<string, Connector>();
  const sockets = new Set<Socket>();
  const clients = new WeakMap<Socket, ClientConnection>();
  const { reading } = options;
  const connectorFor = (upstream: Upstream): Connector => {
    const known = connectors.get(upstream.service);
    if (known !== undefined) return known;
    const { environment, trust } = options;
    const made = createConnector({ to: upstream, environment, trust });
    connectors.set(upstream.service, made);
    return made;
  };
  const server = createServer({ maxHeaderSize: MAX_HEAD_BYTES, noDelay: true, keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 });
  server.maxHeadersCount = 0;
  server.timeout = 0;
  const find = ({ url = '', headers }: IncomingMessage): Route | undefined =>
    LOCAL_HOST.test(headers.host ?? '') ? routeOf(url, options.word, upstreams) : undefined;
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    const route = find(request);
    if (route === undefined) return refuse(response);
    const witness = reading.witness(() => {
      try {
        return options.witness({ request, route, client: clients.get(request.socket) ?? UNKNOWN });
      } catch {
        // A fault in reading: the call goes on unread.
        return undefined;
      }
    });
    relay({ request, response, route, connector: connectorFor(route.upstream), witness });
  };
  // `Expect`: whether the body is wanted is for the upstream to say.
  for (const event of ['request', 'checkContinue', 'checkExpectation'] as const) server.on(event, take);
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      socket.unshift(withoutOffer(request, head));
      return void server.emit('connection', socket);
    }
    const route = find(request);
    if (route === undefined) return void socket.destroy();
    tunnel({ request, socket, head, route, connector: connectorFor(route.upstream) });
  });
  server.on('clientError', ({ code }: NodeJS.ErrnoException, socket) => {
    if (code === 'HPE_PAUSED_H2_UPGRADE' && socket.writable) socket.end(NO_HTTP2);
    else socket.destroy();
  });
  server.on('connection', (socket: Socket) => {
    // What is read again without an offer comes a second time.
    if (sockets.has(socket)) return;
    sockets.add(socket);
    const client = { clientPort: socket.remotePort ?? 0, gatewayPort: socket.localPort ?? 0 };
    clients.set(socket, client);
    options.onClient?.(socket, client);
    socket.once('close', () => sockets.delete(socket));
  });
  return { server, connectorFor, clients: () => sockets.size };
}

/** For those who guess: nobody who was told the address comes here. */
function refuse(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain', connection: 'close' }).end('Nothing is here.\n');
}
