/** What threads of this process leave when they are ended without notice: it is sent as if this thread had recorded it. */
import { putSpan, type Scope } from '../../otlp/write/index.ts';
import type { RunLink } from '../../root/index.ts';
import type { EpochMs } from '../../semconv/telemetry.ts';
import type { Pipelines } from '../pipelines.ts';
import { itemsLeft, metricsLeft, spansLeft } from './left.ts';

export interface ThreadsLeftOptions {
  readonly pipelines: Pipelines;
  /** Of our own spans. */
  readonly scope: Scope;
  readonly run: Pick<RunLink, 'handIn'> | undefined;
  readonly count: (name: string) => void;
}

export class ThreadsLeft {
  readonly #options: ThreadsLeftOptions;
  readonly #memories = new Map<number, SharedArrayBuffer[]>();
  /** One object for each scope: the queue makes a new piece of each other one. */
  readonly #scopes = new Map<string, Scope>();

  constructor(options: ThreadsLeftOptions) {
    this.#options = options;
    this.#scopes.set(keyOf(options.scope), options.scope);
  }

  /** A thread keeps in `memory` what it has not sent. */
  shared(thread: number, memory: SharedArrayBuffer): void {
    this.#memories.set(thread, [...(this.#memories.get(thread) ?? []), memory]);
  }

  /** The thread has ended: what it left is taken over. Its open spans end at `endTime`. */
  ended(thread: number, endTime: EpochMs): void {
    const memories = this.#memories.get(thread);
    if (memories === undefined) return;
    this.#memories.delete(thread);
    const { pipelines, run, count } = this.#options;
    const { queue } = pipelines.traces;
    let left = 0;
    // Before the items: one that ended in the last moment is told by both, and the true end is the last word.
    for (const { scope, span } of spansLeft(memories, endTime)) {
      left++;
      queue.add(this.#known(scope), (writer) => putSpan(writer, span, queue.isJson));
    }
    for (const signal of ['traces', 'logs'] as const) {
      const target = pipelines[signal].queue;
      for (const { scope, isJson, bytes } of itemsLeft(signal, memories)) {
        left++;
        // A thread with settings of its own.
        if (isJson !== target.isJson) count('threads.other-encoding');
        else {
          target.add(this.#known(scope), (writer) => writer.raw(bytes));
          const { tally } = pipelines[signal];
          tally.takenOver = (tally.takenOver ?? 0) + 1;
        }
      }
    }
    const metrics = metricsLeft(memories);
    if (metrics !== undefined) run?.handIn(metrics);
    if (left > 0) count('threads.taken-over');
  }

  /** The process ends, and all threads with it. */
  endAll(endTime: EpochMs): void {
    for (const thread of [...this.#memories.keys()]) this.ended(thread, endTime);
  }

  #known(scope: Scope): Scope {
    const key = keyOf(scope);
    const known = this.#scopes.get(key);
    if (known !== undefined) return known;
    this.#scopes.set(key, scope);
    return scope;
  }
}

const keyOf = ({ name, version, schemaUrl }: Scope): string => JSON.stringify([name, version, schemaUrl]);
