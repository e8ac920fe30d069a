/** What any source tells of a GPU, and what a source is. */
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import type { EpochMs } from '../../semconv/telemetry.ts';

/** One GPU, or a slice of one, at one moment. What the driver does not tell is undefined, never 0. */
export interface GpuReading {
  /** Its UUID where it has one, else its place on the bus. */
  readonly id: string;
  readonly name: string;
  /** `nvidia`, `amd`, `intel`, `apple`, or as the system calls it, in small letters. */
  readonly vendor: string;
  /** Of a MIG slice: the id of its GPU. */
  readonly parent?: string | undefined;
  readonly driverVersion?: string | undefined;
  readonly usedBytes?: number | undefined;
  readonly totalBytes?: number | undefined;
  /** Shares of time, 0 to 1. */
  readonly utilization?: number | undefined;
  readonly encoderUtilization?: number | undefined;
  readonly decoderUtilization?: number | undefined;
  readonly powerWatts?: number | undefined;
  readonly celsius?: number | undefined;
  readonly memoryCelsius?: number | undefined;
  /** Errors of its memory since the driver was loaded. */
  readonly correctedErrors?: number | undefined;
  readonly uncorrectedErrors?: number | undefined;
  /** Processes that hold memory of it. */
  readonly processes: readonly GpuProcess[];
}

export interface GpuProcess {
  readonly pid: number;
  readonly usedBytes: number;
}

/** Where readings come from. Members never throw and never wait. */
export interface GpuSource {
  /** The newest reading of each GPU; none where the last one is too old to be shown. */
  readings(): readonly GpuReading[];
  stop(): void;
}

/** What every source is given. */
export interface SourceOptions {
  readonly intervalMs: number;
  readonly now: () => EpochMs;
  /** A number for the status file. */
  readonly count: (name: string) => void;
}

/** Starts a child of ours that no observer takes for the app's. */
export type Spawn = (command: string, args: readonly string[], options: SpawnOptions) => ChildProcess;

/** Tools tell amounts of memory in MiB. */
export const BYTES_PER_MIB = 1_048_576;

/** GPUs and slices of one machine; protects from output that is not what we think. */
export const MAX_GPUS = 256;
/** Processes on one GPU, likewise. */
export const MAX_PROCESSES = 4_096;

/** A reading older than this many intervals is not shown: the driver hangs, or is gone. */
const STALE_INTERVALS = 3;
const STALE_GRACE_MS = 5_000;

/** Age from which a reading is not shown any more, in ms. */
export function staleAfterMs(intervalMs: number): number {
  return STALE_INTERVALS * intervalMs + STALE_GRACE_MS;
}

/** Keeps the last readings of one source while they are fresh, and counts once each time that they go stale. */
export class LastReadings {
  readonly #options: SourceOptions;
  #readings: readonly GpuReading[] = [];
  #at: EpochMs;
  #isStaleTold = false;

  constructor(options: SourceOptions) {
    this.#options = options;
    this.#at = options.now();
  }

  take(readings: readonly GpuReading[]): void {
    this.#readings = readings.slice(0, MAX_GPUS);
    this.#at = this.#options.now();
    this.#isStaleTold = false;
  }

  fresh(): readonly GpuReading[] {
    const { intervalMs, now, count } = this.#options;
    if (now() - this.#at <= staleAfterMs(intervalMs)) return this.#readings;
    this.#readings = [];
    if (!this.#isStaleTold) count('gpu.driver-silent');
    this.#isStaleTold = true;
    return [];
  }
}

/** A number of 0 or more; anything else is undefined. */
export function amount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** A share of 0 to 1 from percent; more than 100 is not believed. */
export function shareOf(percent: number | undefined): number | undefined {
  return percent === undefined || percent > 100 ? undefined : percent / 100;
}

/** What a tool prints as JSON; warnings may stand before it. undefined where there is no object. */
export function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.slice(Math.max(0, text.search(/^\s*\{/m))));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    // An error message.
    return undefined;
  }
}
