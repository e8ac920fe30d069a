/** What is said of a call that was told more than once: whose word counts, what the others add, and where they disagree. */
import * as names from '../semconv/index.ts';
import { modelOf } from './call-evidence.ts';
import { TELLERS, tellerOf, type Teller } from './call-tellers.ts';
import type { Attributes, SpanRow } from './model.ts';
import { textOf, tokensOf, type SpanNode } from './span-tree.ts';

/** One fact that two tellers of the same calls tell differently. */
export interface Disagreement {
  readonly fact: 'input_tokens' | 'output_tokens' | 'cache_read_tokens' | 'model';
  /** Whose word is in the report. */
  readonly used: Teller;
  readonly other: Teller;
  readonly calls: number;
  /** Sums over these calls, of counts. */
  readonly usedSum?: number | undefined;
  readonly otherSum?: number | undefined;
}

/**
 * Whose word counts. Who knows what was billed comes first: what the provider told, then that a price lacks something, then a price of the
 * table. Among equals the better reader of the bytes, then who tells more.
 */
export function worthOf(node: SpanNode): number {
  const { attributes } = node.row;
  const isCounted = attributes[names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS] !== undefined;
  const isToldByProvider = attributes[names.ATTR_SWARMSCOPE_COST_SOURCE] === names.SWARMSCOPE_COST_SOURCE_VALUE_PROVIDER;
  const isKnownToLack = attributes[names.ATTR_SWARMSCOPE_COST_UNPRICED] !== undefined && isCounted;
  const tablePrice = attributes[names.ATTR_SWARMSCOPE_COST_AMOUNT] === undefined ? 0 : 1;
  const rank = isToldByProvider ? 3 : isKnownToLack ? 2 : tablePrice;
  const reader = TELLERS.length - TELLERS.indexOf(tellerOf(node));
  return (rank * 10 + reader) * 1000 + Math.min(999, Object.keys(attributes).length);
}

const COUNTS = {
  input_tokens: names.ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  output_tokens: names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  cache_read_tokens: names.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
} as const;

/** Of one block: a count of one teller beside a sum of another one would be wrong, and so would be a price of other counts. */
const OF_USAGE = /^(?:gen_ai\.usage\.|swarmscope\.(?:cost|context)\.)/;
/** That there is no price, and why, is said as well. */
const OF_PRICE = /^swarmscope\.cost\./;

/** The row of `lead` with what the others know besides. What it says itself stays. */
export function mergeFacts(lead: SpanNode, group: readonly SpanNode[]): SpanRow {
  const others = group.filter((node) => node !== lead).sort((a, b) => worthOf(b) - worthOf(a));
  const merged: Record<string, Attributes[string]> = { ...lead.row.attributes };
  for (const { row } of others) {
    const isSameUsage = [COUNTS.input_tokens, COUNTS.output_tokens].every((name) => merged[name] === row.attributes[name]);
    const isPriced = Object.keys(merged).some((name) => OF_PRICE.test(name));
    for (const [name, value] of Object.entries(row.attributes))
      if (!(OF_PRICE.test(name) && isPriced) && (isSameUsage || !OF_USAGE.test(name))) merged[name] ??= value;
  }
  // Who told of the call stays to be seen: these names tell a gateway from the wire.
  for (const name of [names.ATTR_PROCESS_PID, names.ATTR_SWARMSCOPE_OBSERVER_NAME])
    if (lead.row.attributes[name] === undefined) delete merged[name];
  return { ...lead.row, attributes: merged };
}

export function disagreementsOf(witnesses: ReadonlyMap<SpanNode, readonly SpanNode[]>): Disagreement[] {
  const found = new Map<string, Disagreement>();
  const note = (what: Omit<Disagreement, 'calls'>): void => {
    const key = `${what.fact} ${what.used} ${what.other}`;
    const before = found.get(key);
    const sum = (a: number | undefined, b: number | undefined): number | undefined => (b === undefined ? a : (a ?? 0) + b);
    found.set(key, {
      ...what,
      calls: (before?.calls ?? 0) + 1,
      ...(what.usedSum === undefined
        ? {}
        : { usedSum: sum(before?.usedSum, what.usedSum), otherSum: sum(before?.otherSum, what.otherSum) }),
    });
  };
  for (const [lead, group] of witnesses)
    for (const other of group) {
      if (other === lead) continue;
      const who = { used: tellerOf(lead), other: tellerOf(other) };
      for (const [fact, name] of Object.entries(COUNTS) as [keyof typeof COUNTS, string][]) {
        const [usedSum, otherSum] = [tokensOf(lead.row.attributes, name), tokensOf(other.row.attributes, name)];
        if (usedSum !== undefined && otherSum !== undefined && usedSum !== otherSum) note({ fact, ...who, usedSum, otherSum });
      }
      if (isOtherModel(lead, other)) note({ fact: 'model', ...who });
    }
  return [...found.values()].sort((a, b) => b.calls - a.calls || (a.fact < b.fact ? -1 : 1));
}

/** Both tell which model answered, and not the same. */
function isOtherModel(a: SpanNode, b: SpanNode): boolean {
  const name = names.ATTR_GEN_AI_RESPONSE_MODEL;
  if (textOf(a.row.attributes, name) === undefined || textOf(b.row.attributes, name) === undefined) return false;
  return modelOf(a, name) !== modelOf(b, name);
}
