/** Newline-delimited JSON over a socket: bounded lines in, nothing piled up on the way out. */
import type { Socket } from 'node:net';

/** A process with every metric at its limit of attribute sets sends about 10 MB; a longer line is not from a peer. */
export const MAX_LINE_BYTES = 16 * 1_048_576;

/** Pieces of a line kept apart: a peer that sends single bytes must not cost a hundred bytes for each. */
const MAX_PARTS = 1_024;

/** Returns a consumer of chunks that hands on each whole line, parsed. `onBad`: a line is no JSON or too long. */
export function lineReader(onMessage: (message: unknown) => void, onBad: () => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let bytes = 0;
  let isBroken = false;
  const fail = (): void => {
    isBroken = true;
    parts = [];
    onBad();
  };
  return (chunk) => {
    let start = 0;
    while (!isBroken && start < chunk.length) {
      const newline = chunk.indexOf(0x0a, start);
      const end = newline === -1 ? chunk.length : newline;
      bytes += end - start;
      if (bytes > MAX_LINE_BYTES) return fail();
      if (end > start) parts.push(chunk.subarray(start, end));
      if (parts.length >= MAX_PARTS) parts = [Buffer.concat(parts)];
      start = end + 1;
      if (newline === -1) return;
      const line = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
      parts = [];
      bytes = 0;
      if (line.length === 0) continue;
      let message: unknown;
      try {
        message = JSON.parse(line.toString('utf8'));
      } catch {
        // Not JSON.
        return fail();
      }
      onMessage(message);
    }
  };
}

/** Writes one message; returns false when the socket is not to be written to before `drain`. */
export function writeLine(socket: Socket, message: unknown): boolean {
  return socket.writable ? socket.write(`${JSON.stringify(message)}\n`) : false;
}
