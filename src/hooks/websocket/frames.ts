/** Cuts one direction of a WebSocket (RFC 6455) into its messages, and keeps only those that somebody wants to read. */
import { Inflater } from './inflate.ts';

export interface MessageReader {
  /**
   * True for a whole message that is settled by its bytes, which are borrowed: `begins` is not asked about it, and nothing of it
   * becomes text. Not every message is offered here.
   */
  settles(bytes: DataView): boolean;
  /**
   * A message has begun. `start` is Latin-1 text of its first bytes, and all of it where `isWhole`. True when the message is
   * to be read; of any other nothing is kept.
   */
  begins(start: string, isWhole: boolean): boolean;
  /** One whole message that was wanted, without mask and compression. The bytes are borrowed. */
  message(bytes: Buffer): void;
  /** The peer says that nothing follows, with its code (RFC 6455, section 7.4). */
  closing(code: number | undefined): void;
  /** A message that was wanted could not be read; `what` is one of a few names. */
  unread(what: string): void;
}

/** What the reader is asked about a message by. */
export const START_BYTES = 512;
/** Longest message that is kept, before and after it was inflated; protects the memory from one that never ends. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
const MAX_HEADER_BYTES = 14;

const CONTINUATION = 0;
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const FIN = 0x80;
const COMPRESSED = 0x40;
const RESERVED = 0x30;
const MASKED = 0x80;

/** What has come of the message that is under way. */
interface Message {
  readonly isCompressed: boolean;
  /** Undecided until enough has come; a compressed one until it is whole. */
  isWanted: boolean | undefined;
  pieces: Buffer[];
  bytes: number;
}

export class FrameReader {
  readonly #reader: MessageReader;
  readonly #inflater: Inflater | undefined;
  readonly #header = Buffer.alloc(MAX_HEADER_BYTES);
  #headerBytes = 0;
  /** Of the frame under way; `undefined` between frames. */
  #opcode: number | undefined;
  #isLast = false;
  #left = 0;
  #length = 0;
  #mask: Buffer | undefined;
  #control: Buffer[] = [];
  #message: Message | undefined;
  /** The bytes are no frames: nothing more is read. */
  isBroken = false;
  /** Bytes of messages, as they came, without the frames around them. */
  payloadBytes = 0;
  messages = 0;

  /** `keepsContext`: what compression remembers from one message to the next; `undefined` where nothing is compressed. */
  constructor(reader: MessageReader, compression: { readonly keepsContext: boolean } | undefined) {
    this.#reader = reader;
    this.#inflater = compression === undefined ? undefined : new Inflater(compression.keepsContext, MAX_MESSAGE_BYTES);
  }

  /** Chunks are borrowed: read during the call, never kept. */
  feed(chunk: Uint8Array): void {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let at = 0; at < bytes.length && !this.isBroken;) {
      if (this.#opcode === undefined) {
        const end = this.#readPlain(bytes, at);
        if (end > at) {
          at = end;
          continue;
        }
        at = this.#readHeader(bytes, at);
        if (this.#opcode === undefined || this.#left > 0) continue;
      }
      const end = Math.min(bytes.length, at + this.#left);
      this.#readPayload(bytes.subarray(at, end));
      at = end;
    }
  }

  /** Most of what a service sends: one frame of text, whole, neither masked nor compressed. Returns where it ends, and `at` for any other. */
  #readPlain(bytes: Buffer, at: number): number {
    const short = bytes[at + 1] ?? MASKED;
    if (bytes[at] !== (FIN | TEXT) || short > 126 || this.#headerBytes > 0 || this.#message !== undefined) return at;
    const start = short === 126 ? at + 4 : at + 2;
    const length = short === 126 ? ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0) : short;
    const end = start + length;
    if (end > bytes.length) return at;
    this.messages += 1;
    this.payloadBytes += length;
    if (this.#reader.settles(new DataView(bytes.buffer, bytes.byteOffset + start, length))) return end;
    const message = bytes.subarray(start, end);
    if (this.#reader.begins(message.toString('latin1', 0, START_BYTES), length <= START_BYTES)) this.#reader.message(message);
    return end;
  }

  #readHeader(bytes: Buffer, from: number): number {
    const header = this.#header;
    let at = from;
    while (at < bytes.length) {
      header[this.#headerBytes] = bytes[at] ?? 0;
      this.#headerBytes += 1;
      at += 1;
      if (this.#headerBytes >= 2 && this.#headerBytes === headerLength(header[1] ?? 0)) {
        this.#begin();
        break;
      }
    }
    return at;
  }

  #begin(): void {
    const header = this.#header;
    const [first = 0, second = 0] = header;
    const short = second & 0x7f;
    const length = short < 126 ? short : short === 126 ? header.readUInt16BE(2) : Number(header.readBigUInt64BE(2));
    const opcode = first & 0x0f;
    const isControl = opcode >= CLOSE;
    const isKnown = isControl ? length < 126 && opcode <= 10 : opcode <= BINARY;
    this.#headerBytes = 0;
    if (!isKnown || (first & RESERVED) !== 0 || !Number.isSafeInteger(length)) return this.#break();
    this.#opcode = opcode;
    this.#isLast = (first & FIN) !== 0;
    this.#left = this.#length = length;
    this.#mask = (second & MASKED) === 0 ? undefined : Buffer.from(header.subarray(headerLength(second) - 4, headerLength(second)));
    if (isControl) return;
    if (opcode === CONTINUATION ? this.#message === undefined : this.#message !== undefined) return this.#break();
    if (opcode === TEXT || opcode === BINARY) {
      this.messages += 1;
      const isCompressed = (first & COMPRESSED) !== 0;
      if (isCompressed && this.#inflater === undefined) return this.#break();
      this.#message = { isCompressed, isWanted: undefined, pieces: [], bytes: 0 };
    }
  }

  #break(): void {
    this.isBroken = true;
    this.#message = undefined;
    this.#reader.unread('broken-frames');
  }

  /** `piece` is empty for a frame without a payload. */
  #readPayload(piece: Buffer): void {
    const opcode = this.#opcode ?? 0;
    const offset = this.#length - this.#left;
    this.#left -= piece.length;
    const isFrameWhole = this.#left === 0;
    if (opcode >= CLOSE) {
      if (opcode === CLOSE) this.#control.push(this.#unmasked(piece, offset, true));
    } else {
      this.payloadBytes += piece.length;
      this.#addToMessage(piece, offset, isFrameWhole && this.#isLast);
    }
    if (!isFrameWhole) return;
    this.#opcode = undefined;
    if (opcode === CLOSE) {
      const payload = Buffer.concat(this.#control);
      this.#control = [];
      this.#reader.closing(payload.length < 2 ? undefined : payload.readUInt16BE(0));
    } else if (opcode < CLOSE && this.#isLast) this.#endMessage();
  }

  #addToMessage(piece: Buffer, offset: number, isWhole: boolean): void {
    const message = this.#message;
    if (message === undefined || message.isWanted === false) return;
    message.bytes += piece.length;
    if (message.bytes > MAX_MESSAGE_BYTES) {
      this.#drop(message, 'large-message');
      // The next message cannot be inflated without what this one would have left.
      if (message.isCompressed) this.#inflater?.lose();
      return;
    }
    // What comes in one piece is not copied.
    const isOnlyPiece = isWhole && message.pieces.length === 0;
    const isUndecided = message.isWanted === undefined && !message.isCompressed;
    const isDecidable = isUndecided && (isWhole || message.bytes >= START_BYTES);
    if (isDecidable && message.pieces.length === 0) {
      // Of what nobody wants only the first bytes are freed of their mask.
      const start = this.#unmasked(piece.subarray(0, START_BYTES), offset, false);
      if (!this.#decide(message, start, isWhole && piece.length <= START_BYTES)) return;
    }
    message.pieces.push(this.#unmasked(piece, offset, !isOnlyPiece));
    if (isDecidable && message.isWanted === undefined) this.#decide(message, Buffer.concat(message.pieces), isWhole);
  }

  #decide(message: Message, bytes: Buffer, isWhole: boolean): boolean {
    const isAll = isWhole && bytes.length <= START_BYTES;
    message.isWanted = this.#reader.begins(bytes.toString('latin1', 0, START_BYTES), isAll);
    if (!message.isWanted) message.pieces = [];
    return message.isWanted;
  }

  #drop(message: Message, what: string): void {
    message.isWanted = false;
    message.pieces = [];
    this.#reader.unread(what);
  }

  #endMessage(): void {
    const message = this.#message;
    this.#message = undefined;
    if (message === undefined || message.isWanted === false) return;
    const [only] = message.pieces;
    let bytes = message.pieces.length === 1 && only !== undefined ? only : Buffer.concat(message.pieces);
    if (message.isCompressed) {
      const inflated = this.#inflater?.inflate(bytes);
      if (inflated === undefined) return this.#drop(message, 'unreadable-compression');
      bytes = inflated;
      if (!this.#decide(message, bytes, true)) return;
    }
    this.#reader.message(bytes);
  }

  /** Without the mask; where there is none the bytes themselves, unless they are to be kept. */
  #unmasked(piece: Buffer, offset: number, isKept: boolean): Buffer {
    const mask = this.#mask;
    if (mask === undefined) return isKept ? Buffer.from(piece) : piece;
    const copy = Buffer.allocUnsafe(piece.length);
    for (let at = 0; at < piece.length; at += 1) copy[at] = (piece[at] ?? 0) ^ (mask[(offset + at) & 3] ?? 0);
    return copy;
  }
}

/** Of a frame's header, by its second byte. */
function headerLength(second: number): number {
  const short = second & 0x7f;
  return 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + ((second & MASKED) === 0 ? 0 : 4);
}
