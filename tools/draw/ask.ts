/** Asks a running Prometheus and Tempo what a dashboard would ask them. */
import type { MetricPanel, Query, TracePanel } from '../../src/grafana/index.ts';

export interface Asked {
  readonly prometheus: string;
  readonly tempo: string;
  /** Epoch seconds. */
  readonly from: number;
  readonly to: number;
}

export interface Series {
  readonly query: Query;
  /** The legend with its labels put in. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [seconds: number, value: number])[];
}

export interface FoundTrace {
  readonly id: string;
  readonly name: string;
  readonly startSeconds: number;
  readonly durationSeconds: number;
}

/** As provisioned: four times the export interval of the data source. */
const RATE_SECONDS = 60;
const STEPS = 240;

/** Everything chosen, as a board opens. */
function opened(text: string, { from, to }: Asked): string {
  return text
    .replaceAll('$__rate_interval', `${RATE_SECONDS}s`)
    .replaceAll('$__range', `${Math.round(to - from)}s`)
    .replaceAll('$slow', '5s')
    .replaceAll(/\$\w+/g, '.*');
}

export async function seriesOf(panel: MetricPanel, asked: Asked): Promise<Series[]> {
  const all: Series[] = [];
  for (const query of panel.queries) {
    const { from, to, prometheus } = asked;
    const step = Math.max(1, Math.round((to - from) / STEPS));
    const params = { query: opened(query.expr, asked), start: String(from), end: String(to), step: String(step), time: String(to) };
    const path = panel.kind === 'timeseries' ? 'query_range' : 'query';
    const { data } = await get<{
      data: { result: { metric: Record<string, string>; value?: [number, string]; values?: [number, string][] }[] };
    }>(`${prometheus}/api/v1/${path}`, params);
    for (const { metric, value, values } of data.result) {
      const points = (values ?? (value === undefined ? [] : [value])).map(([at, said]): [number, number] => [at, Number(said)]);
      const name = query.legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? '').trim();
      all.push({ query, name, labels: metric, points: points.filter(([, each]) => Number.isFinite(each)) });
    }
  }
  return all;
}

/** Time and value of each exemplar of the panel. */
export async function dotsOf(panel: MetricPanel, asked: Asked): Promise<(readonly [seconds: number, value: number])[]> {
  const dots: (readonly [number, number])[] = [];
  for (const query of panel.queries.filter(({ hasExemplars }) => hasExemplars === true)) {
    const params = { query: opened(query.expr, asked), start: String(asked.from), end: String(asked.to) };
    const { data } = await get<{ data: { exemplars: { timestamp: number; value: string }[] }[] }>(
      `${asked.prometheus}/api/v1/query_exemplars`,
      params,
    );
    for (const { exemplars } of data) for (const { timestamp, value } of exemplars) dots.push([timestamp, Number(value)]);
  }
  return dots;
}

/** Newest first. */
export async function tracesOf(panel: TracePanel, asked: Asked): Promise<FoundTrace[]> {
  const { traces = [] } = await get<{
    traces?: { traceID: string; rootTraceName?: string; startTimeUnixNano: string; durationMs?: number }[];
  }>(`${asked.tempo}/api/search`, {
    q: opened(panel.traceql, asked),
    limit: '20',
    start: String(Math.floor(asked.from)),
    end: String(Math.ceil(asked.to)),
  });
  return traces
    .map(({ traceID, rootTraceName = '', startTimeUnixNano, durationMs = 0 }) => ({
      id: traceID.padStart(32, '0'),
      name: rootTraceName,
      startSeconds: Number(BigInt(startTimeUnixNano) / 1_000_000n) / 1_000,
      durationSeconds: durationMs / 1_000,
    }))
    .sort((a, b) => b.startSeconds - a.startSeconds);
}

async function get<Answer>(url: string, params: Readonly<Record<string, string>>): Promise<Answer> {
  const answer = await fetch(`${url}?${new URLSearchParams(params).toString()}`);
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Answer;
}
