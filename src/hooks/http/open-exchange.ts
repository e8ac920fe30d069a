/** An exchange that is read: what its hook tells goes to its readers, content encodings removed. */
import { clock } from '../../config/originals.ts';
import { openBodyDecoder, type BodyDecoder } from '../../config/body-decoding.ts';
import type { Exchange, ExchangeRequest, ExchangeSink, Reader, ResponseHead } from './exchange.ts';

export class OpenExchange implements Exchange {
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
    const encoding = head.header('content-encoding');
    if (encoding === undefined) return;
    this.#decoder = openBodyDecoder(
      { encoding, isTimed },
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
    const encoding = this.#request.header('content-encoding');
    if (encoding === undefined) return;
    this.#requestDecoder = openBodyDecoder(
      { encoding, isTimed: false },
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
