/** Attributes of what a program measures itself: the registry's rule for names it knows, and of all others what is a name. */
import type { Attributes } from '../semconv/telemetry.ts';
import { CONTENT_CLASS } from '../semconv/index.ts';
import type { Kept, Mask } from './content.ts';

/** Attributes of one value; protects from an object that is no set of labels. */
const MAX_LABELS = 64;
const MAX_ITEMS = 64;
const MAX_KEY_CHARACTERS = 255;
/** Values whose clean form is remembered: most come again. With the length of a name some 500 KB. */
const MAX_REMEMBERED = 2_000;

export interface LabelRules {
  /** For names that the registry knows. */
  readonly known: Mask;
  /** What may leave of a text whose name nobody has judged. */
  readonly text: (given: string) => string;
}

/** The very object that came last is answered with the very object that was given for it, where it cannot change. */
export function createLabels({ known, text }: LabelRules): (given: unknown) => Attributes {
  const byText = new Map<string, string>();
  const frozen = new WeakMap<object, Attributes>();

  function cleanText(given: string): string {
    const before = byText.get(given);
    if (before !== undefined) return before;
    const clean = text(given);
    if (byText.size >= MAX_REMEMBERED) byText.clear();
    if (given.length <= MAX_KEY_CHARACTERS) byText.set(given, clean);
    return clean;
  }

  function clean(value: unknown): Kept | undefined {
    if (typeof value === 'string') return cleanText(value);
    if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value;
    if (!Array.isArray(value)) return undefined;
    return value.slice(0, MAX_ITEMS).flatMap((item: unknown) => (typeof item === 'string' ? cleanText(item) : []));
  }

  function cleanAll(given: object): Attributes {
    const labels: Attributes = {};
    let judged: Attributes | undefined;
    for (const name of Object.keys(given).slice(0, MAX_LABELS)) {
      if (name === '' || name.length > MAX_KEY_CHARACTERS) continue;
      const value = (given as Record<string, unknown>)[name];
      // `hasOwn`: a label may be called `constructor`.
      if (Object.hasOwn(CONTENT_CLASS, name)) (judged ??= {})[name] = value as Kept;
      else labels[name] = clean(value);
    }
    if (judged !== undefined) known(judged, (name, value) => (labels[name] = value));
    return labels;
  }

  return (given) => {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return NONE;
    const before = frozen.get(given);
    if (before !== undefined) return before;
    const labels = cleanAll(given);
    if (Object.isFrozen(given)) frozen.set(given, Object.freeze(labels));
    return labels;
  };
}

const NONE: Attributes = Object.freeze({});
