/** Jobs of a stored queue that another job waits for, as a flow has them: a batch, which is over when that job begins. */
import type { BatchState, Frame, Recorder } from '../recording/types.ts';
import type { EpochMs } from '../semconv/telemetry.ts';

/** Groups of which the job that waits has not begun here, and members of one. Both protect memory: it may begin in another process. */
const MAX_GROUPS = 1_000;
const MAX_MEMBERS = 10_000;

interface Group {
  readonly batch: BatchState;
  readonly startTime: EpochMs;
  readonly frame: Frame | undefined;
  /** By the ids of jobs: one that is tried again is the same member. */
  readonly members: Set<string>;
  lastEnd: EpochMs | undefined;
}

/** What the job that waited learns. */
export interface Joined {
  readonly readyAt: EpochMs | undefined;
  readonly dependencies: readonly string[];
}

export class Groups {
  readonly #scheduler: string;
  readonly #open = new Map<string, Group>();

  constructor(scheduler: string) {
    this.#scheduler = scheduler;
  }

  /** Where a member hangs; `frame`: without the group. */
  join(recorder: Recorder, { key, id, frame }: { key: string; id: string; frame: Frame | undefined }): Frame {
    const known = this.#open.get(key);
    const group: Group = known ?? {
      batch: recorder.newBatch(this.#scheduler),
      startTime: recorder.now(),
      frame,
      members: new Set(),
      lastEnd: undefined,
    };
    if (known === undefined) {
      if (this.#open.size >= MAX_GROUPS) for (const oldest of this.#open.keys()) if (this.#open.delete(oldest)) break;
      this.#open.set(key, group);
    }
    if (group.members.size < MAX_MEMBERS) group.members.add(id);
    return recorder.joinBatch(frame, group.batch);
  }

  ended(recorder: Recorder, key: string): void {
    const group = this.#open.get(key);
    if (group !== undefined) group.lastEnd = recorder.now();
  }

  /** The job that waited begins. undefined where nothing was seen of its group. */
  close(recorder: Recorder, key: string): Joined | undefined {
    const group = this.#open.get(key);
    if (group === undefined) return undefined;
    this.#open.delete(key);
    const { batch, startTime, frame, members, lastEnd } = group;
    if (members.size > 1) recorder.recordBatch(batch, { scheduler: this.#scheduler, size: members.size }, startTime, frame);
    return { readyAt: lastEnd, dependencies: [...members] };
  }
}
