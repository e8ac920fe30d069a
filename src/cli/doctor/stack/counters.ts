/** The collector's own counters, read from the page of its metrics. */
import { OTELCOL } from '../../../grafana/pipeline-metrics.ts';

export interface CounterRow {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

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
