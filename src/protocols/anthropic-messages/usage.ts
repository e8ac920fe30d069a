/** Token counts of an Anthropic answer: later events correct earlier ones, and the total includes what the caches gave and took. */
import type { LlmUsage } from '../../semconv/telemetry.ts';
import { asCount, asObject } from '../read/json.ts';

export class UsageCounts {
  #input: number | undefined;
  #output: number | undefined;
  #cacheRead: number | undefined;
  #cacheWrite: number | undefined;

  /**
   * `usage` of a message, of `message_start` or of `message_delta`; `undefined` until one was seen. Input tokens are
   * `input_tokens + cache_read_input_tokens + cache_creation_input_tokens`, as the conventions demand.
   */
  read(value: unknown): LlmUsage | undefined {
    const usage = asObject(value);
    this.#input = asCount(usage?.['input_tokens']) ?? this.#input;
    this.#output = asCount(usage?.['output_tokens']) ?? this.#output;
    this.#cacheRead = asCount(usage?.['cache_read_input_tokens']) ?? this.#cacheRead;
    this.#cacheWrite = asCount(usage?.['cache_creation_input_tokens']) ?? this.#cacheWrite;
    if (this.#input === undefined && this.#output === undefined) return undefined;
    return {
      inputTokens: this.#input === undefined ? undefined : this.#input + (this.#cacheRead ?? 0) + (this.#cacheWrite ?? 0),
      outputTokens: this.#output,
      cacheReadTokens: this.#cacheRead,
      cacheWriteTokens: this.#cacheWrite,
    };
  }
}
