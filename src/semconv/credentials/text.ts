/** Removes credentials from a text: a command line, JSON, a header, a message of an error, a prompt. Pure, in linear time. */
import { cutText } from '../cut-text.ts';
import { weightOf } from './names.ts';
import { isHeaderForm, isHeaderOption, isLogin, isSetter, isUserOption, optionsOf, scrubHeader } from './options.ts';
import { withoutShapes } from './shapes.ts';
import { AUTH_SCHEMES, HIDDEN, LINE_HEADERS, words, type ProgramOptions } from './table.ts';
import { closingAt, delimiterAt, delimiterBefore, lineEnd, valueAt, type Value } from './values.ts';

/** Names, options and variables. Each run is read once. */
const RUN = /[\w$.-]+/g;
/** From a name to its value: the quote that closes the name, a bracket, and the sign. */
const SIGN =
  /((?:\\*(?:["'`]|u002[27]))?[ \t]{0,4}[\])]{0,2}(?:\[["'\w]{0,20}\])?[ \t]{0,8})(=>|:=|={1,2}|:(?!:|\/\/)|%3[aAdD])[ \t]{0,8}/y;
/** `set("TOKEN", "…")`, `("X-Auth-Token", "…")`. */
const COMMA = /\\*["'`]\s{0,4},\s{0,4}(?=\\*["'`])/y;
const SPACE = /[ \t]+/y;
/** A value that is none: types, what says that there is nothing, and what is hidden already. */
const NO_VALUE =
  /(?:\\*["'`])?(?:true|false|yes|no|null|none|nil|undefined|string|number|boolean|bool|int|str|any|unknown|required|optional)\b(?![\w.-])|(?:\\*["'`])?\*{3}(?=[\s"'`,;)}\]&\\<>/]|$)/iy;
/** What a key looks like, where its name has other meanings as well. */
const LIKE_KEY = /(?:\$?\\*["'`])?(?=[^\s\d"'`\\]{0,63}\d)[^\s"'`\\]{8,}/y;
const SMALL_NUMBER = /(?:\\*["'`])?\d{1,3}(?![\w.])/y;
/** Another option: the one before it takes no value. */
const OPTION = /--[a-z][a-z-]*(?=[\s=]|$)|-[A-Za-z](?=\s|$)/y;
const MAX_HEADER_NAME = 80;
const MAX_USER = 256;
const MAX_SCHEMES = 3;
const MAX_CREDENTIAL = 512;
const NEW_COMMAND = /[;|&\n()]/;
/** What stands in a text that holds any of all this; asked first, since most texts hold nothing. */
const HINT = /tok|sec|pas|pwd|key|cred|auth|cook|jwt|bear|basic|sig|otp|pin|head|sudo|-[hupawbnk]|-enc/i;

const makeLists = () => ({ schemes: new Set(words(AUTH_SCHEMES)), lineHeaders: new Set(words(LINE_HEADERS)) });
let lists: ReturnType<typeof makeLists> | undefined;
const known = (): ReturnType<typeof makeLists> => (lists ??= makeLists());

/** @example scrubText('curl -H "X-Auth-Token: abc" u') // 'curl -H "X-Auth-Token: ***" u' */
export function scrubText(text: string): string {
  const clean = withoutShapes(text);
  return HINT.test(clean) ? new Scrubbed(clean).text() : clean;
}

/** The first `limit` characters of it. A credential may lie across the place where it is cut: what lies there is left out. */
export function scrubStart(text: string, limit: number): string {
  if (text.length <= limit) return cutText(scrubText(text), limit);
  const near = text.slice(0, limit + MAX_CREDENTIAL);
  const clean = scrubText(near);
  return cutText(clean, Math.min(limit, clean.length - (near.length - limit)));
}

class Scrubbed {
  readonly #text: string;
  readonly #parts: string[] = [];
  #from = 0;
  #program: ProgramOptions | undefined;
  #isSecretPiped = false;
  #before = '';
  #beforeThat = '';
  /** Where what `echo` printed lies among the parts. */
  #echo: { from: number; to: number } | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  text(): string {
    const text = this.#text;
    let last = 0;
    RUN.lastIndex = 0;
    for (let found = RUN.exec(text); found !== null; found = RUN.exec(text)) {
      const between = text.slice(last, found.index);
      const run = found[0];
      if (NEW_COMMAND.test(between)) this.#newCommand(between, last);
      const hereAt = this.#isSecretPiped ? between.indexOf('<<<') : -1;
      if (hereAt >= 0) {
        this.#isSecretPiped = false;
        SPACE.lastIndex = last + hereAt + 3;
        this.#hide(valueAt(text, SPACE.test(text) ? SPACE.lastIndex : last + hereAt + 3), false);
      } else this.#read(run, found.index, found.index + run.length);
      RUN.lastIndex = Math.max(RUN.lastIndex, this.#from);
      last = RUN.lastIndex;
      this.#beforeThat = this.#before;
      this.#before = run;
      // `http:` is no program.
      if (text[last] !== ':') this.#program = optionsOf(run) ?? this.#program;
    }
    return this.#from === 0 ? text : this.#parts.join('') + text.slice(this.#from);
  }

  #newCommand(between: string, at: number): void {
    this.#program = undefined;
    this.#isSecretPiped = false;
    if (!between.includes('|') || between.includes('||')) this.#echo = undefined;
    else if (this.#echo !== undefined && this.#echo.to < 0) this.#echo = { from: this.#echo.from, to: at + between.indexOf('|') };
    this.#before = '';
  }

  #read(found: string, foundAt: number, end: number): void {
    const text = this.#text;
    // `\nTOKEN` in a text within JSON.
    const isEscape = text[foundAt - 1] === '\\' && /^[nrt]./.test(found);
    const [run, start] = isEscape ? [found.slice(1), foundAt + 1] : [found, foundAt];
    if (run.startsWith('-') && this.#option(run, start, end)) return;
    if (run === 'echo' || run === 'printf') this.#echo = { from: end, to: -1 };
    SIGN.lastIndex = end;
    const sign = SIGN.exec(text);
    if (sign !== null) {
      this.#assigned(run, start, sign[1] ?? '', sign[2] ?? '', SIGN.lastIndex);
      return;
    }
    COMMA.lastIndex = end;
    const isSetting = isSetter(this.#before) || (isSetter(this.#beforeThat) && /^-|[/:]$/.test(this.#before + (text[start - 1] ?? '')));
    if (COMMA.test(text)) this.#pair(run, COMMA.lastIndex);
    else if (isSetting) this.#setting(run, end);
    else if (text[start - 1] === '<' && text[end] === '>') this.#element(run, end + 1);
    else if (/^(?:bearer|basic)$/i.test(run)) this.#scheme(end);
  }

  /** Options by their own name, and by that of their program. True where nothing else is to be asked. */
  #option(run: string, start: number, end: number): boolean {
    const text = this.#text;
    const program = this.#program;
    SPACE.lastIndex = end;
    const next = SPACE.test(text) ? SPACE.lastIndex : -1;
    if (program?.stdin?.includes(run) === true || /^--?[\w-]*(?:password|passphrase|token|secret)-stdin$/.test(run)) {
      this.#piped();
      return true;
    }
    if (isHeaderOption(run)) return next >= 0 && this.#header(next, run === '-H');
    if (/^-H./.test(run) && isHeaderForm(text.slice(start + 2, start + 68))) return this.#header(start + 2, true);
    if (run === '-H') return this.#header(end, true);
    if (isUserOption(run) && next >= 0) return this.#login(next);
    if (/^-u./.test(run) && text[end] === ':' && text[end + 1] !== '/') return this.#login(start + 2);
    if (next >= 0 && (program?.next?.includes(run) === true || this.#isSecretOption(run, next))) {
      this.#hide(valueAt(text, next), false);
      return true;
    }
    const joined = program?.joined?.find((option) => run.startsWith(option) && start + option.length < this.#wordEnd(start));
    if (joined === undefined || run.startsWith('--')) return false;
    this.#hide(valueAt(text, start + joined.length), false);
    return true;
  }

  #wordEnd(start: number): number {
    const end = this.#text.slice(start, start + 64).search(/\s/);
    return end < 0 ? this.#text.length : start + end;
  }

  #isSecretOption(run: string, next: number): boolean {
    if (weightOf(run) === undefined) return false;
    OPTION.lastIndex = next;
    return next < this.#text.length && !OPTION.test(this.#text) && !/[\n;|&<>]/.test(this.#text[next] ?? '') && !this.#isNone(next);
  }

  #isNone(at: number): boolean {
    NO_VALUE.lastIndex = at;
    return NO_VALUE.test(this.#text);
  }

  /** `name=value`, `name: value`, `"name": "value"`, and the like. */
  #assigned(run: string, start: number, closing: string, sign: string, at: number): void {
    const text = this.#text;
    const isColon = sign === ':' || sign === '=>' || /^%3a$/i.test(sign);
    const weight = weightOf(run);
    const opener = closing.trim() === '' ? delimiterBefore(text, start) : '';
    if (weight === undefined) {
      if (isHeaderOption(run)) this.#header(at, false);
      else if (isUserOption(run)) this.#login(at);
      return;
    }
    if (/header/i.test(run) && !isColon && /^-/.test(run)) {
      this.#header(at, false);
      return;
    }
    if (this.#isNone(at) || !this.#isSecretValue(run, weight, isColon || /\s/.test(text[at - 1] ?? ''), at)) return;
    const name = run.toLowerCase();
    if (isColon && known().lineHeaders.has(name.replace(/^.*\./, ''))) this.#line(at, opener);
    else if (opener !== '' && (/header/i.test(run) || !this.#isShellText(start - opener.length))) this.#until(at, opener);
    else if (isColon && closing.trim() !== '' && /[{[]/.test(text[at] ?? '')) {
      const { outerStart, outerEnd } = valueAt(text, at);
      // JSON stays JSON.
      this.#replace(outerStart, outerEnd, `${closing.trim()}${HIDDEN}${closing.trim()}`);
    } else this.#hide(this.#withScheme(valueAt(text, at)), isColon);
  }

  #isSecretValue(run: string, weight: 'secret' | 'short', isColon: boolean, at: number): boolean {
    if (at >= this.#text.length) return false;
    if (weight === 'secret') return true;
    if (/^-*headers?$/i.test(run) && /[{[@(]/.test(this.#text[at] ?? '')) return true;
    if (/^-*pwd$/i.test(run) && /[/~.$]/.test(this.#text[at] ?? '')) return false;
    LIKE_KEY.lastIndex = at;
    if (isColon) return LIKE_KEY.test(this.#text);
    SMALL_NUMBER.lastIndex = at;
    return run.startsWith('-') || !SMALL_NUMBER.test(this.#text);
  }

  /** The text of a shell begins at the quote before, or a member of JSON: it may hold more than this value. */
  #isShellText(quoteAt: number): boolean {
    if (/[:[,(]\s?$/.test(this.#text.slice(Math.max(0, quoteAt - 2), quoteAt))) return true;
    return this.#program !== optionsOf('git') && /^(?:-[a-z]*c|-[Cc]ommand|eval|\/[cC])$/.test(this.#before);
  }

  /** `Token abc`, `X-Auth: Bearer abc` as a value of several words. */
  #withScheme(value: Value): Value {
    let last = value;
    for (let words = 0; words < MAX_SCHEMES; words += 1) {
      const word = this.#text.slice(last.start, Math.min(last.end, last.start + 32)).toLowerCase();
      SPACE.lastIndex = last.outerEnd;
      if ((!known().schemes.has(word) && !word.endsWith(':')) || !SPACE.test(this.#text)) break;
      last = valueAt(this.#text, SPACE.lastIndex);
    }
    return { ...value, end: last === value ? value.end : last.outerEnd, outerEnd: last.outerEnd };
  }

  #line(at: number, opener: string): void {
    const text = this.#text;
    const delimiter = delimiterAt(text, at);
    if (delimiter !== '') this.#hide(valueAt(text, at), true);
    else if (opener !== '') this.#until(at, opener);
    else this.#replace(at, lineEnd(text, at));
  }

  #until(at: number, opener: string): void {
    this.#replace(at, closingAt(this.#text, at, opener));
  }

  #header(at: number, isFormNeeded: boolean): boolean {
    const text = this.#text;
    const head = at + delimiterAt(text, at).length;
    // Asked before the end is sought, which may be far.
    if (isFormNeeded && !isHeaderForm(text.slice(head, head + MAX_HEADER_NAME))) return false;
    if (/^@[^{]/.test(text.slice(head, head + 2))) return false;
    let value = valueAt(text, at);
    const inner = text.slice(value.start, value.end);
    if (inner.endsWith(':')) value = this.#withScheme(value);
    this.#replace(value.start, value.end, scrubHeader(inner.slice(0, MAX_HEADER_NAME)));
    return true;
  }

  #login(at: number): boolean {
    if (!this.#text.slice(at, at + MAX_USER).includes(':')) return false;
    const value = valueAt(this.#text, at);
    const { start, end } = value;
    if (!isLogin(this.#text.slice(start, Math.min(end, start + MAX_USER)))) return false;
    this.#hide(value, this.#text[at - 1] === ',');
    return true;
  }

  #scheme(end: number): void {
    SPACE.lastIndex = end;
    if (!SPACE.test(this.#text)) return;
    const at = SPACE.lastIndex;
    const value = /[\w.~+/=:-]{8,}/y;
    value.lastIndex = at;
    const found = value.exec(this.#text)?.[0] ?? '';
    // Prose has words here: `Basic authentication`.
    if (/\d|=$|[a-z][A-Z]/.test(found)) this.#replace(at, at + found.length);
  }

  #element(run: string, at: number): void {
    if (weightOf(run) === undefined) return;
    const end = this.#text.indexOf('<', at);
    if (end > at) this.#replace(at, end);
  }

  #setting(run: string, end: number): void {
    SPACE.lastIndex = end;
    if (weightOf(run) === undefined || run.startsWith('-') || !SPACE.test(this.#text)) return;
    this.#hide(valueAt(this.#text, SPACE.lastIndex), false);
  }

  #pair(run: string, at: number): void {
    const isOption = run.startsWith('-');
    if (isHeaderOption(run)) this.#header(at, run === '-H');
    else if (isUserOption(run)) this.#login(at);
    else if (weightOf(run) === 'secret' || (isOption && (weightOf(run) !== undefined || this.#program?.next?.includes(run) === true)))
      this.#hide(valueAt(this.#text, at), true);
  }

  /** The secret comes by standard input: by a here-string after this option, or by the `echo` before the pipe. */
  #piped(): void {
    this.#isSecretPiped = true;
    const { from, to } = this.#echo ?? { from: 0, to: -1 };
    if (to > from && to > this.#from) this.#replace(Math.max(from, this.#from), to, ` ${HIDDEN} `);
  }

  /** `isQuoted`: the quotes around it stay, as JSON needs them. */
  #hide({ start, end, outerStart, outerEnd }: Value, isQuoted: boolean): void {
    if (isQuoted) this.#replace(start, end);
    else this.#replace(outerStart, outerEnd);
  }

  #replace(from: number, to: number, by = HIDDEN): void {
    if (to <= from) return;
    this.#parts.push(this.#text.slice(this.#from, from), by);
    this.#from = to;
  }
}
