/** `swarmscope runs`: the list of stored runs. */
import { dataFolder } from '../../config/folders.ts';
import { readSettings } from '../../config/settings/index.ts';
import { listRuns, type StoredRun } from '../../viewer/index.ts';
import { jsonFlag, type Command, type Flags } from '../command.ts';
import { output } from '../output.ts';
import { clean } from '../printable.ts';
import { duration, table } from '../report/index.ts';
import { print } from '../streams.ts';

const flags = { json: jsonFlag('list') } satisfies Flags;

export const runs: Command<typeof flags> = {
  about: 'List stored runs.',
  usage: 'swarmscope runs [flags]',
  flags,
  async run({ values: { json } }) {
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

function jsonOf(stored: readonly StoredRun[]): string {
  const rows = stored.map(({ id, bytes, run, problem }) => ({ id, bytes, run, problem: problem?.code }));
  return `${JSON.stringify({ schemaVersion: 1, runs: rows }, null, 2)}\n`;
}
