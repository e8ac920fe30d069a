/** What the first process of a run calls it, where nobody gave a name. */
import { basename } from 'node:path';
import { runClock } from '../config/run-clock.ts';
import type { Settings } from '../config/settings/index.ts';
import type { RunKind } from '../recording/app-sdk.ts';
import type { RunLink } from '../root/index.ts';
import { givenServiceName } from './resource.ts';

/** Code given on the command line is content, and what follows it are arguments. */
const HAS_CODE = /^(?:-[a-z]*[ep]|--eval|--print)(?:=|$)/;

/** undefined in a process that is not the first of its run. */
export function leadsOf(run: Pick<RunLink, 'role' | 'runId'>, settings: Settings): RunKind | undefined {
  if (run.role !== 'root') return undefined;
  return { name: givenServiceName(settings) || scriptName(process) || 'run', runId: run.runId, startTime: runClock.origin() };
}

/** `/work/swarm.mjs` is called `swarm`: a name without folders, since names are shown. */
export function scriptName({ argv, execArgv }: { readonly argv: readonly string[]; readonly execArgv: readonly string[] }): string {
  if (execArgv.some((word) => HAS_CODE.test(word))) return '';
  return basename(argv[1] ?? '').replace(/\.[cm]?[jt]s$/, '');
}
