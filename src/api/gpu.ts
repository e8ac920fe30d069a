/** GPU memory of this process and its children, for trackers: read only where there is a driver, and only while somebody asks. */
import { existsSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { descendants } from '../config/child-usage.ts';
import { cancel, clock, later, type Timer } from '../config/originals.ts';
import { startedWith } from '../config/started-with.ts';
import { GPU_CHOICES, gpuDrivers, type GpuDriver } from '../machine/gpu-drivers.ts';
import type * as Gpus from '../machine/gpu/index.ts';
import { runtime } from '../runtime.ts';

export interface GpuUse {
  readonly gpuVramUsedBytes: number;
  readonly hasGpu: boolean;
}

/** Between two readings, where no setting says otherwise. */
const INTERVAL_MS = 1_000;
const MIN_INTERVAL_MS = 200;
/** The reader goes on for so long after the last tracker: the next one finds a reading at once. */
const IDLE_MS = 30_000;
const NO_GPU: GpuUse = { gpuVramUsedBytes: 0, hasGpu: false };

interface Tracked {
  peakBytes: number;
}

const tracked = new Set<Tracked>();
let drivers: readonly GpuDriver[] | undefined;
let reader: ReturnType<(typeof Gpus)['startGpus']> | undefined;
let timer: Timer | undefined;
let lastAskedMs = 0;
let isSeen = false;

/** Returns what ends it and answers the most that was held meanwhile. */
export function trackGpuUse(): () => GpuUse {
  if (!begin()) return () => NO_GPU;
  const own: Tracked = { peakBytes: 0 };
  tracked.add(own);
  return () => {
    look();
    tracked.delete(own);
    lastAskedMs = clock.monotonic();
    return { gpuVramUsedBytes: own.peakBytes, hasGpu: isSeen };
  };
}

/** What is held now, by the newest reading. */
export function readGpuUse(): GpuUse {
  return begin() ? { gpuVramUsedBytes: look(), hasGpu: isSeen } : NO_GPU;
}

/** False: there is no GPU, or its readers are not beside this file, as in an app that bundled us. */
function begin(): boolean {
  drivers ??= gpuDrivers(GPU_CHOICES.find((choice) => choice === startedWith['SWARMSCOPE_GPU']) ?? 'auto', existsSync, process.platform);
  if (drivers.length === 0) return false;
  lastAskedMs = clock.monotonic();
  if (reader !== undefined) return true;
  try {
    const { createRequire } = process.getBuiltinModule('node:module');
    const { startGpus } = createRequire(import.meta.filename)('./gpu.cjs') as typeof Gpus;
    const unobserved = runtime()?.unobserved ?? (<T>(fn: () => T): T => fn());
    reader = startGpus({
      drivers,
      intervalMs: Math.max(MIN_INTERVAL_MS, Number(startedWith['SWARMSCOPE_GPU_INTERVAL'] ?? INTERVAL_MS) || INTERVAL_MS),
      runId: '',
      spawn: (command, args, options) => unobserved(() => spawn(command, args, options)),
      now: clock.now,
      count: () => undefined,
    });
    lookLater();
    return true;
  } catch {
    drivers = [];
    return false;
  }
}

function look(): number {
  const readings = reader?.readings() ?? [];
  isSeen ||= readings.length > 0;
  const processes = readings.flatMap((reading) => reading.processes);
  if (processes.length === 0) return 0;
  const own = new Set([process.pid, ...descendants()]);
  const usedBytes = processes.reduce((sum, { pid, usedBytes: bytes }) => sum + (own.has(pid) ? bytes : 0), 0);
  for (const each of tracked) each.peakBytes = Math.max(each.peakBytes, usedBytes);
  return usedBytes;
}

function lookLater(): void {
  cancel(timer);
  timer = later(MIN_INTERVAL_MS, () => {
    look();
    if (tracked.size > 0 || clock.monotonic() - lastAskedMs < IDLE_MS) return lookLater();
    reader?.stop();
    reader = undefined;
  });
}
