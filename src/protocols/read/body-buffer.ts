/** Collects a body until it is whole. Of a body past the bound, and of one with vectors, long strings and lists of numbers are shortened. */
import { isAscii } from 'node:buffer';
import { latin1Of, utf8Of } from './latin1.ts';
import { StringShortener } from './string-shortener.ts';

/** Longest body that is kept as it is; protects the memory from a prompt full of media. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** Longest body with all its strings whole, where long ones are of no use. */
const MAX_WHOLE_BYTES = 1024 * 1024;
/** How much is kept of a body that is longer without its long strings; the model's name usually stands there. */
const PREFIX_BYTES = 64 * 1024;
/** Characters kept of a string where strings are vectors: more than a name or an id. */
const VECTOR_CHARACTERS = 512;
/** Pieces that are not joined yet; protects the memory from a body in single bytes, each of which costs a hundred. */
const MAX_PIECES = 1_024;

/**
 * Which strings are kept whole: all, as long as the body is; or those of a body of usual length; or none, where nearly all is vectors, as numbers or as base64. Shorter bodies are parsed as they
 * are: where texts are full of quotes, finding the ends of their strings takes longer than parsing them.
 */
export type KeptStrings = 'all' | 'usual' | 'none';

/** Keeps one character per byte: a string is cheaper than a buffer, and a body of ASCII needs no decoding. */
export class BodyBuffer {
  readonly #kept: KeptStrings;
  #pieces: string[] = [];
  #length = 0;
  #isAscii = true;
  #shortener: StringShortener | undefined;
  isTooLarge = false;

  constructor(kept: KeptStrings = 'all') {
    this.#kept = kept;
    if (kept === 'none') this.#shortener = new StringShortener(VECTOR_CHARACTERS);
  }

  add(chunk: Uint8Array): void {
    if (this.isTooLarge) return;
    this.#isAscii &&= isAscii(chunk);
    const text = latin1Of(chunk);
    this.#push(this.#shortener?.add(text) ?? text);
    if (this.#length <= (this.#kept === 'all' || this.#shortener !== undefined ? MAX_BODY_BYTES : MAX_WHOLE_BYTES)) return;
    if (this.#shortener === undefined) this.#shorten();
    if (this.#length <= MAX_BODY_BYTES) return;
    this.isTooLarge = true;
    // Copied through bytes: a slice of a string would keep the whole string in memory.
    this.#pieces = [Buffer.from(this.#pieces.join('').slice(0, PREFIX_BYTES), 'latin1').toString('latin1')];
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** The whole body, or its beginning when it was too large; the buffer is empty afterwards. */
  take(): string {
    return this.decoded(this.takeLatin1());
  }

  /** The same, one character per byte. */
  takeLatin1(): string {
    const text = this.#pieces.join('');
    this.#pieces = [];
    return text;
  }

  /** What `takeLatin1` gave, as the text it stands for. */
  decoded(latin1: string): string {
    return this.#isAscii ? latin1 : utf8Of(latin1);
  }

  /** Long strings were shortened, or all of it was too much. */
  get isShortened(): boolean {
    return this.#shortener !== undefined || this.isTooLarge;
  }

  #push(text: string): void {
    this.#length += text.length;
    this.#pieces.push(text);
    if (this.#pieces.length >= MAX_PIECES) this.#pieces = [this.#pieces.join('')];
  }

  #shorten(): void {
    const whole = this.#pieces.join('');
    this.#shortener = new StringShortener();
    this.#pieces = [];
    this.#length = 0;
    this.#push(this.#shortener.add(whole));
  }
}
