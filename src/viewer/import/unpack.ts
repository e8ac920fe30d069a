/** The bytes of a file without their packing, which its first bytes tell: gzip, zstd, or the frames of a collector that packs each message. */
import type { Readable, Transform } from 'node:stream';
import * as zlib from 'node:zlib';

/** How many times its size a file may unpack to: telemetry packs 10 to 30 times, repeated spans up to 150, a bomb 1,000 times. */
const MAX_RATIO = 400;
/** So much any file may unpack to. */
const RATIO_FREE_BYTES = 64 * 1024 ** 2;

const GZIP = Buffer.from([0x1f, 0x8b]);
export const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** Bytes by which a packing is known: a length of four bytes may stand before the one of zstd. */
export const HEAD_BYTES = 8;

export type Packing = 'gzip' | 'zstd' | 'plain';

export function packingOf(head: Buffer): Packing {
  if (head.subarray(0, GZIP.length).equals(GZIP)) return 'gzip';
  return head.subarray(0, ZSTD.length).equals(ZSTD) ? 'zstd' : 'plain';
}

/** Why zstd cannot be read by this Node; undefined where it can. */
function zstdProblem(): string | undefined {
  return typeof zlib.createZstdDecompress === 'function'
    ? undefined
    : `Node ${process.versions.node} cannot unpack zstd (22.15 and newer can): unpack the file with zstd -d first`;
}

export class ImportFault extends Error {
  /** By which it is counted: `file.cut`, `file.bomb`. */
  readonly loss: string;

  constructor(loss: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ImportFault';
    this.loss = loss;
  }
}

/** What is left to be read behind `head`, unpacked. @throws ImportFault from the iterator */
export async function* unpacked(packing: Packing, packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  if (packing === 'plain') {
    yield* packed;
    return;
  }
  if (packing === 'zstd') {
    const problem = zstdProblem();
    if (problem !== undefined) throw new ImportFault('file.zstd', problem);
  }
  let sentBytes = 0;
  let bytes = 0;
  const unpacker: Transform = packing === 'gzip' ? zlib.createGunzip() : zlib.createZstdDecompress();
  const feed = (async (): Promise<void> => {
    for await (const chunk of packed) {
      sentBytes += chunk.length;
      if (!unpacker.write(chunk)) await drained(unpacker);
      if (unpacker.destroyed) return;
    }
    unpacker.end();
  })();
  feed.catch((error: Error) => unpacker.destroy(error));
  try {
    for await (const chunk of unpacker as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > Math.max(RATIO_FREE_BYTES, sentBytes * MAX_RATIO))
        throw new ImportFault('file.bomb', `it unpacks to more than ${MAX_RATIO} times its size, which telemetry does not`);
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof ImportFault) throw cause;
    throw new ImportFault('file.cut', `it is no whole ${packing} stream (${(cause as Error).message})`, { cause });
  } finally {
    unpacker.destroy();
  }
}

const drained = (stream: Transform): Promise<void> =>
  new Promise((resolve) => {
    for (const event of ['drain', 'close', 'error']) stream.once(event, () => resolve());
  });

/** One message that a collector packed by itself. @throws ImportFault */
export function unpackedMessage(packed: Buffer, maxBytes: number): Buffer {
  const problem = zstdProblem();
  if (problem !== undefined) throw new ImportFault('file.zstd', problem);
  try {
    return zlib.zstdDecompressSync(packed, { maxOutputLength: Math.min(maxBytes, Math.max(RATIO_FREE_BYTES, packed.length * MAX_RATIO)) });
  } catch (cause) {
    throw new ImportFault('message.damaged', 'a message is no whole zstd stream, or unpacks to too much', { cause });
  }
}

/** A stream as chunks, and its first bytes without taking them. */
export async function withHead(stream: Readable | AsyncIterable<Buffer>): Promise<{ head: Buffer; all: AsyncIterable<Buffer> }> {
  const chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let length = 0;
  while (length < HEAD_BYTES) {
    const next = await chunks.next();
    if (next.done === true) break;
    first.push(next.value);
    length += next.value.length;
  }
  const begin = Buffer.concat(first);
  return {
    head: begin.subarray(0, HEAD_BYTES),
    all: {
      async *[Symbol.asyncIterator]() {
        if (begin.length > 0) yield begin;
        yield* { [Symbol.asyncIterator]: () => chunks };
      },
    },
  };
}
