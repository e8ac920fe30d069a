// What Prometheus must hold of a stored run: every series under the name and labels that the registry predicts, with its last values.
import type { MetricSeries } from '../../src/analysis/model.ts';
import { labelOf } from '../../src/grafana/query.ts';
import * as semconv from '../../src/semconv/index.ts';
import type { MetricSpec } from '../../src/semconv/index.ts';
import type { Sample } from '../harness/stack/index.ts';

/** Every metric of the registry, by its OpenTelemetry name. */
export const registry: ReadonlyMap<string, MetricSpec> = new Map(
  Object.entries(semconv).flatMap(([constant, value]) => {
    if (!constant.startsWith('METRIC_')) return [];
    const spec = value as MetricSpec;
    return [[spec.name, spec]];
  }),
);

/** Labels that come from the resource: the promoted ones of prometheus.yml, and what OTLP makes of the service. */
export const RESOURCE_LABELS: ReadonlySet<string> = new Set([
  'job',
  'instance',
  'service_name',
  'service_namespace',
  'service_version',
  'deployment_environment_name',
  'host_name',
  'k8s_cluster_name',
  'k8s_namespace_name',
]);

/** Values by name and labels; throws for a metric that the registry does not know. */
export function seriesOf(stored: readonly MetricSeries[]): Map<string, number> {
  const expected = new Map<string, number>();
  for (const { name, kind, attributes, instanceId, points, buckets } of stored) {
    const spec = registry.get(name);
    if (spec === undefined) throw new Error(`the registry has no metric ${name}`);
    const last = points.at(-1);
    if (last === undefined) continue;
    // An empty label is none.
    const labels = Object.fromEntries(
      Object.entries(attributes).flatMap(([key, value]) => (value === '' ? [] : [[labelOf(key), String(value)]])),
    );
    const add = (suffix: string, value: number, more: Readonly<Record<string, string>> = {}): void => {
      expected.set(keyOf({ ...labels, ...more, __name__: spec.prometheus + suffix, instance: instanceId }), value);
    };
    if (kind !== 'histogram') {
      add('', last.value);
      continue;
    }
    add('_count', last.value);
    add('_sum', last.sum ?? 0);
    let below = 0;
    for (const [index, count] of (buckets?.counts ?? []).entries()) {
      below += count;
      add('_bucket', below, { le: boundOf(buckets?.bounds[index]) });
    }
  }
  return expected;
}

/** What Prometheus answered, by the same keys. */
export function seriesIn(samples: readonly Sample[]): Map<string, number> {
  return new Map(samples.map(({ labels, value }) => [keyOf(labels), value]));
}

/** How Prometheus writes a bound that came by OTLP: `0.005`, `10.0` as `10`. */
function boundOf(bound: number | undefined): string {
  return bound === undefined ? '+Inf' : String(bound);
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  const kept = Object.entries(labels).filter(([label]) => label === 'instance' || !RESOURCE_LABELS.has(label));
  return kept
    .map(([label, value]) => `${label}=${value}`)
    .sort()
    .join(' ');
}
