// What a listener hears of a request: without its content encoding, whole before the answer, and once.
import { randomBytes } from 'node:crypto';
import zlib from 'node:zlib';
import { beforeEach, expect, test } from '@jest/globals';
import { addListener, openExchange, type ExchangeSink } from '../../src/hooks/http/exchange.ts';
import { OpenExchange } from '../../src/hooks/http/open-exchange.ts';
import { targetIn } from '../../src/hooks/http/target.ts';

const told: string[] = [];
const sink: ExchangeSink = {
  requestBody: (bytes) => void told.push(Buffer.from(bytes).toString()),
  requestUnreadable: (reason) => void told.push(`unreadable: ${reason}`),
  requestEnd: () => void told.push('end'),
  responseHead: () => (told.push('head'), false),
  responseChunk: () => undefined,
  responseUnreadable: () => undefined,
  end: () => void told.push('answered'),
  error: () => undefined,
};
addListener({
  wants: () => sink,
  open: (readers, request) => new OpenExchange(readers, request),
  onFault(error) {
    throw error;
  },
});
beforeEach(() => void told.splice(0));

function open(headers: Record<string, string>) {
  const request = { method: 'POST', host: 'llm.example', port: 443, path: '/', header: (name: string) => headers[name] };
  const exchange = openExchange(request);
  if (exchange === undefined) throw new Error('nobody listens');
  return exchange;
}

const body = '{"model":"m"}';

test.each([
  ['gzip', zlib.gzipSync(body)],
  ['deflate', zlib.deflateSync(body)],
  ['br', zlib.brotliCompressSync(body)],
  ['zstd', zlib.zstdCompressSync(body)],
  ['gzip, br', zlib.brotliCompressSync(zlib.gzipSync(body))],
])('a request in %s is decoded when it has been sent', (encoding, encoded) => {
  const exchange = open({ 'content-encoding': encoding });
  for (const byte of encoded) exchange.requestBody(Uint8Array.of(byte));
  expect(told).toEqual([]);
  exchange.requestEnd();
  exchange.requestEnd();
  expect(told).toEqual([body, 'end']);
});

test('a header that is set after the request was made is the one that counts', () => {
  const headers: Record<string, string> = {};
  const exchange = open(headers);
  headers['content-encoding'] = 'gzip';
  exchange.requestBody(zlib.gzipSync(body));
  exchange.requestEnd();
  expect(told).toEqual([body, 'end']);
});

test.each([
  ['snappy', 'encoding'],
  ['gzip', 'damaged'],
])('a request in %s that cannot be decoded is said to be unreadable, once', (encoding, reason) => {
  const exchange = open({ 'content-encoding': encoding });
  exchange.requestBody(Buffer.from(body));
  exchange.requestEnd();
  expect(told).toEqual([`unreadable: ${reason}`, 'end']);
});

test('a long request is decoded beside the program, and its end is told behind it', async () => {
  const long = randomBytes(1_000_000).toString('base64');
  const exchange = open({ 'content-encoding': 'gzip' });
  exchange.requestBody(zlib.gzipSync(long));
  exchange.requestEnd();
  expect(told).toEqual([]);
  while (!told.includes('end')) await new Promise(setImmediate);
  expect(told.slice(0, -1).join('') === long).toBe(true);
});

test('an answer that comes before a long request is decoded ends the request, and nothing of it follows', async () => {
  const exchange = open({ 'content-encoding': 'gzip' });
  exchange.requestBody(zlib.gzipSync(randomBytes(1_000_000).toString('base64')));
  exchange.requestEnd();
  exchange.responseHead({ status: 200, header: () => undefined });
  exchange.end();
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  expect(told).toEqual(['end', 'head', 'answered']);
});

test.each([
  ['/v1/messages', undefined],
  ['/v1/messages?to=http://other.example/', undefined],
  ['http://llm.example/v1/messages?beta=true', { host: 'llm.example', port: 80, path: '/v1/messages?beta=true' }],
  ['https://[::1]:8443/v1', { host: '::1', port: 8443, path: '/v1' }],
  ['*', undefined],
  ['llm.example:443', undefined],
  ['', undefined],
])('a request for %s goes to %j', (path, target) => expect(targetIn(path)).toEqual(target));
