/** Graphs that an interrupt has stopped wait for a person, until their thread goes on. */
import type { Activity, Recorder } from '../../recording/types.ts';
import { ATTR_GEN_AI_CONVERSATION_ID } from '../../semconv/index.ts';
import type { EpochMs } from '../../semconv/telemetry.ts';
import type { GraphRun } from './graph-run.ts';

/** Threads that wait at once; the oldest is no longer waited for. */
const MAX_WAITS = 1_000;

export class HumanWaits {
  readonly #waits = new Map<string, Activity>();

  /** Nothing where the graph has not asked, or nobody could answer: without a thread it cannot go on. */
  begin(recorder: Recorder, { interruptedAt, thread, isOuter, around }: GraphRun): void {
    if (interruptedAt === undefined || thread === undefined || !isOuter) return;
    const [oldest] = this.#waits.keys();
    if (this.#waits.size >= MAX_WAITS && oldest !== undefined) this.end(oldest, recorder.now());
    const start = (): Activity => recorder.startWait('human', { [ATTR_GEN_AI_CONVERSATION_ID]: thread }, interruptedAt);
    this.#waits.set(thread, around === undefined ? start() : recorder.within(around, start));
  }

  end(thread: string, endTime: EpochMs): void {
    this.#waits.get(thread)?.end({ endTime });
    this.#waits.delete(thread);
  }
}
