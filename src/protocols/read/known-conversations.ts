/**
 * What was read of the last conversations, so that a request that repeats one of them, and adds to it, is parsed only where it is
 * new: an agent sends all of its history with every turn. Comparing 200 KB takes 5 us, parsing them 60 to 400.
 */
import { modelIn, type Named } from '../facts/likeness.ts';
import { arrayLayout, itemEnds, type ArrayLayout } from './array-layout.ts';
import { asArray, asObject, parseJson, type JsonObject } from './json.ts';
import { utf8Of } from './latin1.ts';

/** Below this parsing takes no longer than looking for what is known. */
export const MIN_BODY_BYTES = 8 * 1024;
/** Longest body of which something is kept; also the longest that is parsed without counting its values. */
export const MAX_KNOWN_BYTES = 512 * 1024;
/** Conversations, the newest ones, and the bytes of all: what was parsed of them takes about twice as much again. */
export const MAX_CONVERSATIONS = 64;
export const MAX_ALL_BYTES = 4 * 1024 * 1024;
/** The members in which services are sent conversations. */
const KEYS: ReadonlySet<string> = new Set(['messages', 'contents', 'input', 'inputs']);
/** Stands in place of the member's name, so that what the body says under that name elsewhere is not taken for it. */
const NEW_ITEMS = '\u0000new items';
const NEW_ITEMS_KEY = JSON.stringify(NEW_ITEMS);
/** Items at the end of a conversation that a client may write anew: a mark that says what to cache moves with each turn. */
const REWRITTEN_ITEMS = 4;

/** Only ever added to, so that what stands in it stays as it is. */
interface Room {
  readonly bytes: Buffer;
  used: number;
}

interface Conversation {
  readonly room: Room;
  /** As much of the room belongs to it. */
  readonly length: number;
  readonly body: JsonObject;
  /** Where its bytes name the model first. */
  readonly model: Named | undefined;
  /** Found when something is first compared with it; `null` where nothing can be. */
  layout: ArrayLayout | null | undefined;
}

/** The beginning of a body, in a conversation that is known. */
export interface KnownStart {
  /** Its first `length` bytes are those of the body, and stay as they are. */
  readonly bytes: Buffer;
  readonly length: number;
  readonly conversation: Conversation;
  readonly layout: ArrayLayout;
  /** How many items of the list stand in it. */
  readonly items: number;
}

export interface KnownBody {
  readonly body: JsonObject;
  /** Where it names the model first. */
  readonly model: Named | undefined;
}

export class KnownConversations {
  /** The newest comes last. */
  readonly #known = new Set<Conversation>();
  #bytes = 0;

  get size(): number {
    return this.#known.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** How far `chunk`, the beginning of a body, is that of a known one; `undefined` where that is not worth it. Borrowed. */
  startOf(chunk: Uint8Array): KnownStart | undefined {
    if (chunk.length < MIN_BODY_BYTES || chunk.length > MAX_KNOWN_BYTES) return undefined;
    let best: KnownStart | undefined;
    for (const conversation of this.#known) {
      const { bytes } = conversation.room;
      const least = best?.length ?? MIN_BODY_BYTES / 2;
      if (conversation.length <= least) continue;
      if (conversation.layout === undefined && !isSame(bytes, chunk, 0, Math.min(conversation.length, chunk.length) >> 1)) continue;
      const layout = conversation.layout === undefined ? (conversation.layout = layoutOf(conversation)) : conversation.layout;
      const items = layout === null ? 0 : sameItems(bytes, chunk, layout, least);
      if (layout !== null && items > 0) best = { bytes, length: layout.ends[items - 1] ?? 0, conversation, layout, items };
    }
    return best;
  }

  /** The body that begins so, and goes on with `rest`, Latin-1; `undefined` where all of it is to be parsed. */
  parse(start: KnownStart, rest: string): KnownBody | undefined {
    const { bytes, conversation, layout, items, length } = start;
    const [, gap = '', mark] = /^([ \t\r\n]*)([,\]])/.exec(rest) ?? [];
    if (mark === undefined || length + rest.length > MAX_KNOWN_BYTES) return undefined;
    const more = mark === ',' ? rest.slice(gap.length + 1) : rest;
    const parsed = asObject(parseJson(utf8Of(`${bytes.toString('latin1', 0, layout.keyStart)}${NEW_ITEMS_KEY}:[${more}`)));
    if (parsed === undefined) return undefined;
    const { [NEW_ITEMS]: added, ...members } = parsed;
    const newItems = asArray(added);
    // A comma stands before an item.
    if (mark === ',' && newItems.length === 0) return undefined;
    const known = asArray(conversation.body[layout.key]);
    const body = { [layout.key]: [...known.slice(0, items), ...newItems], ...members };
    const before = conversation.model;
    const model = before !== undefined && before.index + before.length <= length ? before : modelIn(rest, length);
    this.#grow(start, rest, { body, model });
    return { body, model };
  }

  /** Keeps a body that was parsed whole; `latin1` is its text. */
  keep(latin1: string, body: JsonObject): void {
    const { length } = latin1;
    if (length < MIN_BODY_BYTES || length > MAX_KNOWN_BYTES) return;
    if (!Object.keys(body).some((key) => KEYS.has(key) && Array.isArray(body[key]))) return;
    this.#add({ room: { bytes: Buffer.from(latin1, 'latin1'), used: length }, length, body, model: modelIn(latin1), layout: undefined });
  }

  /** The conversation goes on as `known`: what it was is kept only where it may go on another way too. */
  #grow({ conversation, layout, items, length }: KnownStart, rest: string, known: KnownBody): void {
    const ends = restEnds(rest, length);
    const isRepeated = ends.length === 0 && items === layout.ends.length;
    if (items >= layout.ends.length - REWRITTEN_ITEMS) this.#delete(conversation);
    if (isRepeated) return this.#add(conversation);
    const grown = ends.at(-1) ?? length;
    const room = roomFor(conversation, length, grown);
    room.bytes.write(rest.slice(0, grown - length), length, 'latin1');
    room.used = grown;
    this.#add({ room, length: grown, ...known, layout: { ...layout, ends: [...layout.ends.slice(0, items), ...ends] } });
  }

  #add(conversation: Conversation): void {
    this.#known.add(conversation);
    this.#bytes += conversation.room.bytes.length;
    for (const oldest of this.#known) {
      if (this.#known.size <= MAX_CONVERSATIONS && this.#bytes <= MAX_ALL_BYTES) return;
      this.#delete(oldest);
    }
  }

  #delete(conversation: Conversation): void {
    if (this.#known.delete(conversation)) this.#bytes -= conversation.room.bytes.length;
  }
}

/** Room for what follows the first `length` bytes: the same one, where nothing else follows them there. */
function roomFor({ room }: Conversation, length: number, needed: number): Room {
  if (room.used === length && room.bytes.length >= needed) return room;
  const bytes = Buffer.allocUnsafeSlow(Math.min(MAX_KNOWN_BYTES, needed + (needed >> 1)));
  room.bytes.copy(bytes, 0, 0, length);
  return { bytes, used: length };
}

function layoutOf({ room, length, body }: Conversation): ArrayLayout | null {
  const layout = arrayLayout(room.bytes.subarray(0, length), KEYS);
  return layout !== undefined && asArray(body[layout.key]).length === layout.ends.length ? layout : null;
}

/** Where the items in `rest`, which begins behind an item at `from`, end. */
function restEnds(rest: string, from: number): number[] {
  const bytes = Buffer.from(rest, 'latin1');
  const comma = bytes.indexOf(',');
  const close = bytes.indexOf(']');
  return comma === -1 || (close !== -1 && close < comma) ? [] : itemEnds(bytes, comma + 1).map((end) => end + from);
}

/** How many items `chunk` has in common, if they reach farther than `least` bytes; else 0. */
function sameItems(bytes: Buffer, chunk: Uint8Array, { ends }: ArrayLayout, least: number): number {
  let known = firstAfter(ends, least) + 1;
  let all = firstAfter(ends, chunk.length);
  if (known > all || !isSame(bytes, chunk, 0, endAt(ends, known))) return 0;
  if (isSame(bytes, chunk, endAt(ends, known), endAt(ends, all))) return all;
  // The item `all` is not in common, `known` is.
  while (all - known > 1) {
    const middle = (known + all) >> 1;
    if (isSame(bytes, chunk, endAt(ends, known), endAt(ends, middle))) known = middle;
    else all = middle;
  }
  return known;
}

/** Where the first `count` items end. */
function endAt(ends: readonly number[], count: number): number {
  return ends[count - 1] ?? 0;
}

/** The index of the first end that is greater than `offset`. */
function firstAfter(ends: readonly number[], offset: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] as number) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

function isSame(bytes: Buffer, chunk: Uint8Array, from: number, to: number): boolean {
  return bytes.compare(chunk, from, to, from, to) === 0;
}
