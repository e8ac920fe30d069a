/** OTLP readers against bytes of the official serializers, and against damaged ones. */
import { describe, expect, test } from '@jest/globals';
import { OtlpError } from '../../../src/otlp/read/index.ts';
import { readLogs, readMetrics, readTraces } from '../../../src/viewer/receive/rows/index.ts';
import { traceBytes, TRACE_ID } from './signals.ts';

const nanos = '1700000000250000000';
const resource = {
  attributes: [
    { key: 'service.name', value: { stringValue: 'swarm' } },
    { key: 'service.instance.id', value: { stringValue: 'i-1' } },
  ],
};
const asJson = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

describe.each(['protobuf', 'json'] as const)('traces in %s', (encoding) => {
  test('every field that a row keeps arrives as it was sent', () => {
    const { spans, losses } = readTraces(traceBytes(encoding), encoding);
    expect(losses).toEqual({});
    expect(spans).toEqual([
      {
        traceId: TRACE_ID,
        spanId: 'b7ad6b7169203331',
        parentSpanId: '00f067aa0ba902b7',
        name: 'run_task implement',
        kind: 1,
        startMs: 1_700_000_000_250,
        endMs: 1_700_000_001_500,
        isError: true,
        attributes: { text: 'grün', count: 42, negative: -7, ratio: 0.25, yes: true, list: ['a', 'b'] },
        links: [{ traceId: TRACE_ID, spanId: '1111111111111111' }],
        scopeName: 'swarmscope',
        serviceName: 'swarm',
        pid: 4711,
      },
    ]);
  });

  test('every truncation and byte flip gives rows or a typed error, nothing else', () => {
    const good = traceBytes(encoding);
    let seed = 20_261_121;
    const random = (below: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
    let failures = 0;
    for (let round = 0; round < 3_000; round++) {
      const bytes = Buffer.from(good.slice(0, round < good.length ? round : good.length));
      if (round >= good.length) for (let flips = 1 + random(3); flips > 0; flips--) bytes[random(bytes.length)] = random(256);
      try {
        readTraces(bytes, encoding);
      } catch (error) {
        expect(error).toBeInstanceOf(OtlpError);
        failures++;
      }
    }
    expect(failures).toBeGreaterThan(100);
  });
});

test('enums and 64-bit integers are read by number, text and name', () => {
  const span = {
    traceId: TRACE_ID.toUpperCase(),
    spanId: 'b7ad6b7169203331',
    name: 'a',
    kind: 'SPAN_KIND_CLIENT',
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    status: { code: 'STATUS_CODE_ERROR' },
  };
  const { spans } = readTraces(
    asJson({ resourceSpans: [{ scopeSpans: [{ spans: [span, { ...span, spanId: 'b7ad6b7169203332', kind: 3, status: { code: 2 } }] }] }] }),
    'json',
  );
  expect(spans.map(({ kind, isError, traceId }) => ({ kind, isError, traceId }))).toEqual(
    Array(2).fill({ kind: 3, isError: true, traceId: TRACE_ID }),
  );
});

test('a span with a bad id is counted and its neighbours are kept', () => {
  const span = { traceId: TRACE_ID, spanId: 'b7ad6b7169203331', name: 'a', startTimeUnixNano: nanos, endTimeUnixNano: nanos };
  const { spans, losses } = readTraces(asJson({ resourceSpans: [{ scopeSpans: [{ spans: [{ ...span, spanId: '00' }, span] }] }] }), 'json');
  expect(spans).toHaveLength(1);
  expect(losses).toEqual({ 'span.bad-id': 1 });
});

test('an attribute nested deeper than the bound is refused', () => {
  let value: unknown = { stringValue: 'x' };
  for (let depth = 0; depth < 60; depth++) value = { arrayValue: { values: [value] } };
  const span = { traceId: TRACE_ID, spanId: 'b7ad6b7169203331', attributes: [{ key: 'deep', value }] };
  expect(() => readTraces(asJson({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }), 'json')).toThrow(
    expect.objectContaining({ code: 'too_deep' }),
  );
});

test('sums, gauges and histograms become points; other kinds are counted', () => {
  const metrics = [
    {
      name: 'tokens',
      unit: '{token}',
      sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [{ timeUnixNano: nanos, asInt: '12' }] },
    },
    {
      name: 'active',
      gauge: {
        dataPoints: [
          { timeUnixNano: nanos, asDouble: 3.5, attributes: [{ key: 'pool', value: { stringValue: 'p' } }] },
          { timeUnixNano: nanos, asDouble: 'NaN' },
        ],
      },
    },
    {
      name: 'duration',
      unit: 's',
      histogram: {
        aggregationTemporality: 'AGGREGATION_TEMPORALITY_DELTA',
        dataPoints: [{ timeUnixNano: nanos, count: '3', sum: 6, max: 4, bucketCounts: ['1', '2'], explicitBounds: [1] }],
      },
    },
    { name: 'other', exponentialHistogram: { dataPoints: [{}, {}] } },
    { name: 'old', summary: { dataPoints: [{}] } },
  ];
  const { points, losses } = readMetrics(asJson({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] }), 'json');
  expect(losses).toEqual({ 'metric.no-number': 1, 'metric.unsupported-exponential-histogram': 2, 'metric.unsupported-summary': 1 });
  expect(points).toMatchObject([
    { name: 'tokens', kind: 'sum', isMonotonic: true, isDelta: false, value: 12, instanceId: 'i-1', timeMs: 1_700_000_000_250 },
    { name: 'active', kind: 'gauge', value: 3.5, attributes: { pool: 'p' } },
    { name: 'duration', kind: 'histogram', isDelta: true, value: 3, sum: 6, max: 4, buckets: { bounds: [1], counts: [1, 2] } },
  ]);
});

test('a record of a started span becomes an open span and no log', () => {
  const attributes = [
    { key: 'swarmscope.span.name', value: { stringValue: 'run_task review' } },
    { key: 'swarmscope.span.kind', value: { intValue: '1' } },
    { key: 'swarmscope.span.parent.id', value: { stringValue: '00f067aa0ba902b7' } },
    { key: 'swarmscope.task.type', value: { stringValue: 'review' } },
  ];
  const started = { timeUnixNano: nanos, eventName: 'swarmscope.span.started', traceId: TRACE_ID, spanId: 'b7ad6b7169203331', attributes };
  const legacy = {
    observedTimeUnixNano: nanos,
    body: { stringValue: 'claude_code.api_request' },
    attributes: [{ key: 'event.name', value: { stringValue: 'api_request' } }],
  };
  const { logs, openSpans } = readLogs(asJson({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [started, legacy] }] }] }), 'json');
  expect(openSpans).toMatchObject([
    {
      name: 'run_task review',
      kind: 1,
      parentSpanId: '00f067aa0ba902b7',
      endMs: undefined,
      attributes: { 'swarmscope.task.type': 'review' },
      startMs: 1_700_000_000_250,
    },
  ]);
  expect(logs).toMatchObject([
    { eventName: 'api_request', body: 'claude_code.api_request', timeMs: 1_700_000_000_250, serviceName: 'swarm' },
  ]);
});
