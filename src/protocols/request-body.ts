/** The body of one request: its bytes to facts. */
import { withDigest } from '../semconv/media.ts';
import type { Headers } from './facts/headers.ts';
import { likenessBeside, likenessLater, type Named } from './facts/likeness.ts';
import type { Operation, RequestFacts } from './protocol.ts';
import { BodyBuffer } from './read/body-buffer.ts';
import { boundaryOf, FormScanner } from './read/form-scanner.ts';
import { asObject, parseJson, type JsonObject } from './read/json.ts';
import { utf8Of } from './read/latin1.ts';
import type { KnownConversations, KnownStart } from './read/known-conversations.ts';
import type { Recognised } from './recognition.ts';

export interface RequestBodyOptions {
  readonly recognised: Recognised;
  readonly request: Headers;
  readonly isContentCaptured: boolean;
  /** Whether the body holds media is a fact. Default: false. */
  readonly estimatesTokens?: boolean | undefined;
  /** Keyed hash of what a tool is given, and of media. */
  readonly digest?: (content: unknown) => string | undefined;
  /** The path does not tell a call from requests of other services: the body must have the members that `Operation.body` names. */
  readonly isUnsure: boolean;
  /** Default: every request is parsed whole. */
  readonly known?: KnownConversations | undefined;
  /** Something could not be read; `what` is one of a few names. */
  onUnread(what: string): void;
}

/** Pictures, sound and files in the words of the providers: base64, which has no length in tokens. */
const MEDIA = /;base64,|"inline_?[dD]ata"|"type"\s*:\s*"base64"|"input_audio"|"images"\s*:\s*\["/;

/** Chunks are borrowed: read during the call, never kept. */
export class RequestBody {
  readonly #options: RequestBodyOptions;
  /** What the request is, as far as its body was read. */
  recognised: Recognised;
  readonly #buffer: BodyBuffer;
  #form: FormScanner | undefined;
  #bytes = 0;
  #hasMedia = false;
  #isBegun = false;
  #isUnreadable = false;
  /** What begins as a body that was read before; the buffer has the rest. */
  #start: KnownStart | undefined;

  constructor(options: RequestBodyOptions) {
    this.#options = options;
    this.recognised = options.recognised;
    this.#buffer = new BodyBuffer(options.isContentCaptured ? 'all' : 'usual');
  }

  /** Bytes without their content encoding. */
  add(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (!this.#isBegun) {
      this.#begin();
      if (this.#form === undefined) this.#start = this.#known?.startOf(chunk);
      if (this.#start !== undefined) return this.#buffer.add(chunk.subarray(this.#start.length));
    }
    if (this.#form === undefined) this.#buffer.add(chunk);
    else this.#form.feed(chunk);
  }

  /** How long it is, once it was read; `undefined` where not all of it is text, or that is not known. */
  get textBytes(): number | undefined {
    return this.#options.estimatesTokens !== true || this.#hasMedia || this.#form !== undefined || this.#isUnreadable
      ? undefined
      : this.#bytes;
  }

  /** The content encoding could not be removed. */
  unreadable(reason: string): void {
    this.#isUnreadable = true;
    this.#unread(`unreadable-request.${reason}`);
  }

  /** Once, when it is whole; `undefined` for one that could not be read, and `'foreign'` for what is no call. */
  read(): RequestFacts | 'foreign' | undefined {
    const facts = this.#isUnreadable ? undefined : this.#form === undefined ? this.#readText() : this.#facts(this.#form.fields);
    return facts === undefined && this.#options.isUnsure ? 'foreign' : facts;
  }

  /** Clients of `node:http` set headers until the first byte of the body. */
  #begin(): void {
    this.#isBegun = true;
    const boundary = boundaryOf(this.#options.request.header('content-type'));
    if (boundary !== undefined) this.#form = new FormScanner(boundary);
  }

  #readText(): RequestFacts | undefined {
    const start = this.#start;
    if (this.#buffer.isEmpty && start === undefined) return undefined;
    const { isShortened, isTooLarge } = this.#buffer;
    const rest = this.#buffer.takeLatin1();
    if (this.#options.estimatesTokens === true) this.#hasMedia = MEDIA.test(rest);
    const known = start === undefined || isShortened ? undefined : this.#readKnown(start, rest);
    if (known !== undefined) return known;
    const latin1 = start === undefined ? rest : start.bytes.toString('latin1', 0, start.length) + rest;
    if (isTooLarge) return this.#readStart(latin1);
    const body = asObject(parseJson(start === undefined ? this.#buffer.decoded(latin1) : utf8Of(latin1)));
    if (body === undefined) return this.#options.isUnsure ? undefined : this.#unread('unreadable-request');
    const facts = this.#facts(body);
    if (facts === undefined) return undefined;
    facts.likeness = likenessLater(latin1);
    if (!isShortened) this.#known?.keep(latin1, body);
    return facts;
  }

  /** `undefined` where all of it is to be read. */
  #readKnown(start: KnownStart, rest: string): RequestFacts | undefined {
    const known = this.#known?.parse(start, rest);
    const facts = known === undefined ? undefined : this.#facts(known.body);
    if (facts !== undefined) facts.likeness = knownLikeness(start, rest, known?.model);
    return facts;
  }

  /** Of what was too large: enough to find the model; a property of that name inside a message would need unescaped quotes. */
  #readStart(text: string): RequestFacts | undefined {
    const { isUnsure } = this.#options;
    const names = (name: string): boolean => new RegExp(`"${name}"\\s*:`).test(text);
    if (this.#options.recognised.others !== undefined) this.#choose(({ body }) => body?.every(names) === true);
    const { recognised } = this;
    const requestModel = /"model"\s*:\s*"([^"\\]{1,200})"/.exec(text)?.[1] ?? recognised.model;
    this.#unread('large-request');
    return isUnsure && requestModel === undefined ? undefined : { requestModel };
  }

  #facts(body: JsonObject): RequestFacts | undefined {
    const { isContentCaptured, isUnsure } = this.#options;
    const has = (name: string): boolean => body[name] !== undefined;
    if (isUnsure && !this.#choose((each) => each.body?.every(has) === true && each.fits?.(body) !== false)) return undefined;
    const { protocol, operation, model } = this.recognised;
    const digest = isContentCaptured ? this.#options.digest : undefined;
    const facts = withDigest(digest, () => protocol.readRequest(body, { operation, isContentCaptured }));
    facts.requestModel ??= model;
    facts.stream = operation.isStream ?? facts.stream;
    return facts;
  }

  /** False where none of the calls that go to such a path fits. */
  #choose(fits: (operation: Operation) => boolean): boolean {
    const { recognised } = this.#options;
    if (fits(recognised.operation)) return true;
    const other = recognised.others?.find(({ operation }) => fits(operation));
    if (other !== undefined) this.recognised = { ...recognised, protocol: other.protocol, operation: other.operation };
    return other !== undefined;
  }

  /** Texts to be embedded are no conversation. */
  get #known(): KnownConversations | undefined {
    return this.#options.recognised.operation.name === 'embeddings' ? undefined : this.#options.known;
  }

  #unread(what: string): undefined {
    this.#options.onUnread(what);
    return undefined;
  }
}

/** A number, since a function that could reckon it later would hold the body. */
function knownLikeness({ bytes, length }: KnownStart, rest: string, model: Named | undefined): () => number {
  return always(
    likenessBeside(
      { length: length + rest.length, charCodeAt: (at) => (at < length ? (bytes[at] as number) : rest.charCodeAt(at - length)) },
      model,
    ),
  );
}

const always = (value: number) => (): number => value;
