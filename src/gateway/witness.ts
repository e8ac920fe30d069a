/** Reads one call beside its bytes: what it learns goes to the process that records. A fault ends the reading, never the call. */
import { openBodyDecoder, type BodyDecoder } from '../config/body-decoding.ts';
import type { RawHeaders } from './headers.ts';
import { headerIn } from './headers.ts';
import type { ExchangeReader } from '../protocols/exchange.ts';

/** What a relay tells of one exchange. */
export interface Witness {
  requestBody(chunk: Uint8Array): void;
  requestEnd(): void;
  responseHead(status: number, headers: RawHeaders): void;
  responseChunk(chunk: Uint8Array): void;
  end(): void;
  error(error: unknown): void;
}

export interface WitnessOptions {
  readonly reader: ExchangeReader;
  /** Of the request. */
  readonly encoding: string | undefined;
  /** Called at most once. */
  readonly onFault: (error: unknown) => void;
}

/** Content encodings are removed from our copy of the bytes. */
export function createWitness({ reader, encoding, onFault }: WitnessOptions): Witness {
  let isOff = false;
  let isRequestEnded = false;
  let requestDecoder: BodyDecoder | undefined;
  let decoder: BodyDecoder | undefined;
  let isEnded = false;
  const guard = (work: () => void): void => {
    if (isOff) return;
    try {
      work();
    } catch (error) {
      isOff = true;
      onFault(error);
      try {
        reader.lost();
      } catch {
        // The same fault once more.
      }
    }
  };
  guard(() => {
    requestDecoder = openBodyDecoder(
      { encoding, isTimed: false },
      {
        onBytes: (bytes) => guard(() => !isRequestEnded && reader.requestBody(bytes)),
        onUnreadable: (reason) => guard(() => !isRequestEnded && reader.requestUnreadable(reason)),
      },
    );
  });
  const endRequest = (): void => {
    if (isRequestEnded) return;
    isRequestEnded = true;
    guard(() => reader.requestEnd());
  };
  const close = (last: (lateMs: number) => void): void => {
    if (isEnded) return;
    isEnded = true;
    const closedAt = performance.now();
    const finish = (): void =>
      guard(() => {
        last(performance.now() - closedAt);
        // Of a redirect nothing more is heard: its client makes another call.
        if (reader.quietSince !== undefined) reader.cut(undefined);
      });
    if (decoder === undefined) finish();
    else guard(() => decoder?.end(finish));
  };
  return {
    requestBody: (chunk) =>
      guard(() => {
        if (isRequestEnded) return;
        if (requestDecoder === undefined) reader.requestBody(chunk);
        else requestDecoder.write(chunk);
      }),
    requestEnd: () =>
      guard(() => {
        if (requestDecoder === undefined) endRequest();
        else requestDecoder.end(endRequest);
      }),
    responseHead: (status, headers) =>
      guard(() => {
        // A server may answer before it has read the request to its end.
        endRequest();
        const isTimed = reader.responseHead({ status, header: (name) => headerIn(headers, name) }, () => decoder?.flush());
        decoder = openBodyDecoder(
          { encoding: headerIn(headers, 'content-encoding'), isTimed },
          {
            onBytes: (bytes) => guard(() => reader.responseChunk(bytes)),
            onUnreadable: (reason) => guard(() => reader.responseUnreadable(reason)),
          },
        );
      }),
    responseChunk: (chunk) =>
      guard(() => {
        if (decoder === undefined) reader.responseChunk(chunk);
        else decoder.write(chunk);
      }),
    end: () => close((lateMs) => reader.end(lateMs)),
    error: (error) => close((lateMs) => reader.error(error, lateMs)),
  };
}
