/** The one place that decides which attributes may leave: content stays in unless asked for. */
import { CONTENT_CLASS } from '../semconv/index.ts';
import type { Attributes } from '../semconv/telemetry.ts';

/** Longest string value of a name-like attribute; protects from a "name" that is a document. */
const MAX_NAME_CHARACTERS = 512;
/** Longest captured content attribute. */
const MAX_CONTENT_CHARACTERS = 65_536;
/** Items of a list; protects from a task with every other task as its dependency. */
const MAX_ITEMS = 256;

export type Kept = string | number | boolean | string[];

/** Hands over what may leave, each within its bound; nothing undefined. */
export type Mask = (attributes: Attributes, keep: (name: string, value: Kept) => void) => void;

/** A map: what is called `constructor` is in no map by chance. */
const CLASSES = new Map(Object.entries(CONTENT_CLASS));

/** An attribute the registry does not know is dropped as if it were content: unknown is not safe. */
export function createMask(isContentCaptured: boolean): Mask {
  return (attributes, keep) => {
    for (const name in attributes) {
      const value = attributes[name];
      if (value === undefined) continue;
      const contentClass = CLASSES.get(name) ?? 'content';
      if (contentClass === 'content' && !isContentCaptured) continue;
      const short = bounded(value, contentClass === 'content' ? MAX_CONTENT_CHARACTERS : MAX_NAME_CHARACTERS);
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
  return name.length > MAX_NAME_CHARACTERS ? name.slice(0, MAX_NAME_CHARACTERS) : name;
}

/** undefined for what no attribute can be: callers in plain JavaScript hand over anything. */
function bounded(value: unknown, limit: number): Kept | undefined {
  if (typeof value === 'string') return value.length > limit ? value.slice(0, limit) : value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (!Array.isArray(value)) return undefined;
  const texts = (value as unknown[]).slice(0, MAX_ITEMS).filter((item) => typeof item === 'string');
  return texts.map((item) => (item.length > limit ? item.slice(0, limit) : item));
}
