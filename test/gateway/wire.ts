// Raw connections: what a client and a provider see, byte for byte, with the gateway between them and without it.
import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { closeAtEnd } from '../harness/index.ts';
import { createProxy, type Proxy, type ProxyOptions } from '../../src/gateway/server.ts';
import { ReadingQueue } from '../../src/gateway/reading-queue.ts';
import type { Upstream } from '../../src/gateway/upstream.ts';

export const upstreamAt = (port: number, more: Partial<Upstream> = {}): Upstream => ({
  variable: 'OPENAI_BASE_URL',
  service: 'up',
  isSecure: false,
  host: '127.0.0.1',
  port,
  authority: `127.0.0.1:${port}`,
  basePath: '',
  versionless: [],
  isLocal: false,
  ...more,
});

export async function listenOn(server: Server | HttpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A provider that speaks HTTP; gives its port. */
export async function serve(listener: RequestListener): Promise<number> {
  const server = createHttpServer(listener);
  closeAtEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return await listenOn(server);
}

/** In this process, with the upstream at `port`. */
export async function startProxy(upstream: Upstream, more: Partial<ProxyOptions> = {}): Promise<Proxy & { readonly port: number }> {
  const proxy = createProxy({
    upstreams: [upstream],
    word: 'word',
    environment: {},
    trust: () => {
      throw new Error('no TLS here');
    },
    reading: new ReadingQueue(),
    witness: () => undefined,
    ...more,
  });
  const port = await listenOn(proxy.server);
  closeAtEnd(() => {
    proxy.server.closeAllConnections();
    proxy.server.close();
  });
  return { ...proxy, port };
}

export interface RawServer {
  readonly port: number;
  /** What came over each connection, in the order of the connections. */
  readonly received: readonly string[];
  /** How each connection ended, as far as it has. */
  readonly endings: readonly ('end' | 'reset' | undefined)[];
}

/** `answer` is called for each connection, with the bytes so far whenever some come. */
export async function startRaw(answer: (socket: Socket, soFar: string) => void): Promise<RawServer> {
  const received: string[] = [];
  const endings: ('end' | 'reset' | undefined)[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: false, noDelay: true }, (socket) => {
    const at = received.push('') - 1;
    sockets.add(socket);
    socket.on('data', (chunk) => {
      received[at] += chunk.toString('latin1');
      answer(socket, received[at] as string);
    });
    socket.on('end', () => (endings[at] ??= 'end'));
    socket.on('error', () => (endings[at] ??= 'reset'));
    socket.on('close', () => (endings[at] ??= 'end'));
  });
  const port = await listenOn(server);
  closeAtEnd(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port, received, endings };
}

export interface Seen {
  readonly bytes: string;
  readonly ending: 'end' | 'reset' | 'left';
}

/** Sends the pieces one after the other, and reads until the connection ends or `isEnough`, then leaves. */
export function talk(port: number, pieces: readonly string[], isEnough: (bytes: string) => boolean = () => false): Promise<Seen> {
  return new Promise((resolve) => {
    let bytes = '';
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const done = (ending: Seen['ending']): void => {
      socket.destroy();
      resolve({ bytes, ending });
    };
    socket.on('data', (chunk) => {
      bytes += chunk.toString('latin1');
      if (isEnough(bytes)) done('left');
    });
    socket.on('end', () => done('end'));
    socket.on('error', () => done('reset'));
    const [first = '', ...rest] = pieces;
    socket.on('connect', () => socket.write(first, 'latin1'));
    rest.forEach((piece, at) => setTimeout(() => !socket.destroyed && socket.write(piece, 'latin1'), 60 * (at + 1)));
  });
}

export async function until(isTrue: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
