/**
 * The body of an answer, handed on as the bytes of its connection before Node's parser has seen them. Writing each chunk by
 * Node's response takes three copies of its frame and waits until whoever reads the chunk has done so.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { BodyEnd, type BodyLength } from './body-end.ts';
import { headerIn } from './headers.ts';

export class AnswerBytes {
  readonly #provider: Socket;
  /** Until the head is known. */
  #held: Buffer[] | undefined = [];
  #onBytes: ((bytes: Buffer) => void) | undefined;

  /** To be made before a byte of the answer has come. */
  constructor(provider: Socket) {
    this.#provider = provider;
    provider.prependListener('data', this.#take);
  }

  /**
   * Sends the head that `response` was given and from now on the body. False where only Node's response can do it; then
   * nothing was sent. To be asked while `answer` is being told of.
   */
  forward(answer: IncomingMessage, response: ServerResponse): boolean {
    const { socket: client, req } = response;
    const held = this.#held ?? [];
    const bytes = held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held);
    const start = bodyStart(bytes);
    const length = lengthOf(answer);
    const hasBody = req.method !== 'HEAD' && ![204, 205, 304].includes(answer.statusCode ?? 0);
    if (client === null || start === undefined || length === undefined || !hasBody || req.httpVersionMinor === 0) {
      this.stop();
      return false;
    }
    const end = new BodyEnd(length);
    let isWaiting = false;
    const write = (chunk: Buffer): void => {
      const own = end.take(chunk);
      if (own === 0 || client.write(own === chunk.length ? chunk : chunk.subarray(0, own)) || isWaiting) return;
      isWaiting = true;
      answer.pause();
      client.once('drain', () => {
        isWaiting = false;
        answer.resume();
      });
    };
    this.#held = undefined;
    this.#onBytes = write;
    // One segment for the head and what came with it.
    client.cork();
    response.flushHeaders();
    write(bytes.subarray(start));
    client.uncork();
    // Its end is among the bytes.
    response.chunkedEncoding = false;
    return true;
  }

  /** The connection is used for another request, or not by us. */
  stop(): void {
    this.#held = undefined;
    this.#onBytes = undefined;
    this.#provider.off('data', this.#take);
  }

  readonly #take = (bytes: Buffer): void => {
    if (this.#onBytes !== undefined) this.#onBytes(bytes);
    else this.#held?.push(bytes);
  };
}

/** Behind the head and those of informational answers before it; undefined for what is not written as usual. */
function bodyStart(bytes: Buffer): number | undefined {
  for (let at = 0; ;) {
    const end = bytes.indexOf('\r\n\r\n', at);
    if (end === -1 || bytes.toString('latin1', at, at + 7) !== 'HTTP/1.') return undefined;
    const isInformational = bytes[at + 9] === 49;
    at = end + 4;
    if (!isInformational) return at;
  }
}

/** undefined where heads contradict each other. */
function lengthOf({ rawHeaders }: IncomingMessage): BodyLength | undefined {
  const coding = headerIn(rawHeaders, 'transfer-encoding');
  const length = headerIn(rawHeaders, 'content-length');
  if (coding !== undefined) return /(?:^|,)\s*chunked\s*$/i.test(coding) ? { kind: 'chunked' } : undefined;
  if (length === undefined) return { kind: 'closed' };
  return /^\d+$/.test(length) ? { kind: 'sized', bytes: Number(length) } : undefined;
}
