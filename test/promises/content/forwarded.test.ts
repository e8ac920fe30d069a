// What other programs send is handed on by `--export` without their content, in both encodings, and is otherwise the
// same.
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { maskRequest } from '../../../src/otlp/mask/index.ts';
import { readLogs, readMetrics, readTraces } from '../../../src/viewer/receive/rows/index.ts';
import type { Encoding, OtlpRequest } from '../../../src/otlp/request.ts';
import { commandFile, runProgram, startSink } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';
import { escaped, hatch } from './canaries.ts';

const birds = hatch(['prompt', 'command', 'status', 'event', 'user', 'body', 'unknown', 'resource', 'point']);
const traceId = '0af7651916cd43dd8448eb211c80319c';
const time: [number, number] = [1_790_000_000, 5_000_000];
const resource = resourceFromAttributes({
  'service.name': 'claude-code',
  'process.command_args': ['claude', birds.resource],
  'host.name': 'here',
});
const CLAUDE = 'com.anthropic.claude_code.tracing';

function spanOf(scope: string): never {
  const context = { traceId, spanId: 'b7ad6b7169203331', traceFlags: 1 };
  return {
    name: 'claude_code.llm_request',
    kind: SpanKind.CLIENT,
    spanContext: () => context,
    parentSpanContext: { ...context, spanId: '00f067aa0ba902b7' },
    startTime: time,
    endTime: [time[0] + 1, 7],
    status: { code: SpanStatusCode.ERROR, message: birds.status },
    attributes: {
      model: 'claude-x',
      input_tokens: 12,
      ratio: 0.5,
      list: [1, 2],
      success: false,
      user_prompt: birds.prompt,
      'user.email': birds.user,
      new_feature: birds.unknown,
      'gen_ai.input.messages': birds.prompt,
      'process.command_args': [birds.command, '-p'],
    },
    links: [{ context: { ...context, spanId: '1111111111111111' } }],
    events: [
      { name: 'exception', time, attributes: { 'exception.message': birds.event, 'exception.type': 'TypeError', note: birds.event } },
    ],
    duration: [1, 0],
    ended: true,
    resource,
    instrumentationScope: { name: scope, version: '2' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  } as unknown as never;
}

function recordOf(body: string): never {
  return {
    hrTime: time,
    hrTimeObserved: time,
    severityNumber: 9,
    body,
    attributes: { 'event.name': 'user_prompt', prompt: birds.prompt, prompt_length: 7, 'session.id': 's-1' },
    resource,
    instrumentationScope: { name: 'com.anthropic.claude_code.events' },
    droppedAttributesCount: 0,
    spanContext: { traceId, spanId: 'b7ad6b7169203331', traceFlags: 1 },
  } as unknown as never;
}

const metrics = {
  resourceMetrics: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'claude-code' } }] },
      scopeMetrics: [
        {
          scope: { name: 'com.anthropic.claude_code' },
          metrics: ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'].map((kind) => ({
            name: 'claude_code.token.usage',
            [kind]: {
              dataPoints: [
                {
                  timeUnixNano: '1790000000000000000',
                  asInt: '4',
                  attributes: [
                    { key: 'model', value: { stringValue: 'm' } },
                    { key: 'user.id', value: { stringValue: birds.point } },
                  ],
                },
              ],
            },
          })),
        },
      ],
    },
  ],
};

const received = (signal: OtlpRequest['signal'], encoding: Encoding, body: Uint8Array | undefined): OtlpRequest => ({
  signal,
  body: Buffer.from(body ?? []),
  contentType: encoding === 'json' ? 'application/json' : 'application/x-protobuf',
  contentEncoding: undefined,
});
const traces = (encoding: Encoding, scope: string): OtlpRequest =>
  received('traces', encoding, (encoding === 'json' ? JsonTraceSerializer : ProtobufTraceSerializer).serializeRequest([spanOf(scope)]));
const logs = (encoding: Encoding, body: string): OtlpRequest =>
  received('logs', encoding, (encoding === 'json' ? JsonLogsSerializer : ProtobufLogsSerializer).serializeRequest([recordOf(body)]));
const leaks = ({ body }: OtlpRequest): string[] => escaped(birds, [{ from: 'handed on', bytes: body }]);
const off = { isContentKept: false };

describe.each(['protobuf', 'json'] as const)('in %s', (encoding) => {
  test('spans keep their numbers and names, and lose content, error texts and unknown attributes', () => {
    const sent = traces(encoding, CLAUDE);
    expect(leaks(sent)).not.toEqual([]);
    const masked = maskRequest(sent);
    expect(leaks(masked)).toEqual([]);
    expect(readTraces(masked.body, encoding).spans).toEqual(readTraces(sent.body, encoding, off).spans);
    expect(masked.body.toString('latin1')).toContain('exception');
    expect(masked.body.toString('latin1')).toContain('TypeError');
  });

  test("records lose their bodies and prompts, but not their event's name", () => {
    const sent = logs(encoding, birds.body);
    const masked = maskRequest(sent);
    expect(leaks(masked)).toEqual([]);
    expect(readLogs(masked.body, encoding).logs).toEqual(readLogs(sent.body, encoding, off).logs);
    expect(readLogs(maskRequest(logs(encoding, 'claude_code.user_prompt')).body, encoding).logs).toMatchObject([
      { body: 'claude_code.user_prompt' },
    ]);
  });

  test('our own telemetry, which was masked at its source, is passed on as the same bytes', () => {
    const sent = traces(encoding, 'swarmscope');
    const clean = received('traces', encoding, maskRequest(sent).body);
    expect(maskRequest(clean)).toBe(clean);
    expect(escaped({ resource: birds.resource }, [{ from: 'resource', bytes: clean.body }])).toEqual([]);
  });

  test('gzip stays gzip', () => {
    const sent = traces(encoding, CLAUDE);
    const masked = maskRequest({ ...sent, body: gzipSync(sent.body), contentEncoding: 'gzip' });
    expect(masked.contentEncoding).toBe('gzip');
    expect(gunzipSync(masked.body)).toEqual(maskRequest(sent).body);
  });

  test('a span with more attributes than are read keeps none of the rest', () => {
    const many = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`new_${index}`, index === 599 ? birds.unknown : index]));
    const span = Object.assign(spanOf(CLAUDE), { attributes: many });
    const sent = received(
      'traces',
      encoding,
      (encoding === 'json' ? JsonTraceSerializer : ProtobufTraceSerializer).serializeRequest([span]),
    );
    expect(leaks(maskRequest(sent))).toEqual([]);
  });
});

test('points of every kind of metric lose the ids of people', () => {
  const sent = received('metrics', 'json', Buffer.from(JSON.stringify(metrics)));
  const masked = maskRequest(sent);
  expect(leaks(masked)).toEqual([]);
  expect(readMetrics(masked.body, 'json').points.map(({ attributes }) => attributes)).toEqual(Array(3).fill({ model: 'm' }));
});

test('points in protobuf lose the ids of people as well', () => {
  const point = { startTime: time, endTime: time, attributes: { model: 'm', 'user.id': birds.point } };
  const metric = (name: string, more: object): object => ({
    descriptor: { name, unit: '1', description: '', valueType: 0 },
    aggregationTemporality: 1,
    ...more,
  });
  const histogram = { sum: 2, count: 1, min: 2, max: 2, buckets: { boundaries: [1], counts: [0, 1] } };
  const list = [
    metric('claude_code.gauge', { dataPointType: 2, dataPoints: [{ ...point, value: 3 }] }),
    metric('claude_code.sum', { dataPointType: 3, isMonotonic: true, dataPoints: [{ ...point, value: 3 }] }),
    metric('claude_code.histogram', { dataPointType: 0, dataPoints: [{ ...point, value: histogram }] }),
  ];
  const scopeMetrics = [{ scope: { name: 'com.anthropic.claude_code' }, metrics: list }];
  const sent = received('metrics', 'protobuf', ProtobufMetricsSerializer.serializeRequest({ resource, scopeMetrics } as never));
  const masked = maskRequest(sent);
  expect(leaks(sent)).not.toEqual([]);
  expect(leaks(masked)).toEqual([]);
  expect(readMetrics(masked.body, 'protobuf').points).toEqual(readMetrics(sent.body, 'protobuf', off).points);
  expect(readMetrics(masked.body, 'protobuf').points).toHaveLength(3);
});

const poster = `
const { request } = require('node:http');
const { hostname, port } = new URL(process.env.SWARMSCOPE_ENDPOINT);
request({ hostname, port, path: '/v1/traces', method: 'POST', headers: { 'content-type': 'application/x-protobuf' } }, (answer) => { process.exitCode = answer.statusCode === 200 ? 0 : 1; answer.resume(); })
  .end(Buffer.from(process.env.BODY, 'base64'));
`;

test.each([
  ['', []],
  ['true', ['prompt', 'command', 'status', 'event', 'user', 'unknown', 'resource']],
] as const)('swarmscope run --export passes content on as the setting of the run says ("%s")', async (captured, expected) => {
  const sink = await startSink();
  const { code } = await runProgram({
    files: { 'poster.cjs': poster },
    preload: 'none',
    command: process.execPath,
    args: [commandFile, 'run', '--quiet', '--export', sink.url, '--', process.execPath, 'poster.cjs'],
    env: { BODY: traces('protobuf', CLAUDE).body.toString('base64'), OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: captured },
  });
  await sink.close();
  expect(code).toBe(0);
  expect(spansOf(sink).map(({ name }) => name)).toContain('chat claude-x');
  const found = escaped(
    birds,
    sink.requests.map(({ path, body }) => ({ from: path, bytes: body })),
  );
  expect([...new Set(found.map((line) => /: (\w+) as/.exec(line)?.[1]))].sort()).toEqual([...expected].sort());
});
