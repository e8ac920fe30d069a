/** `swarmscope report` and `swarmscope runs`: what earlier runs left. */
import { analyse } from '../analysis/index.ts';
import { dataFolder, readSettings } from '../config/settings.ts';
import { listRuns, readRun, ViewerError } from '../viewer/index.ts';
import type { Invocation } from './arguments.ts';
import { SwarmscopeError } from './errors.ts';
import { output } from './output.ts';
import { renderJson } from './report/json.ts';
import { duration } from './report/numbers.ts';
import { clean, table } from './report/style.ts';
import { renderReport } from './report/text.ts';
import { terminalStyle } from './terminal.ts';

export function reportCommand({ runId, jsonFile }: Extract<Invocation, { command: 'report' }>): number {
  const report = analyse(read(runId ?? 'latest'));
  if (jsonFile === undefined) process.stdout.write(renderReport(report, terminalStyle(process.stdout)));
  else output(jsonFile, renderJson(report));
  return 0;
}

function read(runId: string): ReturnType<typeof readRun> {
  try {
    return readRun(dataFolder(readSettings()), runId);
  } catch (cause) {
    if (cause instanceof ViewerError)
      throw new SwarmscopeError(cause.code === 'run_not_found' ? 'RUN_NOT_FOUND' : 'STORE', cause.message, { cause });
    throw cause;
  }
}

export function runsCommand({ jsonFile }: { jsonFile: string | undefined }): number {
  const runs = listRuns(dataFolder(readSettings()));
  if (jsonFile !== undefined) {
    output(
      jsonFile,
      `${JSON.stringify({ schemaVersion: 1, runs: runs.map(({ id, bytes, run, problem }) => ({ id, bytes, run, problem: problem?.code })) }, null, 2)}\n`,
    );
    return 0;
  }
  if (runs.length === 0) {
    process.stdout.write('No run is stored yet. Make one: swarmscope run -- node swarm.js\n');
    return 0;
  }
  const rows = runs.map(({ id, run, problem }) => [
    id,
    clean(run?.name ?? ''),
    run === undefined ? `unreadable: ${problem?.code ?? ''}` : run.endMs === undefined ? 'not finished' : duration(run.endMs - run.startMs),
    run?.signal ?? (run?.exitCode === undefined ? '' : `exit ${run.exitCode}`),
  ]);
  process.stdout.write(`${table(rows).join('\n')}\n`);
  return 0;
}
