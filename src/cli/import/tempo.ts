/** Traces of a Tempo, by their ids, by a query of TraceQL, or by the run that they belong to. */
import { Readable } from 'node:stream';
import { spansOfRun } from '../../grafana/run-search.ts';
import type { Source } from '../../viewer/index.ts';
import { SwarmscopeError } from '../errors.ts';
import { clean } from '../printable.ts';
import { warn } from '../streams.ts';
import { askTempo, refused, search, shown, type TempoStore } from './tempo-store.ts';

export interface TempoRequest extends TempoStore {
  readonly traces: readonly string[];
  readonly query: string | undefined;
  /** The id of a run. */
  readonly run?: string | undefined;
}

/** Of one query; more are said to be left out. */
const MAX_TRACES = 200;
/** A run with a trace for each task has many. */
const MAX_TRACES_OF_RUN = 1_000;
const TRACE_ID = /^[0-9a-f]{1,32}$/i;
const RUN_ID = /^[\w.-]{1,128}$/;

/** @throws SwarmscopeError `USAGE`, `NETWORK`, `RUN_NOT_FOUND` */
export async function tempoSources({ traces, query, run, ...store }: TempoRequest): Promise<Source[]> {
  const wrong = traces.find((id) => !TRACE_ID.test(id));
  if (wrong !== undefined) throw new SwarmscopeError('USAGE', `--trace expects the id of a trace in hex, got "${clean(wrong)}".`);
  if (run !== undefined && !RUN_ID.test(run))
    throw new SwarmscopeError('USAGE', `"${clean(run, 60)}" is no run id: letters, digits, - _ . only.`);
  const found = query === undefined ? [] : await idsOf(store, query, MAX_TRACES);
  const ofRun = run === undefined ? [] : await idsOf(store, spansOfRun(run), MAX_TRACES_OF_RUN);
  const ids = [...new Set([...traces, ...found, ...ofRun].map((id) => id.toLowerCase().padStart(32, '0')))];
  if (ids.length === 0)
    throw new SwarmscopeError(
      'RUN_NOT_FOUND',
      run === undefined
        ? `Tempo at ${shown(store)} finds no trace of the last week by this query.`
        : `Tempo at ${shown(store)} has no trace of run ${run} of the last week. Those it has: swarmscope runs --tempo ${shown(store)}`,
    );
  const sources: Source[] = [];
  for (const id of ids) sources.push(await traceSource(store, id));
  return sources;
}

async function idsOf(store: TempoStore, query: string, limit: number): Promise<string[]> {
  const ids = (await search(store, query, limit)).flatMap(({ traceID }) =>
    typeof traceID === 'string' && TRACE_ID.test(traceID) ? [traceID] : [],
  );
  if (ids.length >= limit) warn(`The query finds ${limit} traces or more: the others are left out. Narrow it.`);
  return ids;
}

async function traceSource(store: TempoStore, id: string): Promise<Source> {
  const answer = await askTempo(store, `/api/traces/${id}`, { accept: 'application/protobuf' });
  if (answer.status === 404) throw new SwarmscopeError('RUN_NOT_FOUND', `Tempo at ${shown(store)} knows no trace ${id}.`);
  if (answer.status !== 200) throw refused(store, answer, `does not give the trace ${id}`);
  // A proxy or an older version may answer in JSON all the same.
  const { bytes = Buffer.alloc(0) } = answer;
  const isProtobuf = bytes[0] === 0x0a;
  return { name: `${shown(store)} trace ${id}`, isProtobuf, open: () => Readable.from(bytes.length === 0 ? [] : [bytes]) };
}
