// Questions to a Prometheus over its HTTP API.
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exemplar {
  /** Of the series it stands on. */
  readonly series: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timeMs: number;
}

interface Answer<Data> {
  readonly status: 'success' | 'error';
  readonly data: Data;
  readonly error?: string;
}

/** `/api/v1/{path}`; throws what Prometheus says when it cannot answer. */
export async function askPrometheus<Data>(url: string, path: string, params: Readonly<Record<string, string>>): Promise<Data> {
  const answer = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(params).toString()}`, { signal: AbortSignal.timeout(30_000) });
  const body = (await answer.json()) as Answer<Data>;
  if (body.status !== 'success') throw new Error(`${path} ${JSON.stringify(params)}: ${body.error ?? answer.status}`);
  return body.data;
}

/**
 * Instant query; scalars come as one sample without labels. By default a second from now, so that the newest point
 * counts.
 */
export async function queryPrometheus(url: string, expression: string, atMs = Date.now() + 1_000): Promise<Sample[]> {
  const { resultType, result } = await askPrometheus<
    | { resultType: 'vector'; result: { metric: Record<string, string>; value: [number, string] }[] }
    | { resultType: 'scalar'; result: [number, string] }
  >(url, 'query', { query: expression, time: String(atMs / 1_000) });
  if (resultType === 'scalar') return [{ labels: {}, value: numberOf(result[1]) }];
  return result.map(({ metric, value }) => ({ labels: metric, value: numberOf(value[1]) }));
}

/** Of the series that `selector` names, within the last `rangeMs` (an hour). */
export async function exemplarsOf(url: string, selector: string, rangeMs = 3_600_000): Promise<Exemplar[]> {
  const nowMs = Date.now();
  const found = await askPrometheus<
    { seriesLabels: Record<string, string>; exemplars: { labels: Record<string, string>; value: string; timestamp: number }[] }[]
  >(url, 'query_exemplars', { query: selector, start: String((nowMs - rangeMs) / 1_000), end: String(nowMs / 1_000 + 60) });
  return found.flatMap(({ seriesLabels, exemplars }) =>
    exemplars.map(({ labels, value, timestamp }) => ({ series: seriesLabels, labels, value: numberOf(value), timeMs: timestamp * 1_000 })),
  );
}

function numberOf(text: string): number {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}
