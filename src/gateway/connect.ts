/** Connections to upstreams: direct or through the user's proxy, with TLS where the upstream has it. */
import { Agent as HttpAgent, request as httpRequest, type AgentOptions, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type SecureContext } from 'node:tls';
import { proxyFor, type Destination, type Proxy } from './proxy-variables.ts';

/** A connection that was idle for longer is not used again: servers close theirs after five seconds and more, in the middle of a request. */
const IDLE_MS = 4_000;
/** Idle connections kept for each upstream. */
const MAX_IDLE = 256;
/** A proxy that takes the connection and never answers. */
const PROXY_MS = 30_000;

type Connected = (error: Error | null, socket?: Duplex) => void;

export interface Connector {
  /** For requests: keeps connections open for the next one. */
  readonly agent: HttpAgent;
  /** A new connection of its own. Calls back once. */
  open(connected: Connected): void;
  /** A path is written as a whole URL, since a proxy for plain http reads it. */
  readonly isAbsolute: boolean;
  /** Header for such a proxy. */
  readonly proxyAuthorization: string | undefined;
}

export interface ConnectorOptions {
  readonly to: Destination;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Asked at the first secure connection. */
  readonly trust: () => SecureContext;
}

export function createConnector({ to, environment, trust }: ConnectorOptions): Connector {
  const proxy = proxyFor(to, environment);
  let session: Buffer | undefined;
  const secure = (socket: Duplex | undefined): Duplex => {
    const { host, port } = to;
    const place = socket === undefined ? { host, port } : { socket };
    const name = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
    const over = connectTls({ ...place, ...name, secureContext: trust(), ALPNProtocols: ['http/1.1'], ...(session && { session }) });
    return over.setNoDelay(true).on('session', (ticket: Buffer) => (session = ticket));
  };
  const open = (connected: Connected): void => {
    if (proxy === 'unknown') return connected(new Error('a proxy of a kind that cannot be used'));
    if (proxy === undefined) return connected(null, to.isSecure ? secure(undefined) : tcp(to));
    if (!to.isSecure) return connected(null, toProxy(proxy, trust));
    throughProxy({ proxy, to, trust }, (error, socket) => {
      if (socket === undefined) connected(error);
      else connected(null, secure(socket));
    });
  };
  const options: AgentOptions = { keepAlive: true, timeout: IDLE_MS, maxFreeSockets: MAX_IDLE };
  const agent = to.isSecure ? new HttpsAgent(options) : new HttpAgent(options);
  // Node takes the connection that is returned, or the one that the function is called with.
  agent.createConnection = (_, connected) => {
    open(connected as Connected);
    return undefined;
  };
  const isPlainProxy = typeof proxy === 'object' && !to.isSecure;
  return { agent, open, isAbsolute: isPlainProxy, proxyAuthorization: isPlainProxy ? proxy.authorization : undefined };
}

function tcp({ host, port }: { readonly host: string; readonly port: number }): Socket {
  return connectTcp({ host, port, noDelay: true });
}

function toProxy(proxy: Proxy, trust: () => SecureContext): Duplex {
  const { host, port } = proxy;
  if (!proxy.isSecure) return tcp(proxy);
  return connectTls({ host, port, ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }), secureContext: trust() });
}

/** By CONNECT: the proxy sees the name of the upstream and nothing else. */
function throughProxy(
  { proxy, to, trust }: { readonly proxy: Proxy; readonly to: Destination; readonly trust: () => SecureContext },
  connected: Connected,
): void {
  const authority = `${to.host.includes(':') ? `[${to.host}]` : to.host}:${to.port}`;
  const headers = { Host: authority, ...(proxy.authorization === undefined ? {} : { 'Proxy-Authorization': proxy.authorization }) };
  const request = httpRequest({
    method: 'CONNECT',
    path: authority,
    headers,
    createConnection: () => toProxy(proxy, trust),
    timeout: PROXY_MS,
  });
  let isDone = false;
  const done: Connected = (error, socket) => {
    if (isDone) return void socket?.destroy();
    isDone = true;
    connected(error, socket);
  };
  request.once('connect', (answer: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (answer.statusCode !== 200) {
      socket.destroy();
      return done(new Error(`the proxy answered ${answer.statusCode ?? 0}`));
    }
    if (head.length > 0) socket.unshift(head);
    (socket as Socket).setTimeout(0);
    done(null, socket);
  });
  request.once('response', (answer) => {
    answer.destroy();
    done(new Error(`the proxy answered ${answer.statusCode ?? 0}`));
  });
  request.once('timeout', () => request.destroy(new Error('the proxy did not answer')));
  request.once('error', (error) => done(error));
  request.end();
}
