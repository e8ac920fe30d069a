/** What calls cost: those in a stretch of time, and one call with other tokens, by the price table. */
import { priceOf, type PricedUsage } from '../../pricing/index.ts';
import * as names from '../../semconv/index.ts';
import { usageBy } from '../../semconv/usage.ts';
import { numberOf, textOf, tokensOf, type SpanNode } from '../span-tree.ts';
import type { Schedule } from '../schedule/index.ts';
import type { Loss } from './losses.ts';
import type { Examined } from './finding.ts';
import { overlapMs } from '../schedule/intervals.ts';

export function costOf({ row }: SpanNode): number {
  return numberOf(row.attributes, names.ATTR_SWARMSCOPE_COST_AMOUNT) ?? 0;
}

/** USD of the calls that lie, at least by half, in what was lost. */
export function costIn({ schedule }: Examined, loss: Loss): number {
  let sum = 0;
  for (const node of schedule.facts.llm.calls) {
    const unit = schedule.units.unitOf.get(node);
    const lost = unit === undefined ? loss.outside : (loss.byUnit.get(unit) ?? []);
    if (lost.length > 0 && overlapMs(lost, node.startMs, node.endMs) > (node.endMs - node.startMs) / 2) sum += costOf(node);
  }
  return sum;
}

export function usageOf({ row }: SpanNode): PricedUsage {
  return usageBy((name) => tokensOf(row.attributes, name) ?? 0);
}

/**
 * USD of a call if its tokens had been others. In proportion to the price that it had, so that tiers and the user's own
 * prices hold. Undefined without a price.
 */
export function repriced(node: SpanNode, usage: PricedUsage): number | undefined {
  const { attributes, startMs } = node.row;
  const cost = numberOf(attributes, names.ATTR_SWARMSCOPE_COST_AMOUNT);
  if (cost === undefined) return undefined;
  const provider = textOf(attributes, names.ATTR_GEN_AI_PROVIDER_NAME) ?? '';
  for (const name of [names.ATTR_GEN_AI_RESPONSE_MODEL, names.ATTR_GEN_AI_REQUEST_MODEL]) {
    const model = textOf(attributes, name);
    if (model === undefined) continue;
    const [before, after] = [usageOf(node), usage].map((each) => priceOf({ provider, model, usage: each, time: startMs })?.amount);
    if (before !== undefined && after !== undefined && before > 0) return (cost * after) / before;
  }
  return undefined;
}

const conversations = new WeakMap<Schedule, readonly (readonly SpanNode[])[]>();

/** Calls of one conversation follow each other below one agent or task of a unit: in order of start. */
export function conversationsOf({ schedule }: Examined): readonly (readonly SpanNode[])[] {
  const found = conversations.get(schedule) ?? findConversations(schedule);
  conversations.set(schedule, found);
  return found;
}

function findConversations(schedule: Schedule): SpanNode[][] {
  const groups = new Map<string, SpanNode[]>();
  for (const node of schedule.facts.llm.calls) {
    if (schedule.facts.refusals.has(node) || node.row.isError) continue;
    const unit = schedule.units.unitOf.get(node);
    if (unit === undefined) continue;
    let at = node.parent;
    while (at !== undefined && at.class !== 'agent' && at.class !== 'task' && at !== unit.node) at = at.parent;
    const model = textOf(node.row.attributes, names.ATTR_GEN_AI_REQUEST_MODEL) ?? '';
    const key = `${unit.index}:${at?.row.spanId ?? ''}:${model}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]);
    else group.push(node);
  }
  return [...groups.values()].map((calls) => calls.sort((a, b) => a.startMs - b.startMs));
}
