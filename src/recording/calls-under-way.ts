/** The LLM calls of this process that have begun and not ended, by what is known of them now, and whose calls have ended since. */
import { isInference } from '../semconv/telemetry.ts';
import type { LlmCallStart } from './llm-call-types.ts';

/** Calls looked after at once; protects the app's memory from calls that never end. */
const MAX_CALLS = 100_000;
/** Models remembered without a call until somebody asks. */
const MAX_ENDED = 256;

export interface CallUnderWay {
  readonly provider: string;
  readonly model: string | undefined;
  /** False for one that has ended since somebody last asked: a short call is no series without it. */
  readonly isOpen: boolean;
}

export class CallsUnderWay {
  readonly #calls = new Set<Readonly<LlmCallStart>>();
  /** By provider and model. */
  readonly #ended = new Map<string, Map<string | undefined, CallUnderWay>>();
  #endedCount = 0;

  get size(): number {
    return this.#calls.size;
  }

  /** `call` is looked at whenever somebody asks: its model may become known later. What is no inference is not counted. */
  add(call: Readonly<LlmCallStart>): void {
    if (isInference(call.operation) && this.#calls.size < MAX_CALLS) this.#calls.add(call);
  }

  delete(call: Readonly<LlmCallStart>): void {
    if (!this.#calls.delete(call) || this.#endedCount >= MAX_ENDED) return;
    const { provider, requestModel: model } = call;
    let models = this.#ended.get(provider);
    if (models === undefined) this.#ended.set(provider, (models = new Map<string | undefined, CallUnderWay>()));
    if (models.has(model)) return;
    models.set(model, { provider, model, isOpen: false });
    this.#endedCount += 1;
  }

  *[Symbol.iterator](): Iterator<CallUnderWay> {
    for (const { provider, requestModel } of this.#calls) yield { provider, model: requestModel, isOpen: true };
    for (const models of this.#ended.values()) yield* models.values();
    this.#ended.clear();
    this.#endedCount = 0;
  }
}
