/** One request and its answer, as the routes of a server see them: the same for HTTP/1, HTTP/2 and gRPC. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';

export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Over HTTP/2 `host` is the `:authority` of the request. */
  readonly headers: IncomingHttpHeaders;
  /** The unread body. */
  readonly body: Readable;
  /** The connection that it came by: HTTP/2 sends many at once by one. */
  readonly connection: Socket;
  /** Its body is one message of gRPC, in a frame. */
  readonly isGrpc: boolean;
}

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a refusal, for gRPC, which has no body for it. */
  readonly message?: string;
  /** In place of `body`: writes until it ends it, or the reader goes. Over HTTP/1 alone, which is what browsers speak without TLS. */
  readonly stream?: (to: Writable) => void;
}
