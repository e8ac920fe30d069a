/** Removes the content encoding from our copy of a body; a short one at once, since the app may exit on its answer. */
import type * as Zlib from 'node:zlib';

/** Decoded bytes of one body; protects from a compression bomb. */
const MAX_DECODED_BYTES = 64 * 1024 * 1024;
/** Decoded bytes of a body that is decoded at once; protects the app's event loop (some 30 ms). */
const MAX_DECODED_AT_ONCE_BYTES = 16 * 1024 * 1024;
/** Compressed bytes waiting for the decoder; protects from a body that arrives faster than it is decoded. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
/** Compressed bytes kept to be decoded at once; a longer body is decoded by Node's threads. */
const MAX_KEPT_BYTES = 512 * 1024;
/** Encodings applied one after the other; protects from an absurd header. */
const MAX_CODINGS = 3;

export interface BodyDecoder {
  write(chunk: Uint8Array): void;
  /** What was written and not delivered yet is decoded before it returns, unless the body is long; no more comes then. */
  flush(): void;
  /** Calls `done` once everything written was decoded (or given up); before it returns, unless the body is long. */
  end(done: () => void): void;
}

export interface BodyReader {
  onBytes(bytes: Uint8Array): void;
  /** Called at most once; nothing comes after it. */
  onUnreadable(reason: string): void;
}

type Stream = Zlib.Gunzip | Zlib.InflateRaw | Zlib.BrotliDecompress;
interface Coding {
  open(zlib: typeof Zlib): Stream;
  decode(zlib: typeof Zlib, bytes: Buffer): Buffer<ArrayBuffer>;
}

/** With a flush at the end, so that a body cut short still gives what arrived. */
const gzip: Coding = {
  open: (zlib) => zlib.createGunzip({ finishFlush: zlib.constants.Z_SYNC_FLUSH }),
  decode: (zlib, bytes) => zlib.gunzipSync(bytes, { finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength: MAX_DECODED_AT_ONCE_BYTES }),
};
const deflate: Coding = {
  open: (zlib) => zlib.createInflate({ finishFlush: zlib.constants.Z_SYNC_FLUSH }),
  decode: (zlib, bytes) =>
    zlib.inflateSync(bytes, { finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength: MAX_DECODED_AT_ONCE_BYTES }),
};
/** What some servers send as `deflate`, and clients read: without the header of zlib. */
const bareDeflate: Coding = {
  open: (zlib) => zlib.createInflateRaw({ finishFlush: zlib.constants.Z_SYNC_FLUSH }),
  decode: (zlib, bytes) =>
    zlib.inflateRawSync(bytes, { finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength: MAX_DECODED_AT_ONCE_BYTES }),
};
/** Lower half of the first byte of a zlib header (RFC 1950). */
const ZLIB_METHOD = 8;
const CODINGS: Readonly<Record<string, Coding>> = {
  gzip,
  'x-gzip': gzip,
  deflate,
  br: {
    open: (zlib) => zlib.createBrotliDecompress({ finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH }),
    decode: (zlib, bytes) =>
      zlib.brotliDecompressSync(bytes, {
        finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
        maxOutputLength: MAX_DECODED_AT_ONCE_BYTES,
      }),
  },
  zstd: {
    open: (zlib) => zlib.createZstdDecompress({ finishFlush: zlib.constants.ZSTD_e_flush }),
    decode: (zlib, bytes) =>
      zlib.zstdDecompressSync(bytes, { finishFlush: zlib.constants.ZSTD_e_flush, maxOutputLength: MAX_DECODED_AT_ONCE_BYTES }),
  },
};

export interface Encoded {
  readonly encoding: string | undefined;
  /** The time of each piece matters, so what arrives is decoded as it arrives. */
  readonly isTimed: boolean;
}

/** `undefined` when the body needs no decoding. An encoding that cannot be read is told to `reader` at once. */
export function openBodyDecoder({ encoding = '', isTimed }: Encoded, reader: BodyReader): BodyDecoder | undefined {
  if (encoding === '') return undefined;
  const names = encoding
    .toLowerCase()
    .split(',', MAX_CODINGS + 1)
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  if (names.length === 0) return undefined;
  const codings = names.map((name) => (Object.hasOwn(CODINGS, name) ? CODINGS[name] : undefined)).filter((coding) => coding !== undefined);
  if (codings.length === names.length && names.length <= MAX_CODINGS) return new Decoder(codings.reverse(), isTimed, reader);
  reader.onUnreadable('encoding');
  return { write: () => undefined, flush: () => undefined, end: (done) => done() };
}

class Decoder implements BodyDecoder {
  #codings: readonly Coding[];
  readonly #isTimed: boolean;
  readonly #reader: BodyReader;
  // Loaded late: most processes never meet a compressed answer.
  readonly #zlib = process.getBuiltinModule('node:zlib');
  /** The body so far; `undefined` once it is too long to be decoded at once. */
  #kept: Buffer[] | undefined = [];
  #keptBytes = 0;
  #deliveredBytes = 0;
  #streams: readonly Stream[] = [];
  #isGivenUp = false;
  #done: (() => void) | undefined;

  constructor(codings: readonly Coding[], isTimed: boolean, reader: BodyReader) {
    this.#codings = codings;
    this.#reader = reader;
    this.#isTimed = isTimed;
  }

  write(chunk: Uint8Array): void {
    if (this.#isGivenUp) return;
    // A copy: the chunk is the app's once this call returns.
    const bytes = Buffer.from(chunk);
    if (this.#keptBytes === 0) this.#begin(bytes);
    this.#keep(bytes);
    const [stream] = this.#streams;
    if (stream !== undefined) this.#write(stream, bytes);
  }

  flush(): void {
    if (!this.#isGivenUp && this.#kept !== undefined) this.#decodeAtOnce(this.#kept);
  }

  end(done: () => void): void {
    this.flush();
    if (this.#isGivenUp) return done();
    this.#done = done;
    this.#streams[0]?.end();
  }

  #begin([first = ZLIB_METHOD]: Buffer): void {
    if (this.#codings[0] === deflate && first % 16 !== ZLIB_METHOD) this.#codings = [bareDeflate, ...this.#codings.slice(1)];
    try {
      if (this.#isTimed && this.#streams.length === 0) this.#openStream();
    } catch {
      // A Node built without this decoder.
      this.#giveUp('encoding');
    }
  }

  #keep(bytes: Buffer): void {
    if (this.#kept === undefined) return;
    this.#keptBytes += bytes.byteLength;
    if (this.#keptBytes <= MAX_KEPT_BYTES) return void this.#kept.push(bytes);
    const before = this.#kept;
    this.#kept = undefined;
    if (this.#streams.length > 0) return;
    const stream = this.#openStream();
    for (const each of before) stream.write(each);
  }

  /** Delivers what the stream has not delivered yet; the stream is of no more use. */
  #decodeAtOnce(kept: readonly Buffer[]): void {
    let bytes = Buffer.concat(kept);
    this.#kept = undefined;
    try {
      if (bytes.byteLength > 0) for (const coding of this.#codings) bytes = coding.decode(this.#zlib, bytes);
      const rest = bytes.subarray(this.#deliveredBytes);
      if (rest.byteLength > 0) this.#reader.onBytes(rest);
      this.#isGivenUp = true;
      this.#destroyStreams();
    } catch (error) {
      this.#giveUp((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'damaged');
    }
  }

  /** One decoder behind the other; what comes out of the last is delivered. */
  #openStream(): Stream {
    const streams = this.#codings.map((coding) => coding.open(this.#zlib));
    this.#streams = streams;
    streams.forEach((stream, index) => {
      const next = streams[index + 1];
      stream.on('data', (bytes: Uint8Array) => (next === undefined ? this.#deliver(bytes) : this.#write(next, bytes)));
      stream.on('error', () => this.#giveUp('damaged'));
      stream.on('end', () => (next === undefined ? this.#finish() : next.end()));
    });
    return streams[0] as Stream;
  }

  #write(stream: Stream, bytes: Uint8Array): void {
    if (stream.writableLength > MAX_WAITING_BYTES) this.#giveUp('too-fast');
    else stream.write(bytes);
  }

  #deliver(bytes: Uint8Array): void {
    if (this.#isGivenUp) return;
    this.#deliveredBytes += bytes.byteLength;
    if (this.#deliveredBytes > MAX_DECODED_BYTES) this.#giveUp('too-large');
    else this.#reader.onBytes(bytes);
  }

  #giveUp(reason: string): void {
    if (this.#isGivenUp) return;
    this.#isGivenUp = true;
    this.#kept = undefined;
    this.#reader.onUnreadable(reason);
    this.#destroyStreams();
    this.#finish();
  }

  #destroyStreams(): void {
    for (const stream of this.#streams) stream.destroy();
  }

  #finish(): void {
    const done = this.#done;
    this.#done = undefined;
    done?.();
  }
}
