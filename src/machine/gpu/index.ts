/** The GPUs of this machine: gpu.cjs, a bundle that only the root of a run loads, and only where there is a driver. */
import type { GpuDriver } from '../gpu-drivers.ts';
import { NvidiaSource } from './nvidia.ts';
import type { GpuReading, GpuSource, SourceOptions, Spawn } from './reading.ts';
import { GpuWork, type GpuUse } from './work.ts';

export type { GpuReading } from './reading.ts';
export type { GpuUse } from './work.ts';

export interface GpusOptions extends SourceOptions {
  readonly drivers: readonly GpuDriver[];
  readonly spawn: Spawn;
  readonly runId: string;
}

export interface Gpus {
  /** The newest reading of each GPU and slice. */
  readings(): readonly GpuReading[];
  /** What of it processes of this run hold. */
  uses(readings: readonly GpuReading[]): readonly GpuUse[];
  stop(): void;
}

export function startGpus({ drivers, spawn, runId, ...options }: GpusOptions): Gpus {
  const work = new GpuWork({ runId, pid: process.pid });
  const sources = drivers.flatMap(({ vendor, command = '' }): GpuSource[] =>
    vendor === 'nvidia' ? [new NvidiaSource({ ...options, command, spawn })] : [],
  );
  return {
    readings: () => sources.flatMap((source) => source.readings()),
    uses: (readings) => work.uses(readings),
    stop() {
      for (const source of sources) source.stop();
    },
  };
}
