/** Metric snapshots as bytes and JSON, held against OpenTelemetry's own meter and serializers. */
import { describe, expect, test } from '@jest/globals';
import { ValueType, type Meter } from '@opentelemetry/api';
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { SyncMeter } from '../../../src/sdk/metrics/meter.ts';
import { MAX_POINTS } from '../../../src/sdk/metrics/storage.ts';
import { jsonRequest, protobufRequest } from '../../../src/otlp/write/envelope.ts';
import { jsonMetric } from '../../../src/otlp/write/json.ts';
import { writeMetric } from '../../../src/otlp/write/metrics.ts';
import { WireWriter } from '../../../src/otlp/write/wire-writer.ts';
import { metricRequest, readTree, withoutZeros, type Tree } from './protobuf-tree.ts';

class Reader extends MetricReader {
  protected onShutdown(): Promise<void> {
    return Promise.resolve();
  }
  protected onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
}

const scope = { name: 'scope', version: '1' };
const window = { startTime: 1_795_000_000_000, time: 1_795_000_010_000.5 };

function use(meter: Meter): void {
  const calls = meter.createCounter('calls', { unit: '{call}', description: 'Calls.', valueType: ValueType.INT });
  calls.add(1, { model: 'a' });
  calls.add(2, { model: 'a' });
  calls.add(5);
  calls.add(-1, { model: 'refused' });
  meter.createCounter('cost', { unit: '{USD}' }).add(0.125);
  const open = meter.createUpDownCounter('open', { valueType: ValueType.INT });
  open.add(3);
  open.add(-7);
  meter.createGauge('temperature').record(36.6, { place: 'here' });
  const duration = meter.createHistogram('duration', { unit: 's', advice: { explicitBucketBoundaries: [0.1, 1, 10] } });
  for (const value of [0.05, 0.1, 0.5, 10, 11, 1e6]) duration.record(value, { b: 'x', a: true });
  duration.record(2, { a: true, b: 'x' });
  meter.createHistogram('default buckets').record(30);
  meter.createObservableGauge('workers', { valueType: ValueType.INT }).addCallback((result) => {
    result.observe(4, { state: 'active' });
    result.observe(2, { state: 'idle' });
  });
  const [total, used] = [meter.createObservableCounter('total'), meter.createObservableUpDownCounter('used')];
  meter.addBatchObservableCallback(
    (result) => {
      result.observe(total, 10);
      result.observe(used, 3);
    },
    [total, used],
  );
}

const plain = (tree: Tree): unknown =>
  JSON.parse(JSON.stringify(tree, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)));

/** Metrics in one order, without the times of their points, which differ. */
function sorted(bytes: Uint8Array): unknown[] {
  const tree = withoutZeros(readTree(bytes, metricRequest), metricRequest);
  const metrics = (((tree[1]?.[0] as Tree)[2]?.[0] as Tree)[2] ?? []) as Tree[];
  for (const metric of metrics) {
    for (const field of [5, 7, 9]) {
      for (const data of (metric[field] ?? []) as Tree[]) {
        for (const point of (data[1] ?? []) as Tree[]) {
          delete point[2];
          delete point[3];
        }
      }
    }
  }
  return metrics.map(plain).sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

describe('the instruments', () => {
  test('count, and travel as protobuf, as those of the official SDK', async () => {
    const reader = new Reader();
    const provider = new MeterProvider({ readers: [reader], resource: resourceFromAttributes({}) });
    use(provider.getMeter(scope.name, scope.version));
    const { resourceMetrics } = await reader.collect();
    const ours = new SyncMeter({ onFault: () => undefined });
    use(ours);
    const writer = new WireWriter();
    for (const metric of ours.collect()) writeMetric(writer, metric, window);
    writer.commit();
    const theirs = sorted(ProtobufMetricsSerializer.serializeRequest(resourceMetrics)!);
    expect(theirs.length).toBeGreaterThan(5);
    expect(sorted(protobufRequest({}, [{ scope, chunks: writer.takeChunks() }]))).toEqual(theirs);
  });

  test('are valid JSON with the counts as text', () => {
    const ours = new SyncMeter({ onFault: () => undefined });
    use(ours);
    const chunks = ours.collect().map((metric) => Buffer.from(`,${jsonMetric(metric, window)}`));
    const { metrics } = JSON.parse(jsonRequest('metrics', {}, [{ scope, chunks }]).toString()).resourceMetrics[0].scopeMetrics[0];
    const byName = (name: string) => metrics.find((metric: { name: string }) => metric.name === name);
    expect(byName('calls').sum).toMatchObject({
      isMonotonic: true,
      aggregationTemporality: 2,
      dataPoints: [{ asInt: '3' }, { asInt: '5' }],
    });
    expect(byName('duration').histogram.dataPoints).toMatchObject([
      { count: '7', bucketCounts: ['2', '1', '2', '2'], min: 0.05, max: 1e6 },
    ]);
  });

  test('keep a bounded number of points: what is beyond shares one marked as overflow', () => {
    const meter = new SyncMeter({ onFault: () => undefined });
    const counter = meter.createCounter('ids');
    for (let index = 0; index < MAX_POINTS + 10; index++) counter.add(1, { id: index });
    const points = meter.collect()[0]?.points ?? [];
    expect(points).toHaveLength(MAX_POINTS);
    expect(points.at(-1)).toEqual({ attributes: { 'otel.metric.overflow': true }, value: 11 });
  });

  test('that cannot be read are reported, and the others are read', () => {
    const faults: unknown[] = [];
    const meter = new SyncMeter({ onFault: (error) => faults.push(error) });
    meter.createObservableGauge('broken').addCallback(() => {
      throw new Error('on purpose');
    });
    meter.createObservableGauge('whole').addCallback((result) => result.observe(1));
    expect(meter.collect().map(({ name }) => name)).toEqual(['whole']);
    expect(faults).toHaveLength(1);
  });
});
