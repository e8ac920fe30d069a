/** The LLM calls of this process that have begun and not ended, by what is known of them now. */
import { isInference } from '../semconv/telemetry.ts';
import type { LlmCallStart } from './llm-call-types.ts';

/** Calls looked after at once; protects the app's memory from calls that never end. */
const MAX_CALLS = 100_000;

export class CallsUnderWay {
  readonly #calls = new Set<Readonly<LlmCallStart>>();

  get size(): number {
    return this.#calls.size;
  }

  /** `call` is looked at whenever somebody asks: its model may become known later. What is no inference is not counted. */
  add(call: Readonly<LlmCallStart>): void {
    if (isInference(call.operation) && this.#calls.size < MAX_CALLS) this.#calls.add(call);
  }

  delete(call: Readonly<LlmCallStart>): void {
    this.#calls.delete(call);
  }

  *[Symbol.iterator](): Iterator<{ provider: string; model: string | undefined }> {
    for (const { provider, requestModel } of this.#calls) yield { provider, model: requestModel };
  }
}
