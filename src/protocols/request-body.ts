/** The body of one request: its bytes to facts. */
import type { Headers } from './facts/headers.ts';
import { likenessOf } from './facts/likeness.ts';
import type { RequestFacts } from './protocol.ts';
import { BodyBuffer } from './read/body-buffer.ts';
import { boundaryOf, FormScanner } from './read/form-scanner.ts';
import { asObject, parseJson, type JsonObject } from './read/json.ts';
import type { Recognised } from './recognition.ts';

export interface RequestBodyOptions {
  readonly recognised: Recognised;
  readonly request: Headers;
  readonly isContentCaptured: boolean;
  /** The path does not tell a call from requests of other services: the body must have the members that `Operation.body` names. */
  readonly isUnsure: boolean;
  /** Something could not be read; `what` is one of a few names. */
  onUnread(what: string): void;
}

/** Chunks are borrowed: read during the call, never kept. */
export class RequestBody {
  readonly #options: RequestBodyOptions;
  readonly #isEncoded: boolean;
  readonly #buffer = new BodyBuffer();
  readonly #form: FormScanner | undefined;

  constructor(options: RequestBodyOptions) {
    this.#options = options;
    const encoding = options.request.header('content-encoding');
    this.#isEncoded = encoding !== undefined && encoding !== 'identity';
    const boundary = boundaryOf(options.request.header('content-type'));
    this.#form = boundary === undefined ? undefined : new FormScanner(boundary);
  }

  add(chunk: Uint8Array): void {
    if (this.#isEncoded) return;
    if (this.#form === undefined) this.#buffer.add(chunk);
    else this.#form.feed(chunk);
  }

  /** Once, when it is whole; `undefined` for one that could not be read, and `'foreign'` for what is no call. */
  read(): RequestFacts | 'foreign' | undefined {
    const facts = this.#isEncoded
      ? this.#unread('encoded-request')
      : this.#form === undefined
        ? this.#readText()
        : this.#facts(this.#form.fields);
    return facts === undefined && this.#options.isUnsure ? 'foreign' : facts;
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
    return facts === undefined ? undefined : { ...facts, likeness: likenessOf(text) };
  }

  #facts(body: JsonObject): RequestFacts | undefined {
    const { recognised, isContentCaptured, isUnsure } = this.#options;
    const { protocol, operation, model } = recognised;
    if (isUnsure && operation.body?.every((name) => body[name] !== undefined) !== true) return undefined;
    const facts = protocol.readRequest(body, { operation, isContentCaptured });
    return { ...facts, requestModel: facts.requestModel ?? model, stream: operation.isStream ?? facts.stream };
  }

  #unread(what: string): undefined {
    this.#options.onUnread(what);
    return undefined;
  }
}
