/** Metrics and logs as the official protobuf and JSON serializers write them. */
import { describe, expect, test } from '@jest/globals';
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
} from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { readLogs, readMetrics } from '../../../src/viewer/receive/rows/index.ts';
import { TRACE_ID } from './signals.ts';

const resource = resourceFromAttributes({ 'service.name': 'swarm', 'service.instance.id': 'i-1' });

describe.each(['protobuf', 'json'] as const)('official %s', (encoding) => {
  test('counters and histograms of the metrics SDK are read', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const provider = new MeterProvider({
      resource,
      readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })],
    });
    const meter = provider.getMeter('m');
    meter.createCounter('tokens', { unit: '{token}', valueType: 0 }).add(12, { pool: 'p' });
    meter.createHistogram('duration', { unit: 's', advice: { explicitBucketBoundaries: [1, 2] } }).record(1.5);
    await provider.forceFlush();
    const [sent] = exporter.getMetrics();
    if (sent === undefined) throw new Error('the SDK exported nothing');
    const bytes = (encoding === 'protobuf' ? ProtobufMetricsSerializer : JsonMetricsSerializer).serializeRequest(sent);
    await provider.shutdown();
    const { points, losses } = readMetrics(bytes ?? new Uint8Array(), encoding);
    expect(losses).toEqual({});
    expect(points).toMatchObject([
      {
        name: 'tokens',
        kind: 'sum',
        isMonotonic: true,
        isDelta: false,
        value: 12,
        unit: '{token}',
        attributes: { pool: 'p' },
        instanceId: 'i-1',
      },
      { name: 'duration', kind: 'histogram', value: 1, sum: 1.5, max: 1.5, buckets: { bounds: [1, 2], counts: [0, 1, 0] } },
    ]);
  });

  test('log records with event name, body and trace context are read', () => {
    const record = {
      hrTime: [1_700_000_000, 250_000_000],
      hrTimeObserved: [1_700_000_000, 250_000_000],
      eventName: 'api_error',
      body: 'text',
      severityNumber: 17,
      severityText: 'ERROR',
      attributes: { tries: 3 },
      spanContext: { traceId: TRACE_ID, spanId: 'b7ad6b7169203331', traceFlags: 1 },
      resource,
      instrumentationScope: { name: 's' },
      droppedAttributesCount: 0,
    };
    const serializer = encoding === 'protobuf' ? ProtobufLogsSerializer : JsonLogsSerializer;
    const bytes = serializer.serializeRequest([record] as unknown as Parameters<typeof serializer.serializeRequest>[0]);
    expect(readLogs(bytes ?? new Uint8Array(), encoding).logs).toEqual([
      {
        timeMs: 1_700_000_000_250,
        eventName: 'api_error',
        body: 'text',
        severity: 17,
        traceId: TRACE_ID,
        spanId: 'b7ad6b7169203331',
        attributes: { tries: 3 },
        serviceName: 'swarm',
      },
    ]);
  });
});
