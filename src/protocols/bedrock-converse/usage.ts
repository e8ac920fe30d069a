/** Converse's usage: the counts, what the caches gave and took, and the tier that served the call. */
import type { LlmUsage } from '../../semconv/telemetry.ts';
import type { AnswerFacts } from '../facts/answer.ts';
import { asTokens, keepKnown, wordOf } from '../facts/usage.ts';
import { asArray, asObject, asText, type JsonObject } from '../read/json.ts';

/** Reads `usage` and `serviceTier` of a body, or of the last event of a stream. */
export function readUsage(facts: AnswerFacts, holder: JsonObject): void {
  const usage = asObject(holder['usage']);
  if (usage !== undefined) facts.usage = keepKnown(facts.usage ?? {}, usageOf(usage));
  const life = unknownLife(usage?.['cacheDetails']);
  if (life !== undefined) facts.billing.unpriceable ??= life;
  const tier = wordOf(asObject(holder['serviceTier'])?.['type']);
  if (tier !== undefined) facts.billing.serviceTier = tier;
}

/** The input leaves out what the caches gave and took, except where the total says that it holds them. */
function usageOf(usage: JsonObject): LlmUsage {
  const input = asTokens(usage['inputTokens']);
  const output = asTokens(usage['outputTokens']);
  const given = asTokens(usage['cacheReadInputTokens'] ?? usage['cacheReadInputTokenCount']);
  const taken = asTokens(usage['cacheWriteInputTokens'] ?? usage['cacheWriteInputTokenCount']);
  const cached = (given ?? 0) + (taken ?? 0);
  const isIncluded = input !== undefined && asTokens(usage['totalTokens']) === input + (output ?? 0);
  return {
    inputTokens: input === undefined ? undefined : input + (isIncluded ? 0 : cached),
    outputTokens: output,
    cacheReadTokens: given,
    cacheWriteTokens: taken,
    cacheWriteHourTokens: takenForHour(usage['cacheDetails']),
  };
}

/** Lives of a cache that have a price. */
const LIVES: ReadonlySet<unknown> = new Set(['5m', '1h']);

function unknownLife(details: unknown): string | undefined {
  const other = asArray(details)
    .map(asObject)
    .find((detail) => asText(detail?.['ttl']) !== undefined && !LIVES.has(detail?.['ttl']) && (asTokens(detail?.['inputTokens']) ?? 0) > 0);
  return other === undefined ? undefined : `cache writes for ${/^\d{1,4}[smhd]$/.exec(asText(other['ttl']) ?? '')?.[0] ?? 'another time'}`;
}

function takenForHour(details: unknown): number | undefined {
  const hour = asArray(details)
    .map(asObject)
    .find((detail) => asText(detail?.['ttl']) === '1h');
  return asTokens(hour?.['inputTokens']);
}
