/** The receiver over real HTTP, with good and bad requests. */
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startReceiver, type Receiver } from '../../../src/viewer/receive/receiver.ts';
import type { SpanRow } from '../../../src/analysis/model.ts';
import { post, readableSpan, traceBytes } from './signals.ts';

let receiver: Receiver;
let spans: SpanRow[];

beforeEach(async () => {
  spans = [];
  receiver = await startReceiver({ onTraces: (rows) => void spans.push(...rows.spans), onMetrics: () => {}, onLogs: () => {} });
});
afterEach(() => receiver.close());

test('traces in protobuf, gzip and JSON all arrive and are answered 200', async () => {
  const bytes = traceBytes('protobuf');
  expect(await post(`${receiver.url}/v1/traces`, { body: bytes })).toEqual({ status: 200, body: Buffer.alloc(0) });
  expect((await post(`${receiver.url}/v1/traces`, { body: gzipSync(bytes), headers: { 'content-encoding': 'gzip' } })).status).toBe(200);
  const json = await post(`${receiver.url}/v1/traces`, {
    body: traceBytes('json'),
    headers: { 'content-type': 'application/json; charset=utf-8' },
  });
  expect(json.body.toString()).toBe('{}');
  expect(spans.map(({ name }) => name)).toEqual(Array(3).fill('run_task implement'));
  expect(receiver.counts()).toEqual({ 'traces.200': 3 });
});

test('rejected spans are reported as partial success', async () => {
  const body = traceBytes('json', [readableSpan(), readableSpan('0000000000000000')]);
  const { body: answer } = await post(`${receiver.url}/v1/traces`, { body, headers: { 'content-type': 'application/json' } });
  expect(JSON.parse(answer.toString())).toEqual({ partialSuccess: { rejectedSpans: '1', errorMessage: 'span.bad-id: 1' } });
  expect(spans).toHaveLength(1);
});

test.each([
  ['another host', { path: '/v1/traces', headers: { host: 'evil.example:80' } }, 403],
  ['a web page', { path: '/v1/traces', headers: { origin: 'http://localhost:3000' } }, 403],
  ['a wrong path', { path: '/v1/other' }, 404],
  ['a wrong method', { path: '/v1/traces', method: 'PUT' }, 405],
  ['a wrong type', { path: '/v1/traces', headers: { 'content-type': 'text/plain' } }, 415],
  ['a wrong encoding', { path: '/v1/traces', headers: { 'content-encoding': 'br' } }, 415],
  ['cut bytes', { path: '/v1/traces', body: Buffer.from([0x0a, 0x50, 1]) }, 400],
  ['bad gzip', { path: '/v1/logs', body: Buffer.from('no gzip'), headers: { 'content-encoding': 'gzip' } }, 400],
  ['a bomb', { path: '/v1/logs', body: gzipSync(Buffer.alloc(8 * 1024 * 1024)), headers: { 'content-encoding': 'gzip' } }, 413],
] as const)('%s is refused', async (_title, { path, ...request }, status) => {
  expect((await post(receiver.url + path, request)).status).toBe(status);
  expect((await post(`${receiver.url}/v1/traces`, { body: traceBytes('protobuf') })).status).toBe(200);
});

test('20 MiB are accepted and one byte more is not', async () => {
  const limit = 20 * 1024 * 1024;
  const json = (bytes: number): string => `{}${' '.repeat(bytes - 2)}`;
  const headers = { 'content-type': 'application/json' };
  expect((await post(`${receiver.url}/v1/logs`, { body: json(limit), headers })).status).toBe(200);
  // The answer may come while the body is still on its way, so only its length is announced here.
  expect((await post(`${receiver.url}/v1/logs`, { body: json(limit + 1), headers }).catch(() => ({ status: 413 }))).status).toBe(413);
});

test('health is answered and a port in use has its own code', async () => {
  expect((await post(`${receiver.url}/healthz`, { method: 'GET' })).body.toString()).toBe('ok\n');
  const nothing = { onTraces: () => undefined, onMetrics: () => undefined, onLogs: () => undefined };
  await expect(startReceiver({ ...nothing, port: receiver.port })).rejects.toMatchObject({ code: 'port_in_use' });
});
