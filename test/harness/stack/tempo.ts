// Questions to a Tempo over its HTTP API; a trace is decoded by the product's own reader.
import type { SpanRow } from '../../../src/analysis/model.ts';
import { readTraces } from '../../../src/viewer/receive/rows/index.ts';

/** The rows of a trace; undefined while Tempo does not know it. A Tempo with several tenants is asked for one of them. */
export async function traceOf(url: string, traceId: string, tenant?: string): Promise<SpanRow[] | undefined> {
  const answer = await fetch(`${url}/api/traces/${traceId}`, {
    headers: { accept: 'application/protobuf', ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }) },
    signal: AbortSignal.timeout(30_000),
  });
  const body = new Uint8Array(await answer.arrayBuffer());
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw new Error(`Tempo answers ${answer.status}: ${new TextDecoder().decode(body)}`);
  // Tempo's message holds resource spans under the same field number as OTLP's own.
  return [...readTraces(body, 'protobuf').spans];
}

export interface FoundTrace {
  readonly traceId: string;
  readonly rootName: string;
  readonly durationMs: number;
  /** How many spans of it match. */
  readonly matched: number;
}

/** A TraceQL search over the last `rangeMs` (an hour). Ids are padded: Tempo leaves leading zeros out. */
export async function searchTempo(
  url: string,
  query: string,
  { limit = 100, rangeMs = 3_600_000 }: { limit?: number | undefined; rangeMs?: number } = {},
): Promise<FoundTrace[]> {
  const now = Math.ceil(Date.now() / 1_000) + 60;
  const params = new URLSearchParams({ q: query, limit: String(limit), start: String(now - Math.ceil(rangeMs / 1_000)), end: String(now) });
  const answer = await fetch(`${url}/api/search?${params.toString()}`, { signal: AbortSignal.timeout(30_000) });
  if (!answer.ok) throw new Error(`${query}: Tempo answers ${answer.status}: ${await answer.text()}`);
  const { traces = [] } = (await answer.json()) as {
    traces?: { traceID: string; rootTraceName?: string; durationMs?: number; spanSets?: { matched?: number }[] }[];
  };
  return traces.map(({ traceID, rootTraceName = '', durationMs = 0, spanSets = [] }) => ({
    traceId: traceID.padStart(32, '0'),
    rootName: rootTraceName,
    durationMs,
    matched: spanSets.reduce((sum, { matched = 0 }) => sum + matched, 0),
  }));
}
