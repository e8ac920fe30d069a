/** How long each process of the run lived: from its start to the last that it told, or to the end of its connection. */
import type { MetricSnapshot, ProcessLife } from './types.ts';

/** Processes remembered; protects the root of a run that starts processes without end. */
const MAX_LIVES = 20_000;

export class Lives {
  readonly #byPid = new Map<number, { pid: number; startMs: number; endMs: number }>();

  /** A process that told its state lives, or has just ended. Threads count for their process. */
  told({ pid, bornTime, startTime, time }: Pick<MetricSnapshot, 'pid' | 'bornTime' | 'startTime' | 'time'>): void {
    const known = this.#byPid.get(pid);
    const startMs = bornTime ?? startTime;
    if (known !== undefined) {
      known.startMs = Math.min(known.startMs, startMs);
      known.endMs = Math.max(known.endMs, time);
    } else if (this.#byPid.size < MAX_LIVES) this.#byPid.set(pid, { pid, startMs, endMs: Math.max(startMs, time) });
  }

  gone(pid: number, time: number): void {
    const known = this.#byPid.get(pid);
    if (known !== undefined) known.endMs = Math.max(known.endMs, time);
  }

  all(): ProcessLife[] {
    return [...this.#byPid.values()].map((life) => ({ ...life }));
  }
}
