/** `swarmscope runs`: the list of stored runs. */
import { dataFolder } from '../../config/folders.ts';
import { readSettings } from '../../config/settings/index.ts';
import { listRuns, type StoredRun } from '../../viewer/index.ts';
import { jsonFlag, type Command, type Flags } from '../command.ts';
import { runsOfTempo, type TempoRun } from '../import/index.ts';
import { output } from '../output.ts';
import { clean } from '../printable.ts';
import { duration, table } from '../report/index.ts';
import { print } from '../streams.ts';

const flags = {
  json: jsonFlag('list'),
  tempo: { type: 'string', value: 'URL', check: 'url', about: 'List the runs of which a Tempo has traces instead, newest first.' },
  tenant: { type: 'string', value: 'NAME', belongsTo: 'tempo', about: 'Whose traces, where Tempo keeps those of several apart.' },
} as const satisfies Flags;

export const runs: Command<typeof flags> = {
  about: 'List stored runs.',
  usage: 'swarmscope runs [flags]',
  flags,
  async run({ values: { json, tempo, tenant } }) {
    if (tempo !== undefined) {
      const found = await runsOfTempo({ url: tempo, tenant });
      if (json === undefined) await print(textOfTempo(found));
      else await output(json, jsonText(found.map(({ id, ...run }) => ({ id, run }))));
      return 0;
    }
    const stored = listRuns(dataFolder(readSettings()));
    if (json === undefined) await print(textOf(stored));
    else await output(json, jsonOf(stored));
    return 0;
  },
};

function textOf(stored: readonly StoredRun[]): string {
  if (stored.length === 0) return 'No run is stored yet. Make one: swarmscope run -- node swarm.js\n';
  const rows = stored.map(({ id, run, problem }) => [
    id,
    clean(run?.name ?? ''),
    run === undefined ? `unreadable: ${problem?.code ?? ''}` : run.endMs === undefined ? 'not finished' : duration(run.endMs - run.startMs),
    clean(run?.signal ?? (run?.exitCode === undefined ? '' : `exit ${run.exitCode}`)),
  ]);
  return `${table(rows).join('\n')}\n`;
}

function textOfTempo(found: readonly TempoRun[]): string {
  if (found.length === 0) return 'This Tempo has no trace of a run of the last week.\n';
  const rows = found.map(({ id, name, startMs, endMs, error = '' }) => [
    clean(id),
    clean(name),
    endMs === undefined ? 'not finished' : duration(endMs - startMs),
    clean(error),
  ]);
  return `${table(rows).join('\n')}\n`;
}

function jsonOf(stored: readonly StoredRun[]): string {
  return jsonText(stored.map(({ id, bytes, run, problem }) => ({ id, bytes, run, problem: problem?.code })));
}

const jsonText = (rows: readonly object[]): string => `${JSON.stringify({ schemaVersion: 1, runs: rows }, null, 2)}\n`;
