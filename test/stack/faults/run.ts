// Starts one faulty swarm as a user would: the preload, which must have been built, sends straight to the collector.
import { join } from 'node:path';
import { preloadFile, startProgram, type RunningProgram } from '../../harness/index.ts';
import type { Fault } from './table.ts';

const folder = import.meta.dirname;
/** None is left running by a test that was killed. */
const LIFE_LIMIT_MS = 600_000;

/** Seven fit into the shortest range; see shorten.ts. */
const EXPORT_INTERVAL_MS = 2_000;

export function startFault(fault: Fault, modelEnv: Readonly<Record<string, string>>, endpoint: string): RunningProgram {
  const { service, program = service, args = [], sleptMs } = fault;
  const before = sleptMs === undefined ? [] : ['--require', join(folder, 'time-passes.cjs')];
  return startProgram({
    preload: 'none',
    nodeArgs: [...before, '--require', preloadFile],
    file: join(folder, `${program}.mjs`),
    args,
    env: {
      OTEL_SERVICE_NAME: service,
      OTEL_METRIC_EXPORT_INTERVAL: String(EXPORT_INTERVAL_MS),
      // Many of them share a machine of two cores, and end at once.
      SWARMSCOPE_HOST_METRICS: 'false',
      SWARMSCOPE_EXIT_TIMEOUT: '30000',
      ...(sleptMs === undefined ? {} : { SLEPT_MS: String(sleptMs) }),
      ...modelEnv,
      SWARMSCOPE_ENDPOINT: endpoint,
      ...fault.env,
    },
    timeoutMs: LIFE_LIMIT_MS,
  });
}
