/** What an answer says that it cost, in dollars: providers and gateways tell it in five ways. */
import { asNumber, asObject, asText, type JsonObject } from '../read/json.ts';
import type { AnswerFacts } from './answer.ts';
import type { Headers } from './headers.ts';
import { wordOf } from './usage.ts';

/** xAI counts in ten-thousand-millionths of a dollar (docs.x.ai/developers/cost-tracking). */
const TICKS_PER_DOLLAR = 1e10;
const COSTS = ['cost', 'total_cost', 'estimated_cost', 'cost_usd', 'cost_in_usd'] as const;
/** In a cost that is an object, its sum (Perplexity: `total_cost`). */
const TOTALS = ['total_cost', 'total', 'total_cost_usd', 'usd', 'amount'] as const;
/** LiteLLM's proxy (docs.litellm.ai/docs/proxy/response_headers). */
const COST_HEADER = 'x-litellm-response-cost';
const CURRENCY = /^[A-Z]{3}$/;

/** Reads `usage`, or the body around it. A cost in another currency is not a dollar: it leaves the call without a price. */
export function readCost(facts: AnswerFacts, holder: JsonObject | undefined): void {
  if (holder === undefined) return;
  const cost = firstOf(holder, COSTS, (value) => dollarsIn(value) ?? dollarsIn(totalIn(value)));
  const ticks = asNumber(holder['cost_in_usd_ticks']);
  const dollars = cost ?? (ticks === undefined || ticks < 0 ? undefined : ticks / TICKS_PER_DOLLAR);
  if (dollars === undefined) return;
  const currency = asText(asObject(holder['cost'])?.['currency']) ?? asText(holder['cost_currency']) ?? asText(holder['currency']) ?? 'USD';
  if (currency.toUpperCase() !== 'USD') {
    facts.billing.unpriceable = `cost in ${CURRENCY.test(currency.toUpperCase()) ? currency.toUpperCase() : 'another currency'}`;
    return;
  }
  const told = dollars + ownKeyCost(holder, dollars);
  // The last chunk of a stream may say 0 where one before it knew more.
  if (told > 0 || facts.providerCost === undefined) facts.providerCost = told;
}

/** The cost, and what else the price of a call depends on, in `usage`. */
export function readBilling(facts: AnswerFacts, usage: JsonObject): void {
  readCost(facts, usage);
  const { billing } = facts;
  billing.serviceTier = wordOf(usage['service_tier']) ?? billing.serviceTier;
  billing.speed = wordOf(usage['speed']) ?? billing.speed;
  billing.region = wordOf(usage['inference_geo']) ?? billing.region;
}

/** Where a service tells the tier in the head of its answer: Gemini, and Bedrock of whatever body its models speak. */
const TIER_HEADERS = ['x-gemini-service-tier', 'x-amzn-bedrock-service-tier'] as const;

/** The tier that served the call, which may be another than the one that was asked for. */
export function readTier({ billing }: AnswerFacts, answer: Headers): void {
  for (const name of TIER_HEADERS) billing.serviceTier ??= wordOf(answer.header(name));
}

/** A gateway's header. It is sent before a stream is generated, so a 0 there is no cost. */
export function costInHeader(answer: Headers, isStream: boolean): number | undefined {
  const dollars = dollarsIn(answer.header(COST_HEADER));
  return dollars === 0 && isStream ? undefined : dollars;
}

/** With a key of one's own OpenRouter charges its fee, and the provider behind it the rest; without one, `cost` is all of it. */
function ownKeyCost(holder: JsonObject, fee: number): number {
  const upstream = dollarsIn(asObject(holder['cost_details'])?.['upstream_inference_cost']);
  const isOwnKey = holder['is_byok'] === true || (holder['is_byok'] === undefined && fee === 0);
  return isOwnKey ? (upstream ?? 0) : 0;
}

function totalIn(cost: unknown): unknown {
  const object = asObject(cost);
  return object === undefined ? undefined : firstOf(object, TOTALS, dollarsIn);
}

function firstOf(holder: JsonObject, names: readonly string[], read: (value: unknown) => number | undefined): number | undefined {
  for (const name of names) {
    const value = holder[name];
    const found = value === undefined ? undefined : read(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Not negative; also as text, as headers and decimals are. */
function dollarsIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\s*\d{1,9}(\.\d{1,30})?(e-?\d{1,2})?\s*$/i.test(value) ? Number(value) : asNumber(value);
  return number === undefined || number < 0 || number > MAX_DOLLARS ? undefined : number;
}

/** Most that one call can cost. */
const MAX_DOLLARS = 1_000_000;
