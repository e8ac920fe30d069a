/** Traces of a Tempo, by their ids or by a query of TraceQL. */
import { Readable } from 'node:stream';
import { withoutCredentials } from '../../otlp/post/index.ts';
import type { Source } from '../../viewer/index.ts';
import { ask, jsonOf, type Answer } from '../doctor/stack/ask.ts';
import { SwarmscopeError } from '../errors.ts';
import { clean } from '../printable.ts';
import { warn } from '../streams.ts';

export interface TempoRequest {
  /** May hold a user and a password, which are sent as a header and shown nowhere. */
  readonly url: string;
  readonly traces: readonly string[];
  readonly query: string | undefined;
}

/** A large trace takes its time. */
const TIMEOUT_MS = 60_000;
const MAX_BYTES = 256 * 1024 ** 2;
/** Of one query; more are said to be left out. */
const MAX_TRACES = 200;
/** Tempo refuses to search a week and more; without a range it searches what came last alone. */
const RANGE_SECONDS = 167 * 3_600;
const TRACE_ID = /^[0-9a-f]{1,32}$/i;

/** @throws SwarmscopeError `USAGE`, `NETWORK`, `RUN_NOT_FOUND` */
export async function tempoSources({ url, traces, query }: TempoRequest): Promise<Source[]> {
  const wrong = traces.find((id) => !TRACE_ID.test(id));
  if (wrong !== undefined) throw new SwarmscopeError('USAGE', `--trace expects the id of a trace in hex, got "${clean(wrong)}".`);
  const found = query === undefined ? [] : await search(url, query);
  const ids = [...new Set([...traces, ...found].map((id) => id.toLowerCase().padStart(32, '0')))];
  if (ids.length === 0) throw new SwarmscopeError('RUN_NOT_FOUND', `Tempo at ${shown(url)} finds no trace of the last week by this query.`);
  const sources: Source[] = [];
  for (const id of ids) sources.push(await traceSource(url, id));
  return sources;
}

/** Without user, password and query. */
function shown(url: string): string {
  const { origin, pathname } = withoutCredentials(url).url;
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}

async function search(url: string, query: string): Promise<string[]> {
  const end = Math.ceil(Date.now() / 1_000);
  const words = new URLSearchParams({ q: query, limit: String(MAX_TRACES), start: String(end - RANGE_SECONDS), end: String(end) });
  const answer = await asked(url, `/api/search?${words.toString()}`);
  const listed = jsonOf<{ traces?: unknown }>(answer)?.traces ?? [];
  if (answer.status !== 200 || !Array.isArray(listed)) throw refused(url, answer, 'does not answer the query');
  const ids = listed.flatMap((each: unknown) => {
    const id = typeof each === 'object' && each !== null ? (each as { traceID?: unknown }).traceID : undefined;
    return typeof id === 'string' && TRACE_ID.test(id) ? [id] : [];
  });
  if (ids.length >= MAX_TRACES) warn(`The query finds ${MAX_TRACES} traces or more: the others are left out. Narrow it.`);
  return ids;
}

async function traceSource(url: string, id: string): Promise<Source> {
  const answer = await asked(url, `/api/traces/${id}`, { accept: 'application/protobuf' });
  if (answer.status === 404) throw new SwarmscopeError('RUN_NOT_FOUND', `Tempo at ${shown(url)} knows no trace ${id}.`);
  if (answer.status !== 200) throw refused(url, answer, `does not give the trace ${id}`);
  // A proxy or an older version may answer in JSON all the same.
  const { bytes = Buffer.alloc(0) } = answer;
  const isProtobuf = bytes[0] === 0x0a;
  return { name: `${shown(url)} trace ${id}`, isProtobuf, open: () => Readable.from(bytes.length === 0 ? [] : [bytes]) };
}

const asked = (base: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  ask({ base, path, headers, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });

function refused(url: string, { status, problem, text }: Answer, what: string): SwarmscopeError {
  const why =
    problem === ''
      ? `HTTP ${status}${status === 401 || status === 403 ? ': put user and password into the URL' : `: ${clean(text, 200)}`}`
      : problem;
  return new SwarmscopeError('NETWORK', `Tempo at ${shown(url)} ${what} (${why}).`);
}
