/** Reads a request's body within bounds, unpacked if it came gzipped. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { MAX_UNPACKED_BYTES } from '../otlp/read/index.ts';

/** Most bytes of one request as sent; a batch of 10,000 spans has about 8 MB. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** Telemetry packs 10 to 30 times, repeated spans up to 150; a bomb packs 1,000 times. Small bodies may. */
export const MAX_RATIO = 400;
const RATIO_FREE_BYTES = 1024 * 1024;

const unpackGzip = promisify(gunzip);

/** Bytes of all requests that are being read: many senders at once must not fill the memory. */
export const MAX_HELD_BYTES = 128 * 1024 * 1024;

export type BodyProblem = 'too-large' | 'cut' | 'bad-gzip' | 'unpacked-too-large' | 'busy';

/** How much all requests together hold. */
export class HeldBytes {
  #bytes = 0;

  /** One request's part: `add` says whether there is room; `release` gives all of it back. */
  open(): { add(bytes: number): boolean; release(): void } {
    let own = 0;
    return {
      add: (bytes) => {
        own += bytes;
        this.#bytes += bytes;
        return this.#bytes <= MAX_HELD_BYTES;
      },
      release: () => {
        this.#bytes -= own;
        own = 0;
      },
    };
  }
}

/** One at a time: what is unpacked is much larger than what was sent. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    // Whoever waits for this turn hears of its failure; the next one goes on.
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** The bytes as sent, or why not. */
export function readBody(request: IncomingMessage, held: ReturnType<HeldBytes['open']>): Promise<Buffer | BodyProblem> {
  return new Promise((resolve) => {
    if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return resolve('too-large');
    const chunks: Buffer[] = [];
    let bytes = 0;
    let isStopped = false;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      const problem = bytes > MAX_BODY_BYTES ? 'too-large' : isStopped || held.add(chunk.length) ? undefined : 'busy';
      if (problem === undefined && !isStopped) return void chunks.push(chunk);
      isStopped = true;
      chunks.length = 0;
      if (problem !== undefined) resolve(problem);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => resolve('cut'));
    request.on('close', () => resolve('cut'));
  });
}

export async function unpack(body: Buffer): Promise<Buffer | BodyProblem> {
  const limit = Math.min(MAX_UNPACKED_BYTES, Math.max(RATIO_FREE_BYTES, body.length * MAX_RATIO));
  try {
    return await unpackGzip(body, { maxOutputLength: limit });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'unpacked-too-large' : 'bad-gzip';
  }
}
