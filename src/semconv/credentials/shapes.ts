/** Removes what is a credential by its own form: known keys, JSON web tokens, private keys, users and passwords in URLs. Pure. */
import { HIDDEN, LONGER_THAN_A_WORD, SECRET_PLACES, SHAPES, words, type Shape } from './table.ts';

const escaped = (text: string): string => text.replaceAll(/[.+/-]/g, '\\$&');

/** Two or three characters are looked for in a twentieth of the time that whole beginnings take. */
const TAIL = 3;

/** Made at the first use. */
function makePatterns() {
  const shapeOf = new Map<string, Shape>(SHAPES.flatMap((shape) => shape.starts.map((start) => [start, shape] as const)));
  // Longest first, so that `sk_live_` is not read as another one. Each run of characters is consumed at once.
  const starts = [...shapeOf.keys()].sort((a, b) => b.length - a.length).map(escaped);
  const tails = new Set([...shapeOf.keys()].map((start) => escaped(start.slice(-TAIL))));
  return {
    shapeOf,
    /** How any key begins, and the end of that: asked first. */
    begun: new RegExp(starts.join('|')),
    hints: new RegExp([...tails].join('|')),
    keys: new RegExp(`(?:(?<![A-Za-z0-9])|(?<=%[\\dA-Fa-f]{2})|(?<=\\\\[nrt]))(${starts.join('|')})([\\w.-]+)`, 'g'),
    places: new RegExp(`(${words(SECRET_PLACES).map(escaped).join('|')})[\\w/:.-]+`, 'g'),
  };
}
let patterns: ReturnType<typeof makePatterns> | undefined;

/** Head, body and signature of a JSON web token; the first two are JSON objects in base64. */
const WEB_TOKEN = /eyJ[\w.=-]{16,}/g;

const PRIVATE_KEY = /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/g;
const KEY_END = /END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/g;

/** Scheme, slashes (escaped in JSON), and what comes before the path. */
const AUTHORITY = /((?<![A-Za-z0-9.+-])[a-z][a-z\d+.-]{0,20}:|(?<![:\w]))(\\{0,8}\/\\{0,8}\/)([^\s/?#'"`<>\\]+)/gi;
/** Characters in which an `@` is sought after a password with a slash in it. */
const MAX_PASSWORD = 256;

export function withoutShapes(text: string): string {
  const { shapeOf, begun, hints, keys, places } = (patterns ??= makePatterns());
  let clean = withoutLogins(withoutPrivateKeys(text));
  if (clean.includes('/')) clean = clean.replaceAll(places, `$1${HIDDEN}`);
  if (hints.test(clean) && begun.test(clean))
    clean = clean.replaceAll(keys, (found: string, start: string, rest: string) => (isKey(shapeOf.get(start), rest) ? HIDDEN : found));
  return clean.includes('eyJ') ? clean.replaceAll(WEB_TOKEN, (found) => (found.includes('.') ? HIDDEN : found)) : clean;
}

function isKey(shape: Shape | undefined, rest: string): boolean {
  if (shape === undefined || rest.length < shape.min) return false;
  return shape.isLikeWord !== true || /\d/.test(rest) || rest.split(/[^A-Za-z]/).some(({ length }) => length >= LONGER_THAN_A_WORD);
}

function withoutPrivateKeys(text: string): string {
  if (!text.includes('PRIVATE KEY')) return text;
  let clean = '';
  let from = 0;
  PRIVATE_KEY.lastIndex = 0;
  for (let begin = PRIVATE_KEY.exec(text); begin !== null; begin = PRIVATE_KEY.exec(text)) {
    KEY_END.lastIndex = PRIVATE_KEY.lastIndex;
    const end = KEY_END.exec(text) === null ? text.length : KEY_END.lastIndex;
    clean += text.slice(from, begin.index) + HIDDEN;
    from = end;
    PRIVATE_KEY.lastIndex = end;
  }
  return from === 0 ? text : clean + text.slice(from);
}

/** A password may contain an `@`, and by mistake a slash. */
function withoutLogins(text: string): string {
  if (!text.includes('@')) return text;
  let clean = '';
  let from = 0;
  AUTHORITY.lastIndex = 0;
  for (let found = AUTHORITY.exec(text); found !== null; found = AUTHORITY.exec(text)) {
    const [whole, scheme = '', , authority = ''] = found;
    const start = found.index + whole.length - authority.length;
    const end = start + loginLength(text, start, authority, scheme === '');
    if (end <= start) continue;
    clean += `${text.slice(from, start)}${HIDDEN}`;
    from = end;
    AUTHORITY.lastIndex = end;
  }
  return from === 0 ? text : clean + text.slice(from);
}

/** Characters of user and password, without the `@` after them. */
function loginLength(text: string, start: number, authority: string, isBare: boolean): number {
  const at = authority.lastIndexOf('@');
  // `//name@host` without a scheme is a comment more often than a place.
  if (at >= 0) return isBare && !authority.slice(0, at).includes(':') ? 0 : at;
  const colon = authority.indexOf(':');
  if (isBare || colon < 0 || authority.startsWith('[') || /^\d*$/.test(authority.slice(colon + 1))) return 0;
  const near = /^[^\s'"`<>]*/.exec(text.slice(start, start + MAX_PASSWORD))?.[0] ?? '';
  return Math.max(0, near.lastIndexOf('@'));
}
