/** Reads the messages of one open WebSocket from the bytes of its socket, by wrapped methods of that socket, never by a `data` listener. */
import type { Duplex } from 'node:stream';
import type { ResponseHead } from '../http/index.ts';
import { wrapMethod } from '../wrap-method.ts';
import { FrameReader } from './frames.ts';
import type { Unread } from './index.ts';

export type Direction = 'sent' | 'received';

/** How a connection ended. */
export interface Closed {
  /** Of the first close frame; `undefined` where none came, or one without a code. */
  readonly code: number | undefined;
  /** A close frame was the first that was seen of the end. */
  readonly isByFrame: boolean;
  /** Who ended it first; `undefined` where the connection broke. */
  readonly by: 'program' | 'server' | undefined;
  /** What the connection failed with. */
  readonly error: unknown;
}

export interface SocketReader {
  /** As `MessageReader.settles`. */
  settles(direction: Direction, bytes: DataView): boolean;
  /** As `MessageReader.begins`. */
  begins(direction: Direction, start: string, isWhole: boolean): boolean;
  message(direction: Direction, bytes: Buffer): void;
  unread(what: string): void;
  /** Called once, and last. */
  closed(closed: Closed): void;
  /** The reader threw: nothing more comes, and what it holds open is to be let go. */
  lost(error: unknown): void;
}

export interface Traffic {
  readonly bytes: Readonly<Record<Direction, number>>;
  readonly messages: Readonly<Record<Direction, number>>;
  /** Nothing more is read; the socket is as it was. */
  stop(): void;
}

/** Call it in `HandshakeSink.opened`, before the client reads or writes. */
export function readMessages(socket: Duplex, head: ResponseHead, unread: Unread, reader: SocketReader): Traffic {
  return new Messages(socket, head, unread, reader);
}

/** No close frame came. */
const UNCLOSED = { code: undefined, isByFrame: false };

class Messages implements Traffic {
  readonly #reader: SocketReader;
  readonly #frames: Readonly<Record<Direction, FrameReader>>;
  readonly #unwrap: readonly (() => void)[];
  #isStopped = false;
  #closing: Closed | undefined;
  #hasEnded = false;
  #error: unknown;

  constructor(socket: Duplex, head: ResponseHead, unread: Unread, reader: SocketReader) {
    this.#reader = reader;
    const extensions = head.header('sec-websocket-extensions') ?? '';
    const framesOf = (direction: Direction): FrameReader =>
      new FrameReader(
        {
          settles: (bytes) => reader.settles(direction, bytes),
          begins: (start, isWhole) => reader.begins(direction, start, isWhole),
          message: (bytes) => reader.message(direction, bytes),
          closing: (code) =>
            void (this.#closing ??= { code, isByFrame: true, by: direction === 'sent' ? 'program' : 'server', error: undefined }),
          unread: (what) => reader.unread(what),
        },
        compressionIn(extensions, direction),
      );
    this.#frames = { sent: framesOf('sent'), received: framesOf('received') };
    unread.take = (bytes) => this.#read('received', bytes);
    this.#unwrap = [
      // Inherited by every stream, and called for each event: `data` whichever way the client reads.
      wrapMethod(socket, 'emit', (original, self, args) => {
        this.#onEvent(args);
        return Reflect.apply(original, self, args);
      }),
      wrapMethod(socket, 'write', (original, self, args) => {
        this.#read('sent', args[0], args[1]);
        return Reflect.apply(original, self, args);
      }),
      wrapMethod(socket, 'destroy', (original, self, args) => {
        // Without a reason and before the other side has ended: the program terminates the connection.
        if (!this.#hasEnded && args[0] === undefined) this.#closing ??= { ...UNCLOSED, by: 'program', error: undefined };
        return Reflect.apply(original, self, args);
      }),
    ];
  }

  get bytes(): Readonly<Record<Direction, number>> {
    return { sent: this.#frames.sent.payloadBytes, received: this.#frames.received.payloadBytes };
  }

  get messages(): Readonly<Record<Direction, number>> {
    return { sent: this.#frames.sent.messages, received: this.#frames.received.messages };
  }

  stop(): void {
    this.#isStopped = true;
    for (const unwrap of this.#unwrap) unwrap();
  }

  #onEvent([event, subject]: readonly unknown[]): void {
    if (event === 'data') this.#read('received', subject);
    else if (event === 'end') this.#hasEnded = true;
    else if (event === 'error') this.#error ??= subject;
    else if (event === 'close' && !this.#isStopped) {
      const closing = this.#closing ?? { ...UNCLOSED, by: undefined, error: this.#error };
      this.stop();
      try {
        this.#reader.closed(closing);
      } catch (error) {
        this.#reader.lost(error);
      }
    }
  }

  /** A fault is the reader's own: the app hears nothing of it. */
  #read(direction: Direction, chunk: unknown, encoding?: unknown): void {
    if (this.#isStopped) return;
    try {
      if (chunk instanceof Uint8Array) this.#frames[direction].feed(chunk);
      else if (typeof chunk === 'string')
        this.#frames[direction].feed(Buffer.from(chunk, typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8'));
    } catch (error) {
      this.stop();
      this.#reader.lost(error);
    }
  }
}

/** What the handshake agreed on for one direction (RFC 7692, section 7.1). */
function compressionIn(extensions: string, direction: Direction): { keepsContext: boolean } | undefined {
  if (!extensions.includes('permessage-deflate')) return undefined;
  return { keepsContext: !extensions.includes(direction === 'sent' ? 'client_no_context_takeover' : 'server_no_context_takeover') };
}
