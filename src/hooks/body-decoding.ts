/** Removes the content encoding from our copy of a response body, piece by piece, within bounds. */
import type * as Zlib from 'node:zlib';

/** Decoded bytes of one body; protects from a compression bomb. */
const MAX_DECODED_BYTES = 64 * 1024 * 1024;
/** Compressed bytes waiting for the decoder; protects from a body that arrives faster than it is decoded. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

export interface BodyDecoder {
  write(chunk: Uint8Array): void;
  /** Calls `done` once everything written was decoded (or given up). */
  end(done: () => void): void;
}

export interface BodyReader {
  onBytes(bytes: Uint8Array): void;
  /** Called at most once; nothing comes after it. */
  onUnreadable(reason: string): void;
}

/** Open with a flush at the end, so that a body cut short still gives what arrived. */
const DECODERS: Readonly<Record<string, (zlib: typeof Zlib) => Zlib.Gunzip | Zlib.BrotliDecompress>> = {
  gzip: (zlib) => zlib.createGunzip({ finishFlush: zlib.constants.Z_SYNC_FLUSH }),
  'x-gzip': (zlib) => zlib.createGunzip({ finishFlush: zlib.constants.Z_SYNC_FLUSH }),
  deflate: (zlib) => zlib.createInflate({ finishFlush: zlib.constants.Z_SYNC_FLUSH }),
  br: (zlib) => zlib.createBrotliDecompress({ finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH }),
  zstd: (zlib) => zlib.createZstdDecompress({ finishFlush: zlib.constants.ZSTD_e_flush }),
};

/** `undefined` when the body needs no decoding. An encoding that cannot be read is told to `reader` at once. */
export function openBodyDecoder(encoding: string | undefined, reader: BodyReader): BodyDecoder | undefined {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return undefined;
  try {
    const open = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
    // Loaded late: most processes never meet a compressed answer.
    const stream = open?.(process.getBuiltinModule('node:zlib'));
    if (stream !== undefined) return streamDecoder(stream, reader);
  } catch {
    // This Node has no such decoder (zstd before 22.15) or was built without it.
  }
  reader.onUnreadable('encoding');
  return { write: () => undefined, end: (done) => done() };
}

function streamDecoder(stream: Zlib.Gunzip | Zlib.BrotliDecompress, reader: BodyReader): BodyDecoder {
  let decodedBytes = 0;
  let isGivenUp = false;
  let done: (() => void) | undefined;
  const finish = (): void => {
    const call = done;
    done = undefined;
    call?.();
  };
  const giveUp = (reason: string): void => {
    if (isGivenUp) return;
    isGivenUp = true;
    reader.onUnreadable(reason);
    stream.destroy();
    finish();
  };
  stream.on('data', (bytes: Uint8Array) => {
    if (isGivenUp) return;
    decodedBytes += bytes.byteLength;
    if (decodedBytes > MAX_DECODED_BYTES) giveUp('too-large');
    else reader.onBytes(bytes);
  });
  stream.on('error', () => giveUp('damaged'));
  stream.on('end', finish);
  return {
    write(chunk) {
      if (isGivenUp) return;
      if (stream.writableLength > MAX_WAITING_BYTES) giveUp('too-fast');
      // A copy: the chunk is the app's once this call returns.
      else stream.write(Buffer.from(chunk));
    },
    end(whenDone) {
      if (isGivenUp) return whenDone();
      done = whenDone;
      stream.end();
    },
  };
}
