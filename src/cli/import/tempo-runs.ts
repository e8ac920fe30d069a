/** Runs of which a Tempo has traces: what `swarmscope runs --tempo` lists. */
import { ANY_SPANS, OWN_SPANS, RUN } from '../../grafana/run-search.ts';
import { warn } from '../streams.ts';
import { search, type FoundSpan, type TempoStore } from './tempo-store.ts';

export interface TempoRun {
  readonly id: string;
  readonly name: string;
  /** Epoch milliseconds: of the run's own span, else of the first one that was found. */
  readonly startMs: number;
  /** Of the run's own span. Undefined: it has not ended, or was cut off. */
  readonly endMs: number | undefined;
  /** `error.type` of the run's own span. */
  readonly error: string | undefined;
}

/** Of each of two searches; more are said to be left out. */
const MAX_TRACES = 500;

/** Newest first. @throws SwarmscopeError `NETWORK` */
export async function runsOfTempo(store: TempoStore): Promise<TempoRun[]> {
  const runs = new Map<string, TempoRun>();
  for (const run of await find(store, ANY_SPANS, false)) add(runs, run);
  const ended = new Map<string, TempoRun>();
  for (const run of await find(store, OWN_SPANS, true)) add(ended, run);
  for (const [id, run] of ended) runs.set(id, run);
  return [...runs.values()].sort((one, other) => other.startMs - one.startMs);
}

async function find(store: TempoStore, query: string, isOwnSpan: boolean): Promise<TempoRun[]> {
  const traces = await search(store, query, MAX_TRACES);
  if (traces.length >= MAX_TRACES) warn(`Tempo finds ${MAX_TRACES} traces of runs or more: some runs are left out.`);
  const spans = traces.flatMap(({ spanSets = [] }) => spanSets.flatMap(({ spans: own = [] }) => own));
  return spans.flatMap((span) => runOf(span, isOwnSpan));
}

function runOf({ startTimeUnixNano = '', durationNanos = '', attributes = [] }: FoundSpan, isOwnSpan: boolean): TempoRun[] {
  const textOf = (name: string): string | undefined => attributes.find(({ key }) => key === name)?.value?.stringValue;
  const id = textOf(RUN.id);
  const startMs = Number(startTimeUnixNano) / 1e6;
  if (id === undefined || !(startMs > 0)) return [];
  const name = textOf(RUN.name) ?? textOf(RUN.service) ?? '';
  return [{ id, name, startMs, endMs: isOwnSpan ? startMs + Number(durationNanos) / 1e6 : undefined, error: textOf(RUN.error) }];
}

/** A run may have several such spans: it lasts from the first to the end of the last, and is called as the first. */
function add(runs: Map<string, TempoRun>, run: TempoRun): void {
  const known = runs.get(run.id);
  if (known === undefined) return void runs.set(run.id, run);
  const [first, second] = known.startMs <= run.startMs ? [known, run] : [run, known];
  const endMs = known.endMs === undefined || run.endMs === undefined ? undefined : Math.max(known.endMs, run.endMs);
  runs.set(run.id, { ...first, endMs, error: first.error ?? second.error });
}
