/** Reads one HTTP/1.1 response from the bytes of a socket: length, chunked or until close. */

/** Receivers answer in a few bytes; more than this is not an OTLP answer. */
const MAX_RESPONSE_BYTES = 1_048_576;

const BEGINNING = 'HTTP/1.';

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly isReusable: boolean;
}

export class ResponseReader {
  #bytes: Buffer = Buffer.alloc(0);

  get isEmpty(): boolean {
    return this.#bytes.length === 0;
  }

  /** Takes more bytes; returns the response once it is whole. Throws on what is no HTTP response. */
  push(bytes: Buffer): HttpResponse | undefined {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    if (this.#bytes.length > MAX_RESPONSE_BYTES) throw new Error('response too large');
    return this.#parse(false);
  }

  /** The peer closed: what came is the response if it has no declared length. */
  end(): HttpResponse | undefined {
    return this.#parse(true);
  }

  #parse(isClosed: boolean): HttpResponse | undefined {
    const headEnd = this.#bytes.indexOf('\r\n\r\n');
    if (headEnd < 0) {
      // A gRPC port and the like never send a head: nobody shall wait for one.
      if (!BEGINNING.startsWith(this.#bytes.toString('latin1', 0, BEGINNING.length))) throw new Error('not an HTTP/1.1 response');
      return undefined;
    }
    const [first = '', ...lines] = this.#bytes.toString('latin1', 0, headEnd).split('\r\n');
    const match = /^HTTP\/1\.([01]) (\d{3})/.exec(first);
    if (match === null) throw new Error('not an HTTP/1.1 response');
    const status = Number(match[2]);
    if (status < 200) {
      this.#bytes = this.#bytes.subarray(headEnd + 4);
      return this.#parse(isClosed);
    }
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    const rest = this.#bytes.subarray(headEnd + 4);
    const isKept = match[1] === '1' && headers['connection']?.toLowerCase() !== 'close';
    const done = (body: Buffer, isReusable: boolean): HttpResponse => ({ status, headers, body, isReusable });
    if (status === 204 || status === 304) return done(Buffer.alloc(0), isKept);
    if (headers['transfer-encoding']?.toLowerCase().includes('chunked') === true) {
      const body = readChunked(rest);
      return body === undefined ? undefined : done(body, isKept);
    }
    if (headers['content-length'] !== undefined) {
      const length = Number(headers['content-length']);
      return rest.length >= length ? done(rest.subarray(0, length), isKept && rest.length === length) : undefined;
    }
    return isClosed ? done(rest, false) : undefined;
  }
}

function readChunked(bytes: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (!Number.isFinite(size) || size < 0) throw new Error('bad chunk size');
    at = lineEnd + 2;
    if (size === 0) return bytes.indexOf('\r\n', at) < 0 ? undefined : Buffer.concat(parts);
    if (bytes.length < at + size + 2) return undefined;
    parts.push(bytes.subarray(at, at + size));
    at += size + 2;
  }
}
