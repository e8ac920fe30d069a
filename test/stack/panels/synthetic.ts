// Makes points for which a query answers, from the query's own selectors, and sends them as OTLP through the collector: for what no demo can cause.
import { parser } from '@prometheus-io/lezer-promql';
import { FOREIGN_METRICS } from '../../../src/grafana/index.ts';
import { labelOf } from '../../../src/grafana/query.ts';
import type { MetricSpec } from '../../../src/semconv/index.ts';
import { registry } from '../expected-series.ts';

/** Apart from the demo's, so that no sum of it changes. */
export const SYNTHETIC_SERVICE = 'synthetic-swarm';
const VALUE = 'synthetic';
const POINTS = 12;
const EVERY_MS = 5_000;
const BOUNDS = [0.1, 1, 10];

interface Selector {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
}

const byPrometheusName = new Map([...registry.values(), ...FOREIGN_METRICS.values()].map((metric) => [metric.prometheus, metric]));
/** Prometheus makes it itself of the alerts that fire. */
const ALERTS: MetricSpec = {
  name: 'ALERTS',
  prometheus: 'ALERTS',
  instrument: 'gauge',
  unit: '1',
  description: '',
  valueType: 'double',
  attributes: ['alertname', 'severity', 'resource'],
};

/** What OTLP/HTTP takes as JSON at `/v1/metrics`: each selector's metric with labels that fulfil its matchers, growing up to `toMs`. */
export function pointsFor(queries: readonly string[], toMs: number): unknown {
  const selectors = new Map(queries.flatMap(selectorsOf).map((selector) => [JSON.stringify(selector), selector]));
  const metrics = [...selectors.values()].map((selector) => metricOf(selector, toMs));
  const resource = { attributes: attributes({ 'service.name': SYNTHETIC_SERVICE, 'service.instance.id': 'synthetic-1' }) };
  return { resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: 'synthetic' }, metrics }] }] };
}

function selectorsOf(query: string): Selector[] {
  const found: { metric: string; labels: Record<string, string> }[] = [];
  parser.parse(query).iterate({
    enter(node) {
      const said = query.slice(node.from, node.to);
      const last = found.at(-1);
      if (node.name === 'VectorSelector') found.push({ metric: '', labels: {} });
      if (node.name === 'Identifier' && node.node.parent?.name === 'VectorSelector' && last !== undefined) last.metric = said;
      if (node.name === 'UnquotedLabelMatcher' && last !== undefined) {
        const { label = '', operator = '', value = '' } = /^(?<label>\w+)\s*(?<operator>[=!~]+)\s*"(?<value>.*)"$/.exec(said)?.groups ?? {};
        last.labels[label] = fulfilling(operator, value, last.labels[label]);
      }
    },
  });
  return found.map(({ metric, labels }) => ({
    metric: metric.replace(/_(bucket|sum|count)$/, (suffix) => (byPrometheusName.has(metric) ? suffix : '')),
    labels,
  }));
}

/** A value that the matcher, and the one before it, let through. */
function fulfilling(operator: string, value: string, earlier: string | undefined): string {
  if (operator === '=') return value;
  if (operator === '=~') return value === '.*' ? (earlier ?? VALUE) : (value.split('|')[0] ?? '').replaceAll('.*', VALUE);
  return earlier ?? VALUE;
}

function metricOf({ metric, labels }: Selector, toMs: number): unknown {
  const spec = metric === ALERTS.name ? ALERTS : byPrometheusName.get(metric);
  if (spec === undefined) throw new Error(`no metric is called ${metric}`);
  const own = Object.fromEntries(spec.attributes.map((name) => [name, labels[labelOf(name)] ?? VALUE]));
  // Labels of the resource are the resource's; what else is asked for stands on the point.
  const others = Object.entries(labels).filter(
    ([label]) => !/^(service_name|deployment_environment_name)$/.test(label) && !spec.attributes.some((name) => labelOf(name) === label),
  );
  const common = { attributes: attributes({ ...own, ...Object.fromEntries(others) }), startTimeUnixNano: nanos(toMs - POINTS * EVERY_MS) };
  const points = Array.from({ length: POINTS }, (_, index) => ({
    ...common,
    timeUnixNano: nanos(toMs - (POINTS - 1 - index) * EVERY_MS),
    ...valueOf(spec, index),
  }));
  const isOurs = registry.has(spec.name);
  // Of other programs Prometheus' own name is known; what it would add is taken away.
  const name = isOurs ? spec.name : spec.prometheus.replace(/_total$/, '');
  const unit = isOurs ? spec.unit : '';
  if (spec.instrument === 'histogram') return { name, unit, histogram: { aggregationTemporality: 2, dataPoints: points } };
  if (spec.instrument === 'gauge') return { name, unit, gauge: { dataPoints: points } };
  return { name, unit, sum: { aggregationTemporality: 2, isMonotonic: spec.instrument === 'counter', dataPoints: points } };
}

function valueOf({ instrument }: MetricSpec, index: number): Record<string, unknown> {
  if (instrument !== 'histogram') return { asDouble: instrument === 'counter' ? index : 1 };
  return { count: String(3 * index), sum: 6 * index, explicitBounds: BOUNDS, bucketCounts: ['0', String(index), String(2 * index), '0'] };
}

const nanos = (ms: number): string => `${BigInt(Math.round(ms)) * 1_000_000n}`;

export function attributes(values: Readonly<Record<string, string>>): unknown[] {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}
