/** What an answer tells of the limits of the account: how many requests and tokens are left, and when all of them are back. */
import type { EpochMs, RateLimit } from '../../semconv/telemetry.ts';
import { asArray, asNumber, asObject, asText, type JsonObject } from '../read/json.ts';
import { serverTime, type Headers } from './headers.ts';

/** The headers of one limit; the first name that is there counts. */
interface Told {
  readonly kind: string;
  readonly window?: string;
  readonly remaining: string;
  readonly limit: string;
  readonly reset?: string;
}

const named = (kind: string, name: string, window?: string): Told => ({
  kind,
  ...(window === undefined ? {} : { window }),
  remaining: `x-ratelimit-remaining-${name}`,
  limit: `x-ratelimit-limit-${name}`,
  reset: `x-ratelimit-reset-${name}`,
});
const anthropic = (name: string): Told => ({
  kind: name.replace('-', '_'),
  remaining: `anthropic-ratelimit-${name}-remaining`,
  limit: `anthropic-ratelimit-${name}-limit`,
  reset: `anthropic-ratelimit-${name}-reset`,
});

/** An answer has the headers of one family; the first that is found is taken. */
const FAMILIES: readonly (readonly Told[])[] = [
  // OpenAI, Azure, Groq, xAI, OpenRouter's upstreams, LiteLLM; Fireworks, which tells the tokens of prompt and answer apart.
  [
    named('requests', 'requests'),
    named('tokens', 'tokens'),
    named('input_tokens', 'tokens-prompt'),
    named('output_tokens', 'tokens-generated'),
  ],
  ['requests', 'tokens', 'input-tokens', 'output-tokens'].map(anthropic),
  // Cerebras; Mistral.
  [
    named('requests', 'requests-minute', 'minute'),
    named('requests', 'req-minute', 'minute'),
    named('requests', 'requests-day', 'day'),
    named('tokens', 'tokens-minute', 'minute'),
    named('tokens', 'tokens-day', 'day'),
    named('tokens', 'tokens-month', 'month'),
  ],
  // Together, OpenRouter.
  [
    { kind: 'requests', remaining: 'x-ratelimit-remaining', limit: 'x-ratelimit-limit', reset: 'x-ratelimit-reset' },
    { kind: 'tokens', remaining: 'x-tokenlimit-remaining', limit: 'x-tokenlimit-limit', reset: 'x-tokenlimit-reset' },
  ],
  // Cohere's trial keys; it tells nothing of others.
  [{ kind: 'requests', window: 'minute', remaining: 'x-trial-endpoint-call-remaining', limit: 'x-trial-endpoint-call-limit' }],
];

/** Of Anthropic's subscriptions: only the used share of a time is told. */
const SUBSCRIPTIONS = ['5h', '7d'].map((window) => ({
  window,
  used: `anthropic-ratelimit-unified-${window}-utilization`,
  reset: `anthropic-ratelimit-unified-${window}-reset`,
}));

/** `undefined` where nothing is told. Some name no limit, and some only what is left. Dates are told by the server's own clock. */
export function rateLimitsOf(answer: Headers): RateLimit[] | undefined {
  for (const family of FAMILIES) {
    let found: RateLimit[] | undefined;
    for (const told of family) {
      const remaining = countIn(answer.header(told.remaining));
      if (remaining === undefined) continue;
      const reset = told.reset === undefined ? undefined : secondsUntil(answer.header(told.reset), () => serverTime(answer));
      (found ??= []).push(limitOf(told, { remaining, limit: countIn(answer.header(told.limit)), resetSeconds: reset }));
    }
    if (found !== undefined) return found;
  }
  return subscriptionLimits(answer);
}

function subscriptionLimits(answer: Headers): RateLimit[] | undefined {
  let found: RateLimit[] | undefined;
  for (const { window, used, reset } of SUBSCRIPTIONS) {
    const utilization = shareIn(answer.header(used));
    if (utilization === undefined) return found;
    const resetSeconds = secondsUntil(answer.header(reset), () => serverTime(answer));
    (found ??= []).push(limitOf({ kind: 'subscription', window }, { utilization, resetSeconds }));
  }
  return found;
}

function limitOf({ kind, window }: Pick<RateLimit, 'kind' | 'window'>, counts: Partial<RateLimit>): RateLimit {
  const limit: RateLimit = { kind };
  if (window !== undefined) limit.window = window;
  for (const name of ['limit', 'remaining', 'utilization', 'resetSeconds'] as const)
    if (counts[name] !== undefined) limit[name] = counts[name];
  return limit;
}

/** What the body of a refusal tells: Gemini has no headers for it, and OpenRouter hands on those of its upstream there. */
export interface Refused {
  readonly retryAfterSeconds?: number | undefined;
  readonly rateLimits?: readonly RateLimit[] | undefined;
}

/** Violations of one refusal; protects from an endless list. */
const MAX_DETAILS = 16;

/** `error` is what stands under that name in the body. */
export function refusedIn(error: JsonObject): Refused | undefined {
  const details = asArray(error['details']).slice(0, MAX_DETAILS).map(asObject);
  const wait = secondsIn(detail(details, 'RetryInfo')?.['retryDelay']);
  const quotas = asArray(detail(details, 'QuotaFailure')?.['violations'])
    .slice(0, MAX_DETAILS)
    .map((violation) => quotaOf(asObject(violation), wait))
    .filter((limit) => limit !== undefined);
  const metadata = asObject(error['metadata']);
  const handedOn = asObject(metadata?.['headers']);
  const headers = handedOn === undefined ? undefined : lowerCased(handedOn);
  const rateLimits = headers === undefined ? quotas : (rateLimitsOf(headers) ?? []);
  const told = [error['retry_after'], error['retry_after_seconds'], metadata?.['retry_after_seconds']].map(asNumber);
  const retryAfterSeconds = wait ?? told.find((seconds) => seconds !== undefined && seconds >= 0 && seconds < MAX_SECONDS);
  if (retryAfterSeconds === undefined && rateLimits.length === 0) return undefined;
  return { retryAfterSeconds, rateLimits: rateLimits.length === 0 ? undefined : rateLimits };
}

/** Google's details are told apart by their type: `type.googleapis.com/google.rpc.RetryInfo`. */
function detail(details: readonly (JsonObject | undefined)[], type: string): JsonObject | undefined {
  return details.find((each) => asText(each?.['@type'])?.endsWith(`.${type}`) === true);
}

/** `quotaId`: `GenerateContentInputTokensPerModelPerMinute-FreeTier`. What was refused has nothing left. */
function quotaOf(violation: JsonObject | undefined, wait: number | undefined): RateLimit | undefined {
  const words = `${asText(violation?.['quotaId']) ?? ''} ${asText(violation?.['quotaMetric']) ?? ''}`.slice(0, 512).toLowerCase();
  const kind = [...QUOTA_KINDS].find(([pattern]) => pattern.test(words))?.[1];
  if (kind === undefined) return undefined;
  const window = /per(minute|hour|day)/.exec(words)?.[1];
  const limit = countIn(asText(violation?.['quotaValue']));
  return limitOf({ kind, window }, { remaining: 0, limit, resetSeconds: window === 'minute' ? wait : undefined });
}

const QUOTA_KINDS: ReadonlyMap<RegExp, string> = new Map([
  [/input_?token/, 'input_tokens'],
  [/output_?token/, 'output_tokens'],
  [/token/, 'tokens'],
  [/request/, 'requests'],
]);

function lowerCased(headers: JsonObject): Headers {
  const all = new Map(
    Object.entries(headers)
      .slice(0, 64)
      .map(([name, value]) => [name.toLowerCase(), typeof value === 'number' ? String(value) : asText(value)]),
  );
  return { header: (name) => all.get(name) };
}

/** A year: what is farther away is no time to wait. */
const MAX_SECONDS = 31_536_000;
const DURATION = /^(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m(?!s))?(?:(\d{1,9}(?:\.\d{1,9})?)s)?(?:(\d{1,9}(?:\.\d{1,9})?)ms)?$/;

/**
 * As the providers write when a limit is whole again: a duration, seconds, a time in seconds or milliseconds since the epoch,
 * or a date. `now` is asked for a time only: by whose clock it is told. @example secondsUntil('6m0.5s', () => undefined) // 360.5
 */
export function secondsUntil(text: string | undefined, now: () => EpochMs | undefined): number | undefined {
  const word = text?.trim() ?? '';
  if (word === '' || word.length > 64) return undefined;
  if (/^\d{1,13}(\.\d{1,9})?$/.test(word)) {
    const number = Number(word);
    if (number < MAX_SECONDS) return number;
    return until(number < 1e11 ? number * 1000 : number, now());
  }
  return secondsIn(word) ?? (/^\d{4}-\d\d-\d\dT/.test(word) ? until(Date.parse(word), now()) : undefined);
}

function until(time: EpochMs, now: EpochMs | undefined): number | undefined {
  const seconds = now === undefined ? Number.NaN : (time - now) / 1000;
  return seconds < MAX_SECONDS ? Math.max(0, seconds) : undefined;
}

/** `34.07s`, `1h2m`, `120ms`. */
function secondsIn(value: unknown): number | undefined {
  const text = asText(value);
  const match = text === undefined || text === '' || text.length > 64 ? null : DURATION.exec(text);
  if (match === null) return undefined;
  const [days, hours, minutes, seconds, milliseconds] = match.slice(1).map((part) => Number((part as string | undefined) ?? 0));
  const sum = (days ?? 0) * 86_400 + (hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (seconds ?? 0) + (milliseconds ?? 0) / 1000;
  return sum < MAX_SECONDS ? sum : undefined;
}

function countIn(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\d{1,15}(\.0*)?\s*$/.test(text)) return undefined;
  return Number(text);
}

/** 1 is exhausted; more is told where usage goes on at a price. */
function shareIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d{1,3}(\.\d{1,9})?\s*$/.test(text) ? Number(text) : undefined;
}
