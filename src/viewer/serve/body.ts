/** Reads the bodies of requests within bounds, and unpacks those that came gzipped. */
import type { IncomingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Asked } from './asked.ts';
import { FRAME_HEAD_BYTES, messageIn } from './grpc.ts';
import type { Memory } from './memory.ts';
import { Refused } from './refused.ts';

export interface BodyBounds {
  /** Most bytes of one body as sent. */
  readonly bytes: number;
  /** Most bytes of one body after it was unpacked. */
  readonly unpackedBytes: number;
  /** How many times its size a body may unpack to. Up to 1 MiB any body may. */
  readonly ratio: number;
  /** Most bytes of all bodies that are being read: many senders at once must not fill the memory. */
  readonly heldBytes: number;
}

export interface Body {
  readonly sent: Buffer;
  /** The same bytes unless the body was compressed. */
  readonly unpacked: Buffer;
  readonly encoding: 'gzip' | undefined;
}

/** Small bodies may unpack to this size whatever their ratio. */
const RATIO_FREE_BYTES = 1024 * 1024;

const unpackGzip = promisify(gunzip);

export class BodyReader {
  readonly #bounds: BodyBounds;
  readonly #memory: Memory;
  #heldBytes = 0;
  /** What is unpacked and read is much larger than what was sent, so bodies are taken one after the other. */
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(bounds: BodyBounds, memory: Memory) {
    this.#bounds = bounds;
    this.#memory = memory;
  }

  /** Hands the body to `take` when it is its turn, and resolves with its answer. @throws Refused */
  async read<T>(asked: Asked, take: (body: Body) => T | Promise<T>): Promise<T> {
    const plain = asked.isGrpc ? undefined : encodingOf(asked.headers);
    const held = { bytes: 0 };
    try {
      const received = await this.#receive(asked, held);
      const { message: sent, encoding } = asked.isGrpc ? messageIn(received, asked.headers) : { message: received, encoding: plain };
      return await this.#inTurn(async () => {
        const unpacked = encoding === undefined ? sent : await this.#unpack(sent);
        this.#memory.assertRoom(unpacked.length);
        return await take({ sent, unpacked, encoding });
      });
    } finally {
      this.#heldBytes -= held.bytes;
    }
  }

  #receive({ body: request, headers, isGrpc }: Asked, held: { bytes: number }): Promise<Buffer> {
    const { bytes, heldBytes: maxHeldBytes } = this.#bounds;
    const maxBytes = bytes + (isGrpc ? FRAME_HEAD_BYTES : 0);
    const tooLarge = (): Refused => new Refused(413, `The body is larger than ${bytes / 1024 ** 2} MiB.`);
    return new Promise((resolve, reject) => {
      if (request.destroyed) return reject(new Refused(400, 'The body was cut off.'));
      if (Number(headers['content-length'] ?? 0) > maxBytes) return reject(tooLarge());
      const chunks: Buffer[] = [];
      let received = 0;
      let isRefused = false;
      const refuse = (refused: Refused): void => {
        isRefused = true;
        chunks.length = 0;
        reject(refused);
      };
      request.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received > maxBytes) return refuse(tooLarge());
        // What comes after a refusal is read and thrown away.
        if (isRefused) return;
        held.bytes += chunk.length;
        this.#heldBytes += chunk.length;
        if (this.#heldBytes > maxHeldBytes)
          return refuse(new Refused(503, 'Too much is being received at once; send it again in a moment.', { 'retry-after': '1' }));
        chunks.push(chunk);
      });
      request.on('end', () => resolve(Buffer.concat(chunks)));
      for (const event of ['error', 'close']) request.on(event, () => reject(new Refused(400, 'The body was cut off.')));
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(work);
    // A failure rejects `turn` alone; the next body is read all the same.
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }

  async #unpack(body: Buffer): Promise<Buffer> {
    const { unpackedBytes, ratio } = this.#bounds;
    try {
      return await unpackGzip(body, { maxOutputLength: Math.min(unpackedBytes, Math.max(RATIO_FREE_BYTES, body.length * ratio)) });
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
        ? new Refused(413, 'The unpacked body is too large.')
        : new Refused(400, 'The body is no whole gzip stream.');
    }
  }
}

function encodingOf(headers: IncomingHttpHeaders): 'gzip' | undefined {
  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding === 'gzip') return encoding;
  if (encoding !== 'identity') throw new Refused(415, 'Only gzip compression is understood.');
  return undefined;
}
