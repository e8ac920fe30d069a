/** Telemetry that somebody else kept, as a run: what `report --import` and `report --tempo` read. */
import type { RunData } from '../../analysis/index.ts';
import { readSettings } from '../../config/settings/index.ts';
import { findFiles, readRecords, type Source } from '../../viewer/index.ts';
import { SwarmscopeError } from '../errors.ts';
import { keepHeapLow } from '../heap.ts';
import { warn } from '../streams.ts';
import { tempoSources } from './tempo.ts';

export { runsOfTempo, type TempoRun } from './tempo-runs.ts';

export interface Asked {
  /** Files, folders, or `-` for standard input. */
  readonly files: readonly string[];
  readonly tempo?: string | undefined;
  readonly traces?: readonly string[] | undefined;
  readonly query?: string | undefined;
  /** The id of a run of which Tempo has traces. */
  readonly run?: string | undefined;
  readonly tenant?: string | undefined;
}

export const importFiles = (files: readonly string[]): Promise<RunData> => importRun({ files });

/** What cannot be used is warned of, and among the losses. @throws SwarmscopeError `USAGE`, `FILE`, `NETWORK`, `RUN_NOT_FOUND` */
export async function importRun({ files, tempo, traces = [], query, run, tenant }: Asked): Promise<RunData> {
  if (tempo !== undefined && traces.length === 0 && query === undefined && run === undefined)
    throw new SwarmscopeError(
      'USAGE',
      '--tempo needs to know what to read: the id of a run, --trace ID, or --query with TraceQL such as { resource.service.name = "swarm" }.',
    );
  const sources = filesIn(files);
  if (tempo !== undefined) sources.push(...(await tempoSources({ url: tempo, tenant, traces, query, run })));
  const { data, warnings } = await readRecords(sources, { settings: readSettings() });
  for (const warning of warnings) warn(warning);
  return keepHeapLow(data);
}

function filesIn(paths: readonly string[]): Source[] {
  const { sources, unusable } = findFiles(paths);
  const [first] = unusable;
  if (first !== undefined) throw new SwarmscopeError('FILE', `Cannot read ${first.path}: ${first.why}.`);
  return sources;
}
