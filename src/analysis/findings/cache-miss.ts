/** Calls send again, at full price, what the call before them had just sent. */
import * as names from '../../semconv/index.ts';
import { textOf, tokensOf, type SpanNode } from '../span-tree.ts';
import { spokenTimes, type Candidate, type Examined, type FindingRule } from './finding.ts';
import { conversationsOf, costOf, repriced, usageOf } from './money.ts';

/** Prompt caches of the providers live about five minutes, and hold no prefix shorter than about a thousand tokens. */
const LIVES_MS = 300_000;
const MIN_PREFIX = 1_024;
/** With so much less input the conversation was compacted, and its prefix is another one. */
const SAME_PREFIX = 0.95;

/** A conversation holds the answer before, without its reasoning. */
const HELD_OUTPUT = 0.5;

export const cacheMiss: FindingRule = { kind: 'cache_miss', find };

function find(examined: Examined): Candidate | undefined {
  // Who never tells what was read from a cache may read all of it there.
  const isTold = [...examined.schedule.facts.llm.calls].some(
    ({ row }) => row.attributes[names.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS] !== undefined,
  );
  if (!isTold) return undefined;
  let usd = 0;
  const missed = new Map<SpanNode, number>();
  for (const calls of conversationsOf(examined)) {
    if (calls.length < 2) continue;
    const costs = calls.map((call, index) => withCache(call, calls[index - 1], index < calls.length - 1));
    if (costs.some((cost) => cost === undefined)) continue;
    calls.forEach((call, index) => {
      const saved = costOf(call) - (costs[index] ?? 0);
      usd += saved;
      if (saved > 0) missed.set(call, saved);
    });
  }
  if (usd <= 0 || missed.size === 0) return undefined;
  const evidence = [...missed].sort((a, b) => b[1] - a[1]).map(([node]) => node);
  return {
    savedMs: 0,
    usd,
    confidence: 0.85,
    evidence,
    assumptions: ['the prompts of one conversation begin with the same text', 'the cache lives for five minutes'],
    action: `Keep the beginning of prompts the same and mark it for the cache: ${spokenTimes(missed.size, 'call')} paid full price for what the call before had sent, $${usd.toFixed(2)}.`,
    where: { models: evidence.map(({ row }) => textOf(row.attributes, names.ATTR_GEN_AI_REQUEST_MODEL)) },
  };
}

/** USD of a call that reads what the call before it had sent, and writes the rest for the one after it. */
function withCache(call: SpanNode, before: SpanNode | undefined, isFollowed: boolean): number | undefined {
  const usage = usageOf(call);
  const sent = before === undefined ? 0 : (tokensOf(before.row.attributes, names.ATTR_GEN_AI_USAGE_INPUT_TOKENS) ?? 0);
  // What reads nothing and has no room for the answer before it is no continuation of it.
  const isAnother =
    before !== undefined && usage.cacheReadTokens === 0 && usage.inputTokens < sent + HELD_OUTPUT * usageOf(before).outputTokens;
  const isWarm = before !== undefined && !isAnother && call.startMs - before.endMs < LIVES_MS && usage.inputTokens >= sent * SAME_PREFIX;
  const read = isWarm && sent >= MIN_PREFIX ? Math.min(sent, usage.inputTokens) : usage.cacheReadTokens;
  const cacheReadTokens = Math.max(usage.cacheReadTokens, read);
  const rest = usage.inputTokens - cacheReadTokens;
  const isWritten = isFollowed || isWarm;
  const isCharged =
    usage.cacheWriteTokens > 0 ||
    /claude|anthropic/i.test(`${call.row.name} ${textOf(call.row.attributes, names.ATTR_GEN_AI_PROVIDER_NAME) ?? ''}`);
  return repriced(call, {
    ...usage,
    cacheReadTokens,
    cacheWriteTokens: isWritten && isCharged ? Math.max(0, rest) : Math.min(usage.cacheWriteTokens, rest),
  });
}
