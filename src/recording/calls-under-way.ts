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
  readonly #ended = new Map<string, CallUnderWay>();

  get size(): number {
    return this.#calls.size;
  }

  /** `call` is looked at whenever somebody asks: its model may become known later. What is no inference is not counted. */
  add(call: Readonly<LlmCallStart>): void {
    if (isInference(call.operation) && this.#calls.size < MAX_CALLS) this.#calls.add(call);
  }

  delete(call: Readonly<LlmCallStart>): void {
    if (!this.#calls.delete(call) || this.#ended.size >= MAX_ENDED) return;
    const { provider, requestModel: model } = call;
    this.#ended.set(`${provider}\n${model ?? ''}`, { provider, model, isOpen: false });
  }

  *[Symbol.iterator](): Iterator<CallUnderWay> {
    for (const { provider, requestModel } of this.#calls) yield { provider, model: requestModel, isOpen: true };
    yield* this.#ended.values();
    this.#ended.clear();
  }
}
