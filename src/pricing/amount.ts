/** Computes the cost of a call from one row of prices, in USD. Pure. */
import type { ConditionalPrices, PackedPrice, PackedPrices } from './packed.ts';

/** Tokens of one call. The totals include what was read from or written to a cache. */
export interface PricedUsage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
}

/** USD; undefined when the row prices no tokens (models paid by the hour or the page). */
export function amountOf(prices: PackedPrices, usage: PricedUsage): number | undefined {
  const [input, output, cacheRead, cacheWrite, thousandRequests] = prices;
  if ((input ?? undefined) === undefined && (output ?? undefined) === undefined) return undefined;
  const total = usage.inputTokens;
  // What is priced apart is taken out of the total; a provider that reports more cached than sent tokens must not make money.
  const read = isPriced(cacheRead) ? Math.min(usage.cacheReadTokens, total) : 0;
  const written = isPriced(cacheWrite) ? Math.min(usage.cacheWriteTokens, total - read) : 0;
  const million =
    (total - read - written) * rate(input, total) +
    read * rate(cacheRead, total) +
    written * rate(cacheWrite, total) +
    usage.outputTokens * rate(output, total);
  return million / 1_000_000 + rate(thousandRequests, total) / 1_000;
}

/** The prices that hold at a time (epoch ms): the last whose condition is met, else the first. */
export function pricesAt(prices: PackedPrices | ConditionalPrices[], time: number): PackedPrices {
  if (!isConditional(prices)) return prices;
  return (prices.findLast((candidate) => holds(candidate, time)) ?? prices[0])?.prices ?? [];
}

function isConditional(prices: PackedPrices | ConditionalPrices[]): prices is ConditionalPrices[] {
  const first = prices[0];
  return typeof first === 'object' && first !== null && !Array.isArray(first);
}

function holds({ from, hours }: ConditionalPrices, time: number): boolean {
  if (from !== undefined) return time >= Date.parse(from);
  if (hours === undefined) return true;
  const [start, end] = [secondsOfDay(hours[0]), secondsOfDay(hours[1])];
  const now = (time % 86_400_000) / 1_000;
  return end < start ? now >= start || now < end : now >= start && now < end;
}

/** `16:30:00Z` or `16:30:00+02:00`. */
function secondsOfDay(text: string): number {
  return (Date.parse(`1970-01-02T${text}`) / 1_000) % 86_400;
}

function isPriced(price: PackedPrice | undefined): boolean {
  return price !== null && price !== undefined;
}

function rate(price: PackedPrice | undefined, inputTokens: number): number {
  if (price === null || price === undefined) return 0;
  if (typeof price === 'number') return price;
  let current = price[0] ?? 0;
  for (let at = 1; at + 1 < price.length; at += 2) if (inputTokens > (price[at] as number)) current = price[at + 1] as number;
  return current;
}
