/** Whether a table that came from outside is one: nothing of it is used before every row has been looked at. */
import type { PackedModel, PackedProvider } from './packed.ts';

const MAX_TEXT = 256;
const MAX_RULES = 256;
const MAX_DEPTH = 3;
const MAX_MODELS = 4_000;
const MAX_PROVIDERS = 200;
/** Dearer than any model: a number beyond is a mistake, and would be one on every bill. */
const MAX_PRICE = 1_000_000;
const MAX_WINDOW = 1_000_000_000;

export function isPackedTable(value: unknown): value is PackedProvider[] {
  return Array.isArray(value) && value.length > 0 && value.length <= MAX_PROVIDERS && value.every(isProvider);
}

function isProvider(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { id, fallback, models } = value as Record<string, unknown>;
  const isFallback = fallback === undefined || (Array.isArray(fallback) && fallback.length <= MAX_PROVIDERS && fallback.every(isText));
  return isText(id) && isFallback && Array.isArray(models) && models.length <= MAX_MODELS && models.every(isPackedModel);
}

export function isPackedModel(value: unknown): value is PackedModel {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [match, window, prices] = value as unknown[];
  return isMatch(match) && isNumber(window, MAX_WINDOW) && (isPrices(prices) || (Array.isArray(prices) && prices.every(isConditional)));
}

function isMatch(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return isRule(value);
  if (depth >= MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.length <= MAX_RULES && value.every((each) => isMatch(each, depth + 1));
  const all: unknown = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['and'] : undefined;
  // All of nothing would be true of every model.
  return Array.isArray(all) && all.length > 0 && isMatch(all, depth + 1);
}

/** An empty text begins every name. */
function isRule(rule: string): boolean {
  if (rule.length < 2 || rule.length > MAX_TEXT) return false;
  return rule.startsWith('/') ? isQuickExpression(rule.slice(1)) : /^[=^$*]/.test(rule);
}

/** No repeated group and at most two repetitions without an end: quick on every name, whoever wrote it. */
export function isQuickExpression(source: string): boolean {
  const plain = source.replaceAll(/\\./g, 'x').replaceAll(/\[[^\]]*\]/g, 'x');
  const endless = plain.match(/[*+]|\{\d+,\}/g)?.length ?? 0;
  if (endless > 2 || /\)[*+{]/.test(plain) || /\\[1-9k]/.test(source)) return false;
  try {
    new RegExp(source);
    return true;
  } catch {
    // A syntax that JavaScript does not have.
    return false;
  }
}

function isConditional(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { from, hours, prices } = value as Record<string, unknown>;
  const isFrom = from === undefined || (isText(from) && !Number.isNaN(Date.parse(from)));
  const isHours = hours === undefined || (Array.isArray(hours) && hours.length === 2 && hours.every(isTimeOfDay));
  return isFrom && isHours && isPrices(prices);
}

function isTimeOfDay(value: unknown): boolean {
  return isText(value) && !Number.isNaN(Date.parse(`1970-01-02T${value}`));
}

function isPrices(value: unknown): boolean {
  return Array.isArray(value) && value.length <= 64 && value.every(isPrice);
}

function isPrice(value: unknown): boolean {
  if (value === null || isNumber(value, MAX_PRICE)) return true;
  // Steps: the numbers of tokens stand between the prices.
  return Array.isArray(value) && value.length % 2 === 1 && value.length <= 33 && value.every((each) => isNumber(each, MAX_WINDOW));
}

function isNumber(value: unknown, max: number): boolean {
  return typeof value === 'number' && value >= 0 && value <= max;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT;
}
