/** One run of a graph: its supersteps are batches, its nodes the tasks in them. */
import type { Activity, Frame, Recorder } from '../../recording/types.ts';
import type { Attributes, EpochMs } from '../../semconv/telemetry.ts';
import { CANCELLED } from './endings.ts';

const SCHEDULER = 'langgraph';
/** Bulk-synchronous parallel, as LangGraph's engine calls its model. */
const STRATEGY = 'bsp';

export interface NodeStart {
  readonly name: string;
  readonly step: number;
  readonly id: string | undefined;
  readonly attributes: Attributes;
}

export interface GraphRunOptions {
  readonly recorder: Recorder;
  /** What its supersteps hang below. */
  readonly frame: Frame | undefined;
  /** Where it was started. */
  readonly around: Frame | undefined;
  /** It is in no other graph. */
  readonly isOuter: boolean;
  readonly startTime: EpochMs;
}

interface Superstep {
  readonly step: number;
  readonly batch: Activity;
  /** Starts of each task: an attempt that failed is followed by the next under the same id. */
  readonly attempts: Map<string, number>;
}

export class GraphRun {
  readonly around: Frame | undefined;
  readonly isOuter: boolean;
  readonly startTime: EpochMs;
  thread: string | undefined;
  readonly #recorder: Recorder;
  readonly #frame: Frame | undefined;
  readonly #open = new Set<Activity>();
  #superstep: Superstep | undefined;
  #interruptedAt: EpochMs | undefined;

  constructor({ recorder, frame, around, isOuter, startTime }: GraphRunOptions) {
    this.#recorder = recorder;
    this.#frame = frame;
    this.around = around;
    this.isOuter = isOuter;
    this.startTime = startTime;
  }

  /** When a node of it first asked a person. */
  get interruptedAt(): EpochMs | undefined {
    return this.#interruptedAt;
  }

  interrupt(): void {
    this.#interruptedAt ??= this.#recorder.now();
  }

  startTask({ name, step, id, attributes }: NodeStart): Activity {
    const { batch, attempts } = this.#at(step);
    const attempt = id === undefined ? undefined : (attempts.get(id) ?? 0) + 1;
    if (id !== undefined && attempt !== undefined) attempts.set(id, attempt);
    const readyAt = attempt === 1 ? batch.startTime : undefined;
    const activity = this.#recorder.within(batch.frame, () =>
      this.#recorder.startTask({ type: name, id, attempt, readyAt, attributes }, name),
    );
    this.#open.add(activity);
    return activity;
  }

  /** Nodes that still work are not waited for. */
  end(): void {
    for (const task of this.#open) task.end({ attributes: CANCELLED });
    this.#superstep?.batch.end();
    this.#superstep = undefined;
  }

  /** The next superstep begins when the last task of this one has ended. */
  #at(step: number): Superstep {
    if (this.#superstep?.step === step) return this.#superstep;
    this.#superstep?.batch.end();
    for (const task of this.#open) if (task.isEnded) this.#open.delete(task);
    const start = (): Activity => this.#recorder.startBatch({ scheduler: SCHEDULER, index: step, strategy: STRATEGY });
    const batch = this.#frame === undefined ? start() : this.#recorder.within(this.#frame, start);
    return (this.#superstep = { step, batch, attempts: new Map() });
  }
}
