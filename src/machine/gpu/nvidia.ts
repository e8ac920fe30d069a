/** One long-lived nvidia-smi whose output is read as a stream: no child per collection. */
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import type { Socket } from 'node:net';
import { cancel, later, type Timer } from '../../config/originals.ts';
import { runCommand } from './command.ts';
import { documentReader, parseNvidia, parseSlices, type NvidiaDocument } from './nvidia-xml.ts';
import { LastReadings, type GpuReading, type GpuSource, type SourceOptions, type Spawn } from './reading.ts';

/** Pauses before it is started again; after the last it stays off. */
const RESTART_DELAYS_MS = [1_000, 10_000, 60_000] as const;
/** Time in which the UUIDs of slices are told. */
const LIST_DEADLINE_MS = 10_000;

/** Of util-linux: the kernel ends the child when we die, also by SIGKILL; a hung one would not notice that its pipe is closed. */
const KEEPER = ['setpriv', '--pdeathsig', 'KILL', '--'] as const;
type Keeper = typeof KEEPER;
const KEEPER_FAILED: ReadonlySet<number> = new Set([1, 126, 127]);

export interface NvidiaOptions extends SourceOptions {
  readonly command: string;
  readonly spawn: Spawn;
}

/** Everything about all GPUs and slices, and the processes on them, whenever it has printed a document. */
export function queryArguments(intervalMs: number): string[] {
  return ['-q', '-x', '-lms', String(intervalMs)];
}

export class NvidiaSource implements GpuSource {
  readonly #options: NvidiaOptions;
  readonly #last: LastReadings;
  #sliceIds = new Map<string, string>();
  /** Slices whose UUIDs were asked for. */
  #asked = '';
  #child: ChildProcess | undefined;
  #timer: Timer | undefined;
  #restarts = 0;
  #keeper: Keeper | undefined = KEEPER;
  #isStopped = false;

  constructor(options: NvidiaOptions) {
    this.#options = options;
    this.#last = new LastReadings(options);
    this.#start();
  }

  readings(): readonly GpuReading[] {
    return this.#last.fresh();
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
    const read = documentReader(
      (text) => this.#take(text),
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

  #take(text: string): void {
    const document = parseNvidia(text, this.#sliceIds);
    if (document === undefined) return this.#options.count('gpu.unreadable-line');
    this.#last.take(document.gpus);
    this.#nameSlices(document);
  }

  /** Once for each division of the GPUs: until it has answered, slices without a UUID are not shown. */
  #nameSlices({ unnamed }: NvidiaDocument): void {
    const slices = unnamed.map(({ gpu, index, instances }) => `${gpu} ${index} ${instances}`).join('\n');
    if (slices === '' || slices === this.#asked) return;
    this.#asked = slices;
    const { command, spawn } = this.#options;
    void runCommand({ command, args: ['-L'], spawn, deadlineMs: LIST_DEADLINE_MS }).then((text) => {
      if (text === undefined) this.#options.count('gpu.slices-unnamed');
      this.#sliceIds = parseSlices(text ?? '');
    });
  }
}
