/** Encoded items of one signal that wait for their request: sealed into pieces, then into payloads of bounded size. */
import type { Signal } from '../config/settings/index.ts';
import type { Encoding } from '../otlp/request.ts';
import { jsonRequest, protobufRequest, WireWriter, type ResourceAttributes, type Scope, type ScopeItems } from '../otlp/write/index.ts';

/** From here on waiting longer would only hold memory. */
const SEAL_BYTES = 524_288;
/** Well below the 20 MiB that a collector accepts, large enough that a burst drains fast. */
const REQUEST_BYTES = 2_097_152;

interface Piece {
  readonly encoded: ScopeItems;
  readonly items: number;
  readonly bytes: number;
  readonly fates: Fate[];
}

/** What becomes of an item: one of the two, or nothing while it is on its way or on disk. */
export interface Fate {
  readonly taken?: () => void;
  /** Replaced by a newer one, or lost. `isPartly`: the endpoint took some of the request, and does not say what. */
  readonly gone?: (isPartly: boolean) => void;
}

export interface Sum {
  readonly items: number;
  /** What it counts in the budget. */
  readonly bytes: number;
  readonly fates: readonly Fate[];
}

/** One request: made once, kept until it is answered for good. */
export interface Payload extends Sum {
  readonly body: Buffer;
}

export interface BacklogOptions {
  readonly signal: Signal;
  readonly encoding: Encoding;
  readonly resource: () => ResourceAttributes;
}

export class Backlog {
  readonly #options: BacklogOptions;
  readonly #writer = new WireWriter();
  #pieces: Piece[] = [];
  #scope: Scope | undefined;
  #openItems = 0;
  #openBytes = 0;
  #openFates: Fate[] = [];

  constructor(options: BacklogOptions) {
    this.#options = options;
  }

  get pieces(): number {
    return this.#pieces.length;
  }

  /** Whether items wait that are in no piece yet; after `add`, false says that it has filled a piece. */
  get hasOpen(): boolean {
    return this.#openItems > 0;
  }

  get isEmpty(): boolean {
    return this.#pieces.length === 0 && this.#openItems === 0;
  }

  /**
   * Encodes one item with `write` and returns its size, after `onItem` has seen its bytes. Throws what `write` throws;
   * nothing of it is then left.
   */
  add(scope: Scope, write: (writer: WireWriter) => void, onItem?: (bytes: Uint8Array) => void): number {
    if (scope !== this.#scope) this.seal();
    this.#scope = scope;
    try {
      write(this.#writer);
    } catch (error) {
      this.#writer.rollback();
      throw error;
    }
    const bytes = this.#writer.commit();
    onItem?.(this.#writer.committed(bytes));
    this.#openItems++;
    this.#openBytes += bytes;
    if (this.#openBytes >= SEAL_BYTES) this.seal();
    return bytes;
  }

  seal(): void {
    if (this.#openItems === 0 || this.#scope === undefined) return;
    const encoded = { scope: this.#scope, chunks: this.#writer.takeChunks() };
    this.#pieces.push({ encoded, items: this.#openItems, bytes: this.#openBytes, fates: this.#openFates });
    this.#openItems = 0;
    this.#openBytes = 0;
    this.#openFates = [];
  }

  /** Tells what becomes of the item that was added last, if it still waits. */
  watch(fate: Fate): void {
    if (this.#openItems > 0) this.#openFates.push(fate);
    else this.#pieces.at(-1)?.fates.push(fate);
  }

  clear(): Sum {
    this.seal();
    return sumOf(this.#pieces.splice(0));
  }

  /** Makes the next request; undefined: nothing waits. */
  next(): Payload | undefined {
    if (this.#pieces.length === 0) this.seal();
    let count = 0;
    for (let bytes = 0; count < this.#pieces.length && bytes < REQUEST_BYTES; count++) bytes += (this.#pieces[count] as Piece).bytes;
    if (count === 0) return undefined;
    const pieces = this.#pieces.splice(0, count);
    const { signal, encoding, resource } = this.#options;
    const scopes = pieces.map((piece) => piece.encoded);
    return {
      body: encoding === 'json' ? jsonRequest(signal, resource(), scopes) : protobufRequest(resource(), scopes),
      ...sumOf(pieces),
    };
  }
}

function sumOf(pieces: readonly Piece[]): Sum {
  return {
    items: pieces.reduce((sum, piece) => sum + piece.items, 0),
    bytes: pieces.reduce((sum, piece) => sum + piece.bytes, 0),
    fates: pieces.flatMap((piece) => piece.fates),
  };
}
