/** The HTTP/2 side of a server: its sessions and streams are bounded, and gRPC gets its status in trailers. */
import { createServer, type Http2Server, type Http2Session, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Answer, Asked } from './asked.ts';
import { framed, GRPC_TYPE, grpcMessageOf, grpcStatusOf, isGrpcType, timeoutIn } from './grpc.ts';

export interface Http2Options {
  /** Never rejects. */
  readonly answer: (asked: Asked) => Promise<Answer>;
  /** Nothing more can come by this request. */
  readonly ended: (connection: Socket) => void;
  /** What the answer to a request that took too long is. */
  readonly tooLate: (asked: Asked) => Answer;
  /** Longest time to the first request of a connection. */
  readonly headersMs: number;
  /** Longest time of a request; a `grpc-timeout` that is shorter counts. */
  readonly requestMs: number;
}

export interface Http2Side {
  readonly take: (connection: Socket) => void;
  /** Lets requests that are under way end. */
  close(): void;
  cutOff(): void;
}

/** Requests of one connection at once: what RFC 9113 recommends at least, 6.5.2. */
const MAX_STREAMS = 100;
/** Of all headers of a request; Node's own bound for HTTP/1. */
const MAX_HEADER_BYTES = 16_384;
/** In which the other end can read why. */
const LET_GO_MS = 1_000;
/** No answer of ours may carry it over HTTP/2. */
const HOP_HEADERS: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length']);

export function createHttp2(options: Http2Options): Http2Side {
  const server: Http2Server = createServer({
    settings: { maxConcurrentStreams: MAX_STREAMS, maxHeaderListSize: MAX_HEADER_BYTES, enablePush: false },
  });
  const sessions = new Set<ServerHttp2Session>();
  const ignore = (): void => undefined;
  server.on('error', ignore).on('sessionError', ignore);
  return {
    take(connection) {
      server.once('session', (session: ServerHttp2Session) => {
        sessions.add(session);
        const timer = setTimeout(() => letGo(session), options.headersMs);
        timer.unref();
        session.on('stream', (stream, headers) => {
          clearTimeout(timer);
          serve(stream, askedOf(stream, headers, connection), options);
        });
        session.on('close', () => {
          clearTimeout(timer);
          sessions.delete(session);
        });
      });
      server.emit('connection', connection);
    },
    close() {
      for (const session of sessions) session.close();
    },
    cutOff() {
      for (const session of sessions) session.destroy();
    },
  };
}

function askedOf(body: ServerHttp2Stream, headers: IncomingHttpHeaders, connection: Socket): Asked {
  const authority = headers[':authority' as 'host'];
  return {
    method: String(headers[':method' as 'host'] ?? ''),
    url: String(headers[':path' as 'host'] ?? ''),
    headers: authority === undefined ? headers : { ...headers, host: authority },
    body,
    connection,
    isGrpc: isGrpcType(headers['content-type']),
  };
}

function serve(stream: ServerHttp2Stream, asked: Asked, { answer, ended, tooLate, requestMs }: Http2Options): void {
  stream.on('error', () => {
    // The sender went away before its answer; nobody is left to tell.
  });
  const limitMs = Math.min(requestMs, timeoutIn(String(asked.headers['grpc-timeout'] ?? '')) ?? Infinity);
  // Of a body that nobody reads, no more than comes in that time is thrown away.
  const timer = setTimeout(() => (stream.headersSent ? stream.close() : write(stream, asked, tooLate(asked))), limitMs);
  timer.unref();
  stream.on('close', () => {
    clearTimeout(timer);
    ended(asked.connection);
  });
  void answer(asked).then((given) => write(stream, asked, given));
}

/** Does nothing where it was answered before. */
function write(stream: ServerHttp2Stream, { method, isGrpc }: Asked, answer: Answer): void {
  if (stream.destroyed || stream.headersSent) return;
  const { body, contentType, headers, message = '' } = answer;
  const status = answer.stream === undefined ? answer.status : 505;
  const more = Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => !HOP_HEADERS.has(name)));
  if (isGrpc) {
    const trailers = status === 200 ? {} : { 'grpc-message': grpcMessageOf(message) };
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': grpcStatusOf(status), ...trailers }));
    const told = { ':status': 200, 'content-type': GRPC_TYPE, 'grpc-accept-encoding': 'identity,gzip' };
    stream.respond({ ...more, ...told }, { waitForTrailers: true });
    stream.end(status === 200 ? framed(body) : undefined);
  } else {
    stream.respond({ ...more, ':status': status, 'content-type': contentType, 'content-length': body.length });
    stream.end(method === 'HEAD' ? undefined : body);
  }
  stream.resume();
  if (status === 401) letGo(stream.session);
}

/** A stranger, or who connects and asks for nothing: it is told, and opens another connection when it has something to say. */
function letGo(session: Http2Session | undefined): void {
  session?.close();
  setTimeout(() => session?.destroy(), LET_GO_MS).unref();
}
