/** Requests of `node:http2`, read by wrapped methods of each stream. Node tells of them from 22.17 and 24.2 on. */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientHttp2Stream, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import { type Exchange, guard, openExchange } from './exchange.ts';
import { ABORTED, HUNG_UP, portIn, sendChunk, textOf } from './node-http.ts';
import { wrapMethod } from '../wrap-method.ts';

interface Seen {
  readonly exchange: Exchange;
  /** Why the stream was closed before its answer was whole. */
  reason: unknown;
}

const seenStreams = new WeakMap<object, Seen>();
let isArmed = false;

export function armHttp2(): void {
  if (isArmed) return;
  isArmed = true;
  subscribe('http2.client.stream.created', (message) =>
    guard(() => {
      const { stream, headers } = message as { stream: ClientHttp2Stream; headers: OutgoingHttpHeaders | undefined };
      onCreated(stream, headers ?? {});
    }),
  );
  // It tells of the head of the answer.
  subscribe('http2.client.stream.finish', (message) =>
    guard(() => {
      const { stream, headers } = message as { stream: ClientHttp2Stream; headers: IncomingHttpHeaders & { ':status'?: number } };
      seenStreams.get(stream)?.exchange.responseHead({ status: headers[':status'] ?? 0, header: (name) => textOf(headers[name]) });
    }),
  );
}

function onCreated(stream: ClientHttp2Stream, headers: OutgoingHttpHeaders): void {
  if (seenStreams.has(stream) || isOfUndici(stream)) return;
  const header = (name: string): string | undefined =>
    textOf(headers[name] ?? (stream.sentHeaders as OutgoingHttpHeaders | undefined)?.[name] ?? headerIn(headers, name));
  const authority = header(':authority') ?? header('host') ?? '';
  const exchange = openExchange({
    method: header(':method') ?? 'GET',
    path: header(':path') ?? '/',
    host: authority.replace(/:\d+$/, '').replaceAll(/[[\]]/g, ''),
    get port() {
      return portIn(authority) ?? (header(':scheme') === 'http' ? 80 : 443);
    },
    header,
  });
  if (exchange === undefined) return;
  const seen: Seen = { exchange, reason: undefined };
  seenStreams.set(stream, seen);
  // Read after the call: what the method refuses by throwing was not sent.
  for (const name of ['write', 'end'])
    wrapMethod(stream, name, (original, self, args) => {
      const result = Reflect.apply(original, self, args);
      guard(() => {
        sendChunk(exchange, args);
        if (name === 'end') exchange.requestEnd();
      });
      return result;
    });
  for (const name of ['close', 'destroy'])
    wrapMethod(stream, name, (original, self, args) => {
      guard(() => (seen.reason ??= (name === 'destroy' ? args[0] : undefined) ?? breakReason(stream)));
      return Reflect.apply(original, self, args);
    });
  wrapMethod(stream, 'push', (original, self, args) => {
    guard(() => {
      if (args[0] instanceof Uint8Array) exchange.responseChunk(args[0]);
      // A stream that is closed before its end is ended for its reader, too: then `_destroy` tells why.
      else if (args[0] === null && seen.reason === undefined && !isReset(stream)) exchange.end();
    });
    return Reflect.apply(original, self, args);
  });
  wrapMethod(stream, '_destroy', (original, self, args) => {
    guard(() => {
      if (!exchange.isEnded) exchange.error(args[0] ?? seen.reason ?? breakReason(stream));
    });
    return Reflect.apply(original, self, args);
  });
}

/** Clients write names in any case; Node sends them in lower case. */
function headerIn(headers: OutgoingHttpHeaders, name: string): OutgoingHttpHeaders[string] {
  const written = Object.keys(headers).find((key) => key.toLowerCase() === name);
  return written === undefined ? undefined : headers[written];
}

/** Undici's sessions carry its client and its count of streams, under symbols of these names; no session of Node's does. */
const UNDICI_MARKS: ReadonlySet<string | undefined> = new Set(['client', 'open streams']);

/** Its requests are read where undici tells of them. */
function isOfUndici({ session }: ClientHttp2Stream): boolean {
  return session !== undefined && Object.getOwnPropertySymbols(session).some(({ description }) => UNDICI_MARKS.has(description));
}

/** As Node names a stream that the server closed with a code that is no good end. */
const RESET = { name: 'Error', code: 'ERR_HTTP2_STREAM_ERROR' };

function isReset({ rstCode }: ClientHttp2Stream): boolean {
  return rstCode !== undefined && rstCode !== 0;
}

/** Who broke off: Node closes the streams of a connection that has gone just as an app closes one. */
function breakReason(stream: ClientHttp2Stream): object {
  if (isReset(stream)) return RESET;
  const { session } = stream;
  const isGone = session === undefined || session.destroyed || session.socket.destroyed || session.socket.readableEnded;
  return isGone ? HUNG_UP : ABORTED;
}
