/** One long-lived nvidia-smi whose output is read as a stream: no child per collection. */
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import type { Socket } from 'node:net';
import { cancel, later, type Timer } from '../config/originals.ts';
import type { EpochMs } from '../semconv/telemetry.ts';
import { gpuLineReader, queryArguments, type GpuReading } from './nvidia-smi.ts';

/** Pauses before it is started again; after the last it stays off. */
const RESTART_DELAYS_MS = [1_000, 10_000, 60_000] as const;
/** GPUs of one machine; protects from output that is not what we think. */
const MAX_GPUS = 64;
/** A reading older than this many intervals is not shown: the driver hangs, or the child is gone. */
const STALE_INTERVALS = 3;
const STALE_GRACE_MS = 5_000;

/** Of util-linux: the kernel ends the child when we die, also by SIGKILL; a hung one would not notice that its pipe is closed. */
const KEEPER = ['setpriv', '--pdeathsig', 'KILL', '--'] as const;
type Keeper = typeof KEEPER;
const KEEPER_FAILED: ReadonlySet<number> = new Set([1, 126, 127]);

/** Starts a child of ours that no observer takes for the app's. */
export type Spawn = (command: string, args: readonly string[], options: SpawnOptions) => ChildProcess;

export interface GpuReaderOptions {
  readonly command: string;
  readonly intervalMs: number;
  readonly spawn: Spawn;
  readonly now: () => EpochMs;
  readonly count: (name: string) => void;
}

export class GpuReader {
  readonly #options: GpuReaderOptions;
  readonly #last = new Map<string, { reading: GpuReading; at: EpochMs }>();
  #child: ChildProcess | undefined;
  #timer: Timer | undefined;
  #restarts = 0;
  #keeper: Keeper | undefined = KEEPER;
  #isStopped = false;

  constructor(options: GpuReaderOptions) {
    this.#options = options;
    this.#start();
  }

  /** Newest reading of each GPU, stale ones left out. */
  readings(): GpuReading[] {
    const { intervalMs, now } = this.#options;
    const oldest = now() - STALE_INTERVALS * intervalMs - STALE_GRACE_MS;
    return [...this.#last.values()].filter(({ at }) => at >= oldest).map(({ reading }) => reading);
  }

  stop(): void {
    this.#isStopped = true;
    cancel(this.#timer);
    // It may hang in the driver or hold its signals back; there is nothing that it would have to put in order.
    this.#child?.kill('SIGKILL');
  }

  #start(): void {
    const { command, intervalMs, spawn, count } = this.#options;
    const keeper = this.#keeper;
    const [file, ...args] = [...(keeper ?? []), command, ...queryArguments(intervalMs)] as const;
    // A relative folder in PATH must not lead into the working folder, where agents write.
    const options = { cwd: '/', stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true } satisfies SpawnOptions;
    const child = spawn(file, args, options);
    this.#child = child;
    child.unref();
    const read = gpuLineReader(
      (reading) => this.#take(reading),
      () => count('gpu.unreadable-line'),
    );
    child.stdout?.setEncoding('utf8').on('data', read);
    (child.stdout as Socket | null)?.unref?.();
    child.stdout?.on('error', () => count('gpu.read-failed'));
    let isGone = false;
    const onGone = (isMissing: boolean): void => {
      if (isGone) return;
      isGone = true;
      this.#child = undefined;
      if (keeper !== undefined && isMissing && !this.#isStopped) {
        // Where there is no setpriv, or an old one.
        this.#keeper = undefined;
        this.#tryStart();
      } else if (isMissing) count('gpu.no-nvidia-smi');
      else this.#restart();
    };
    child.on('error', (error: NodeJS.ErrnoException) => onGone(error.code === 'ENOENT' || error.code === 'EACCES'));
    // What setpriv says itself: it does not know the option, or finds no such command.
    child.on('exit', (code) => onGone(keeper !== undefined && code !== null && KEEPER_FAILED.has(code)));
  }

  #tryStart(): void {
    try {
      this.#start();
    } catch {
      // No process can be started any more: the gauge stays off.
      this.#options.count('gpu.start-failed');
    }
  }

  #restart(): void {
    if (this.#isStopped) return;
    this.#options.count('gpu.reader-ended');
    const delayMs = RESTART_DELAYS_MS[this.#restarts++];
    if (delayMs === undefined) return;
    this.#timer = later(delayMs, () => this.#tryStart());
  }

  #take(reading: GpuReading): void {
    const { uuid } = reading;
    if (!this.#last.has(uuid) && this.#last.size >= MAX_GPUS) return;
    this.#last.set(uuid, { reading, at: this.#options.now() });
  }
}
