// The receiver answers broken and hostile senders as OTLP says, counts them, and takes the next good data.
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { post, TRACE_ID, traceBytes } from '../../viewer/receive/signals.ts';
import { deepAttribute, jsonSpan, manySpans, nested, plainSpan, uniqueNames } from './bodies.ts';
import { expectAlive, good, listen, MiB } from './listening.ts';
import { converse, head, statusOf } from './raw.ts';

const here = listen();
const json = { 'content-type': 'application/json' };

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
  test.each(hosts)('a request for the host "%s" is refused, since DNS may point any name at loopback', async (host) => {
    const { answer } = converse(
      here.receiver.port,
      head(here.receiver.port, { host: host.replace('PORT', String(here.receiver.port)), 'content-length': 0, connection: 'close' }),
    );
    expect([400, 403]).toContain(statusOf(await answer));
    await expectAlive(here);
  });

  test.each(['localhost', 'LOCALHOST', '127.0.0.1', '[::1]'])('a request for %s with our port is taken', async (host) => {
    expect((await post(`${here.receiver.url}/v1/traces`, { body: good, headers: { host: `${host}:${here.receiver.port}` } })).status).toBe(
      200,
    );
  });

  test.each(['http://127.0.0.1:3000', 'https://evil.example', 'null', 'file://', 'chrome-extension://abc'])(
    'a page from %s can neither send nor read, and gets no CORS headers',
    async (origin) => {
      for (const line of ['POST /v1/traces HTTP/1.1', 'OPTIONS /v1/traces HTTP/1.1', 'GET /healthz HTTP/1.1']) {
        const { answer } = converse(
          here.receiver.port,
          head(here.receiver.port, { origin, 'access-control-request-method': 'POST', 'content-length': 0, connection: 'close' }, line),
        );
        const text = await answer;
        expect(statusOf(text)).toBe(403);
        expect(text).not.toMatch(/access-control/i);
      }
      expect(here.spans).toEqual([]);
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
      here.receiver.port,
      head(here.receiver.port, { 'content-length': 0, connection: 'close' }, `${method} ${path} HTTP/1.1`),
    );
    expect(statusOf(await answer)).toBe(status);
    await expectAlive(here);
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
    ['JSON nested 10,000 deep in a field that OTLP does not have', `{"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`, json, 413],
    ['attributes nested 10,000 deep', deepAttribute(10_000), json, 413],
    ['protobuf nested 10,000 deep', nested(10_000), {}, 413],
    ['protobuf of endless lengths', Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), {}, 400],
    ['a varint of eleven bytes', Buffer.alloc(11, 0xff), {}, 400],
    ['random bytes', Buffer.from('9f3ab1c27d', 'hex'), {}, 400],
    ['eight million empty messages', Buffer.from('0a00'.repeat(8 * MiB - 100), 'hex'), {}, 413],
    ['seven million empty spans in JSON', manySpans('{}', 20 * MiB), json, 413],
    ['twenty million numbers in a field that OTLP does not have', `{"x":[${'1,'.repeat(10 * MiB - 8)}1]}`, json, 413],
    ['a million objects, each with a name of its own', `{"x":[${uniqueNames(15 * MiB)}]}`, json, 413],
    ['a name that is there a million times', `{${'"resourceSpans":[{}],'.repeat(900_000)}"resourceSpans":[{}]}`, json, 413],
    [
      'one span with a million attributes',
      jsonSpan({ attributes: [] }).replace('"attributes":[]', `"attributes":[${'{},'.repeat(MiB)}{}]`),
      json,
      413,
    ],
  ];
  test.each(rows)('%s', async (_title, body, headers, status) => {
    const { status: answered, body: said } = await post(`${here.receiver.url}/v1/traces`, { body, headers });
    expect(answered).toBe(status);
    expect(said.length).toBeGreaterThan(0);
    expect(said.length).toBeLessThan(500);
    expect(here.receiver.counts()[`traces.${status}`]).toBe(1);
    await expectAlive(here);
  });

  test('21 MiB are refused by their announced length, before they are read', async () => {
    const { answer } = converse(here.receiver.port, head(here.receiver.port, { 'content-length': 21 * MiB }));
    expect(statusOf(await answer)).toBe(413);
    await expectAlive(here);
  });

  test('chunks of an unannounced length are refused as soon as they pass 20 MiB', async () => {
    const { socket, answer } = converse(here.receiver.port, head(here.receiver.port, { 'transfer-encoding': 'chunked' }), (text) =>
      text.includes('\r\n\r\n'),
    );
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(MiB), Buffer.from('\r\n')]);
    for (let index = 0; index < 21 && !socket.destroyed; index++) socket.write(chunk);
    expect(statusOf(await answer)).toBe(413);
    socket.destroy();
    await expectAlive(here);
  });

  test('one span with 30,000 attributes keeps 512, and the answer and the losses say so', async () => {
    const attributes = Array.from({ length: 30_000 }, (_, index) => ({ key: `k${index}`, value: { intValue: 1 } }));
    const { status, body } = await post(`${here.receiver.url}/v1/traces`, { body: jsonSpan({ attributes }), headers: json });
    expect(status).toBe(200);
    expect(JSON.parse(body.toString())).toEqual({ partialSuccess: { rejectedSpans: '0', errorMessage: 'attribute.too-many: 29488' } });
    expect(Object.keys(here.spans[0]?.attributes ?? {})).toHaveLength(512);
    expect(here.losses).toEqual({ 'attribute.too-many': 29_488 });
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
  test.each(times)('a span with %s loses at most itself', async (_title, change, loss) => {
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
    const { status, body: answer } = await post(`${here.receiver.url}/v1/traces`, { body, headers: json });
    expect(status).toBe(200);
    expect(JSON.parse(answer.toString())).toEqual(
      loss === undefined ? {} : { partialSuccess: { rejectedSpans: '1', errorMessage: `${loss}: 1` } },
    );
    expect(here.spans).toHaveLength(loss === undefined ? 2 : 1);
    expect(here.spans.every(({ startMs, endMs }) => endMs !== undefined && endMs >= startMs)).toBe(true);
    expect(here.losses).toEqual(loss === undefined ? {} : { [loss]: 1 });
  });

  test('a service name of a megabyte is not stored with each span', async () => {
    const long = 'n'.repeat(MiB);
    const body = JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: long } }] },
          scopeSpans: [{ scope: { name: long }, spans: [{ ...plainSpan, name: long }] }],
        },
      ],
    });
    expect((await post(`${here.receiver.url}/v1/traces`, { body, headers: json })).status).toBe(200);
    expect(here.spans.map(({ name, scopeName, serviceName }) => [name.length, scopeName.length, serviceName.length])).toEqual([
      [512, 512, 512],
    ]);
  });

  test('points and records with impossible times are counted, and a record without a time gets the time of its arrival', async () => {
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
    const metric = await post(`${here.receiver.url}/v1/metrics`, {
      body: JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }),
      headers: json,
    });
    expect(JSON.parse(metric.body.toString())).toMatchObject({ partialSuccess: { rejectedDataPoints: '3' } });
    const log = await post(`${here.receiver.url}/v1/logs`, {
      body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ timeUnixNano: time }, {}] }] }] }),
      headers: json,
    });
    expect(JSON.parse(log.body.toString())).toMatchObject({ partialSuccess: { rejectedLogRecords: '1' } });
    expect(here.losses).toEqual({ 'metric.bad-time': 1, 'metric.incomplete-point': 1, 'metric.no-number': 1, 'log.bad-time': 1 });
  });
});
