/** The one place that decides which attributes may leave: content stays in unless asked for, and credentials always. */
import { scrubStart } from '../semconv/credentials/index.ts';
import { cleanContent, type Cleaner } from './captured/clean.ts';
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_PROCESS_COMMAND_ARGS,
  ATTR_SWARMSCOPE_CONTENT_OMITTED_CHARACTERS,
  ATTR_SWARMSCOPE_CONTENT_OMITTED_MESSAGES,
  CONTENT_CLASS,
} from '../semconv/index.ts';
import type { Attributes } from '../semconv/telemetry.ts';
import { scrubArguments } from './arguments.ts';

/** Longest string value of a name-like attribute; protects from a "name" that is a document. */
const MAX_NAME_CHARACTERS = 512;
/** Items of a list; protects from a task with every other task as its dependency. */
const MAX_ITEMS = 256;

export type Kept = string | number | boolean | string[];

/** Hands over what may leave, each within its bound; nothing undefined. */
export type Mask = (attributes: Attributes, keep: (name: string, value: Kept) => void) => void;

/** A map: what is called `constructor` is in no map by chance. */
const CLASSES = new Map(Object.entries(CONTENT_CLASS));

/** An attribute the registry does not know is dropped as if it were content: unknown is not safe. */
export function createMask(isContentCaptured: boolean, cleaner: Cleaner): Mask {
  return (attributes, keep) => {
    for (const name in attributes) {
      const value = attributes[name];
      if (value === undefined) continue;
      const contentClass = CLASSES.get(name) ?? 'content';
      if (contentClass === 'content' && !isContentCaptured) continue;
      if (contentClass === 'content' && typeof value === 'string') {
        keepClean(name, value, cleaner, keep);
        continue;
      }
      const short = contentClass === 'content' ? boundedContent(name, value, cleaner) : bounded(value, MAX_NAME_CHARACTERS, scrubName);
      if (short !== undefined) keep(name, short);
    }
  };
}

export function masked(mask: Mask, attributes: Attributes): Record<string, Kept> {
  const all: Record<string, Kept> = {};
  mask(attributes, (name, value) => {
    all[name] = value;
  });
  return all;
}

/** A name as it may stand in a span name or a metric's label. */
export function boundedName(name: string): string {
  return scrubName(name, MAX_NAME_CHARACTERS);
}

const LETTERS = 16;

/**
 * Whether a name holds `=`, `@`, `: ` or 16 characters of `[\w-]` in a row: without any of these it holds no credential. Asked
 * first, since names stand on every span; a regular expression costs three times as much.
 */
function isMarked(name: string): boolean {
  let inRow = 0;
  for (let at = 0; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39);
    if (isLetter || code === 0x2d || code === 0x5f) {
      inRow += 1;
      if (inRow === LETTERS) return true;
      continue;
    }
    inRow = 0;
    if (code === 0x3d || code === 0x40 || (code === 0x3a && name.charCodeAt(at + 1) === 0x20)) return true;
  }
  return false;
}

/** Names with such a mark, and what is left of them: most come again. Bounded with the length of a name to 256 KiB. */
const scrubbed = new Map<string, string>();
const MAX_SCRUBBED = 256;

/**
 * Ids of answers and of tool calls as the large services write them. Each is new, so that what was found of the last ones is of
 * no use, and looking for a credential takes 2 us; what stands behind these words is none by its form,
 * unless it begins like a key of letters and digits alone.
 */
const ID = /^(?:chatcmpl|cmpl|resp|msg|gen|call|toolu)[-_](?!AKIA|ASIA|AIza|ATATT3x|dapi)[A-Za-z0-9]{1,64}$/;

function scrubName(name: string, limit: number): string {
  if (name.length > limit) return scrubStart(name, limit);
  if (!isMarked(name) || ID.test(name)) return name;
  let clean = scrubbed.get(name);
  if (clean !== undefined) return clean;
  clean = scrubStart(name, limit);
  if (scrubbed.size >= MAX_SCRUBBED) scrubbed.clear();
  scrubbed.set(name, clean);
  return clean;
}

function keepClean(name: string, value: string, cleaner: Cleaner, keep: (name: string, value: Kept) => void): void {
  const clean = cleanContent(name, value, cleaner);
  if (clean === undefined) return;
  keep(name, clean.text);
  if (clean.omitted === undefined || name !== ATTR_GEN_AI_INPUT_MESSAGES) return;
  keep(ATTR_SWARMSCOPE_CONTENT_OMITTED_MESSAGES, clean.omitted.messages);
  keep(ATTR_SWARMSCOPE_CONTENT_OMITTED_CHARACTERS, clean.omitted.characters);
}

/** An argument list tells more than its words one by one. */
function boundedContent(name: string, value: unknown, cleaner: Cleaner): Kept | undefined {
  if (!Array.isArray(value)) return bounded(value, 0, cut);
  const texts = (value as unknown[]).slice(0, MAX_ITEMS).filter((word) => typeof word === 'string');
  const words = name === ATTR_PROCESS_COMMAND_ARGS ? scrubArguments(texts) : texts;
  const clean = words.map((word) => cleanContent(name, word, cleaner)?.text);
  return clean.some((word) => word === undefined) ? undefined : (clean as string[]);
}

function cut(text: string, limit: number): string {
  return text.slice(0, limit);
}

/** undefined for what no attribute can be: callers in plain JavaScript hand over anything. */
function bounded(value: unknown, limit: number, shorten: (text: string, limit: number) => string): Kept | undefined {
  if (typeof value === 'string') return shorten(value, limit);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (!Array.isArray(value)) return undefined;
  const texts = (value as unknown[]).slice(0, MAX_ITEMS).filter((item) => typeof item === 'string');
  return texts.map((item) => shorten(item, limit));
}
