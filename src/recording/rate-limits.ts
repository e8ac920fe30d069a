/** What the last answers told of the rate limits of each provider and model: how much headroom is left. */
import { boundedName } from './content.ts';
import type { EpochMs, RateLimit } from '../semconv/telemetry.ts';

/** Provider x model x kind x time remembered; an app that talks to more loses the newest, not its memory. */
const MAX_ENTRIES = 256;

export interface Headroom extends Omit<RateLimit, 'resetSeconds'> {
  readonly provider: string;
  readonly model: string | undefined;
  /** When all of it is there again, as the answer said. */
  readonly resetAt: EpochMs | undefined;
  readonly toldAt: EpochMs;
}

export interface Answered {
  readonly provider: string;
  readonly model: string | undefined;
  readonly at: EpochMs;
}

export class RateLimits {
  readonly #last = new Map<string, Headroom>();

  learn({ provider, model: modelName, at }: Answered, limits: readonly RateLimit[]): void {
    const model = modelName === undefined ? undefined : boundedName(modelName);
    for (const { resetSeconds, ...limit } of limits) {
      const key = `${provider}\n${model ?? ''}\n${limit.kind}\n${limit.window ?? ''}`;
      if (!this.#last.has(key) && this.#last.size >= MAX_ENTRIES) continue;
      const resetAt = resetSeconds === undefined ? undefined : at + resetSeconds * 1000;
      this.#last.set(key, { ...limit, provider, model, resetAt, toldAt: at });
    }
  }

  [Symbol.iterator](): Iterator<Headroom> {
    return this.#last.values();
  }
}
