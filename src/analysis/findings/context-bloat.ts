/** Long results of tools stay in the conversation and are sent, and paid, again with each call. */
import * as names from '../../semconv/index.ts';
import { textOf, textsOf, tokensOf, type SpanNode } from '../span-tree.ts';
import { spoken, spokenTimes, type Candidate, type Examined, type FindingRule } from './finding.ts';
import { conversationsOf, costOf, repriced, usageOf } from './money.ts';
import type { Unit } from '../schedule/index.ts';

/** Tokens of a result that is long, and what it is cut to. */
export const LONG = 8_000;
export const CUT_TO = 2_000;
/** A call with so much less input than the one before follows a compaction. */
const COMPACTED = 0.8;

export const contextBloat: FindingRule = { kind: 'context_bloat', find };

function find(examined: Examined): Candidate | undefined {
  const { schedule } = examined;
  const perToken = secondsPerInputToken(conversationsOf(examined));
  const paid = new Map<SpanNode, number>();
  const shorter = new Map<Unit, number>();
  let usd = 0;
  let results = 0;
  for (const calls of conversationsOf(examined)) {
    let surplus = 0;
    calls.forEach((call, index) => {
      const before = calls[index - 1];
      const input = tokensOf(call.row.attributes, names.ATTR_GEN_AI_USAGE_INPUT_TOKENS) ?? 0;
      const previous = before === undefined ? input : (tokensOf(before.row.attributes, names.ATTR_GEN_AI_USAGE_INPUT_TOKENS) ?? 0);
      if (before !== undefined && input < previous * COMPACTED) surplus = 0;
      if (before !== undefined && input > previous) {
        const output = tokensOf(before.row.attributes, names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS) ?? 0;
        const asked = Math.max(1, textsOf(before.row.attributes, names.ATTR_SWARMSCOPE_TOOL_CALLED_NAMES).length);
        const each = (input - previous - output) / asked;
        if (each > LONG) {
          results += asked;
          surplus += (each - CUT_TO) * asked;
        }
      }
      if (surplus <= 0 || input <= surplus) return;
      const usage = usageOf(call);
      const share = (input - surplus) / input;
      const cheaper = repriced(call, {
        ...usage,
        inputTokens: Math.round(input - surplus),
        cacheReadTokens: Math.round(usage.cacheReadTokens * share),
        cacheWriteTokens: Math.round(usage.cacheWriteTokens * share),
      });
      const saved = cheaper === undefined ? 0 : costOf(call) - cheaper;
      usd += saved;
      paid.set(call, surplus);
      const unit = schedule.units.unitOf.get(call);
      if (unit !== undefined) shorter.set(unit, (shorter.get(unit) ?? 0) + surplus * perToken);
    });
  }
  if (paid.size === 0) return undefined;
  const savedMs = schedule.savedBy({ shorterBy: (unit) => Math.min(shorter.get(unit) ?? 0, (unit.endMs - unit.startMs) * 0.8) });
  const evidence = [...paid].sort((a, b) => b[1] - a[1]).map(([node]) => node);
  return {
    savedMs: Math.max(0, savedMs),
    lowMs: 0,
    usd,
    confidence: 0.85,
    evidence,
    assumptions: [`the first ${CUT_TO} tokens of a result are enough`],
    action: `Cut results of tools to ${CUT_TO} tokens before they enter the conversation: ${spokenTimes(results, 'result')} of more than ${LONG} were sent again with ${paid.size} calls, which cost $${usd.toFixed(2)} and about ${spoken(Math.max(0, savedMs))}.`,
    where: { models: evidence.map(({ row }) => textOf(row.attributes, names.ATTR_GEN_AI_REQUEST_MODEL)) },
  };
}

/** Milliseconds that each token of input adds to a call, by least squares beside the tokens of output; 0 where it cannot be told. */
function secondsPerInputToken(conversations: readonly (readonly SpanNode[])[]): number {
  const rows = conversations.flat().flatMap((node) => {
    const input = tokensOf(node.row.attributes, names.ATTR_GEN_AI_USAGE_INPUT_TOKENS);
    const output = tokensOf(node.row.attributes, names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS);
    return input === undefined || output === undefined || node.isOpen ? [] : [[input, output, node.endMs - node.startMs] as const];
  });
  if (rows.length < 10) return 0;
  const mean = (at: 0 | 1 | 2): number => rows.reduce((sum, row) => sum + row[at], 0) / rows.length;
  const [mi, mo, mt] = [mean(0), mean(1), mean(2)];
  let [ii, oo, io, it, ot] = [0, 0, 0, 0, 0];
  for (const [input, output, ms] of rows) {
    ii += (input - mi) ** 2;
    oo += (output - mo) ** 2;
    io += (input - mi) * (output - mo);
    it += (input - mi) * (ms - mt);
    ot += (output - mo) * (ms - mt);
  }
  const determinant = ii * oo - io * io;
  const slope = determinant > 1e-6 * ii * oo ? (it * oo - ot * io) / determinant : ii > 0 ? it / ii : 0;
  // More than a millisecond for ten tokens is no reading of a prompt.
  return Math.min(Math.max(0, slope), 0.2);
}
