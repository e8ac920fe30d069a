/** Tasks that have not ended: by state, since when, and when something last happened in them. Read by the gauges. */
import type { SubmittedTask, TaskState } from './types.ts';
import type { EpochMs } from '../semconv/telemetry.ts';

/** Spans of one task that are known to be in it; protects the app's memory from a task without an end. */
const MAX_SPANS = 256;
/** Tasks looked after at once; protects the app's memory from a queue of millions. More are counted, not listed. */
const MAX_TASKS = 100_000;

export interface LiveTask {
  readonly type: string;
  readonly pool: string | undefined;
  readonly state: 'queued' | 'running';
  /** Queued: when submitted. Running: when started. */
  readonly startedAt: EpochMs;
  readonly lastActivityAt: EpochMs;
}

interface Running {
  agent: string | undefined;
  type: string;
  pool: string | undefined;
  state: 'running';
  startedAt: EpochMs;
  lastActivityAt: EpochMs;
  readonly spanIds: string[];
}

export class TaskTable {
  readonly #running = new Map<TaskState, Running>();
  readonly #bySpan = new Map<string, TaskState>();
  readonly #queued = new Map<SubmittedTask, LiveTask>();

  *[Symbol.iterator](): Iterator<LiveTask> {
    yield* this.#queued.values();
    yield* this.#running.values();
  }

  queued(): Iterable<LiveTask> {
    return this.#queued.values();
  }

  /** With the agent that each was given to. */
  *running(): Generator<LiveTask & { readonly id: string; readonly agent: string | undefined }> {
    for (const [{ id }, task] of this.#running) yield { id, ...task };
  }

  sizes(): { running: number; queued: number } {
    return { running: Math.max(this.#running.size, this.#bySpan.size), queued: this.#queued.size };
  }

  isRunning(task: TaskState): boolean {
    return this.#running.has(task);
  }

  queue(task: SubmittedTask, pool: string | undefined): void {
    if (this.#queued.size >= MAX_TASKS) return;
    this.#queued.set(task, { type: task.type, pool, state: 'queued', startedAt: task.submittedAt, lastActivityAt: task.submittedAt });
  }

  unqueue(task: SubmittedTask): void {
    this.#queued.delete(task);
  }

  /** The running task of a span that was named for it; git below deeper spans is added by the receiver. */
  taskOfSpan(spanId: string | undefined): TaskState | undefined {
    return spanId === undefined ? undefined : this.#bySpan.get(spanId);
  }

  name(task: TaskState, spanId: string): void {
    const running = this.#running.get(task);
    if (running === undefined || running.spanIds.length >= MAX_SPANS) return;
    running.spanIds.push(spanId);
    this.#bySpan.set(spanId, task);
  }

  start(task: TaskState, pool: string | undefined, at: EpochMs, agent?: string): void {
    if (this.#running.size >= MAX_TASKS) return;
    this.#running.set(task, { agent, type: task.type, pool, state: 'running', startedAt: at, lastActivityAt: at, spanIds: [] });
  }

  /** Something happened inside `task` (a span started or ended); also counts for the tasks around it. */
  touch(task: TaskState | undefined, at: EpochMs): void {
    for (let each = task; each !== undefined; each = each.outer) {
      const running = this.#running.get(each);
      if (running !== undefined && running.lastActivityAt < at) running.lastActivityAt = at;
    }
  }

  end(task: TaskState): void {
    for (const spanId of this.#running.get(task)?.spanIds ?? []) this.#bySpan.delete(spanId);
    this.#running.delete(task);
  }
}
