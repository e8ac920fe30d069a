/** The GPUs of this machine: gpu.cjs, a bundle that only the root of a run loads, and only where there is a driver. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startedWith } from '../../config/started-with.ts';
import type { GpuDriver } from '../gpu-drivers.ts';
import { readAmd, readRocm } from './amd.ts';
import { intelReader, readXpu } from './intel.ts';
import { NvidiaSource } from './nvidia.ts';
import { PolledSource } from './polled.ts';
import type { GpuReading, GpuSource, SourceOptions, Spawn } from './reading.ts';
import { readSystem } from './system.ts';
import { GpuWork, type GpuUse } from './work.ts';

export type { GpuReading } from './reading.ts';
export type { GpuUse } from './work.ts';

export interface GpusOptions extends SourceOptions {
  readonly drivers: readonly GpuDriver[];
  readonly spawn: Spawn;
  readonly runId: string;
  /** Default: `/sys`. */
  readonly sys?: string | undefined;
}

export interface Gpus {
  /** The newest reading of each GPU and slice. */
  readings(): readonly GpuReading[];
  /** What of it processes of this run hold. */
  uses(readings: readonly GpuReading[]): readonly GpuUse[];
  stop(): void;
}

/** Time for one answer of a tool that prints and ends. */
const TOOL_DEADLINE_MS = 10_000;
/** Tools take half a second of a processor: they are asked no oftener. */
const TOOL_INTERVAL_MS = 15_000;
const SYSTEM_INTERVAL_MS = 60_000;
const SYSTEM_DEADLINE_MS = 30_000;
const MAX_MISSES = 3;

export function startGpus({ drivers, spawn, runId, sys = '/sys', ...options }: GpusOptions): Gpus {
  const work = new GpuWork({ runId, pid: process.pid });
  const start: Readonly<Record<GpuDriver['vendor'], (command: string) => GpuSource>> = {
    nvidia: (command) => new NvidiaSource({ ...options, command, spawn }),
    amd: () =>
      filesOrTool(
        options,
        () => readAmd(sys),
        () => readRocm(spawn, TOOL_DEADLINE_MS),
      ),
    intel: () => filesOrTool(options, intelReader(sys, options.now), () => readXpu(spawn, TOOL_DEADLINE_MS)),
    system: () =>
      new PolledSource({
        ...options,
        intervalMs: Math.max(options.intervalMs, SYSTEM_INTERVAL_MS),
        maxMisses: MAX_MISSES,
        look: () =>
          readSystem({
            program: systemProgram(),
            node: process.execPath,
            environment: startedWith,
            spawn,
            deadlineMs: SYSTEM_DEADLINE_MS,
          }),
      }),
  };
  const sources = drivers.map(({ vendor, command = '' }) => start[vendor](command));
  return {
    readings: () => sources.flatMap((source) => source.readings()),
    uses: (readings) => work.uses(readings),
    stop() {
      for (const source of sources) source.stop();
    },
  };
}

/** Beside this bundle; from the sources it is the built one. */
function systemProgram(): string {
  const beside = join(import.meta.dirname, 'system-gpus.cjs');
  return existsSync(beside) ? beside : join(import.meta.dirname, '../../../dist/system-gpus.cjs');
}

type Look = () => Promise<readonly GpuReading[] | undefined>;

/** The files are asked once; where they tell of no card, the tool is asked, and not oftener than it can bear. */
function filesOrTool(options: SourceOptions, files: Look, tool: Look): GpuSource {
  let source: GpuSource | undefined;
  let isStopped = false;
  const begin = (look: Look, intervalMs: number): void => {
    if (!isStopped) source = new PolledSource({ ...options, intervalMs, look, maxMisses: MAX_MISSES });
  };
  void files()
    .catch(() => undefined)
    .then((readings) => {
      const hasFiles = readings !== undefined && readings.length > 0;
      begin(hasFiles ? files : tool, hasFiles ? options.intervalMs : Math.max(options.intervalMs, TOOL_INTERVAL_MS));
    });
  return {
    readings: () => source?.readings() ?? [],
    stop() {
      isStopped = true;
      source?.stop();
    },
  };
}
