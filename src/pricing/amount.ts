/** Computes the cost of a call from one row of prices, in USD, or says what the row has no price for. Pure. */
import { priceKeys, type ConditionalPrices, type PackedPrice, type PackedPrices } from './packed.ts';

/** Tokens of one call. The totals include what was read from or written to a cache, and what is no text. */
export interface PricedUsage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  /** Of the writes: kept for an hour. */
  cacheWriteHourTokens?: number | undefined;
  audioInputTokens?: number | undefined;
  audioOutputTokens?: number | undefined;
  imageInputTokens?: number | undefined;
  imageOutputTokens?: number | undefined;
  reasoningTokens?: number | undefined;
}

/** `priority tier`, `audio tokens`: why a call whose model is known has no price. */
export interface Lack {
  readonly lacks: string;
}

const at = Object.fromEntries(priceKeys.map((key, index) => [key, index])) as Record<(typeof priceKeys)[number], number>;

/** USD for the tokens; undefined when the row prices none (models paid by the hour or the page). */
export function amountOf(prices: PackedPrices, usage: PricedUsage): number | Lack | undefined {
  const priceAt = (key: keyof typeof at): PackedPrice => prices[at[key]] ?? null;
  const input = priceAt('input_mtok');
  const output = priceAt('output_mtok');
  const thousandRequests = priceAt('requests_kcount');
  if (input === null && output === null) return undefined;
  const { inputTokens: total, cacheWriteHourTokens: hour = 0, reasoningTokens: reasoning = 0 } = usage;
  const {
    audioInputTokens: audioIn = 0,
    audioOutputTokens: audioOut = 0,
    imageInputTokens: imageIn = 0,
    imageOutputTokens: imageOut = 0,
  } = usage;
  const read = priceAt('cache_read_mtok');
  const write = priceAt('cache_write_mtok');
  const writeHour = priceAt('cache_write_1h_mtok');
  const thought = priceAt('output_reasoning_mtok');
  // A cache without a price of its own costs as other input: so price lists mean a missing one. Kept longer it costs more.
  if (hour > 0 && writeHour === null && write !== null) return { lacks: 'cache writes for an hour' };
  // Which of the cached tokens are sound or pictures is not told.
  if (read !== null && usage.cacheReadTokens > 0 && audioIn + imageIn > 0) return { lacks: 'cached audio or images' };
  if (audioIn > 0 && priceAt('input_audio_mtok') === null) return AUDIO;
  if (imageIn > 0 && priceAt('input_image_mtok') === null) return IMAGES;
  if (audioOut > 0 && priceAt('output_audio_mtok') === null) return AUDIO;
  if (imageOut > 0 && priceAt('output_image_mtok') === null) return IMAGES;
  // What is priced apart is taken out of its total; more cached than sent tokens must not make money.
  let inputLeft = total;
  let outputLeft = usage.outputTokens;
  let million = 0;
  const takeInput = (tokens: number, price: PackedPrice): void => {
    if (tokens <= 0) return;
    const taken = Math.min(tokens, inputLeft);
    inputLeft -= taken;
    million += taken * rate(price, total);
  };
  const takeOutput = (tokens: number, price: PackedPrice): void => {
    if (tokens <= 0) return;
    const taken = Math.min(tokens, outputLeft);
    outputLeft -= taken;
    million += taken * rate(price, total);
  };
  takeInput(usage.cacheReadTokens, read ?? input);
  takeInput(hour, writeHour ?? input);
  takeInput(usage.cacheWriteTokens - hour, write ?? input);
  takeInput(audioIn, priceAt('input_audio_mtok'));
  takeInput(imageIn, priceAt('input_image_mtok'));
  takeOutput(audioOut, priceAt('output_audio_mtok'));
  takeOutput(imageOut, priceAt('output_image_mtok'));
  if (thought !== null) takeOutput(reasoning, thought);
  million += inputLeft * rate(input, total) + outputLeft * rate(output, total);
  return million / 1_000_000 + rate(thousandRequests, total) / 1_000;
}

const AUDIO: Lack = { lacks: 'audio tokens' };
const IMAGES: Lack = { lacks: 'image tokens' };

/** Runs of these are part of the tokens (platform.claude.com/docs: web fetch has no charge of its own). */
const FREE_TOOLS: ReadonlySet<string> = new Set(['web_fetch']);

/** USD for the tools that the provider ran by itself. */
export function feesOf(prices: PackedPrices, tools: Readonly<Record<string, number>> | undefined): number | Lack {
  if (tools === undefined) return 0;
  let sum = 0;
  for (const [name, runs] of Object.entries(tools)) {
    if (runs <= 0 || FREE_TOOLS.has(name)) continue;
    const thousand = name === 'web_search' ? (prices[at.web_searches_kcount] ?? null) : null;
    if (thousand === null) return { lacks: name.replaceAll('_', ' ') };
    sum += (runs * rate(thousand, 0)) / 1_000;
  }
  return sum;
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

function rate(price: PackedPrice, inputTokens: number): number {
  if (price === null) return 0;
  if (typeof price === 'number') return price;
  let current = price[0] ?? 0;
  for (let index = 1; index + 1 < price.length; index += 2)
    if (inputTokens > (price[index] as number)) current = price[index + 1] as number;
  return current;
}
