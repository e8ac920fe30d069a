/** The generated parts of otel-collector.yaml: what other programs' telemetry becomes, and how it is counted. */
import { Document, isScalar, visit } from 'yaml';
import * as semconv from '../../src/semconv/index.ts';
import type { Dialect, MetricSpec } from '../../src/semconv/types.ts';
import type { Counting } from './counting.ts';
import { COUNTED_METRICS, fromLogs, fromMetrics, fromSpans } from './measures.ts';
import { redaction, secretsInNames } from './secrets.ts';
import { anyOf, attribute, dialectGroup, NOISE, pointGroup, quote, standardGroup, type Group } from './statements.ts';

/** Marks the value of a point until the point of 0 before it has been made. */
const VALUE = '+';
const isValue = `HasSuffix(metric.name, ${quote(VALUE)})`;

const SPECS: ReadonlyMap<string, MetricSpec> = new Map(
  (Object.values(semconv) as unknown[]).filter(isMetric).map((spec) => [spec.name, spec]),
);

function isMetric(value: unknown): value is MetricSpec {
  return typeof value === 'object' && value !== null && 'instrument' in value;
}

/** YAML of each region by its name, without indentation. */
export function renderRegions(dialects: readonly Dialect[], countings: readonly Counting[]): Record<string, string> {
  return { processors: yaml(processors(dialects, countings)), connectors: yaml(connectors(countings)) };
}

function processors(dialects: readonly Dialect[], countings: readonly Counting[]): Record<string, unknown> {
  const names = new Set([...SPECS.values()].flatMap(({ attributes }) => attributes));
  const foreign = anyOf(
    countings
      .filter(({ metrics }) => metrics !== undefined)
      .flatMap(({ dialect }) => dialects.find(({ name }) => name === dialect)?.match.namePrefixes ?? [])
      .map((prefix) => `HasPrefix(metric.name, ${quote(prefix)})`),
  );
  return {
    'transform/dialects': {
      error_mode: 'silent',
      trace_statements: [...dialects.map((dialect) => dialectGroup(dialect, 'span')), standardGroup()],
      log_statements: dialects.map((dialect) => dialectGroup(dialect, 'log')),
    },
    redaction: redaction(),
    'transform/secrets': secretsInNames(),
    'filter/noise': { error_mode: 'ignore', trace_conditions: [{ context: 'span', conditions: [`${attribute('span', NOISE)} == true`] }] },
    'transform/points': {
      error_mode: 'silent',
      metric_statements: [
        ...dialects
          .filter(({ name }) => countings.find(({ dialect }) => dialect === name)?.metrics?.rules.length !== 0)
          .map((dialect) => pointGroup(dialect, names))
          .filter((group) => group !== undefined),
        ...countings.flatMap(({ dialect, metrics }) => setOnPoints(dialects, dialect, metrics?.set)),
      ],
    },
    'filter/foreign_points': { error_mode: 'ignore', metric_conditions: [{ context: 'metric', conditions: [foreign] }] },
    'filter/only_foreign_points': { error_mode: 'ignore', metric_conditions: [{ context: 'metric', conditions: [`not ${foreign}`] }] },
    'transform/totals': { error_mode: 'ignore', metric_statements: totals() },
  };
}

function setOnPoints(dialects: readonly Dialect[], dialect: string, set: Readonly<Record<string, string>> = {}): Group[] {
  const prefixes = dialects.find(({ name }) => name === dialect)?.match.namePrefixes ?? [];
  if (Object.keys(set).length === 0) return [];
  const entries = Object.entries({ [semconv.ATTR_SWARMSCOPE_DIALECT]: dialect, ...set });
  return [
    {
      context: 'datapoint',
      conditions: prefixes.map((prefix) => `HasPrefix(metric.name, ${quote(prefix)})`),
      statements: entries.map(([name, value]) => `set(${attribute('datapoint', name)}, ${quote(value)})`),
    },
  ];
}

/** Before each point one a second older without it: so the first of a series is not lost to `increase()`, and a restart is seen as one. */
function totals(): Group[] {
  const zeros = COUNTED_METRICS.filter(({ instrument }) => instrument === 'histogram').map(
    ({ name, buckets = [] }) =>
      `set(datapoint.bucket_counts, [${Array(buckets.length + 1)
        .fill(0)
        .join(', ')}]) where metric.name == ${quote(name)}`,
  );
  return [
    {
      context: 'resource',
      statements: [
        'set(resource.attributes["service.instance.id"], "${env:COLLECTOR_NAME:-collector}")',
        'delete_key(resource.attributes, "signal_to_metrics.service.instance.id")',
      ],
    },
    { context: 'metric', statements: [`copy_metric(name=Concat([metric.name, ${quote(VALUE)}], "")) where not ${isValue}`] },
    { context: 'datapoint', conditions: [isValue], statements: ['set(datapoint.time, Now())'] },
    {
      context: 'datapoint',
      conditions: [`not ${isValue}`],
      statements: [
        'set(datapoint.time, Now() - Duration("1s"))',
        'set(datapoint.value_int, 0) where metric.type == METRIC_DATA_TYPE_SUM and datapoint.value_int != 0',
        'set(datapoint.value_double, 0.0) where metric.type == METRIC_DATA_TYPE_SUM and datapoint.value_double != 0.0',
        'set(datapoint.count, 0) where metric.type == METRIC_DATA_TYPE_HISTOGRAM',
        'set(datapoint.sum, 0.0) where metric.type == METRIC_DATA_TYPE_HISTOGRAM',
        ...zeros,
      ],
    },
    { context: 'metric', statements: [`set(metric.name, TrimSuffix(metric.name, ${quote(VALUE)}))`] },
  ];
}

function connectors(countings: readonly Counting[]): Record<string, unknown> {
  return {
    signal_to_metrics: {
      error_mode: 'silent',
      spans: fromSpans(countings),
      logs: fromLogs(countings),
      datapoints: fromMetrics(countings, SPECS),
    },
  };
}

/** Lists of numbers and labels on one line each: there are many. */
function yaml(value: unknown): string {
  const document = new Document(value);
  visit(document, {
    Seq: (_, list) => void (list.flow = list.items.every((item) => isScalar(item) && typeof item.value === 'number')),
    Map: (_, map) => void (map.flow = map.items[0] !== undefined && isScalar(map.items[0].key) && map.items[0].key.value === 'key'),
  });
  return document.toString({ lineWidth: 0, singleQuote: true });
}
