// The questions that Grafana asks Prometheus and Tempo for a panel, with what the programs remark beside their answers.
import type { Stack } from '../../harness/stack/index.ts';
import { interpolate, labelValuesOf, type PanelQuery, type View } from './as-grafana.ts';

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** Epoch seconds and value; NaN is drawn as a gap. */
  readonly points: readonly (readonly [number, number])[];
}

export interface Answer {
  readonly series: readonly Series[];
  /** Warnings and infos of Prometheus: a rate of what is no counter, a histogram that is none. */
  readonly remarks: readonly string[];
}

interface Body {
  readonly status: string;
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
  readonly data: { readonly result: readonly { metric: Record<string, string>; value?: [number, string]; values?: [number, string][] }[] };
}

async function get<Answered>(url: string, params: Readonly<Record<string, string>>): Promise<Answered> {
  const answer = await fetch(`${url}?${new URLSearchParams(params).toString()}`, { signal: AbortSignal.timeout(30_000) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${JSON.stringify(params)}: ${answer.status} ${text}`);
  return JSON.parse(text) as Answered;
}

function read({ data, warnings = [], infos = [] }: Body): Answer {
  const series = data.result.map(({ metric, value, values }) => ({
    labels: metric,
    points: (values ?? (value === undefined ? [] : [value])).map(([at, text]): [number, number] => [at, Number(text)]),
  }));
  return { series, remarks: [...warnings, ...infos] };
}

/** Over the whole view, also what a panel shows of one moment: so that each moment is looked at. */
export async function askOver(stack: Stack, query: PanelQuery, view: View): Promise<Answer> {
  const params = {
    query: interpolate(query.text, query.uid, view),
    start: String(view.fromMs / 1_000),
    end: String(view.toMs / 1_000),
    step: String(view.stepSeconds),
  };
  return read(await get<Body>(`${stack.urls.prometheus}/api/v1/query_range`, params));
}

/** At the end of the view: what a number, a bar or a table shows. */
export async function askAtEnd(
  stack: { readonly urls: Pick<Stack['urls'], 'prometheus'> },
  query: PanelQuery,
  view: View,
): Promise<Answer> {
  const params = { query: interpolate(query.text, query.uid, view), time: String(view.toMs / 1_000) };
  return read(await get<Body>(`${stack.urls.prometheus}/api/v1/query`, params));
}

/** Trace ids; TraceQL search, as the panel limits it. */
export async function search(stack: Stack, query: PanelQuery, view: View): Promise<string[]> {
  const { traces = [] } = await get<{ traces?: { traceID: string }[] }>(`${stack.urls.tempo}/api/search`, {
    q: interpolate(query.text, query.uid, view),
    limit: '20',
    spss: '3',
    start: String(Math.floor(view.fromMs / 1_000)),
    end: String(Math.ceil(view.toMs / 1_000)),
  });
  return traces.map(({ traceID }) => traceID.padStart(32, '0'));
}

/** What a variable offers. */
export async function valuesOf(stack: Stack, query: string, uid: string, view: View): Promise<string[]> {
  const { selector, label } = labelValuesOf(interpolate(query, uid, view));
  const { data } = await get<{ data: string[] }>(`${stack.urls.prometheus}/api/v1/label/${label}/values`, {
    'match[]': selector,
    start: String(view.fromMs / 1_000),
    end: String(view.toMs / 1_000),
  });
  return data;
}

/** Ids of the traces to which the dots of a panel lead. */
export async function exemplarTraces(stack: Stack, query: PanelQuery, view: View): Promise<string[]> {
  const { data } = await get<{ data: { exemplars: { labels: Record<string, string> }[] }[] }>(
    `${stack.urls.prometheus}/api/v1/query_exemplars`,
    { query: interpolate(query.text, query.uid, view), start: String(view.fromMs / 1_000), end: String(view.toMs / 1_000) },
  );
  return data.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels['trace_id'] ?? ''));
}

export function hasData({ series }: Answer): boolean {
  return series.some(({ points }) => points.some(([, value]) => !Number.isNaN(value)));
}
