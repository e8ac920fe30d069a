/** Requests over a real socket: what each answer means, and that no HTTP instrumentation sees them. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { readSettings } from '../../../src/config/settings/index.ts';
import { createTransport, resolveTarget, type Answer, type Transport } from '../../../src/otlp/post/index.ts';
import { startReceiver, type Receiver, type Reply } from '../../sdk/receiver.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function open(url: string, environment: Record<string, string> = {}): Transport {
  const transport = createTransport(resolveTarget(readSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: url, ...environment }), 'traces', 'test'));
  closers.push(() => transport.close());
  return transport;
}

async function receive(reply?: Reply): Promise<Receiver> {
  const receiver = await startReceiver(reply);
  closers.push(() => receiver.close());
  return receiver;
}

const partial = Buffer.from([0x0a, 0x07, 0x08, 0x03, 0x12, 0x03, 0x62, 0x61, 0x64]);

test.each<{ name: string; reply: Reply; answer: Answer }>([
  { name: '200', reply: (response) => void response.end(), answer: { kind: 'taken', rejected: 0, text: 'HTTP 200' } },
  { name: '204', reply: (response) => void response.writeHead(204).end(), answer: { kind: 'taken', rejected: 0, text: 'HTTP 204' } },
  {
    name: '200 in chunks',
    reply: (response) => void (response.write(partial.subarray(0, 4)), response.end(partial.subarray(4))),
    answer: { kind: 'taken', rejected: 3, text: 'bad' },
  },
  { name: 'a partial success', reply: (response) => void response.end(partial), answer: { kind: 'taken', rejected: 3, text: 'bad' } },
  {
    name: 'text of a proxy',
    reply: (response) => void response.end('<html>fine</html>'),
    answer: { kind: 'taken', rejected: 0, text: 'HTTP 200' },
  },
  { name: '400', reply: (response) => void response.writeHead(400).end('no'), answer: { kind: 'lost', reason: 'http_400' } },
  { name: '404', reply: (response) => void response.writeHead(404).end(), answer: { kind: 'lost', reason: 'http_404' } },
  { name: '500', reply: (response) => void response.writeHead(500).end(), answer: { kind: 'lost', reason: 'http_500' } },
  {
    name: '429',
    reply: (response) => void response.writeHead(429, { 'retry-after': '3' }).end(),
    answer: { kind: 'retry', reason: 'http_429', retryAfterMs: 3_000 },
  },
  {
    name: '503',
    reply: (response) => void response.writeHead(503).end(),
    answer: { kind: 'retry', reason: 'http_503', retryAfterMs: undefined },
  },
  { name: 'a cut connection', reply: (response) => void response.socket?.destroy(), answer: { kind: 'retry', reason: 'closed' } },
])('$name is understood', async ({ reply, answer }) => {
  const { url } = await receive(reply);
  const got = await open(url).send(Buffer.from('x'));
  if (got.kind === 'retry' && answer.kind === 'retry' && answer.reason === 'closed') expect(['closed', 'ECONNRESET']).toContain(got.reason);
  else expect(got).toEqual(answer);
});

test('a server that never answers is given up after the timeout', async () => {
  const { url } = await receive(() => undefined);
  expect(await open(url, { OTEL_EXPORTER_OTLP_TIMEOUT: '50' }).send(Buffer.from('x'))).toEqual({ kind: 'retry', reason: 'timeout' });
});

test('something that does not speak HTTP is no receiver', async () => {
  const server = createServer((socket) => void socket.resume().end('SSH-2.0-OpenSSH_9.9\r\n\r\n')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  expect(await open(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).send(Buffer.from('x'))).toEqual({
    kind: 'retry',
    reason: 'bad_response',
  });
});

test('one socket serves many requests, and one that the server closed meanwhile is replaced', async () => {
  const ports = new Set<number | undefined>();
  const { url, requests } = await receive((response, _request, index) => {
    const { socket } = response;
    ports.add(socket?.remotePort);
    response.end(() => index === 1 && socket?.destroy());
  });
  const transport = open(url);
  for (let index = 0; index < 4; index++) expect(await transport.send(Buffer.from('x'))).toMatchObject({ kind: 'taken' });
  expect(requests).toHaveLength(4);
  expect(ports.size).toBe(2);
});

test('gzip, headers and credentials arrive; line breaks in a header start no new one', async () => {
  const { url, requests } = await receive();
  const target = url.replace('http://', 'http://user:pa%3Ass@');
  await open(target, { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip', OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%0D%0Ax-evil: 1' }).send(
    Buffer.from('body'),
  );
  expect(requests[0]?.body.toString()).toBe('body');
  expect(requests[0]?.headers).toMatchObject({
    authorization: `Basic ${Buffer.from('user:pa:ss').toString('base64')}`,
    'x-key': 'a  x-evil: 1',
    'content-type': 'application/x-protobuf',
  });
  expect(requests[0]?.headers['x-evil']).toBeUndefined();
});

test('an export is invisible on the diagnostics channels of HTTP clients', async () => {
  const seen: unknown[] = [];
  const listener = (message: unknown): void => void seen.push(message);
  const channels = ['http.client.request.start', 'http.client.request.created', 'undici:request:create'];
  for (const channel of channels) subscribe(channel, listener);
  const { url } = await receive();
  await open(url).send(Buffer.from('x'));
  for (const channel of channels) unsubscribe(channel, listener);
  expect(seen).toEqual([]);
});
