/** The run that nobody declared: opened by the first process of a run, above whatever has no parent. */
import type { RunKind } from './app-sdk.ts';
import type { Activity, Frame } from './types.ts';
import type { Settings } from '../config/settings/index.ts';
import type { EpochMs } from '../semconv/telemetry.ts';

/** From then on each top-level piece of work begins a trace of its own: backends cannot show a trace without an end. */
export const MAX_SPANS = 10_000;
export const MAX_MS = 3_600_000;

export interface OwnRunOptions {
  readonly traceScope: Settings['traceScope'];
  readonly now: () => EpochMs;
  /** What this process leads now; undefined where it leads no run, or the app's SDK takes its spans. */
  readonly leads: () => RunKind | undefined;
}

export class OwnRun {
  readonly #options: OwnRunOptions;
  #open: ((run: RunKind) => Activity) | undefined;
  #activity: Activity | undefined;
  #failure: string | undefined;
  #spans = 0;

  constructor(options: OwnRunOptions) {
    this.#options = options;
  }

  /** How its span is made. */
  openBy(open: (run: RunKind) => Activity): void {
    this.#open = open;
  }

  /** The place below the run; undefined in a process that leads no run of its own. */
  frame(): Frame | undefined {
    const leads = this.#options.leads();
    if (leads === undefined) return undefined;
    if (this.#activity === undefined && this.#open !== undefined) {
      const open = this.#open;
      // Its own start asks for the place above it.
      this.#open = undefined;
      this.#activity = open(leads);
    }
    return this.#activity?.frame;
  }

  /** undefined while it is not open. */
  get traceId(): string | undefined {
    return this.#activity?.traceId;
  }

  /** It is cut off, as all in it. */
  failed(errorType: string): void {
    this.#failure = errorType;
  }

  /** undefined where its process comes to an end by itself, without a fault. */
  errorType(otherwise: string): string | undefined {
    const { exitCode } = process;
    return this.#failure ?? (exitCode === undefined || Number(exitCode) === 0 ? undefined : otherwise);
  }

  /** A span begins somewhere below the run. */
  noteSpan(): void {
    this.#spans += 1;
  }

  /** What has no parent other than the run begins a trace of its own. */
  isRolledOver(): boolean {
    const { traceScope, now } = this.#options;
    if (traceScope !== 'auto' || this.#activity === undefined) return false;
    return this.#spans > MAX_SPANS || now() - this.#activity.startTime > MAX_MS;
  }
}
