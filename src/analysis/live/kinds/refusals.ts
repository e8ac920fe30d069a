/** Storms of refusals: a provider that takes few calls for a minute, for its rate limit or since it is overloaded. */
import * as names from '../../../semconv/index.ts';
import { refusalOf, type Refusal } from '../../../semconv/refusal.ts';
import { plural } from '../../numbers.ts';
import { numberOf, textOf } from '../../span-tree.ts';
import { addEvidence, type EndedSpan, type LiveRule } from '../detector.ts';
import type { Claim, LiveEvidence } from '../types.ts';

const WINDOW_SECONDS = 60;
/** A storm takes a fifth of the calls: ten refusals among thousands of calls are none. */
const SHARE = 0.2;
/** It is over when a fifth of the threshold is left: so that it is not told again and again. */
const OVER = 0.2;
/** Providers that are told apart. */
const MAX_PROVIDERS = 200;

/** By second: how many calls ended, and how many of them were refused. */
class Minute {
  readonly #calls = new Int32Array(WINDOW_SECONDS);
  readonly #refused = new Int32Array(WINDOW_SECONDS);
  #second = 0;
  calls = 0;
  refused = 0;

  add(atMs: number, isRefused: boolean): void {
    const second = Math.floor(atMs / 1_000);
    if (this.#second === 0) this.#second = second;
    this.look(atMs);
    // Later than a minute: it says nothing of now.
    if (second <= this.#second - WINDOW_SECONDS) return;
    const at = second % WINDOW_SECONDS;
    this.#calls[at] = (this.#calls[at] ?? 0) + 1;
    this.calls += 1;
    if (!isRefused) return;
    this.#refused[at] = (this.#refused[at] ?? 0) + 1;
    this.refused += 1;
  }

  /** Forgets what is older than a minute. */
  look(nowMs: number): void {
    const second = Math.floor(nowMs / 1_000);
    for (let passed = Math.min(WINDOW_SECONDS, second - this.#second); passed > 0; passed -= 1) {
      const at = (second - passed + 1) % WINDOW_SECONDS;
      this.calls -= this.#calls[at] ?? 0;
      this.refused -= this.#refused[at] ?? 0;
      this.#calls[at] = 0;
      this.#refused[at] = 0;
    }
    this.#second = Math.max(this.#second, second);
  }
}

interface Provider {
  readonly name: string | undefined;
  /** What we saw, and what other programs told of themselves: one call may be told by both. */
  readonly ours: Minute;
  readonly theirs: Minute;
  readonly evidence: LiveEvidence[];
  model: string | undefined;
  sinceMs: number | undefined;
}

const KINDS: Readonly<Record<Refusal, { readonly what: string; readonly action: string }>> = {
  rate_limit: {
    what: 'for a rate limit (429)',
    action: 'Keep fewer calls in flight and spread starts, or ask for a higher limit.',
  },
  overload: {
    what: 'since it is overloaded (503, 529)',
    action: 'Send calls to another model or provider until it is over; longer pauses between attempts help it.',
  },
};

const stormOf = (kind: Refusal): LiveRule => ({
  kind,
  watch({ value: threshold }) {
    const providers = new Map<string, Provider>();
    return {
      ended({ row, class: spanClass }: EndedSpan) {
        if (spanClass !== 'llm' || row.endMs === undefined) return;
        const { attributes } = row;
        const name = textOf(attributes, names.ATTR_GEN_AI_PROVIDER_NAME);
        let provider = providers.get(name ?? '');
        if (provider === undefined) {
          if (providers.size >= MAX_PROVIDERS) return;
          provider = { name, ours: new Minute(), theirs: new Minute(), evidence: [], model: undefined, sinceMs: undefined };
          providers.set(name ?? '', provider);
        }
        const refusal = row.isError
          ? refusalOf({
              statusCode: numberOf(attributes, names.ATTR_HTTP_RESPONSE_STATUS_CODE),
              errorType: textOf(attributes, names.ATTR_ERROR_TYPE),
            })
          : undefined;
        provider[row.sender === undefined ? 'theirs' : 'ours'].add(row.endMs, refusal === kind);
        if (refusal !== kind) return;
        addEvidence(provider.evidence, row);
        provider.model = textOf(attributes, names.ATTR_GEN_AI_REQUEST_MODEL) ?? provider.model;
      },
      claims({ nowMs }) {
        return [...providers].flatMap(([key, provider]): Claim[] => {
          provider.ours.look(nowMs);
          provider.theirs.look(nowMs);
          const { calls, refused } = provider.ours.refused >= provider.theirs.refused ? provider.ours : provider.theirs;
          const isBegun = refused >= threshold && refused >= SHARE * calls;
          if (isBegun) provider.sinceMs ??= nowMs;
          else if (refused <= OVER * threshold) provider.sinceMs = undefined;
          if (provider.sinceMs === undefined) return [];
          return [
            {
              id: `${kind}:${key}`,
              text: `${provider.name ?? 'a provider'} refused ${refused} of ${plural(calls, 'call')} in the last minute ${KINDS[kind].what}`,
              action: KINDS[kind].action,
              sinceMs: provider.sinceMs,
              value: refused,
              threshold,
              where: { provider: provider.name, model: provider.model },
              evidence: [...provider.evidence],
            },
          ];
        });
      },
    };
  },
});

export const rateLimit = stormOf('rate_limit');
export const overload = stormOf('overload');
