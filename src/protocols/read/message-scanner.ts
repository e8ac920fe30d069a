/** Cuts an AWS event stream (`application/vnd.amazon.eventstream`) into its messages, within a bound. */
import { latin1Of } from './latin1.ts';
import { MAX_EVENT_BYTES } from './bounded-text.ts';

export interface Message {
  /** `:event-type`, or the name of the exception. */
  readonly name: string | undefined;
  /** The service tells a failure instead of an event. */
  readonly isError: boolean;
  /** UTF-8. */
  readonly payload: string;
}

/** Two lengths and their checksum stand before a message; its own checksum ends it. */
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
/** Longest message that the service sends; past it the bytes are no event stream. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
/** Bytes of a header's value, by its type; -1: two bytes of length, then that many. */
const VALUE_BYTES = [0, 0, 1, 2, 4, 8, -1, -1, 8, 16];
const MAX_HEADERS = 32;

/** Takes chunks cut anywhere; copies what it keeps. A message that is too long is skipped and counted. */
export class MessageScanner {
  readonly #onMessage: (message: Message) => void;
  #rest: Buffer = Buffer.alloc(0);
  /** Pieces of a message that is not whole yet, and their bytes: joined once, however small they are. */
  #pieces: Buffer[] = [];
  #pieceBytes = 0;
  /** Bytes of the message that has begun, as far as its lengths are known. */
  #needed = PRELUDE_BYTES;
  /** Bytes of a long message that are still to come. */
  #toSkip = 0;
  /** The bytes are no event stream. */
  isBroken = false;
  skipped = 0;

  constructor(onMessage: (message: Message) => void) {
    this.#onMessage = onMessage;
  }

  feed(bytes: Uint8Array): void {
    if (this.isBroken) return;
    const passed = Math.min(this.#toSkip, bytes.byteLength);
    this.#toSkip -= passed;
    if (passed === bytes.byteLength) return;
    // Chunks are borrowed.
    const piece = Buffer.from(bytes.subarray(passed));
    this.#pieces.push(piece);
    this.#pieceBytes += piece.byteLength;
    if (this.#pieceBytes < this.#needed) return;
    this.#rest = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces);
    this.#scan();
    this.#pieces = this.#rest.byteLength === 0 ? [] : [this.#rest];
    this.#pieceBytes = this.#rest.byteLength;
  }

  #scan(): void {
    let at = 0;
    const { byteLength } = this.#rest;
    this.#needed = PRELUDE_BYTES;
    while (byteLength - at >= PRELUDE_BYTES) {
      const total = this.#rest.readUInt32BE(at);
      const headers = this.#rest.readUInt32BE(at + 4);
      if (total < PRELUDE_BYTES + CHECKSUM_BYTES + headers || total > MAX_MESSAGE_BYTES) {
        this.isBroken = true;
        at = byteLength;
        break;
      }
      if (total > MAX_EVENT_BYTES) {
        this.skipped += 1;
        this.#toSkip = Math.max(0, total - (byteLength - at));
        at = Math.min(byteLength, at + total);
        continue;
      }
      if (byteLength - at < total) {
        this.#needed = total;
        break;
      }
      const message = this.#rest.subarray(at, at + total);
      at += total;
      this.#onMessage(readMessage(message, headers));
    }
    // Copied: a part would keep all of it in memory.
    this.#rest = at === byteLength ? Buffer.alloc(0) : Buffer.from(this.#rest.subarray(at));
  }
}

function readMessage(message: Buffer, headerBytes: number): Message {
  const payloadAt = PRELUDE_BYTES + headerBytes;
  const headers = readHeaders(message.subarray(PRELUDE_BYTES, payloadAt));
  const kind = headers.get(':message-type');
  return {
    name: headers.get(':event-type') ?? headers.get(':exception-type') ?? headers.get(':error-code'),
    isError: kind === 'exception' || kind === 'error',
    payload: message.toString('utf8', payloadAt, message.byteLength - CHECKSUM_BYTES),
  };
}

/** Those that are text. */
function readHeaders(bytes: Buffer): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0, count = 0; at < bytes.byteLength && count < MAX_HEADERS; count += 1) {
    const nameEnd = at + 1 + (bytes[at] ?? 0);
    const type = bytes[nameEnd];
    const size = type === undefined ? undefined : VALUE_BYTES[type];
    if (size === undefined) break;
    const hasLength = size === -1;
    if (hasLength && nameEnd + 3 > bytes.byteLength) break;
    const from = nameEnd + (hasLength ? 3 : 1);
    const to = from + (hasLength ? bytes.readUInt16BE(nameEnd + 1) : size);
    if (to > bytes.byteLength) break;
    if (type === TEXT) headers.set(latin1Of(bytes.subarray(at + 1, nameEnd)), bytes.toString('utf8', from, to));
    at = to;
  }
  return headers;
}

/** The type of a header's value that is text. */
const TEXT = 7;
