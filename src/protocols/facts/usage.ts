/** Token counts as they become known: a zero, a null or an empty object that comes later takes nothing back. */
import type { LlmBilling, LlmUsage } from '../../semconv/telemetry.ts';
import { asCount, asObject, asText } from '../read/json.ts';

/** Most tokens that one call can have: protects every sum from a number that is none. */
const MAX_TOKENS = 1_000_000_000;
/** Kinds of provider-run tools remembered of one answer. */
const MAX_TOOLS = 16;
/** A word by which a provider calls a tier, a speed, a region or a tool. */
const WORD = /^[a-z][a-z0-9_-]{0,31}$/;

/** A count of tokens: whole, not negative, and no more than a model can read. */
export function asTokens(value: unknown): number | undefined {
  const count = asCount(value);
  return count === undefined || count > MAX_TOKENS ? undefined : count;
}

/** The counts of `told` over those of `known`. */
export function keepKnown<Counts extends object>(known: Counts, told: Counts): Counts {
  const merged = { ...known };
  for (const name of Object.keys(told) as (keyof Counts)[]) if (told[name] || known[name] === undefined) merged[name] = told[name];
  return merged;
}

/** The word in lower case; a text that is no word of a tier, a speed or a region is `other`. */
export function wordOf(value: unknown): string | undefined {
  const text = asText(value)?.toLowerCase();
  return text === undefined || WORD.test(text) ? text : 'other';
}

/** Runs of the provider's own tools, from `{ web_search_requests: 5 }`. */
export function providerTools(value: unknown): LlmBilling['providerTools'] {
  const counts = asObject(value) ?? {};
  const runs = Object.keys(counts)
    .slice(0, MAX_TOOLS)
    .map((name) => [wordOf(name.replace(/_requests$/, '')) ?? 'other', asCount(counts[name]) ?? 0] as const)
    .filter(([, count]) => count > 0);
  return runs.length === 0 ? undefined : Object.fromEntries(runs);
}

/** The sum of the counts that are known in at least one of them. */
export function sumUsage(parts: readonly LlmUsage[]): LlmUsage {
  const sum: Record<string, number | undefined> = {};
  for (const part of parts)
    for (const [name, count] of Object.entries(part) as [string, number | undefined][])
      if (count !== undefined) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}
