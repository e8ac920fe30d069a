/** Cuts a stream into messages: lines of JSON, one document of JSON, or protobuf with or without lengths before each. */
import { HEAD_BYTES, ImportFault, unpackedMessage, withHead, ZSTD } from './unpack.ts';

export interface Message {
  readonly bytes: Buffer;
  readonly encoding: 'json' | 'protobuf';
}

/** Called with what was left out, and how often. */
export type Lose = (what: string, by?: number) => void;

/** Largest line or message: a run of 100,000 spans in one line has about this. */
export const MAX_MESSAGE_BYTES = 256 * 1024 ** 2;

const [LINE_FEED, OPEN_OBJECT, OPEN_LIST, FIRST_FIELD] = [0x0a, 0x7b, 0x5b, 0x0a];
const BLANK = /^[\s\uFEFF]*$/;
/** How printers of JSON begin a document that goes over many lines. */
const DOCUMENT_START = /^[\s\uFEFF]*(?:[[{]|\{\s*"[^"]*"\s*:\s*[[{]?)\s*$/;

/** @throws ImportFault from the iterator, for what makes the rest of the stream unreadable */
export async function* messagesOf(stream: AsyncIterable<Buffer>, lose: Lose, isProtobuf = false): AsyncGenerator<Message, void, undefined> {
  const { head, all } = await withHead(stream);
  if (head.length === 0) return;
  if (head.subarray(4, 8).equals(ZSTD)) return yield* framed(all, { lengthOf: fixedLength, lose });
  const first = firstByte(head);
  if (!isProtobuf && (first === OPEN_OBJECT || first === OPEN_LIST)) return yield* textual(all, lose);
  // The length of a message below 16 MiB begins with 0, a message of telemetry with its first field.
  if ((head[0] as number) <= 1 && head.length > 4) return yield* framed(all, { lengthOf: fixedLength, lose });
  if (head[0] !== FIRST_FIELD && isVarintFrame(head)) return yield* framed(all, { lengthOf: varintLength, lose });
  if (head[0] === FIRST_FIELD) return yield* whole(all, 'protobuf', lose);
  yield* textual(all, lose);
}

const firstByte = (head: Buffer): number | undefined => head.find((byte) => ![0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].includes(byte));

const isVarintFrame = (head: Buffer): boolean => {
  const length = varintLength(head);
  return length !== undefined && length.bytes > 0 && head[length.at] === FIRST_FIELD;
};

/** Lines, unless the first of them is only the beginning of a document. */
async function* textual(stream: AsyncIterable<Buffer>, lose: Lose): AsyncGenerator<Message, void, undefined> {
  let isFirst = true;
  /** The first line, where it may be the beginning of a document. */
  let begun: Buffer | undefined;
  const lines = linesOf(stream, lose);
  for await (const line of lines) {
    const text = line.length > 200 ? undefined : line.toString('utf8');
    if (text !== undefined && BLANK.test(text)) continue;
    if (begun !== undefined && !isRequest(line)) return yield* document([begun, line], lines, lose);
    if (begun !== undefined) yield { bytes: begun, encoding: 'json' };
    begun = isFirst && text !== undefined && DOCUMENT_START.test(text) ? line : undefined;
    isFirst = false;
    if (begun === undefined) yield { bytes: line, encoding: 'json' };
  }
  if (begun !== undefined) yield { bytes: begun, encoding: 'json' };
}

/** A line of its own behind one that was cut. */
const isRequest = (line: Buffer): boolean => /^\{\s*"resource/.test(line.toString('latin1', 0, 40));

async function* document(begin: readonly Buffer[], lines: AsyncIterable<Buffer>, lose: Lose): AsyncGenerator<Message, void, undefined> {
  const parts = begin.flatMap((line) => [line, Buffer.from('\n')]);
  let length = parts.reduce((sum, part) => sum + part.length, 0);
  for await (const line of lines) {
    length += line.length + 1;
    if (length > MAX_MESSAGE_BYTES) return lose('line.too-long');
    parts.push(line, Buffer.from('\n'));
  }
  yield { bytes: Buffer.concat(parts), encoding: 'json' };
}

/** The last line may have no end. One that is too long is left out, however long it goes on. */
async function* linesOf(stream: AsyncIterable<Buffer>, lose: Lose): AsyncGenerator<Buffer, void, undefined> {
  let parts: Buffer[] = [];
  let length = 0;
  let isTooLong = false;
  const take = (part: Buffer): void => {
    length += part.length;
    if (length > MAX_MESSAGE_BYTES) {
      isTooLong = true;
      parts = [];
    } else if (part.length > 0) parts.push(part);
  };
  const end = (): Buffer | undefined => {
    const line = isTooLong || parts.length === 0 ? undefined : parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    if (isTooLong) lose('line.too-long');
    [parts, length, isTooLong] = [[], 0, false];
    return line;
  };
  for await (const chunk of stream) {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      take(chunk.subarray(from, at));
      const line = end();
      if (line !== undefined) yield line;
      from = at + 1;
    }
    take(chunk.subarray(from));
  }
  const last = end();
  if (last !== undefined) yield last;
}

interface Length {
  readonly bytes: number;
  /** Where the message begins. */
  readonly at: number;
}

const fixedLength = (head: Buffer): Length | undefined => (head.length < 4 ? undefined : { bytes: head.readUInt32BE(0), at: 4 });

function varintLength(head: Buffer): Length | undefined {
  let bytes = 0;
  for (let at = 0; at < Math.min(head.length, 5); at++) {
    const byte = head[at] as number;
    bytes += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return { bytes, at: at + 1 };
  }
  return undefined;
}

interface Framing {
  readonly lengthOf: (head: Buffer) => Length | undefined;
  readonly lose: Lose;
}

/** Each message with its length before it, as a collector writes protobuf and what it packs. */
async function* framed(stream: AsyncIterable<Buffer>, { lengthOf, lose }: Framing): AsyncGenerator<Message, void, undefined> {
  let waiting: Buffer[] = [];
  let held = 0;
  let needed = 1;
  for await (const chunk of stream) {
    waiting.push(chunk);
    held += chunk.length;
    if (held < needed) continue;
    let bytes = waiting.length === 1 ? chunk : Buffer.concat(waiting);
    for (;;) {
      const length = lengthOf(bytes.subarray(0, HEAD_BYTES));
      if (length !== undefined && length.bytes > MAX_MESSAGE_BYTES)
        throw new ImportFault('message.too-long', 'a length in it is beyond every message; what follows cannot be found');
      needed = length === undefined ? bytes.length + 1 : length.at + length.bytes;
      if (length === undefined || bytes.length < needed) break;
      const message = openMessage(bytes.subarray(length.at, needed), lose);
      if (message !== undefined) yield message;
      bytes = bytes.subarray(needed);
    }
    [waiting, held] = [bytes.length === 0 ? [] : [bytes], bytes.length];
  }
  if (held > 0) throw new ImportFault('file.cut', 'its last message is cut');
}

function openMessage(bytes: Buffer, lose: Lose): Message | undefined {
  if (bytes.length === 0) return undefined;
  try {
    const plain = bytes.subarray(0, ZSTD.length).equals(ZSTD) ? unpackedMessage(bytes, MAX_MESSAGE_BYTES) : bytes;
    return { bytes: plain, encoding: plain[0] === OPEN_OBJECT || plain[0] === OPEN_LIST ? 'json' : 'protobuf' };
  } catch (error) {
    if (!(error instanceof ImportFault) || error.loss === 'file.zstd') throw error;
    lose(error.loss);
    return undefined;
  }
}

async function* whole(stream: AsyncIterable<Buffer>, encoding: Message['encoding'], lose: Lose): AsyncGenerator<Message, void, undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > MAX_MESSAGE_BYTES) return lose('message.too-long');
    parts.push(chunk);
  }
  yield { bytes: Buffer.concat(parts), encoding };
}
