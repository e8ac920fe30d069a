/** The collectors' own counters, read from the pages of their metrics or from Prometheus. */
import { OTELCOL } from '../../../grafana/pipeline-metrics.ts';
import { ask, jsonOf, type Answer } from './ask.ts';
import { placesOfCollectors, to, type PartName, type Places } from './parts.ts';

export interface CounterRow {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One collector and what it counts. */
export interface Collector {
  /** The URL that was named, else the instance by which Prometheus knows it. */
  readonly source: string;
  readonly rows: readonly CounterRow[];
}

const { acceptedLogs: LOGS, acceptedSpans, acceptedPoints, sentSpans, sentPoints, queueSize } = OTELCOL;
const NAMES = [LOGS, acceptedSpans, acceptedPoints, sentSpans, sentPoints, queueSize].map(({ prometheus }) => prometheus).join('|');
/** The same counters where nobody reaches their pages: as Prometheus scraped them last. */
export const COUNTERS_QUERY = `/api/v1/query?query=${encodeURIComponent(`{__name__=~"${NAMES}"}`)}`;

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export function readCounters(page: string): CounterRow[] {
  return page.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    return [
      { name, value: Number(value), labels: Object.fromEntries([...labels.matchAll(LABEL)].map(([, key = '', text = '']) => [key, text])) },
    ];
  });
}

/** The rows of an answer to `COUNTERS_QUERY`. */
export function countersOfQuery(answer: Answer): CounterRow[] {
  const found = jsonOf<{ data?: { result?: { metric: Record<string, string>; value: [number, string] }[] } }>(answer)?.data?.result ?? [];
  return found.map(({ metric: { __name__: name = '', ...labels }, value: [, value] }) => ({ name, labels, value: Number(value) }));
}

/** Every collector that was named, in that order, else those that Prometheus scrapes. Undefined where neither can be asked. */
export async function readCollectors(places: Places, there: ReadonlySet<PartName>): Promise<Collector[] | undefined> {
  if (there.has('collectorTelemetry')) return Promise.all(placesOfCollectors(places).map(readCollector));
  if (!there.has('prometheus')) return undefined;
  const bySource = new Map<string, CounterRow[]>();
  for (const row of countersOfQuery(await ask(to('prometheus', places, COUNTERS_QUERY)))) {
    const source = row.labels['instance'] ?? '';
    bySource.set(source, [...(bySource.get(source) ?? []), row]);
  }
  return [...bySource].map(([source, rows]) => ({ source, rows }));
}

/** The collector whose telemetry is at that place; without rows when it does not answer. */
export async function readCollector(places: Places): Promise<Collector> {
  return { source: places.urls.collectorTelemetry, rows: readCounters((await ask(to('collectorTelemetry', places, '/metrics'))).text) };
}

export function acceptedLogs(collectors: readonly Collector[]): number {
  return collectors
    .flatMap(({ rows }) => rows)
    .filter(({ name }) => name === LOGS.prometheus)
    .reduce((sum, { value }) => sum + value, 0);
}

/** What waits in the queues: `otlp_grpc/tempo holds 812 bytes in its queue`, of several collectors with the one. Empty when nothing waits. */
export function waiting(collectors: readonly Collector[], dataType: 'traces' | 'metrics'): string {
  return collectors
    .flatMap(({ source, rows }) => {
      const of = collectors.length > 1 ? ` of ${source}` : '';
      return rows
        .filter(({ name, labels, value }) => name === queueSize.prometheus && labels['data_type'] === dataType && value > 0)
        .map(({ labels, value }) => `${labels['exporter'] ?? 'an exporter'}${of} holds ${value.toLocaleString('en')} bytes in its queue`);
    })
    .join(', ');
}
