/** One HTTP request and its answer as bytes, handed from a hook to the listeners that read them. */

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

/** What a hook tells of one exchange. Anything may come late, twice or never. */
export interface Exchange {
  readonly isEnded: boolean;
  requestBody(chunk: Uint8Array): void;
  requestEnd(): void;
  responseHead(head: ResponseHead): void;
  responseChunk(bytes: Uint8Array): void;
  end(): void;
  error(error: unknown): void;
}

export interface Reader {
  readonly sink: ExchangeSink;
  readonly listener: ExchangeListener;
}

export interface ExchangeListener {
  /** Called synchronously in the caller's async context. Must be cheap: every request passes. */
  wants(request: ExchangeRequest): ExchangeSink | undefined;
  /** Makes an `OpenExchange`. It comes from the listener, since most processes never read an exchange. */
  open(readers: readonly Reader[], request: ExchangeRequest): Exchange;
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
  return readers[0]?.listener.open(readers, request);
}
