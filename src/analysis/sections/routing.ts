/** Where a program chose models: which tiers, how often, why, and what the calls cost beside the dearest of those models for all. */
import { priceOf } from '../../pricing/index.ts';
import * as names from '../../semconv/index.ts';
import type { RunFacts } from '../facts.ts';
import { usageOf } from '../findings/money.ts';
import { groupBy } from '../group-by.ts';
import type { LogRow } from '../model.ts';
import { numberOf, textOf, type SpanNode } from '../span-tree.ts';

export interface RoutedTier {
  readonly tier: string;
  readonly models: readonly string[];
  readonly decisions: number;
  readonly fallbacks: number;
  readonly rejected: number;
  /** On the scale of the program; undefined where it was never told. */
  readonly meanComplexity: number | undefined;
}

export interface RoutingCost {
  /** The calls of routed models that have a price, by their own model and by that of the baseline. */
  readonly calls: number;
  readonly amount: number;
  readonly baselineModel: string;
  readonly baselineAmount: number;
}

export interface Routing {
  readonly decisions: number;
  /** The most used first. */
  readonly tiers: readonly RoutedTier[];
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
  /** undefined where no call of a routed model has a price, or only one model was routed to. */
  readonly cost: RoutingCost | undefined;
}

/** Tiers, reasons and models that are listed; a program may make names up. */
const MAX_LISTED = 32;

/** undefined where the program told of no choice. */
export function routing({ data, llm }: RunFacts): Routing | undefined {
  const decisions = data.logs.filter(({ eventName }) => eventName === names.EVENT_SWARMSCOPE_ROUTING_DECISION_MADE);
  if (decisions.length === 0) return undefined;
  const told = (log: LogRow, name: string): string | undefined => textOf(log.attributes, name);
  const byTier = groupBy(decisions, (log) => told(log, names.ATTR_SWARMSCOPE_ROUTING_TIER) ?? 'unknown');
  const reasons = groupBy(
    decisions.filter((log) => told(log, names.ATTR_SWARMSCOPE_ROUTING_REASON) !== undefined),
    (log) => told(log, names.ATTR_SWARMSCOPE_ROUTING_REASON) ?? '',
  );
  const models = [...new Set(decisions.flatMap((log) => told(log, names.ATTR_GEN_AI_REQUEST_MODEL) ?? []))].slice(0, MAX_LISTED);
  return {
    decisions: decisions.length,
    tiers: [...byTier]
      .map(([tier, own]) => tierOf(tier, own))
      .sort((a, b) => b.decisions - a.decisions)
      .slice(0, MAX_LISTED),
    reasons: [...reasons]
      .map(([reason, own]) => ({ reason, count: own.length }))
      .sort((a, b) => b.count - a.count)
      .slice(0, MAX_LISTED),
    cost: costOf([...llm.calls], models),
  };
}

function tierOf(tier: string, own: readonly LogRow[]): RoutedTier {
  const outcomes = own.map(({ attributes }) => textOf(attributes, names.ATTR_SWARMSCOPE_ROUTING_OUTCOME));
  const times = (outcome: string): number => outcomes.filter((each) => each === outcome).length;
  const scores = own.flatMap(({ attributes }) => numberOf(attributes, names.ATTR_SWARMSCOPE_ROUTING_COMPLEXITY) ?? []);
  return {
    tier,
    models: [...new Set(own.flatMap(({ attributes }) => textOf(attributes, names.ATTR_GEN_AI_REQUEST_MODEL) ?? []))].slice(0, MAX_LISTED),
    decisions: own.length,
    fallbacks: times(names.SWARMSCOPE_ROUTING_OUTCOME_VALUE_FALLBACK),
    rejected: times(names.SWARMSCOPE_ROUTING_OUTCOME_VALUE_REJECTED),
    meanComplexity: scores.length === 0 ? undefined : scores.reduce((sum, score) => sum + score, 0) / scores.length,
  };
}

/** By the built-in prices, token by token: another model would have taken other tokens, which nobody knows. */
function costOf(calls: readonly SpanNode[], models: readonly string[]): RoutingCost | undefined {
  if (models.length < 2) return undefined;
  const routed = calls.filter(({ row }) => models.includes(textOf(row.attributes, names.ATTR_GEN_AI_REQUEST_MODEL) ?? ''));
  const providers = new Map(
    routed.map(({ row: { attributes } }) => [
      textOf(attributes, names.ATTR_GEN_AI_REQUEST_MODEL),
      textOf(attributes, names.ATTR_GEN_AI_PROVIDER_NAME),
    ]),
  );
  let dearest: RoutingCost | undefined;
  for (const baselineModel of models) {
    let [priced, amount, baselineAmount] = [0, 0, 0];
    for (const call of routed) {
      const { row } = call;
      const own = numberOf(row.attributes, names.ATTR_SWARMSCOPE_COST_AMOUNT);
      const provider = providers.get(baselineModel) ?? textOf(row.attributes, names.ATTR_GEN_AI_PROVIDER_NAME) ?? '';
      const isOwn = textOf(row.attributes, names.ATTR_GEN_AI_REQUEST_MODEL) === baselineModel;
      const other = isOwn ? own : priceOf({ provider, model: baselineModel, usage: usageOf(call), time: row.startMs })?.amount;
      if (own === undefined || other === undefined) continue;
      priced += 1;
      amount += own;
      baselineAmount += other;
    }
    if (priced > 0 && (dearest === undefined || baselineAmount > dearest.baselineAmount))
      dearest = { calls: priced, amount, baselineModel, baselineAmount };
  }
  return dearest;
}
