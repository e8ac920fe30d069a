/** `swarmscope doctor`: settings, what is watched, what the last processes recorded, sent and lost, and what to try. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import * as catalogue from '../../observers/catalogue.ts';
import { cacheFolder, dataFolder, homeProblem } from '../../config/folders.ts';
import { readSettings } from '../../config/settings/index.ts';
import { startedWith } from '../../config/started-with.ts';
import { readSpool } from '../../otlp/spool/index.ts';
import { copyStates, readStatusFiles } from '../../sdk/supervisor.ts';
import { listRuns } from '../../viewer/index.ts';
import { output } from '../output.ts';
import { print } from '../streams.ts';
import { isProcessAlive } from '../../config/originals.ts';
import { ofPolicies, policiesOf } from './policies.ts';
import { findingsOf } from './findings/index.ts';
import { fromHome, shownFolders, shownSettings } from './shown.ts';
import { textOf } from './text.ts';
import { findUnobserved } from './unobserved.ts';
import { gpuDrivers } from '../../machine/gpu-drivers.ts';

/** Processes shown one by one. */
const SHOWN = 10;
/** Those that are asked whether they live and observe themselves. */
const ALIVE = 200;

export async function examine(jsonFile: string | undefined): Promise<number> {
  const settings = readSettings();
  const statuses = readStatusFiles(settings, SHOWN);
  const runs = listRuns(dataFolder(settings)).length;
  const spool = readSpool(settings);
  const many = readStatusFiles(settings, ALIVE);
  const policies = policiesOf(many, isProcessAlive);
  const unobserved = await findUnobserved({
    observed: new Set(many.filter(({ isEnded }) => !isEnded).map(({ pid }) => pid)),
  });
  const findings = [
    ...findingsOf(settings, statuses, {
      home: homeProblem(settings),
      copies: { states: copyStates(cacheFolder(settings)), shown: fromHome },
      hasGit: isOnPath('git'),
      hasGpu: gpuDrivers(settings.gpu, existsSync, process.platform).length > 0,
      runs,
      spool,
      unobserved,
    }),
    ...ofPolicies(policies),
  ];
  const data = {
    schemaVersion: 1,
    version: __SWARMSCOPE_VERSION__,
    node: process.versions.node,
    settings: shownSettings(settings),
    folders: shownFolders(settings),
    observers: Object.values(catalogue).map(({ name, watches, how }) => ({ name, watches, road: how })),
    runs,
    spool,
    policies,
    processes: statuses,
    unobserved,
    findings,
  };
  if (jsonFile !== undefined) await output(jsonFile, `${JSON.stringify(data, null, 2)}\n`);
  else await print(textOf({ settings, statuses, policies, findings, runs }));
  return findings.some(({ level }) => level === 'problem') ? 1 : 0;
}

function isOnPath(command: string): boolean {
  return (startedWith['PATH'] ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, command)));
}
