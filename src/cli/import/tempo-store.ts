/** One Tempo and how it is asked: its address, its tenant, and what it finds. */
import { withoutCredentials } from '../../otlp/post/index.ts';
import { ask, jsonOf, type Answer } from '../doctor/stack/ask.ts';
import { SwarmscopeError } from '../errors.ts';
import { clean } from '../printable.ts';

export interface TempoStore {
  /** May hold a user and a password, which are sent as a header and shown nowhere. */
  readonly url: string;
  /** Whose traces, where it keeps those of several apart. */
  readonly tenant?: string | undefined;
}

/** Of one trace, as a search answers. */
export interface FoundTrace {
  readonly traceID?: unknown;
  readonly spanSets?: readonly { readonly spans?: readonly FoundSpan[] }[];
}
export interface FoundSpan {
  readonly startTimeUnixNano?: string;
  readonly durationNanos?: string;
  readonly attributes?: readonly { readonly key?: string; readonly value?: { readonly stringValue?: string } }[];
}

/** A large trace takes its time. */
const TIMEOUT_MS = 60_000;
const MAX_BYTES = 256 * 1024 ** 2;
/** Tempo refuses to search a week and more; without a range it searches what came last alone. */
const RANGE_SECONDS = 167 * 3_600;

/** Without user, password and query. */
export function shown({ url }: TempoStore): string {
  const { origin, pathname } = withoutCredentials(url).url;
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}

/** Traces of the last week that a query of TraceQL finds, at most `limit`. @throws SwarmscopeError `NETWORK` */
export async function search(store: TempoStore, query: string, limit: number): Promise<readonly FoundTrace[]> {
  const end = Math.ceil(Date.now() / 1_000);
  const words = new URLSearchParams({ q: query, limit: String(limit), start: String(end - RANGE_SECONDS), end: String(end) });
  const answer = await askTempo(store, `/api/search?${words.toString()}`);
  const listed = jsonOf<{ traces?: unknown }>(answer)?.traces ?? [];
  if (answer.status !== 200 || !Array.isArray(listed)) throw refused(store, answer, 'does not answer the query');
  return listed.filter((each: unknown): each is FoundTrace => typeof each === 'object' && each !== null);
}

export const askTempo = ({ url, tenant }: TempoStore, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  ask({
    ...{ base: url, path, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES },
    headers: tenant === undefined ? headers : { ...headers, 'X-Scope-OrgID': tenant },
  });

export function refused(store: TempoStore, { status, problem, text }: Answer, what: string): SwarmscopeError {
  const why =
    problem === ''
      ? `HTTP ${status}${status === 401 || status === 403 ? ': put user and password into the URL, and name a tenant by --tenant' : `: ${clean(text, 200)}`}`
      : problem;
  return new SwarmscopeError('NETWORK', `Tempo at ${shown(store)} ${what} (${why}).`);
}
