/** The body of one request: its bytes to facts. */
import { withDigest } from '../semconv/media.ts';
import type { Headers } from './facts/headers.ts';
import { likenessLater } from './facts/likeness.ts';
import type { RequestFacts } from './protocol.ts';
import { BodyBuffer } from './read/body-buffer.ts';
import { boundaryOf, FormScanner } from './read/form-scanner.ts';
import { asObject, parseJson, type JsonObject } from './read/json.ts';
import type { Recognised } from './recognition.ts';

export interface RequestBodyOptions {
  readonly recognised: Recognised;
  readonly request: Headers;
  readonly isContentCaptured: boolean;
  /** Keyed hash of what a tool is given, and of media. */
  readonly digest?: (content: unknown) => string | undefined;
  /** The path does not tell a call from requests of other services: the body must have the members that `Operation.body` names. */
  readonly isUnsure: boolean;
  /** Something could not be read; `what` is one of a few names. */
  onUnread(what: string): void;
}

/** Chunks are borrowed: read during the call, never kept. */
export class RequestBody {
  readonly #options: RequestBodyOptions;
  readonly #buffer: BodyBuffer;
  #form: FormScanner | undefined;
  #isBegun = false;
  #isUnreadable = false;

  constructor(options: RequestBodyOptions) {
    this.#options = options;
    this.#buffer = new BodyBuffer(options.isContentCaptured ? 'all' : 'usual');
  }

  /** Bytes without their content encoding. */
  add(chunk: Uint8Array): void {
    if (!this.#isBegun) this.#begin();
    if (this.#form === undefined) this.#buffer.add(chunk);
    else this.#form.feed(chunk);
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
    if (this.#buffer.isEmpty) return undefined;
    const { recognised, isUnsure } = this.#options;
    const isTooLarge = this.#buffer.isTooLarge;
    const text = this.#buffer.take();
    if (isTooLarge) {
      // Enough to find the model; a property of that name inside a message would need unescaped quotes.
      const requestModel = /"model"\s*:\s*"([^"\\]{1,200})"/.exec(text)?.[1] ?? recognised.model;
      this.#unread('large-request');
      return isUnsure && requestModel === undefined ? undefined : { requestModel };
    }
    const body = asObject(parseJson(text));
    if (body === undefined) return isUnsure ? undefined : this.#unread('unreadable-request');
    const facts = this.#facts(body);
    if (facts !== undefined) facts.likeness = likenessLater(text);
    return facts;
  }

  #facts(body: JsonObject): RequestFacts | undefined {
    const { recognised, isContentCaptured, isUnsure } = this.#options;
    const { protocol, operation, model } = recognised;
    if (isUnsure && operation.body?.every((name) => body[name] !== undefined) !== true) return undefined;
    const digest = isContentCaptured ? this.#options.digest : undefined;
    const facts = withDigest(digest, () => protocol.readRequest(body, { operation, isContentCaptured }));
    facts.requestModel ??= model;
    facts.stream = operation.isStream ?? facts.stream;
    return facts;
  }

  #unread(what: string): undefined {
    this.#options.onUnread(what);
    return undefined;
  }
}
