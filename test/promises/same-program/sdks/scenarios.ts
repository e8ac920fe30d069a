/** Ways a provider can behave that a well-behaved mock cannot: one function per name, byte by byte on the socket. */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { brotliCompressSync, constants, createBrotliCompress, createGzip, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { bodyOf, errorOf, eventsOf, WORDS } from './answers.ts';

export interface Scripted {
  readonly socket: Socket;
  readonly path: string;
  readonly body: Buffer;
  /** Which request of this scenario and token it is, from 1. */
  readonly attempt: number;
  /** Resolves when the program asked for the next piece (`GET /step/{token}`). */
  step(): Promise<void>;
}

export type Scenario = (exchange: Scripted) => void | Promise<void>;

const HUGE_BYTES = 10 * 1024 * 1024;
const LONG_EVENT_BYTES = 64 * 1024;
const LONG_EVENTS = 64;

function head(status: number, headers: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Scripted\r\n${lines.join('')}\r\n`;
}

function whole(body: string | Buffer, headers: Readonly<Record<string, string>> = {}, status = 200): Scenario {
  return ({ socket }) => {
    const bytes = Buffer.from(body as string);
    socket.write(
      Buffer.concat([Buffer.from(head(status, { 'content-type': 'application/json', 'content-length': bytes.length, ...headers })), bytes]),
    );
  };
}

const json = (change: (body: string) => Buffer, encoding: string): Scenario => {
  return (exchange) => whole(change(bodyOf(exchange.path)), { 'content-encoding': encoding })(exchange);
};

const STREAM_HEAD = { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' };
const chunk = (bytes: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${Buffer.byteLength(bytes).toString(16)}\r\n`), Buffer.from(bytes as string), Buffer.from('\r\n')]);
const LAST_CHUNK = '0\r\n\r\n';

const stream: Scenario = ({ socket, path }) => {
  socket.write(head(200, STREAM_HEAD));
  for (const event of eventsOf(path)) socket.write(chunk(event));
  socket.write(LAST_CHUNK);
};

/** Compressed events, flushed one by one. */
const compressedStream =
  (encoding: 'gzip' | 'br'): Scenario =>
  async ({ socket, path }) => {
    socket.write(head(200, { ...STREAM_HEAD, 'content-encoding': encoding }));
    const encoder =
      encoding === 'gzip'
        ? createGzip({ flush: constants.Z_SYNC_FLUSH })
        : createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH });
    encoder.on('data', (bytes: Buffer) => socket.write(chunk(bytes)));
    for (const event of eventsOf(path)) await new Promise((resolve) => encoder.write(event, resolve));
    await new Promise<void>((resolve) => encoder.once('end', resolve).end());
    socket.write(LAST_CHUNK);
  };

const firstFails =
  (status: number, type: string): Scenario =>
  (exchange) =>
    exchange.attempt === 1
      ? whole(errorOf(exchange.path, type), { 'retry-after-ms': '1' }, status)(exchange)
      : whole(bodyOf(exchange.path))(exchange);

/** Overloaded, in two ways, before it answers. */
const refusedTwice: Scenario = (exchange) => {
  const status = [503, 529][exchange.attempt - 1];
  if (status === undefined) return whole(bodyOf(exchange.path))(exchange);
  return whole(errorOf(exchange.path, 'overloaded_error'), { 'retry-after-ms': '5' }, status)(exchange);
};

const half = (path: string): string =>
  eventsOf(path)
    .slice(0, 4)
    .map((event) => chunk(event).toString())
    .join('');

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  ok: (exchange) => whole(bodyOf(exchange.path))(exchange),
  stream,
  gzip: json((body) => gzipSync(body), 'gzip'),
  br: json((body) => brotliCompressSync(body), 'br'),
  deflate: json((body) => deflateSync(body), 'deflate'),
  zstd: json((body) => zstdCompressSync(body), 'zstd'),
  'gzip-then-br': json((body) => brotliCompressSync(gzipSync(body)), 'gzip, br'),
  'gzip-stream': compressedStream('gzip'),
  'br-stream': compressedStream('br'),
  'unknown-encoding': json((body) => Buffer.from(body), 'snappy'),
  'damaged-gzip': json((body) => Buffer.from(body), 'gzip'),
  // An answer never comes; the program gives up.
  never: () => undefined,
  reset: ({ socket }) => void socket.resetAndDestroy(),
  hangup: ({ socket }) => void socket.end(),
  'cut-stream': ({ socket, path }) => void socket.end(head(200, STREAM_HEAD) + half(path)),
  'cut-body': ({ socket, path }) =>
    void socket.end(head(200, { 'content-type': 'application/json', 'content-length': bodyOf(path).length }) + bodyOf(path).slice(0, 100)),
  'malformed-events': ({ socket }) =>
    void socket.write(Buffer.concat([Buffer.from(head(200, STREAM_HEAD)), chunk('data: {"choices": [\n\n'), Buffer.from(LAST_CHUNK)])),
  'malformed-chunks': ({ socket }) => void socket.write(`${head(200, STREAM_HEAD)}zz\r\nno chunk\r\n`),
  html: whole('<html>a gateway</html>', { 'content-type': 'text/html' }),
  'wrong-json': whole('[1, "two", null]'),
  empty: whole(''),
  'no-content': ({ socket }) => void socket.write(head(204, {})),
  'early-hints': (exchange) => {
    exchange.socket.write('HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n');
    return whole(bodyOf(exchange.path))(exchange);
  },
  trailers: ({ socket, path }) =>
    void socket.write(
      Buffer.concat([
        Buffer.from(head(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked', trailer: 'x-checksum' })),
        chunk(bodyOf(path)),
        Buffer.from('0\r\nx-checksum: 42\r\n\r\n'),
      ]),
    ),
  // Every byte of the body a packet of its own. (Cut inside the status line, undici loses a part of it.)
  bytewise: async ({ socket, path }) => {
    const body = eventsOf(path).map((event) => chunk(event).toString());
    socket.write(head(200, STREAM_HEAD));
    for (const byte of Buffer.from(body.join('') + LAST_CHUNK))
      await new Promise((resolve) => socket.write(Buffer.of(byte), () => setImmediate(resolve)));
  },
  'no-length': ({ socket, path }) => void socket.end(head(200, { 'content-type': 'application/json', connection: 'close' }) + bodyOf(path)),
  huge: (exchange) => whole(bodyOf(exchange.path, 'x'.repeat(HUGE_BYTES)))(exchange),
  'huge-stream': ({ socket, path }) => {
    const words = Array.from({ length: LONG_EVENTS }, () => 'x'.repeat(LONG_EVENT_BYTES));
    socket.write(head(200, STREAM_HEAD));
    for (const event of eventsOf(path, words)) socket.write(chunk(event));
    socket.write(LAST_CHUNK);
  },
  // The next event leaves when the program asks for it: so the number of chunks is the program's own doing.
  stepped: async ({ socket, path, step }) => {
    socket.write(head(200, STREAM_HEAD));
    for (const event of eventsOf(path)) {
      await step();
      socket.write(chunk(event));
    }
    socket.write(LAST_CHUNK);
  },
  'refused-twice': refusedTwice,
  'limited-once': firstFails(429, 'rate_limit_error'),
  'broken-once': firstFails(500, 'server_error'),
  limited: (exchange) => whole(errorOf(exchange.path, 'rate_limit_error'), { 'retry-after-ms': '1' }, 429)(exchange),
  refused: (exchange) => whole(errorOf(exchange.path, 'invalid_request_error'), {}, 400)(exchange),
  moved: ({ socket, path }) => void socket.write(head(307, { location: path.replace('/moved/', '/ok/'), 'content-length': 0 })),
  echo: (exchange) =>
    whole(JSON.stringify({ bytes: exchange.body.length, sha256: createHash('sha256').update(exchange.body).digest('hex'), words: WORDS }))(
      exchange,
    ),
};
