// Starts one faulty swarm as a user would: the preload, which must have been built, sends straight to the collector.
import { join } from 'node:path';
import { preloadFile, startProgram, type RunningProgram } from '../../harness/index.ts';
import type { Fault } from './table.ts';

const folder = import.meta.dirname;

export function startFault({ service, program = service, args, sleptMs }: Fault, env: Readonly<Record<string, string>>): RunningProgram {
  return startProgram({
    preload: 'none',
    nodeArgs: [...(sleptMs === undefined ? [] : ['--require', join(folder, 'time-passes.cjs')]), '--require', preloadFile],
    file: join(folder, `${program}.mjs`),
    ...(args === undefined ? {} : { args }),
    env: {
      OTEL_SERVICE_NAME: service,
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
      // Many of them end at once, on a machine of two cores.
      SWARMSCOPE_EXIT_TIMEOUT: '30000',
      ...(sleptMs === undefined ? {} : { SLEPT_MS: String(sleptMs) }),
      ...env,
    },
    timeoutMs: 300_000,
  });
}
