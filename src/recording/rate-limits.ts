/** The last rate-limit headers of each provider and model: how much headroom is left. */
import { boundedName } from './content.ts';
import type { RateLimit } from '../semconv/telemetry.ts';

/** Provider x model x kind remembered; an app that talks to more loses the newest, not its memory. */
const MAX_ENTRIES = 256;

export interface Headroom extends RateLimit {
  readonly provider: string;
  readonly model: string | undefined;
}

export class RateLimits {
  readonly #last = new Map<string, Headroom>();

  learn(provider: string, modelName: string | undefined, limits: readonly RateLimit[]): void {
    const model = modelName === undefined ? undefined : boundedName(modelName);
    for (const limit of limits) {
      const key = `${provider}\n${model ?? ''}\n${limit.kind}`;
      if (!this.#last.has(key) && this.#last.size >= MAX_ENTRIES) continue;
      this.#last.set(key, { ...limit, provider, model });
    }
  }

  [Symbol.iterator](): Iterator<Headroom> {
    return this.#last.values();
  }
}
