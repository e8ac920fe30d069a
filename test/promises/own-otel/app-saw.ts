// What the app's own exporters sent, with ids and times taken out, so that two runs can be held against each other.
import type { Sink } from '../../harness/index.ts';

type Json = Record<string, unknown>;

/** A span with its parent by name, all the way up. */
export interface SeenSpan {
  readonly path: string;
  readonly scope: unknown;
  readonly kind: unknown;
  readonly attributes: Json;
  readonly status: unknown;
  readonly events: unknown[];
  readonly links: unknown[];
}

/** Everything that one run's sink got, in an order that does not depend on time. */
export interface Seen {
  readonly spans: readonly SeenSpan[];
  readonly metrics: readonly unknown[];
  readonly logs: readonly unknown[];
  readonly resources: readonly unknown[];
}

/** Differ between any two runs of the same program. */
const OF_ONE_RUN =
  /^(?:process\.pid|process\.command_args|process\.command|process\.parent_pid|service\.instance\.id|host\..*|process\.working_directory)$/;
const PORTS =
  /^(?:server\.port|net\.peer\.port|net\.host\.port|network\.peer\.port|network\.local\.port|http\.response_time|client\.port|url\.full|http\.url|http\.host|net\.sock.*port|server\.address\.port)$/;
/**
 * Frames below the program's own, which differ between two runs of the same program, without the preload too: V8 leaves
 * the frames of awaiting
 * functions out in about one of a hundred runs, and Node's frame depends on whether one timer was due or several.
 */
const CHANGING_FRAMES = /\\n {4}at (?:async [^\\"]*|\S+ \(node:internal[^\\"]*)/g;

export function appSaw(sink: Sink): Seen {
  const bodies = (signal: 'traces' | 'metrics' | 'logs'): Json[] =>
    sink.accepted(signal).map(({ body, contentType }) => {
      if (!contentType.includes('json')) throw new Error(`the app's exporter sent ${contentType}, not JSON`);
      return JSON.parse(body.toString('utf8')) as Json;
    });
  const traces = bodies('traces');
  return {
    spans: spansIn(traces),
    metrics: metricsIn(bodies('metrics')),
    logs: sorted(
      list(bodies('logs'), 'resourceLogs')
        .flatMap((each) => list([each], 'scopeLogs'))
        .flatMap((each) => list([each], 'logRecords'))
        .map(logOf),
    ),
    resources: unique(list(traces, 'resourceSpans').map(({ resource }) => attributesOf((resource as Json)['attributes']))),
  };
}

function spansIn(bodies: readonly Json[]): SeenSpan[] {
  const rows = list(bodies, 'resourceSpans').flatMap((resource) =>
    // The second name is that of OTLP before 0.15.
    [...list([resource], 'scopeSpans'), ...list([resource], 'instrumentationLibrarySpans')].flatMap((scope) =>
      list([scope], 'spans').map((span) => ({ span, scope: scope['scope'] ?? scope['instrumentationLibrary'] })),
    ),
  );
  const byId = new Map(rows.map(({ span }) => [span['spanId'], span]));
  const path = (span: Json): string => {
    const parent = byId.get(span['parentSpanId']);
    return `${parent === undefined ? (isSet(span['parentSpanId']) ? '?/' : '') : `${path(parent)}/`}${String(withoutPorts(span['name']))}`;
  };
  return sorted(
    rows.map(({ span, scope }) => ({
      path: path(span),
      scope,
      kind: span['kind'],
      attributes: attributesOf(span['attributes']),
      status: span['status'],
      events: list([span], 'events').map((event) => ({ name: event['name'], attributes: attributesOf(event['attributes']) })),
      links: list([span], 'links').map((link) => attributesOf(link['attributes'])),
    })),
  );
}

/** The last state of every series of the app's own; what its runtime measures about itself is by name only. */
function metricsIn(bodies: readonly Json[]): unknown[] {
  const series = new Map<string, unknown>();
  for (const metric of list(bodies, 'resourceMetrics')
    .flatMap((each) => list([each], 'scopeMetrics'))
    .flatMap((each) => list([each], 'metrics'))) {
    for (const kind of ['sum', 'gauge', 'histogram'] as const) {
      for (const point of list([(metric[kind] ?? {}) as Json], 'dataPoints')) {
        const attributes = attributesOf(point['attributes']);
        const name = String(metric['name']);
        const isOwn = name.startsWith('app.');
        const value = isOwn ? (point['asInt'] ?? point['asDouble'] ?? [point['count'], point['sum'], point['bucketCounts']]) : 'measured';
        series.set(`${name} ${JSON.stringify(attributes)}`, { name, kind, unit: metric['unit'], attributes, value });
      }
    }
  }
  return sorted([...series.values()]);
}

function logOf(record: Json): unknown {
  return {
    body: record['body'],
    severity: record['severityNumber'],
    attributes: attributesOf(record['attributes']),
    isTraced: isSet(record['traceId']),
  };
}

function attributesOf(given: unknown): Json {
  const entries = ((given ?? []) as { key: string; value: unknown }[]).filter(({ key }) => !OF_ONE_RUN.test(key));
  return Object.fromEntries(
    entries.map(({ key, value }) => [key, PORTS.test(key) ? 'port' : withoutPorts(value)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function withoutPorts(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? null)
      .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:port')
      .replaceAll(CHANGING_FRAMES, ''),
  ) as unknown;
}

function list(from: readonly Json[], name: string): Json[] {
  return from.flatMap((each) => (each[name] as Json[] | undefined) ?? []);
}

/** By what they hold. */
export function sorted<T>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function unique(rows: readonly unknown[]): unknown[] {
  return [...new Set(rows.map((row) => JSON.stringify(row)))].map((row) => JSON.parse(row) as unknown);
}

function isSet(id: unknown): boolean {
  return typeof id === 'string' && id !== '';
}
