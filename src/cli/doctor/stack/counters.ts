/** The collector's own counters, read from the page of its metrics or from Prometheus. */
import { OTELCOL } from '../../../grafana/pipeline-metrics.ts';
import { jsonOf, type Answer } from './ask.ts';

export interface CounterRow {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAMES = [OTELCOL.acceptedLogs.prometheus, OTELCOL.queueSize.prometheus].join('|');
/** The same counters where nobody reaches their page: as Prometheus scraped them last. */
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

export function acceptedLogs(rows: readonly CounterRow[]): number {
  return rows.filter(({ name }) => name === OTELCOL.acceptedLogs.prometheus).reduce((sum, { value }) => sum + value, 0);
}

/** What waits in the collector's queues: `otlp_grpc/tempo holds 812 bytes in its queue`. Empty when nothing waits. */
export function waiting(rows: readonly CounterRow[], dataType: 'traces' | 'metrics'): string {
  const full = rows.filter(
    ({ name, labels, value }) => name === OTELCOL.queueSize.prometheus && labels['data_type'] === dataType && value > 0,
  );
  return full
    .map(({ labels, value }) => `${labels['exporter'] ?? 'an exporter'} holds ${value.toLocaleString('en')} bytes in its queue`)
    .join(', ');
}
