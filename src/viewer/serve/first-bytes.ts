/** Tells by the first bytes of a connection whether it speaks HTTP/2: one port serves both. */
import type { Socket } from 'node:net';

/** What every client of HTTP/2 sends first; no method of HTTP/1 begins with it: RFC 9113, 3.4. */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export interface Speakers {
  readonly http1: (connection: Socket) => void;
  readonly http2: (connection: Socket) => void;
  /** Nothing that tells came in time. */
  readonly silent: (connection: Socket) => void;
}

/** Hands the connection on with every byte that came, as soon as it is known what it speaks. */
export function listenTo(connection: Socket, speakers: Speakers, patienceMs: number): void {
  const seen: Buffer[] = [];
  const timer = setTimeout(() => leave(speakers.silent), patienceMs);
  timer.unref();
  const leave = (next: ((connection: Socket) => void) | undefined): void => {
    clearTimeout(timer);
    connection.removeListener('readable', read).removeListener('end', lost).removeListener('close', lost);
    if (seen.length > 0 && !connection.destroyed) connection.unshift(Buffer.concat(seen));
    next?.(connection);
  };
  function read(): void {
    for (;;) {
      const chunk = connection.read() as Buffer | null;
      if (chunk === null) return;
      seen.push(chunk);
      const isPreface = isBeginOf(Buffer.concat(seen));
      if (isPreface === undefined) continue;
      return leave(isPreface ? speakers.http2 : speakers.http1);
    }
  }
  /** It went away, or said all that it will, before that told anything. */
  function lost(): void {
    leave(seen.length > 0 && !connection.destroyed ? speakers.http1 : undefined);
    if (seen.length === 0) connection.destroy();
  }
  connection.on('readable', read).on('end', lost).on('close', lost);
  // Without a listener a reset would end the process; whoever takes the connection adds its own.
  connection.on('error', () => undefined);
}

/** undefined: not to be told yet. */
function isBeginOf(bytes: Buffer): boolean | undefined {
  const length = Math.min(bytes.length, PREFACE.length);
  if (!bytes.subarray(0, length).equals(PREFACE.subarray(0, length))) return false;
  return length === PREFACE.length ? true : undefined;
}
