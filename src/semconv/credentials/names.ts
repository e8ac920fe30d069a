/** Tells by its name whether an option, a variable, a header or a member holds a secret. Pure. */
import { BEFORE_TOKENS, HARMLESS_AFTER, HARMLESS_BEFORE, NAME_WORDS, OTHER_WORDS, words } from './table.ts';

/** A `short` name (`key`, `pass`) has other meanings, too. */
export type Weight = 'secret' | 'short' | undefined;

/** Characters of a name that are looked at, from its end. Protects from a "name" of a megabyte. */
const MAX_NAME = 128;
/** No name is without one of these: asked first, since most words are none. */
const HINT = /tok|sec|pas|pwd|key|cred|auth|cook|jwt|bear|sig|otp|pin|head/i;

const setOf = (list: string): ReadonlySet<string> => new Set(words(list));

/** Made at the first use: most processes never meet a name like these. */
const makeLists = () => ({
  secret: setOf(NAME_WORDS.secret),
  short: setOf(NAME_WORDS.short),
  endings: words(NAME_WORDS.endings),
  beginnings: words(NAME_WORDS.beginnings),
  other: setOf(OTHER_WORDS),
  after: setOf(HARMLESS_AFTER),
  beforeTokens: setOf(BEFORE_TOKENS),
  beforeKey: setOf(HARMLESS_BEFORE.key),
  beforeToken: setOf(HARMLESS_BEFORE.token),
});
let lists: ReturnType<typeof makeLists> | undefined;
const known = (): ReturnType<typeof makeLists> => (lists ??= makeLists());

/** @example weightOf('--openai-key') // 'secret'; weightOf('max_tokens') // undefined */
export function weightOf(name: string): Weight {
  const near = name.length > MAX_NAME ? name.slice(-MAX_NAME) : name;
  if (!HINT.test(near)) return undefined;
  const parts = lowerCase(near.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g));
  const weight = weightOfWords(parts);
  if (weight !== undefined || parts.length === 0) return weight;
  if (known().after.has(parts.at(-1) ?? '')) return undefined;
  // `ToKeN` and `PassWord` are split at their capitals: each part once more, as one word.
  return lowerCase(near.match(/[A-Za-z]+/g)).some((part) => !parts.includes(part) && isSecretWord(part)) ? 'secret' : undefined;
}

function weightOfWords(parts: readonly string[]): Weight {
  const at = parts.findIndex((word, index) => isSecretAt(word, parts[index - 1]));
  if (at < 0) return undefined;
  const isAbout = at < parts.length - 1 && known().after.has(parts.at(-1) ?? '');
  if (isAbout) return undefined;
  return parts.length === 1 && known().short.has(parts[0] ?? '') ? 'short' : 'secret';
}

function isSecretAt(word: string, previous: string | undefined): boolean {
  if (word === 'tokens') return previous !== undefined && known().beforeTokens.has(previous);
  if (previous !== undefined && (word === 'key' || word === 'keys') && known().beforeKey.has(previous)) return false;
  if (previous !== undefined && word === 'token' && known().beforeToken.has(previous)) return false;
  return known().short.has(word) || isSecretWord(word);
}

function isSecretWord(word: string): boolean {
  if (known().secret.has(word)) return true;
  if (known().other.has(word)) return false;
  return known().endings.some((ending) => word.endsWith(ending)) || known().beginnings.some((start) => word.startsWith(start));
}

const lowerCase = (found: readonly string[] | null): string[] => (found ?? []).map((word) => word.toLowerCase());
