// An OTLP/HTTP receiver for tests: it keeps what it was sent, byte for byte, and can refuse, hang or answer with any
// status.
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { closeAtEnd } from './close-at-end.ts';

export interface SinkRequest {
  /** `/v1/traces`, `/v1/metrics`, `/v1/logs`. */
  readonly path: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Decompressed. */
  readonly body: Buffer;
  /** Epoch milliseconds when the last byte came. */
  readonly receivedMs: number;
  /** The status that was sent; undefined while it hangs. */
  readonly status: number | undefined;
}

/**
 * `refuse` closes the port (ECONNREFUSED), `hang` takes the request and never answers, a status is answered to every
 * request.
 */
export type SinkBehaviour =
  'accept' | 'refuse' | 'hang' | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

export interface Sink {
  /** Base URL for OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  /** In order of arrival, whatever was answered. */
  readonly requests: readonly SinkRequest[];
  behave(behaviour: SinkBehaviour): Promise<void>;
  /** Bodies of one signal that were answered with a 2xx status, and their content type. */
  accepted(signal: 'traces' | 'metrics' | 'logs'): { body: Buffer; contentType: string }[];
  /** Resolves when `isEnough(requests)` is true, asked after every request; rejects after `timeoutMs` (300,000). */
  arrived(isEnough: (requests: readonly SinkRequest[]) => boolean, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts on a free loopback port, or on the one that is named. */
export async function startSink(first: SinkBehaviour = 'accept', atPort = 0): Promise<Sink> {
  const requests: SinkRequest[] = [];
  const sockets = new Set<Socket>();
  const watchers = new Set<() => void>();
  let behaviour: SinkBehaviour = 'accept';
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
      const status = answer(response, behaviour, request.headers['content-type'] ?? '');
      requests.push({
        path: request.url ?? '',
        method: request.method ?? '',
        headers: request.headers,
        body,
        receivedMs: Date.now(),
        status,
      });
      for (const watcher of [...watchers]) watcher();
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await listen(server, atPort);
  const { port } = server.address() as AddressInfo;
  const closeListener = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const sink: Sink = {
    url: `http://127.0.0.1:${port}`,
    requests,
    async behave(next) {
      behaviour = next;
      if (next === 'refuse' && server.listening) await closeListener();
      if (next !== 'refuse' && !server.listening) await listen(server, port);
    },
    accepted: (signal) =>
      requests
        .filter(({ path, status }) => path === `/v1/${signal}` && status !== undefined && status < 300)
        .map(({ body, headers }) => ({ body, contentType: headers['content-type'] ?? '' })),
    arrived: (isEnough, timeoutMs = 300_000) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!isEnough(requests)) return;
          clearTimeout(timer);
          watchers.delete(look);
          resolve();
        };
        const timer = setTimeout(() => {
          watchers.delete(look);
          reject(new Error(`not arrived within ${timeoutMs} ms; what did: ${summaryOf(requests)}`));
        }, timeoutMs);
        watchers.add(look);
        look();
      }),
    async close() {
      if (server.listening) await closeListener();
    },
  };
  closeAtEnd(sink.close);
  await sink.behave(first);
  return sink;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
}

/** Sends the answer and returns its status. */
function answer(response: ServerResponse, behaviour: SinkBehaviour, contentType: string): number | undefined {
  if (behaviour === 'hang' || behaviour === 'refuse') return undefined;
  const isJson = contentType.startsWith('application/json');
  const { status, headers = {}, body = '' } = behaviour === 'accept' ? { status: 200, body: isJson ? '{}' : '' } : behaviour;
  response.writeHead(status, { 'content-type': isJson ? 'application/json' : 'application/x-protobuf', ...headers }).end(body);
  return status;
}

function summaryOf(requests: readonly SinkRequest[]): string {
  if (requests.length === 0) return 'nothing';
  return requests.map(({ path, status, body }) => `${path} ${status ?? 'unanswered'} (${body.length} bytes)`).join(', ');
}
