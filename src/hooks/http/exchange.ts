/** One HTTP request and its answer as bytes, handed from a hook to the listeners that read them. */
import { clock } from '../../config/originals.ts';
import { openBodyDecoder, type BodyDecoder } from './body-decoding.ts';

export interface ExchangeRequest {
  readonly method: string;
  /** Host name without port; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** Path with query. */
  readonly path: string;
  /** First value of a request header; `name` in lower case. */
  header(name: string): string | undefined;
}

export interface ResponseHead {
  readonly status: number;
  /** First value of a response header; `name` in lower case. */
  header(name: string): string | undefined;
}

/** Reads one exchange. Chunks are borrowed: valid during the call only. `end` or `error` comes once, and last. */
export interface ExchangeSink {
  /** Bytes of the request, content encoding removed. */
  requestBody(chunk: Uint8Array): void;
  /** The request's bytes cannot be read; see `responseUnreadable`. */
  requestUnreadable(reason: string): void;
  requestEnd(): void;
  /**
   * True when the time of each piece matters: then an encoded body is decoded as it arrives. `decodeRest` hands over
   * what still waits for its decoding, before it returns, unless the body is long.
   */
  responseHead(head: ResponseHead, decodeRest: () => void): boolean;
  /** Bytes of the answer, content encoding removed. */
  responseChunk(bytes: Uint8Array): void;
  /** The answer's bytes cannot be read: unknown encoding, damaged, or past the bound. */
  responseUnreadable(reason: string): void;
  /** `lateMs`: how long ago the last byte arrived (decoding takes a moment). */
  end(lateMs: number): void;
  error(error: unknown, lateMs: number): void;
  /** It threw: nothing more comes, and what it holds open is to be let go. */
  lost?(): void;
}

export interface ExchangeListener {
  /** Called synchronously in the caller's async context. Must be cheap: every request passes. */
  wants(request: ExchangeRequest): ExchangeSink | undefined;
  /** A fault of the listener or of the hook; the sink concerned hears no more. */
  onFault(error: unknown): void;
}

const listeners: ExchangeListener[] = [];

export function addListener(listener: ExchangeListener): void {
  listeners.push(listener);
}

/** Runs a hook body; what it throws is told to every listener and never reaches the app. */
export function guard(work: () => void): void {
  try {
    work();
  } catch (error) {
    for (const listener of listeners) listener.onFault(error);
  }
}

/** The exchange that somebody wants to read; `undefined` when nobody does. */
export function openExchange(request: ExchangeRequest): Exchange | undefined {
  const readers: Reader[] = [];
  for (const listener of listeners) {
    try {
      const sink = listener.wants(request);
      if (sink !== undefined) readers.push({ sink, listener });
    } catch (error) {
      listener.onFault(error);
    }
  }
  return readers.length === 0 ? undefined : new Exchange(readers, request);
}

interface Reader {
  readonly sink: ExchangeSink;
  readonly listener: ExchangeListener;
}

export class Exchange {
  #readers: readonly Reader[];
  readonly #request: ExchangeRequest;
  #requestDecoder: BodyDecoder | undefined;
  #decoder: BodyDecoder | undefined;
  #isRequestBegun = false;
  /** The client has sent it all. */
  #isRequestSent = false;
  /** The readers were told so. */
  #isRequestEnded = false;
  #isClosing = false;

  constructor(readers: readonly Reader[], request: ExchangeRequest) {
    this.#readers = readers;
    this.#request = request;
  }

  get isEnded(): boolean {
    return this.#isClosing;
  }

  requestBody(chunk: Uint8Array): void {
    if (this.#isRequestSent || this.#isClosing) return;
    if (!this.#isRequestBegun) this.#beginRequest();
    if (this.#requestDecoder === undefined) this.#tell((sink) => sink.requestBody(chunk));
    else this.#requestDecoder.write(chunk);
  }

  requestEnd(): void {
    if (this.#isRequestSent || this.#isClosing) return;
    this.#isRequestSent = true;
    if (this.#requestDecoder === undefined) this.#endRequest();
    else this.#requestDecoder.end(() => this.#endRequest());
  }

  responseHead(head: ResponseHead): void {
    if (this.#isClosing) return;
    // A server may answer before it read the request to its end; and a long one may still wait for its decoding.
    this.requestEnd();
    this.#endRequest();
    let isTimed = false;
    this.#tell((sink) => {
      if (sink.responseHead(head, () => this.#decoder?.flush())) isTimed = true;
    });
    this.#decoder = openBodyDecoder(
      { encoding: head.header('content-encoding'), isTimed },
      {
        onBytes: (bytes) => this.#deliver(bytes),
        onUnreadable: (reason) => this.#tell((sink) => sink.responseUnreadable(reason)),
      },
    );
  }

  responseChunk(bytes: Uint8Array): void {
    if (this.#isClosing) return;
    if (this.#decoder === undefined) this.#deliver(bytes);
    else this.#decoder.write(bytes);
  }

  end(): void {
    this.#close((sink, lateMs) => sink.end(lateMs));
  }

  error(error: unknown): void {
    this.#close((sink, lateMs) => sink.error(error, lateMs));
  }

  /** Clients of `node:http` set headers until the first byte of the body. */
  #beginRequest(): void {
    this.#isRequestBegun = true;
    this.#requestDecoder = openBodyDecoder(
      { encoding: this.#request.header('content-encoding'), isTimed: false },
      {
        onBytes: (bytes) => {
          if (!this.#isRequestEnded) this.#tell((sink) => sink.requestBody(bytes));
        },
        onUnreadable: (reason) => {
          if (!this.#isRequestEnded) this.#tell((sink) => sink.requestUnreadable(reason));
        },
      },
    );
  }

  #endRequest(): void {
    if (this.#isRequestEnded) return;
    this.#isRequestEnded = true;
    this.#tell((sink) => sink.requestEnd());
  }

  #deliver(bytes: Uint8Array): void {
    for (const reader of this.#readers) {
      try {
        reader.sink.responseChunk(bytes);
      } catch (error) {
        this.#detach(reader, error);
      }
    }
  }

  #close(last: (sink: ExchangeSink, lateMs: number) => void): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    const closedAt = clock.monotonic();
    const finish = (): void => {
      this.#tell((sink) => last(sink, clock.monotonic() - closedAt));
      this.#readers = [];
    };
    if (this.#decoder === undefined) finish();
    else this.#decoder.end(finish);
  }

  #tell(call: (sink: ExchangeSink) => void): void {
    for (const reader of this.#readers) {
      try {
        call(reader.sink);
      } catch (error) {
        this.#detach(reader, error);
      }
    }
  }

  #detach(reader: Reader, error: unknown): void {
    this.#readers = this.#readers.filter((other) => other !== reader);
    reader.listener.onFault(error);
    try {
      reader.sink.lost?.();
    } catch (second) {
      reader.listener.onFault(second);
    }
  }
}
