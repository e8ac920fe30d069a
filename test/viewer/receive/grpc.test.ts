/** The receiver over real HTTP/2: OTLP/gRPC, and OTLP/HTTP by HTTP/2, on the port that speaks HTTP/1 too. */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect, type ClientHttp2Session, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startReceiver, type Receiver } from '../../../src/viewer/receive/receiver.ts';
import { grpcMessageOf, timeoutIn } from '../../../src/viewer/serve/grpc.ts';
import type { SpanRow } from '../../../src/analysis/model.ts';
import type { OtlpRequest } from '../../../src/otlp/request.ts';
import { post, readableSpan, traceBytes } from './signals.ts';

const PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const NAMES = { traces: 'trace.v1.TraceService', metrics: 'metrics.v1.MetricsService', logs: 'logs.v1.LogsService' } as const;

let receiver: Receiver;
let session: ClientHttp2Session;
let spans: SpanRow[];
let received: OtlpRequest[];
let hold: Promise<unknown> | undefined;
let began: (value?: unknown) => void = () => undefined;

beforeEach(async () => {
  spans = [];
  received = [];
  hold = undefined;
  receiver = await startReceiver({
    async onTraces(rows, request) {
      began();
      await hold;
      spans.push(...rows.spans);
      received.push(request);
      return {};
    },
    onMetrics: () => undefined,
    onLogs: () => undefined,
  });
  session = connect(receiver.url);
  session.on('error', () => undefined);
});
afterEach(async () => {
  session.destroy();
  await receiver.close();
});

interface Called {
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const frame = (message: Uint8Array, flag = 0): Buffer => {
  const head = Buffer.alloc(5);
  head[0] = flag;
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
};

/** Ends when the stream is closed. Without a body the stream stays open. */
async function call(body: Buffer | undefined, headers: OutgoingHttpHeaders = {}, over = session): Promise<Called> {
  const stream = over.request({ ':method': 'POST', ':path': PATH, 'content-type': 'application/grpc', te: 'trailers', ...headers });
  const told: { headers: IncomingHttpHeaders; trailers: IncomingHttpHeaders } = { headers: {}, trailers: {} };
  const chunks: Buffer[] = [];
  stream.on('response', (got) => (told.headers = got));
  stream.on('trailers', (got: IncomingHttpHeaders) => (told.trailers = got));
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('error', () => undefined);
  if (body !== undefined && headers[':method'] !== 'GET') stream.end(body);
  const closed = once(stream, body === undefined ? 'end' : 'close');
  await closed;
  stream.close();
  return { ...told, body: Buffer.concat(chunks) };
}

const statusOf = async (...given: Parameters<typeof call>): Promise<string | undefined> =>
  (await call(...given)).trailers['grpc-status' as 'host'];

describe('gRPC', () => {
  test('a call is answered with an empty message and the status in the trailers, and its bytes are handed on as OTLP/HTTP', async () => {
    const message = Buffer.from(traceBytes('protobuf'));
    const { headers, trailers, body } = await call(frame(message));
    expect(headers).toMatchObject({ ':status': 200, 'content-type': 'application/grpc' });
    expect(trailers).toMatchObject({ 'grpc-status': '0' });
    expect(body).toEqual(Buffer.alloc(5));
    expect(spans.map(({ name }) => name)).toEqual(['run_task implement']);
    expect(received).toEqual([{ signal: 'traces', body: message, contentType: 'application/x-protobuf', contentEncoding: undefined }]);
    expect(receiver.counts()).toEqual({ 'traces.200': 1 });
  });

  test('a message is unpacked when its flag says so, not because gzip is announced', async () => {
    const message = Buffer.from(traceBytes('protobuf'));
    expect(await statusOf(frame(message), { 'grpc-encoding': 'gzip' })).toBe('0');
    expect(await statusOf(frame(gzipSync(message), 1), { 'grpc-encoding': 'gzip' })).toBe('0');
    expect(spans).toHaveLength(2);
    expect(received.map(({ contentEncoding }) => contentEncoding)).toEqual([undefined, 'gzip']);
  });

  test.each(Object.values(NAMES))('%s is there', async (name) => {
    expect(await statusOf(frame(Buffer.alloc(0)), { ':path': `/opentelemetry.proto.collector.${name}/Export` })).toBe('0');
  });

  test('rejected spans are reported in the answer', async () => {
    const bytes = Buffer.from(traceBytes('protobuf', [readableSpan(), readableSpan('0000000000000000')]));
    const { trailers, body } = await call(frame(bytes));
    expect(trailers).toMatchObject({ 'grpc-status': '0' });
    expect(body.toString('latin1')).toContain('span.bad-id: 1');
  });

  test.each([
    ['no frame', Buffer.from([0, 0, 0]), {}, '3'],
    ['a frame that is cut', Buffer.from([0, 0, 0, 0, 9]), {}, '3'],
    ['two messages', Buffer.alloc(10), {}, '3'],
    ['bytes that are no OTLP', frame(Buffer.from([0x0a, 0x50, 1])), {}, '3'],
    ['bad gzip', frame(Buffer.from('no gzip'), 1), { 'grpc-encoding': 'gzip' }, '3'],
    ['another compression', frame(Buffer.alloc(0), 1), { 'grpc-encoding': 'snappy' }, '12'],
    ['a bomb', frame(gzipSync(Buffer.alloc(8 * 1024 ** 2)), 1), { 'grpc-encoding': 'gzip' }, '8'],
    ['another service', frame(Buffer.alloc(0)), { ':path': '/grpc.health.v1.Health/Check' }, '12'],
    ['the path of OTLP/HTTP', frame(Buffer.alloc(0)), { ':path': '/v1/traces' }, '12'],
    ['another name of this machine', frame(Buffer.alloc(0)), { ':authority': 'evil.example:4317' }, '7'],
    ['a web page', frame(Buffer.alloc(0)), { origin: 'http://localhost:3000' }, '7'],
    ['the key of another run', frame(Buffer.alloc(0)), { ':path': `/${'x'.repeat(32)}${PATH}` }, '16'],
  ])('%s is refused', async (_title, body, headers, status) => {
    const { headers: answered, trailers } = await call(body, headers);
    expect([answered[':status' as 'host'], trailers['grpc-status' as 'host']]).toEqual([200, status]);
    // The port serves on, over a connection of its own where this one was closed.
    const next = connect(receiver.url);
    expect(await statusOf(frame(Buffer.from(traceBytes('protobuf'))), {}, next)).toBe('0');
    next.destroy();
  });

  test('the key is taken from the path and from the metadata', async () => {
    const key = receiver.endpoint.slice(receiver.url.length + 1);
    const empty = frame(Buffer.alloc(0));
    expect(await statusOf(empty, { ':path': `/${key}${PATH}` })).toBe('0');
    expect(await statusOf(empty, { authorization: `Bearer ${key}` })).toBe('0');
    expect(await statusOf(empty, { 'x-swarmscope-key': key })).toBe('0');
  });

  test('20 MiB are accepted and one byte more is not', async () => {
    // An unknown field of bytes, as long as it takes.
    const message = (bytes: number): Buffer => {
      const head = Buffer.from([0x7a, ...varint(bytes - 5)]);
      return Buffer.concat([head, Buffer.alloc(bytes - head.length)]);
    };
    const limit = 20 * 1024 ** 2;
    expect(await statusOf(frame(message(limit)))).toBe('0');
    expect(await statusOf(frame(message(limit + 1)))).toBe('8');
  });

  test('a deadline that passes is told, whatever the request waits for', async () => {
    let go: (value?: unknown) => void = () => undefined;
    hold = new Promise((resolve) => (go = resolve));
    expect(await statusOf(frame(Buffer.from(traceBytes('protobuf'))), { 'grpc-timeout': '100m' })).toBe('4');
    go();
    // A body that never ends.
    expect(await statusOf(undefined, { 'grpc-timeout': '100m' })).toBe('4');
    expect(receiver.counts()['408']).toBe(2);
  });

  test('many calls at once by one connection are all answered', async () => {
    const message = frame(Buffer.from(traceBytes('protobuf')));
    // Until then it does not know how many may be open.
    await once(session, 'remoteSettings');
    const statuses = await Promise.all(Array.from({ length: 250 }, () => statusOf(message)));
    expect(new Set(statuses)).toEqual(new Set(['0']));
    expect(spans).toHaveLength(250);
  });

  test('who sends gRPC by HTTP/1 is told so', async () => {
    const { status } = await post(receiver.url + PATH, { headers: { 'content-type': 'application/grpc' }, body: 'x' });
    expect(status).toBe(415);
  });
});

function varint(value: number): number[] {
  const bytes: number[] = [];
  // Four bytes, whatever the number: lengths of two bodies differ by one byte alone.
  for (let at = 0; at < 4; at += 1) bytes.push(((value >>> (7 * at)) & 0x7f) | (at < 3 ? 0x80 : 0));
  return bytes;
}

describe('one port', () => {
  test('OTLP/HTTP is taken by HTTP/2 as well', async () => {
    const json = { ':path': '/v1/traces', 'content-type': 'application/json' };
    const { headers, body } = await call(Buffer.from(traceBytes('json')), json);
    expect([headers[':status' as 'host'], body.toString()]).toEqual([200, '{}']);
    const refused = await call(Buffer.from('{'), json);
    expect(refused.headers[':status' as 'host']).toBe(400);
    const health = await call(Buffer.alloc(0), { ':method': 'GET', ':path': '/healthz', 'content-type': 'text/plain' });
    expect(health.body.toString()).toBe('ok\n');
  });

  test('a preface that comes byte by byte is one, and a method that begins like it is HTTP/1', async () => {
    const raw = await opened();
    const answer = once(raw, 'data');
    for (const byte of Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')) await new Promise((sent) => raw.write(Buffer.from([byte]), sent));
    raw.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
    const [settings] = (await answer) as [Buffer];
    // A SETTINGS frame comes first: its type is 4.
    expect(settings[3]).toBe(4);
    raw.destroy();

    const http1 = await opened();
    const words = once(http1, 'data');
    for (const byte of Buffer.from(`PROPFIND /healthz HTTP/1.1\r\nhost: 127.0.0.1:${receiver.port}\r\n\r\n`))
      await new Promise((sent) => http1.write(Buffer.from([byte]), sent));
    expect(String((await words)[0])).toMatch(/^HTTP\/1\.1 405 /);
    http1.destroy();
  });

  test('a sender that leaves before it has said what it speaks hurts nobody', async () => {
    for (const words of ['', 'P', 'PRI * HT']) {
      const raw = await opened();
      const closed = once(raw, 'close');
      raw.end(words);
      raw.resume();
      await closed;
    }
    expect((await post(`${receiver.url}/v1/traces`, { body: traceBytes('protobuf') })).status).toBe(200);
  });

  test('the end of the receiver lets calls end that are under way', async () => {
    let go: (value?: unknown) => void = () => undefined;
    hold = new Promise((resolve) => (go = resolve));
    const isUnderWay = new Promise((resolve) => (began = resolve));
    const status = statusOf(frame(Buffer.from(traceBytes('protobuf'))));
    await isUnderWay;
    const closed = receiver.close(300_000);
    go();
    expect(await status).toBe('0');
    await closed;
  });
});

async function opened(): Promise<Socket> {
  const socket = connectTcp(receiver.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

test('words of an error and units of a deadline are those of gRPC', () => {
  expect(grpcMessageOf('100 % größer\n')).toBe('100 %25 gr%C3%B6%C3%9Fer%0A');
  expect(['1H', '2M', '3S', '4m', '5u', '6n', '', '5', '123456789S', '5x'].map(timeoutIn)).toEqual([
    3_600_000,
    120_000,
    3_000,
    4,
    0.005,
    0.000006,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
