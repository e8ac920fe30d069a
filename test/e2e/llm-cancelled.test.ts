/** Calls that a program gives up: the service is told so by every client, and how each call ended is told apart. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { observe, type Seen } from './programs.ts';

const FIRST =
  'event: message_start\ndata: {"type":"message_start","message":{"id":"m","model":"claude-opus-4-8","usage":{"input_tokens":8,"output_tokens":1}}}\n\n';

/** Names of calls that have arrived, or were closed, and who waits to be told. */
function gate() {
  const waiting = new Map<string, () => void>();
  const passed = new Set<string>();
  return {
    pass(name: string): void {
      passed.add(name);
      waiting.get(name)?.();
    },
    wait(name: string, then: () => void): void {
      if (passed.has(name)) then();
      else waiting.set(name, then);
    },
  };
}
const gates: Readonly<Record<string, ReturnType<typeof gate>>> = { arrived: gate(), closed: gate() };

function answer(request: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse): void {
  const [, name = '', more = ''] = (request.url ?? '').split('/');
  const asked = gates[name];
  if (asked !== undefined) return asked.wait(more, () => void response.end('yes'));
  request.resume();
  request.on('end', () => gates['arrived']?.pass(name));
  response.on('close', () => gates['closed']?.pass(name));
  if (!name.endsWith('stream')) return;
  // Both have these methods; their types have no signature in common.
  const stream = response as ServerResponse;
  stream.writeHead(200, { 'content-type': 'text/event-stream' });
  stream.write(FIRST);
}

const servers = [createServer(answer), createHttp2Server(answer)] as const;
const sockets = new Set<Socket>();
let seen: Seen;
beforeAll(async () => {
  const urls = servers.map(
    (server) =>
      new Promise<string>((resolve) => {
        server.on('connection', (socket: Socket) => sockets.add(socket));
        server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
      }),
  );
  const [one = '', two = ''] = await Promise.all(urls);
  const file = join(import.meta.dirname, 'programs/cancelled.cjs');
  seen = await observe('with the preload alone', { file, env: { URL_1: one, URL_2: two }, timeoutMs: 300_000 });
}, 310_000);
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

test('the service sees each connection or stream closed', () => {
  expect(seen).toMatchObject({ stdout: 'done\n', stderr: '', code: 0 });
});

const ENDINGS: Readonly<Record<string, readonly [string, string | undefined]>> = {
  'aborted-silent': ['aborted', 'AbortError'],
  'timeout-silent': ['timeout', 'TimeoutError'],
  'left-stream': ['left', undefined],
  'stopped-stream': ['left', undefined],
};
const ROWS = ['fetch', 'http', 'http2'].flatMap((client) =>
  Object.entries(ENDINGS).map(([name, expected]) => [`${client}-${name}`, ...expected] as const),
);

test.each([...ROWS, ['thread-terminated-stream', 'process_exit', 'process_exit'] as const])(
  '%s: %s, error %s',
  (model, ending, errorType) => {
    const calls = seen.spans.filter(({ attributes }) => attributes['gen_ai.request.model'] === model);
    expect(calls.map(({ attributes, isError }) => [attributes['swarmscope.inference.ending'], attributes['error.type'], isError])).toEqual([
      [ending, errorType, errorType !== undefined],
    ]);
  },
);
