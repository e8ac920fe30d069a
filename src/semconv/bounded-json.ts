/** Lists as JSON within the bound of one attribute: the newest items are kept, and the text says what was left out. Pure. */
import { scrubStart, scrubText } from './credentials/index.ts';
import { withoutMedia } from './media.ts';

/** Longest attribute with content; protects the exporter's queue. */
export const MAX_CONTENT_CHARACTERS = 64 * 1024;
/** Messages of one request: the newest are kept. */
const MAX_ITEMS = 200;
const MAX_DEPTH = 24;
/** Room for what says how much was left out. */
const NOTE_CHARACTERS = 80;
/** A credential may lie across the place where a text is cut. */
const MARGIN = 512;
/** Shorter texts are never cut in the middle of a picture. */
const MIN_MEDIA = 4_096;
/** A piece of a message that is shorter says nothing. */
const MIN_PIECE = 64;

export interface Omitted {
  readonly messages: number;
  readonly characters: number;
}

/** What was left out stands before the items, as `{ omitted: { messages, characters } }`: see `takeOmitted`. */
export function stringifyBounded(items: readonly unknown[]): string {
  const { texts, omitted } = boundedItems(items);
  return `[${(omitted === undefined ? texts : [JSON.stringify({ omitted }), ...texts]).join(',')}]`;
}

/** The JSON of each item that is kept, and what was left out, with what was `known` to be left out before. */
export function boundedItems(
  items: readonly unknown[],
  known: Omitted = { messages: 0, characters: 0 },
): { texts: readonly string[]; omitted: Omitted | undefined } {
  const kept: string[] = [];
  let left = MAX_CONTENT_CHARACTERS - 2 - NOTE_CHARACTERS;
  let index = items.length - 1;
  let characters = known.characters;
  for (; index >= 0 && kept.length < MAX_ITEMS; index -= 1) {
    const whole = sizeOf(items[index]);
    // An older message is whole or not there; the newest one is cut in its middle.
    if (kept.length > 0 && whole > left) break;
    const budget = { left, cut: 0 };
    const text = boundedText(items[index], budget);
    if (text === undefined || text.length + 1 > left || (kept.length > 0 && budget.cut > 0)) break;
    characters += budget.cut;
    left -= text.length + 1;
    kept.unshift(text);
    if (budget.cut === 0) continue;
    index -= 1;
    break;
  }
  const messages = known.messages + index + 1;
  for (; index >= 0; index -= 1) characters += sizeOf(items[index]);
  return { texts: kept, omitted: messages > 0 || characters > 0 ? { messages, characters } : undefined };
}

/** The items, and what was left out before them. */
export function takeOmitted(items: readonly unknown[]): { items: readonly unknown[]; omitted: Omitted | undefined } {
  const told = (items[0] as { omitted?: Partial<Omitted> } | null | undefined)?.omitted;
  if (typeof told?.messages !== 'number' || typeof told.characters !== 'number') return { items, omitted: undefined };
  return { items: items.slice(1), omitted: { messages: told.messages, characters: told.characters } };
}

/** The JSON of a value of any depth: `JSON.stringify` alone runs out of stack at some thousand levels. */
export function stringifyValue(value: unknown): string {
  return boundedText(value, { left: MAX_CONTENT_CHARACTERS - NOTE_CHARACTERS, cut: 0 }) ?? '';
}

/** Characters of all texts and names in it; walks no deeper than is copied. */
function sizeOf(value: unknown, depth = 0): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return 6;
  let size = 2;
  if (Array.isArray(value)) for (const item of value as unknown[]) size += sizeOf(item, depth + 1) + 1;
  else for (const [name, member] of Object.entries(value)) size += name.length + 4 + sizeOf(member, depth + 1);
  return size;
}

interface Budget {
  /** Characters of JSON that may follow. */
  left: number;
  /** Characters of texts that were left out. */
  cut: number;
}

/** JSON, written in one pass: what is cut is known by the length of what was written. `undefined` where nothing of it is kept. */
function boundedText(value: unknown, budget: Budget, depth = 0): string | undefined {
  if (typeof value === 'string') return boundedString(value, budget);
  if (typeof value !== 'object' || value === null) {
    budget.left -= 24;
    return JSON.stringify(value);
  }
  if (depth > MAX_DEPTH || budget.left < MIN_PIECE) {
    budget.cut += sizeOf(value, depth);
    return undefined;
  }
  if (Array.isArray(value)) {
    let items = '';
    for (const item of value as unknown[]) {
      if (budget.left < MIN_PIECE) budget.cut += sizeOf(item, depth);
      else items += `${items === '' ? '' : ','}${boundedText(item, budget, depth + 1) ?? 'null'}`;
    }
    return `[${items}]`;
  }
  let members = '';
  for (const [name, member] of Object.entries(value)) {
    budget.left -= name.length + 6;
    if (budget.left < MIN_PIECE) {
      budget.cut += sizeOf(member, depth);
      continue;
    }
    const text = boundedText(member, budget, depth + 1);
    if (text !== undefined) members += `${members === '' ? '' : ','}${JSON.stringify(name)}:${text}`;
  }
  return `{${members}}`;
}

/** Its length as JSON is counted where it is short, and taken for twice its characters where it is long. */
function boundedString(given: string, budget: Budget): string {
  // Before anything is cut: the rest of a picture would be no picture.
  const text = given.length > MIN_MEDIA ? withoutMedia(given) : given;
  const room = budget.left - MIN_PIECE;
  if (text.length <= MAX_CONTENT_CHARACTERS) {
    const whole = JSON.stringify(text);
    if (text.length * 2 <= room || whole.length <= room) {
      budget.left -= whole.length + 1;
      return whole;
    }
  }
  const half = Math.max(0, Math.floor(room / 4) - 24);
  const cut = text.length - 2 * half;
  const note = `… ${cut} characters left out …`;
  budget.cut += cut;
  const head = scrubStart(text.slice(0, half + MARGIN), half);
  const tail = half === 0 ? '' : scrubText(text.slice(-(half + MARGIN))).slice(-half);
  const short = JSON.stringify(head + note + tail);
  budget.left -= short.length + 1;
  return short;
}
