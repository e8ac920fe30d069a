/** Appends protobuf fields to a list of byte segments. Nothing is allocated per item, so bursts leave no garbage. */

const FIRST_SEGMENT_BYTES = 16_384;
/** Large enough that sealing is rare, small enough that an idle process holds little. */
const LARGEST_SEGMENT_BYTES = 1_048_576;
/** Below this a charCode loop beats the call into `utf8Write`. */
const SHORT_STRING_LENGTH = 32;
const TWO_32 = 4_294_967_296;
const double = new Float64Array(1);
const doubleBytes = new Uint8Array(double.buffer);

/** Of `keyedNumber`: with the value it stays below 128, which is one byte of a length. */
export const MAX_KEY_BYTES = 100;

/** Of lower-case or upper-case hexadecimal. Without a branch, which is guessed wrong at every other digit: 90 ns an id for 250. */
function digitOf(code: number): number {
  return (code & 15) + (code >> 6) * 9;
}

/** An open length-delimited field: where its payload starts. */
export type Mark = number;

/** Tag and length of a length-delimited field whose payload is in a buffer of its own. */
export function delimiter(field: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(12);
  return bytes.subarray(0, putVarint(bytes, putVarint(bytes, 0, field * 8 + 2), length));
}

/** Writes an unsigned varint and returns where it ends. Below 2^53 no bit is lost. */
function putVarint(buffer: Buffer, from: number, value: number): number {
  let at = from;
  let rest = value;
  while (rest > 127) {
    buffer[at++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  buffer[at++] = rest;
  return at;
}

/** Writes fields one after the other; `takeChunks` hands over what was committed. */
export class WireWriter {
  #buffer = Buffer.allocUnsafeSlow(FIRST_SEGMENT_BYTES);
  /** First byte not handed over yet. */
  #chunkStart = 0;
  #itemStart = 0;
  #position = 0;
  #sealed: Buffer[] = [];

  /** Bytes written since the last `commit`. */
  get itemBytes(): number {
    return this.#position - this.#itemStart;
  }

  /** Keeps what was written since the last commit; returns its bytes. */
  commit(): number {
    const bytes = this.itemBytes;
    this.#itemStart = this.#position;
    return bytes;
  }

  /** The last `bytes` that were committed; valid until more is written. */
  committed(bytes: number): Uint8Array {
    return this.#buffer.subarray(this.#itemStart - bytes, this.#itemStart);
  }

  rollback(): void {
    this.#position = this.#itemStart;
  }

  /** Hands over everything committed; the writer goes on in the rest of its segment. */
  takeChunks(): Buffer[] {
    this.#seal();
    const chunks = this.#sealed;
    this.#sealed = [];
    return chunks;
  }

  varint(field: number, value: number): void {
    this.#reserve(20);
    this.#tag(field, 0);
    this.#int64(value);
  }

  fixed32(field: number, value: number): void {
    this.#reserve(8);
    this.#tag(field, 5);
    this.#position = this.#buffer.writeUInt32LE(value >>> 0, this.#position);
  }

  fixed64(field: number, value: number): void {
    this.#reserve(14);
    this.#tag(field, 1);
    this.#rawInt64(value);
  }

  /** Epoch nanoseconds from seconds and nanoseconds, without a bigint. */
  time(field: number, seconds: number, nanoseconds: number): void {
    this.#reserve(14);
    this.#tag(field, 1);
    const carried = Math.floor(seconds / 65_536) * 1e9;
    const low = (seconds % 65_536) * 1e9 + nanoseconds;
    const middle = carried + Math.floor(low / 65_536);
    this.#uint64((middle % 65_536) * 65_536 + (low % 65_536), Math.floor(middle / 65_536));
  }

  double(field: number, value: number): void {
    this.#reserve(14);
    this.#tag(field, 1);
    this.#rawDouble(value);
  }

  packedFixed64(field: number, values: readonly number[]): void {
    this.#reserve(values.length * 8 + 14);
    this.#tag(field, 2);
    this.#uvarint(values.length * 8);
    for (const value of values) this.#rawInt64(value);
  }

  packedDouble(field: number, values: readonly number[]): void {
    this.#reserve(values.length * 8 + 14);
    this.#tag(field, 2);
    this.#uvarint(values.length * 8);
    for (const value of values) this.#rawDouble(value);
  }

  /** Lower-case hexadecimal text as bytes (trace and span ids). */
  hex(field: number, text: string): void {
    const bytes = text.length >> 1;
    this.#reserve(bytes + 14);
    this.#tag(field, 2);
    this.#uvarint(bytes);
    const buffer = this.#buffer;
    let at = this.#position;
    // A loop takes a third of the time of the call into Node for sixteen digits.
    for (let index = 0; index < 2 * bytes; index += 2)
      buffer[at++] = (digitOf(text.charCodeAt(index)) << 4) | digitOf(text.charCodeAt(index + 1));
    this.#position = at;
  }

  /**
   * A `KeyValue` whose value is a number: `key` is its first field, written. Its length is known beforehand, so nothing is written
   * twice; longer keys than {@link MAX_KEY_BYTES} would not fit. Whole numbers are integers, as long as they are safe.
   */
  keyedNumber(field: number, key: Uint8Array, value: number): void {
    this.#reserve(key.length + 24);
    this.#tag(field, 2);
    const lengthAt = this.#position++;
    this.raw(key);
    this.#tag(2, 2);
    const valueAt = this.#position++;
    if (Number.isSafeInteger(value) && value >= 0) {
      this.#tag(3, 0);
      this.#uvarint(value);
    } else {
      this.#tag(4, 1);
      this.#rawDouble(value);
    }
    this.#buffer[valueAt] = this.#position - valueAt - 1;
    this.#buffer[lengthAt] = this.#position - lengthAt - 1;
  }

  string(field: number, text: string): void {
    this.#reserve(text.length * 3 + 14);
    this.#tag(field, 2);
    this.#text(text);
  }

  bytes(field: number, value: Uint8Array): void {
    this.#reserve(value.length + 14);
    this.#tag(field, 2);
    this.#uvarint(value.length);
    this.raw(value);
  }

  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    const buffer = this.#buffer;
    let at = this.#position;
    if (value.length <= 48) for (let index = 0; index < value.length; index++) buffer[at++] = value[index] as number;
    else {
      buffer.set(value, at);
      at += value.length;
    }
    this.#position = at;
  }

  /** Opens a message with a length of two bytes (16 KiB), which `close` may widen. The mark is relative to the item. */
  open(field: number): Mark {
    this.#reserve(12);
    this.#tag(field, 2);
    this.#position += 2;
    return this.itemBytes;
  }

  close(mark: Mark): void {
    const length = this.itemBytes - mark;
    let at = this.#itemStart + mark - 2;
    if (length < 16_384) {
      this.#buffer[at] = (length & 127) | 128;
      this.#buffer[at + 1] = length >>> 7;
      return;
    }
    this.#reserve(3);
    at = this.#itemStart + mark - 2;
    this.#buffer.copyWithin(at + 5, at + 2, this.#position);
    this.#position += 3;
    this.#paddedVarint(at, length, 5);
  }

  #tag(field: number, type: number): void {
    const tag = (field << 3) | type;
    if (tag < 128) this.#buffer[this.#position++] = tag;
    else this.#uvarint(tag);
  }

  #text(text: string): void {
    const { length } = text;
    const width = length * 3 < 128 ? 1 : length * 3 < 16_384 ? 2 : 5;
    const start = this.#position + width;
    let at = start;
    const buffer = this.#buffer;
    if (length < SHORT_STRING_LENGTH) {
      for (let index = 0; index < length; index++) {
        const code = text.charCodeAt(index);
        if (code > 127) {
          at = -1;
          break;
        }
        buffer[at++] = code;
      }
    } else at = -1;
    if (at < 0) at = start + buffer.write(text, start, 'utf8');
    const bytes = at - start;
    if (width === 1) buffer[start - 1] = bytes;
    else this.#paddedVarint(start - width, bytes, width);
    this.#position = at;
  }

  #paddedVarint(at: number, value: number, width: number): void {
    let rest = value;
    for (let index = 0; index < width - 1; index++) {
      this.#buffer[at + index] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#buffer[at + width - 1] = rest;
  }

  #uvarint(value: number): void {
    this.#position = putVarint(this.#buffer, this.#position, value);
  }

  #int64(value: number): void {
    if (value >= 0) {
      this.#uvarint(value);
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 127n) {
      this.#buffer[this.#position++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.#buffer[this.#position++] = Number(rest);
  }

  #rawInt64(value: number): void {
    const high = Math.floor(value / TWO_32);
    this.#uint64(value - high * TWO_32, high);
  }

  #uint64(low: number, high: number): void {
    const buffer = this.#buffer;
    let at = this.#position;
    buffer[at++] = low;
    buffer[at++] = low >>> 8;
    buffer[at++] = low >>> 16;
    buffer[at++] = low >>> 24;
    buffer[at++] = high;
    buffer[at++] = high >>> 8;
    buffer[at++] = high >>> 16;
    buffer[at++] = high >>> 24;
    this.#position = at;
  }

  #rawDouble(value: number): void {
    double[0] = value;
    for (let index = 0; index < 8; index++) this.#buffer[this.#position++] = doubleBytes[index] as number;
  }

  /** Makes space; an item that does not fit moves to a new segment, the committed part before it is sealed. */
  #reserve(bytes: number): void {
    if (this.#position + bytes <= this.#buffer.length) return;
    const item = this.#buffer.subarray(this.#itemStart, this.#position);
    const needed = item.length + bytes;
    const size = Math.max(Math.min(this.#buffer.length * 2, LARGEST_SEGMENT_BYTES), needed * 2);
    const next = Buffer.allocUnsafeSlow(size);
    next.set(item, 0);
    this.#position = this.#itemStart;
    this.#seal();
    this.#buffer = next;
    this.#chunkStart = 0;
    this.#itemStart = 0;
    this.#position = item.length;
  }

  #seal(): void {
    if (this.#itemStart > this.#chunkStart) this.#sealed.push(this.#buffer.subarray(this.#chunkStart, this.#itemStart));
    this.#chunkStart = this.#itemStart;
  }
}
