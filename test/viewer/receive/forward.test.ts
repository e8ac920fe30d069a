/** Forwarding to a real HTTP server that answers as told, on a clock that the test moves. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Timers } from '../../../src/otlp/retry/index.ts';
import { startForwarder } from '../../../src/viewer/receive/forward/index.ts';
import type { OtlpRequest } from '../../../src/otlp/request.ts';

type Reply = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let url: string;
let replies: Reply[];
let seen: { path: string; body: string; headers: IncomingMessage['headers'] }[];

const status =
  (code: number, headers: Record<string, string> = {}): Reply =>
  (_request, response) =>
    void response.writeHead(code, headers).end();

beforeEach(async () => {
  replies = [];
  seen = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ path: request.url ?? '', body, headers: request.headers });
      (replies.shift() ?? status(200))(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Runs delays up to `patienceMs` at once and notes them; longer ones (timeouts) wait until `fireLong`. */
function testClock(patienceMs: number): { clock: Timers; delays: number[]; fireLong: () => void } {
  const delays: number[] = [];
  const long = new Set<() => void>();
  const clock: Timers = {
    now: () => 1_000_000,
    after(delayMs, action) {
      if (delayMs > patienceMs) {
        long.add(action);
        return () => void long.delete(action);
      }
      delays.push(delayMs);
      const handle = setImmediate(action);
      return () => clearImmediate(handle);
    },
  };
  return { clock, delays, fireLong: () => [...long].forEach((action) => action()) };
}

const received = (body = 'bytes'): OtlpRequest => ({
  signal: 'traces',
  body: Buffer.from(body),
  contentType: 'application/x-protobuf',
  contentEncoding: 'gzip',
});

test('bytes, type, encoding and headers arrive as they were, and credentials are not shown', async () => {
  const forwarder = startForwarder({ baseUrl: `${url.replace('http://', 'http://me:secret@')}/base/`, headers: { 'x-key': 'k' } });
  forwarder.forward(received());
  await forwarder.drain(60_000);
  expect(seen).toMatchObject([
    {
      path: '/base/v1/traces',
      body: 'bytes',
      headers: { 'x-key': 'k', 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip', authorization: 'Basic bWU6c2VjcmV0' },
    },
  ]);
  expect(forwarder.target).not.toContain('secret');
  expect(forwarder.counts()).toMatchObject({ sentRequests: 1, sentBytes: 5, waitingBytes: 0, dropped: {} });
});

test('429, and 503 with Retry-After, are tried again in order', async () => {
  replies = [status(429), status(503, { 'retry-after': '2' }), status(200)];
  const { clock, delays } = testClock(5_000);
  const forwarder = startForwarder({ baseUrl: url, clock });
  forwarder.forward(received('first'));
  forwarder.forward(received('second'));
  await forwarder.drain(60_000);
  expect(delays).toEqual([500, 2_000]);
  expect(seen.map(({ body }) => body)).toEqual(['first', 'first', 'first', 'second']);
  expect(forwarder.counts()).toMatchObject({ sentRequests: 2, retries: 2, dropped: {} });
});

test('400 is not tried again and does not stop the next', async () => {
  replies = [status(400)];
  const forwarder = startForwarder({ baseUrl: url });
  forwarder.forward(received());
  forwarder.forward(received());
  await forwarder.drain(60_000);
  expect(forwarder.counts()).toMatchObject({ sentRequests: 1, retries: 0, dropped: { 'refused-400': 1 } });
});

test('a refusing endpoint is given up after the bound and counted', async () => {
  server.close();
  await once(server, 'close');
  const { clock } = testClock(5_000);
  const forwarder = startForwarder({ baseUrl: url, clock, maxAttempts: 3 });
  forwarder.forward(received());
  await forwarder.drain(60_000);
  expect(forwarder.counts()).toMatchObject({ sentRequests: 0, retries: 2, dropped: { 'gave-up-ECONNREFUSED': 1 } });
});

test('a hanging endpoint is left when the drain time is over', async () => {
  const arrived = new Promise<void>((resolve) => replies.push(() => resolve()));
  const { clock, fireLong } = testClock(100);
  const forwarder = startForwarder({ baseUrl: url, clock });
  forwarder.forward(received());
  await arrived;
  const drained = forwarder.drain(1_000);
  fireLong();
  await drained;
  expect(forwarder.counts()).toMatchObject({ sentRequests: 0, waitingBytes: 0, dropped: { 'drain-timeout': 1 } });
});

test('the queue takes its last byte and drops the next', async () => {
  const forwarder = startForwarder({ baseUrl: url, maxBytes: 10 });
  forwarder.forward(received('12345'));
  forwarder.forward(received('12345'));
  forwarder.forward(received('1'));
  await forwarder.drain(60_000);
  expect(forwarder.counts()).toMatchObject({ sentRequests: 2, dropped: { 'queue-full': 1 } });
});

const plain = (body: string): OtlpRequest => ({ ...received(body), contentEncoding: undefined });
const json = (body: string): OtlpRequest => ({ ...plain(body), contentType: 'application/json' });

test('requests that wait behind one another travel as one, in order; compressed ones and JSON as they came', async () => {
  const forwarder = startForwarder({ baseUrl: url });
  for (const one of [plain('1'), plain('2'), plain('3'), received('4'), plain('5'), json('6'), json('7'), plain('8')])
    forwarder.forward(one, 10);
  await forwarder.drain(60_000);
  expect(seen.map(({ body }) => body)).toEqual(['1', '23', '4', '5', '6', '7', '8']);
  expect(forwarder.counts()).toMatchObject({ sentRequests: 7, sentBytes: 8, waitingBytes: 0, waitingRequests: 0, dropped: {} });
  expect(forwarder.items().traces).toMatchObject({ received: 80, sent: 80 });
});

test('one of several that were refused together is lost alone', async () => {
  const refuseTheThird: Reply = (request, response) => status(seen.at(-1)?.body.includes('3') === true ? 400 : 200)(request, response);
  replies = Array<Reply>(9).fill(refuseTheThird);
  const forwarder = startForwarder({ baseUrl: url });
  for (const body of ['1', '2', '3', '4']) forwarder.forward(plain(body), 10);
  await forwarder.drain(60_000);
  expect(seen.map(({ body }) => body)).toEqual(['1', '234', '2', '3', '4']);
  expect(forwarder.counts()).toMatchObject({ sentBytes: 3, waitingBytes: 0, dropped: { 'refused-400': 1 } });
  expect(forwarder.items().traces).toMatchObject({ received: 40, sent: 30, dropped: { 'refused-400': 10 } });
});

test('what is joined stays below 1 MiB', async () => {
  const forwarder = startForwarder({ baseUrl: url });
  const half = 'h'.repeat(524_288);
  for (const body of ['first', half, half, 'x']) forwarder.forward(plain(body));
  await forwarder.drain(60_000);
  expect(seen.map(({ body }) => body.length)).toEqual([5, 1_048_576, 1]);
});
