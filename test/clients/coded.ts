/** Content encodings of a stream: what a server that flushes each piece writes. */
import { once } from 'node:events';
import type { Transform } from 'node:stream';
import zlib from 'node:zlib';

type Flushing = Transform & { flush(callback: () => void): void };

const CODERS: Readonly<Record<string, () => Flushing>> = {
  gzip: () => zlib.createGzip(),
  deflate: () => zlib.createDeflate(),
  /** What some servers call `deflate`: without the header of zlib. */
  'bare-deflate': () => zlib.createDeflateRaw(),
  br: () => zlib.createBrotliCompress(),
  zstd: () => zlib.createZstdCompress(),
};

/** Names as a test writes them: those of the header, joined where one lies in the other. */
export const ENCODINGS = ['identity', 'gzip', 'deflate', 'bare-deflate', 'br', 'zstd', 'gzip+br', 'zstd+gzip'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** `content-encoding`; `undefined` for none. */
export function headerOf(encoding: string): string | undefined {
  return encoding === 'identity' ? undefined : encoding.replace('bare-', '').replace('+', ', ');
}

/** Each piece encoded and flushed, and at last the end of the encoding. */
export async function encode(pieces: readonly Uint8Array[], encoding: string): Promise<Buffer[]> {
  let coded: Buffer[] = pieces.map((piece) => Buffer.from(piece));
  for (const name of encoding.split('+')) {
    const open = CODERS[name];
    if (open !== undefined) coded = await flushed(coded, open());
  }
  return coded;
}

async function flushed(pieces: readonly Buffer[], coder: Flushing): Promise<Buffer[]> {
  const coded: Buffer[] = [];
  let waiting: Buffer[] = [];
  coder.on('data', (bytes: Buffer) => waiting.push(bytes));
  const take = async (): Promise<void> => {
    await new Promise(setImmediate);
    coded.push(Buffer.concat(waiting));
    waiting = [];
  };
  for (const piece of pieces) {
    coder.write(piece);
    await new Promise<void>((resolve) => coder.flush(resolve));
    await take();
  }
  const ended = once(coder, 'end');
  coder.end();
  await ended;
  await take();
  return coded.filter((bytes) => bytes.length > 0);
}
