/** Reads one HTTP/1.1 response from the bytes of a socket: length, chunked or until close. */

/** Receivers answer in a few bytes; more than this, chunk lines included, is not an OTLP answer. */
const MAX_RESPONSE_BYTES = 1_048_576;
/** All heads together: a receiver that sends `100 Continue` without end must not be read without end. */
const MAX_HEAD_BYTES = 65_536;
/** The line before a chunk: its size, and extensions that nobody uses. */
const MAX_SIZE_LINE_BYTES = 1_024;

const BEGINNING = 'HTTP/1.';
const LINE_END = '\r\n';
const HEAD_END = '\r\n\r\n';

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly isReusable: boolean;
}

type Head = Pick<HttpResponse, 'status' | 'headers'> & { readonly isKept: boolean };

export class ResponseReader {
  /** Grows by doubling, so that a receiver that sends single bytes costs no more than what it sends. */
  #buffer: Buffer = Buffer.alloc(0);
  #length = 0;
  #head: Head | undefined;
  /** What is read: the heads, then what is behind the last whole chunk. */
  #at = 0;
  #bodyStart = 0;
  /** Chunks are moved together in place. */
  #bodyEnd = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** Takes more bytes; returns the response once it is whole. Throws on what is no HTTP response, or none for us. */
  push(bytes: Buffer): HttpResponse | undefined {
    if (this.#length + bytes.length > MAX_RESPONSE_BYTES) throw new Error('response too large');
    if (this.#length + bytes.length > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes.length));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    bytes.copy(this.#buffer, this.#length);
    this.#length += bytes.length;
    return this.#read(false);
  }

  /** The peer closed: what came is the response if it has no declared length. */
  end(): HttpResponse | undefined {
    return this.#read(true);
  }

  #read(isClosed: boolean): HttpResponse | undefined {
    const bytes = this.#buffer.subarray(0, this.#length);
    const head = (this.#head ??= this.#readHead(bytes));
    if (head === undefined) return undefined;
    const { status, headers, isKept } = head;
    const done = (body: Buffer, isReusable: boolean): HttpResponse => ({ status, headers, body, isReusable });
    const isWhole = (end: number): boolean => isKept && end === this.#length;
    if (status === 204 || status === 304) return done(Buffer.alloc(0), isWhole(this.#bodyStart));
    if (headers['transfer-encoding']?.toLowerCase().includes('chunked') === true) {
      const end = this.#readChunks(bytes);
      return end === undefined ? undefined : done(bytes.subarray(this.#bodyStart, this.#bodyEnd), isWhole(end));
    }
    const length = headers['content-length'];
    if (length === undefined) return isClosed ? done(bytes.subarray(this.#bodyStart), false) : undefined;
    const end = this.#bodyStart + lengthOf(length);
    return this.#length >= end ? done(bytes.subarray(this.#bodyStart, end), isWhole(end)) : undefined;
  }

  /** The first head that is not one of the interim answers (1xx). */
  #readHead(bytes: Buffer): Head | undefined {
    for (;;) {
      const end = bytes.indexOf(HEAD_END, this.#at);
      if ((end < 0 ? bytes.length : end) > MAX_HEAD_BYTES) throw new Error('head too large');
      if (end < 0) {
        // A gRPC port and the like never send a head: nobody shall wait for one.
        const beginning = bytes.toString('latin1', this.#at, Math.min(this.#at + BEGINNING.length, bytes.length));
        if (!BEGINNING.startsWith(beginning)) throw new Error('not an HTTP/1.1 response');
        return undefined;
      }
      const head = parseHead(bytes.toString('latin1', this.#at, end));
      this.#at = this.#bodyStart = this.#bodyEnd = end + HEAD_END.length;
      if (head.status >= 200) return head;
    }
  }

  /** Returns where the last chunk and the trailers end; undefined: more must come. */
  #readChunks(bytes: Buffer): number | undefined {
    for (;;) {
      const lineEnd = bytes.indexOf(LINE_END, this.#at);
      if ((lineEnd < 0 ? bytes.length : lineEnd) - this.#at > MAX_SIZE_LINE_BYTES) throw new Error('bad chunk size');
      if (lineEnd < 0) return undefined;
      const size = Number.parseInt(bytes.toString('latin1', this.#at, lineEnd), 16);
      if (!Number.isFinite(size) || size < 0) throw new Error('bad chunk size');
      if (size === 0) {
        const end = bytes.indexOf(HEAD_END, lineEnd);
        return end < 0 ? undefined : end + HEAD_END.length;
      }
      const start = lineEnd + LINE_END.length;
      if (start + size > MAX_RESPONSE_BYTES) throw new Error('response too large');
      if (bytes.length < start + size + LINE_END.length) return undefined;
      bytes.copyWithin(this.#bodyEnd, start, start + size);
      this.#bodyEnd += size;
      this.#at = start + size + LINE_END.length;
    }
  }
}

function parseHead(text: string): Head {
  const [first = '', ...lines] = text.split(LINE_END);
  const match = /^HTTP\/1\.([01]) (\d{3})/.exec(first);
  if (match === null) throw new Error('not an HTTP/1.1 response');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { status: Number(match[2]), headers, isKept: match[1] === '1' && headers['connection']?.toLowerCase() !== 'close' };
}

function lengthOf(text: string): number {
  const length = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(length <= MAX_RESPONSE_BYTES)) throw new Error('bad content-length');
  return length;
}
