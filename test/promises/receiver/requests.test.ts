// The receiver and senders that mean harm or are broken: each is answered as OTLP says, counted, and the next good data is taken.
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SpanRow } from '../../../src/analysis/model.ts';
import { startReceiver, type Receiver } from '../../../src/viewer/receiver.ts';
import { post, TRACE_ID, traceBytes } from '../../viewer/signals.ts';
import { converse, head, statusOf } from './raw.ts';

let receiver: Receiver;
let spans: SpanRow[];
let losses: Record<string, number>;

beforeEach(async () => {
  spans = [];
  losses = {};
  const keep = (rows: { losses: Record<string, number> }): void => {
    for (const [what, count] of Object.entries(rows.losses)) losses[what] = (losses[what] ?? 0) + count;
  };
  receiver = await startReceiver({
    onTraces(rows) {
      spans.push(...rows.spans);
      keep(rows);
    },
    onMetrics: keep,
    onLogs: keep,
    settings: { captureContent: 'off', pricesFile: '' },
  });
});
afterEach(() => receiver.close(50));

const MiB = 1024 * 1024;
const good = traceBytes('protobuf');
const json = { 'content-type': 'application/json' };

const plainSpan = {
  traceId: TRACE_ID,
  spanId: 'b7ad6b7169203331',
  name: 'a',
  startTimeUnixNano: '1700000000250000000',
  endTimeUnixNano: '1700000001000000000',
};

function jsonSpan(change: object): string {
  const first = { ...plainSpan, ...change };
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [first] }] }] });
}

/** Written by hand: the engine's own writer would run out of stack. */
function deepAttribute(depth: number): string {
  const value = `${'{"arrayValue":{"values":['.repeat(depth)}{}${']}}'.repeat(depth)}`;
  return jsonSpan({ attributes: [{ key: 'deep', value: 'HERE' }] }).replace('"HERE"', value);
}

/** A span whose attribute is a list in a list in a list. */
function nested(depth: number): Buffer {
  let bytes = Buffer.alloc(0);
  const field = (number: number): void => {
    bytes = Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
  };
  for (let level = 0; level < depth; level++) field(level % 2 === 0 ? 1 : 5);
  for (const number of [2, 9, 2, 2, 1]) field(number);
  return bytes;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** The proof after each misdeed: the process is alive and takes good data. */
async function expectAlive(): Promise<void> {
  const before = spans.length;
  expect((await post(`${receiver.url}/v1/traces`, { body: good })).status).toBe(200);
  expect(spans).toHaveLength(before + 1);
}

describe('who may send', () => {
  const hosts = [
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1.evil.example:PORT',
    'localhost',
    '127.0.0.1:1',
    '0.0.0.0:PORT',
    '[::ffff:127.0.0.1]:PORT',
    '127.0.0.1:PORT.evil.example',
    '',
  ];
  test.each(hosts)('a request for the host "%s" is refused: a name that was bound anew to loopback', async (host) => {
    const { answer } = converse(
      receiver.port,
      head(receiver.port, { host: host.replace('PORT', String(receiver.port)), 'content-length': 0, connection: 'close' }),
    );
    expect([400, 403]).toContain(statusOf(await answer));
    await expectAlive();
  });

  test.each(['localhost', 'LOCALHOST', '127.0.0.1', '[::1]'])('a request for %s with our port is taken', async (host) => {
    expect((await post(`${receiver.url}/v1/traces`, { body: good, headers: { host: `${host}:${receiver.port}` } })).status).toBe(200);
  });

  test.each(['http://127.0.0.1:3000', 'https://evil.example', 'null', 'file://', 'chrome-extension://abc'])(
    'a page of %s may neither send nor read, and no header of CORS invites it',
    async (origin) => {
      for (const line of ['POST /v1/traces HTTP/1.1', 'OPTIONS /v1/traces HTTP/1.1', 'GET /healthz HTTP/1.1']) {
        const { answer } = converse(
          receiver.port,
          head(receiver.port, { origin, 'access-control-request-method': 'POST', 'content-length': 0, connection: 'close' }, line),
        );
        const text = await answer;
        expect(statusOf(text)).toBe(403);
        expect(text).not.toMatch(/access-control/i);
      }
      expect(spans).toEqual([]);
    },
  );

  test.each([
    ['GET', '/v1/traces', 405],
    ['PUT', '/v1/metrics', 405],
    ['DELETE', '/v1/logs', 405],
    ['OPTIONS', '/v1/traces', 405],
    ['POST', '/healthz', 405],
    ['POST', '/', 404],
    ['POST', '/v1/traces/', 404],
    ['POST', '/v1/../v1/traces', 404],
    ['POST', '//v1/traces', 404],
    ['POST', '/V1/TRACES', 404],
    ['GET', '/../../etc/passwd', 404],
    ['POST', 'http://evil.example/v1/traces', 404],
  ])('%s %s is answered %d', async (method, path, status) => {
    const { answer } = converse(
      receiver.port,
      head(receiver.port, { 'content-length': 0, connection: 'close' }, `${method} ${path} HTTP/1.1`),
    );
    expect(statusOf(await answer)).toBe(status);
    await expectAlive();
  });
});

describe('bodies', () => {
  const bomb = gzipSync(Buffer.alloc(200 * MiB));
  const type = (name: string): Record<string, string> => ({ 'content-type': name });
  const rows: readonly (readonly [string, Buffer | string, Record<string, string>, number])[] = [
    ['a gzip bomb of 200 MiB', bomb, { 'content-encoding': 'gzip' }, 413],
    ['a gzip bomb inside gzip', gzipSync(bomb), { 'content-encoding': 'gzip' }, 400],
    ['gzip cut in the middle', gzipSync(good).subarray(0, -12), { 'content-encoding': 'gzip' }, 400],
    ['plain bytes said to be gzip', Buffer.from(good), { 'content-encoding': 'gzip' }, 400],
    ['deflate', deflateSync(good), { 'content-encoding': 'deflate' }, 415],
    ['brotli', brotliCompressSync(good), { 'content-encoding': 'br' }, 415],
    ['two encodings', gzipSync(gzipSync(good)), { 'content-encoding': 'gzip, gzip' }, 415],
    ['no content type', Buffer.from(good), type(''), 415],
    ['a form', 'a=b', type('application/x-www-form-urlencoded'), 415],
    ['plain text, which needs no preflight', '{}', type('text/plain'), 415],
    ['gRPC', Buffer.from(good), type('application/grpc'), 415],
    ['JSON said to be protobuf', traceBytes('json') as Buffer, type('application/x-protobuf'), 400],
    ['protobuf said to be JSON', Buffer.from(good), json, 400],
    ['JSON cut in the middle', '{"resourceSpans": [{"scopeSp', json, 400],
    ['JSON in UTF-16', Buffer.from('{"resourceSpans": []}', 'utf16le'), json, 400],
    ['a JSON list', '[]', json, 400],
    ['JSON null', 'null', json, 400],
    ['an object where a list belongs', '{"resourceSpans": {}}', json, 400],
    ['a text where an object belongs', '{"resourceSpans": ["x"]}', json, 400],
    ['a number where a text belongs', jsonSpan({ name: 7 }), json, 400],
    ['a text where a number belongs', jsonSpan({ kind: 'sideways' }), json, 400],
    ['a fraction where an integer belongs', jsonSpan({ startTimeUnixNano: 1.5 }), json, 400],
    ['a list where attributes belong', jsonSpan({ attributes: 'none' }), json, 400],
    ['JSON nested 10,000 deep', `{"resourceSpans":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, json, 400],
    ['attributes nested 10,000 deep', deepAttribute(10_000), json, 400],
    ['protobuf nested 10,000 deep', nested(10_000), {}, 400],
    ['protobuf of endless lengths', Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), {}, 400],
    ['a varint of eleven bytes', Buffer.alloc(11, 0xff), {}, 400],
    ['random bytes', Buffer.from('9f3ab1c27d', 'hex'), {}, 400],
    ['eight million empty messages', Buffer.from('0a00'.repeat(8 * MiB - 100), 'hex'), {}, 400],
  ];
  test.each(rows)('%s', async (_title, body, headers, status) => {
    const { status: answered, body: said } = await post(`${receiver.url}/v1/traces`, { body, headers });
    expect(answered).toBe(status);
    expect(said.length).toBeGreaterThan(0);
    expect(said.length).toBeLessThan(500);
    expect(receiver.counts()[`traces.${status}`]).toBe(1);
    await expectAlive();
  });

  test('17 MiB are refused by their announced length, before they are read', async () => {
    const { answer } = converse(receiver.port, head(receiver.port, { 'content-length': 17 * MiB }));
    expect(statusOf(await answer)).toBe(413);
    await expectAlive();
  });

  test('17 MiB in chunks of unknown number are refused as soon as they are too many', async () => {
    const { socket, answer } = converse(receiver.port, head(receiver.port, { 'transfer-encoding': 'chunked' }), (text) =>
      text.includes('\r\n\r\n'),
    );
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(MiB), Buffer.from('\r\n')]);
    for (let index = 0; index < 17 && !socket.destroyed; index++) socket.write(chunk);
    expect(statusOf(await answer)).toBe(413);
    socket.destroy();
    await expectAlive();
  });

  test('one span with a million attributes keeps 512, and the answer and the losses say so', async () => {
    const attributes = Array.from({ length: 300_000 }, (_, index) => ({ key: `k${index}`, value: { intValue: 1 } }));
    const { status, body } = await post(`${receiver.url}/v1/traces`, { body: jsonSpan({ attributes }), headers: json });
    expect(status).toBe(200);
    expect(JSON.parse(body.toString())).toEqual({ partialSuccess: { rejectedSpans: '0', errorMessage: 'attribute.too-many: 299488' } });
    expect(Object.keys(spans[0]?.attributes ?? {})).toHaveLength(512);
    expect(losses).toEqual({ 'attribute.too-many': 299_488 });
  });

  const nanos = (ms: number): string => `${ms}000000`;
  const times: readonly (readonly [string, object, string | undefined])[] = [
    ['an id of zeros', { spanId: '0'.repeat(16) }, 'span.bad-id'],
    ['an id that is too long', { traceId: `${TRACE_ID}00` }, 'span.bad-id'],
    ['an id that is too short', { spanId: 'b7ad' }, 'span.bad-id'],
    ['no id', { traceId: undefined }, 'span.bad-id'],
    ['no start', { startTimeUnixNano: undefined }, 'span.no-start-time'],
    ['a start of 0', { startTimeUnixNano: '0' }, 'span.no-start-time'],
    ['a start of 1970', { startTimeUnixNano: '1' }, 'span.no-start-time'],
    ['a start before there were swarms', { startTimeUnixNano: nanos(Date.UTC(1999, 0, 1)) }, 'span.bad-time'],
    [
      'a start in the year 3000',
      { startTimeUnixNano: nanos(Date.UTC(3000, 0, 1)), endTimeUnixNano: nanos(Date.UTC(3000, 0, 1)) },
      'span.bad-time',
    ],
    ['an end in the year 3000', { endTimeUnixNano: nanos(Date.UTC(3000, 0, 1)) }, 'span.bad-time'],
    ['a negative start', { startTimeUnixNano: '-5' }, 'span.no-start-time'],
    ['the largest time there is', { startTimeUnixNano: '18446744073709551615' }, 'span.bad-time'],
    ['an end before the start', { endTimeUnixNano: nanos(Date.UTC(2020, 0, 1)) }, undefined],
    ['a NaN among its attributes', { attributes: [{ key: 'n', value: { doubleValue: 'NaN' } }] }, undefined],
    ['text that is no UTF-8', { name: 'a\ud800\u0000b' }, undefined],
    [
      'an attribute called __proto__',
      {
        attributes: [
          { key: '__proto__', value: { stringValue: 'x' } },
          { key: 'constructor', value: { stringValue: 'y' } },
        ],
      },
      undefined,
    ],
  ];
  test.each(times)('a span with %s costs at most itself', async (_title, change, loss) => {
    const body = JSON.stringify({
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                { ...plainSpan, ...change },
                { ...plainSpan, spanId: 'b7ad6b7169203339' },
              ],
            },
          ],
        },
      ],
    });
    const { status, body: answer } = await post(`${receiver.url}/v1/traces`, { body, headers: json });
    expect(status).toBe(200);
    expect(JSON.parse(answer.toString())).toEqual(
      loss === undefined ? {} : { partialSuccess: { rejectedSpans: '1', errorMessage: `${loss}: 1` } },
    );
    expect(spans).toHaveLength(loss === undefined ? 2 : 1);
    expect(spans.every(({ startMs, endMs }) => endMs !== undefined && endMs >= startMs)).toBe(true);
    expect(losses).toEqual(loss === undefined ? {} : { [loss]: 1 });
  });

  test('a sender with a name of a megabyte does not multiply it by its spans', async () => {
    const long = 'n'.repeat(MiB);
    const body = JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: long } }] },
          scopeSpans: [{ scope: { name: long }, spans: [{ ...plainSpan, name: long }] }],
        },
      ],
    });
    expect((await post(`${receiver.url}/v1/traces`, { body, headers: json })).status).toBe(200);
    expect(spans.map(({ name, scopeName, serviceName }) => [name.length, scopeName.length, serviceName.length])).toEqual([[512, 512, 512]]);
  });

  test('points and records of impossible times are counted, a record without a time has that of its arrival', async () => {
    const time = nanos(Date.UTC(3000, 0, 1));
    const metrics = [
      {
        name: 'm',
        gauge: {
          dataPoints: [
            { timeUnixNano: time, asInt: '1' },
            { timeUnixNano: '0', asInt: '1' },
            { timeUnixNano: plainSpan.startTimeUnixNano, asDouble: 'NaN' },
          ],
        },
      },
    ];
    const metric = await post(`${receiver.url}/v1/metrics`, {
      body: JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }),
      headers: json,
    });
    expect(JSON.parse(metric.body.toString())).toMatchObject({ partialSuccess: { rejectedDataPoints: '3' } });
    const log = await post(`${receiver.url}/v1/logs`, {
      body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: time }, {}] }] }] }),
      headers: json,
    });
    expect(JSON.parse(log.body.toString())).toMatchObject({ partialSuccess: { rejectedLogRecords: '1' } });
    expect(losses).toEqual({ 'metric.bad-time': 1, 'metric.incomplete-point': 1, 'metric.no-number': 1, 'log.bad-time': 1 });
  });
});

describe('connections', () => {
  test('a body that is cut off is counted', async () => {
    const { socket } = converse(receiver.port, head(receiver.port, { 'content-length': good.length }) + 'half');
    await new Promise((resolve) => socket.once('connect', resolve));
    await new Promise((resolve) => socket.write('', resolve));
    socket.end();
    await new Promise((resolve) => socket.once('close', resolve));
    await expectAlive();
    expect(Object.keys(receiver.counts()).some((key) => key.endsWith('400'))).toBe(true);
  });

  test('what is no HTTP is answered 400 and counted', async () => {
    expect(statusOf(await converse(receiver.port, '\x16\x03\x01\x02\x00 hello TLS\r\n\r\n').answer)).toBe(400);
    expect(receiver.counts()).toEqual({ '400': 1 });
    await expectAlive();
  });

  test('requests sent one behind the other on one connection are each answered, in order', async () => {
    const bytes = Buffer.from(good);
    const one = Buffer.concat([Buffer.from(head(receiver.port, { 'content-length': bytes.length })), bytes]);
    const bad = Buffer.from(head(receiver.port, { 'content-length': 1 }) + 'x');
    const last = Buffer.concat([Buffer.from(head(receiver.port, { 'content-length': bytes.length, connection: 'close' })), bytes]);
    const { answer } = converse(receiver.port, Buffer.concat([one, bad, one, last]));
    expect([...(await answer).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '400', '200', '200']);
    expect(spans).toHaveLength(3);
  });

  test('a length and chunks at once, two lengths, or two hosts are refused', async () => {
    const smuggled = [
      head(receiver.port, { 'content-length': 4, 'transfer-encoding': 'chunked' }),
      head(receiver.port, { 'content-length': 4, 'Content-Length': 5 }),
      head(receiver.port, { Host: 'evil.example', 'content-length': 0 }),
    ];
    for (const request of smuggled) expect([400, 403]).toContain(statusOf(await converse(receiver.port, `${request}0\r\n\r\n`).answer));
    expect(spans).toEqual([]);
    await expectAlive();
  });

  test('three hundred senders that never finish do not keep the next one waiting, nor the receiver from closing', async () => {
    const slow = Array.from({ length: 300 }, (_, index) =>
      converse(
        receiver.port,
        index % 2 === 0 ? 'POST /v1/traces HTTP/1.1\r\nhost: ' : `${head(receiver.port, { 'content-length': 1_000_000 })}a`,
      ),
    );
    await Promise.all(
      slow.map(({ socket }) => (socket.connecting ? new Promise((resolve) => socket.once('connect', resolve)) : undefined)),
    );
    await expectAlive();
    await receiver.close(50);
    await Promise.all(slow.map(({ answer }) => answer));
  });

  test('more than 128 MiB at once are put off with 503 and a time to come again, and taken later', async () => {
    const held = Array.from({ length: 9 }, () =>
      converse(receiver.port, head(receiver.port, { 'content-length': 16 * MiB }), (text) => text.includes('\r\n\r\n')),
    );
    const part = Buffer.alloc(15 * MiB);
    const answers = held.map(({ socket, answer }) => {
      socket.write(part);
      return answer;
    });
    const first = await Promise.race(answers);
    expect(statusOf(first)).toBe(503);
    expect(first).toMatch(/retry-after: 1/i);
    for (const { socket } of held) socket.destroy();
    await Promise.all(answers);
    await expectAlive();
  });
});
