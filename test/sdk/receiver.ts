/** A real HTTP server that takes OTLP and answers as told. */
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { logRequest, metricRequest, readTree, traceRequest, type Tree } from '../otlp/write/protobuf-tree.ts';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Reply = (response: ServerResponse, request: Received, index: number) => void;

export const accept: Reply = (response) => void response.end();

export interface Receiver {
  readonly url: string;
  readonly requests: Received[];
  /** Resolves once `isEnough` holds. */
  until(isEnough: (requests: readonly Received[]) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** @param port default: a free one */
export async function startReceiver(reply: Reply = accept, port = 0): Promise<Receiver> {
  const requests: Received[] = [];
  const waiters: { isEnough: (requests: readonly Received[]) => boolean; resolve: () => void }[] = [];
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const raw = Buffer.concat(parts);
      const received = {
        path: request.url ?? '',
        headers: request.headers,
        body: request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw,
      };
      requests.push(received);
      reply(response, received, requests.length - 1);
      for (const waiter of waiters) if (waiter.isEnough(requests)) waiter.resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    until: (isEnough) => new Promise((resolve) => (isEnough(requests) ? resolve() : waiters.push({ isEnough, resolve }))),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const SCHEMAS = { '/v1/traces': traceRequest, '/v1/metrics': metricRequest, '/v1/logs': logRequest } as const;

/** Items (spans, metrics or log records) of all requests on `path`, as trees. */
export function itemsOf(requests: readonly Received[], path: keyof typeof SCHEMAS): Tree[] {
  const under = (tree: Tree, field: number): Tree[] => (tree[field] ?? []) as Tree[];
  return requests
    .filter((request) => request.path === path)
    .flatMap(({ body }) => under(readTree(body, SCHEMAS[path]), 1))
    .flatMap((resource) => under(resource, 2))
    .flatMap((scope) => under(scope, 2));
}

/** Distinct span ids: a request cut off by an exit is sent again, so a span may come twice, never not at all. */
export function spanNames(requests: readonly Received[]): Map<string, string> {
  return new Map(itemsOf(requests, '/v1/traces').map((span) => [span[2]?.[0] as string, span[5]?.[0] as string]));
}
