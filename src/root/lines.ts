/** Newline-delimited JSON over a socket: bounded lines in, nothing piled up on the way out. */
import type { Socket } from 'node:net';
import { isWithin } from '../config/json-bounds.ts';

/** A process with every metric at its limit of attribute sets sends about 10 MB; a longer line is not from a peer. */
export const MAX_LINE_BYTES = 16 * 1_048_576;

/** Pieces of a line kept apart: a peer that sends single bytes must not cost a hundred bytes for each. */
const MAX_PARTS = 1_024;

/** A snapshot is eight brackets deep; at its limits it has 500 metrics with 2,000 points, of which 10 MB hold 200,000. */
const MESSAGE_BOUNDS = { depth: 32, members: 2_000_000 };

/** Bytes of unfinished lines, of all connections that share it. */
export interface LineBudget {
  heldBytes: number;
  readonly maxBytes: number;
}

export interface LineReader {
  (chunk: Buffer): void;
  /** The connection is over: what it held is free for others. */
  close(): void;
}

/** Returns a consumer of chunks that hands on each whole line, parsed. `onBad`: a line is no JSON, or too much. */
export function lineReader(onMessage: (message: unknown) => void, onBad: () => void, budget?: LineBudget): LineReader {
  let held = 0;
  const hold = (now: number): boolean => {
    if (budget === undefined) return true;
    budget.heldBytes += now - held;
    held = now;
    return budget.heldBytes <= budget.maxBytes;
  };
  let parts: Buffer[] = [];
  let bytes = 0;
  let isBroken = false;
  const fail = (): void => {
    isBroken = true;
    parts = [];
    hold(0);
    onBad();
  };
  const read = (chunk: Buffer): void => {
    let start = 0;
    while (!isBroken && start < chunk.length) {
      const newline = chunk.indexOf(0x0a, start);
      const end = newline === -1 ? chunk.length : newline;
      bytes += end - start;
      if (bytes > MAX_LINE_BYTES) return fail();
      if (end > start) parts.push(chunk.subarray(start, end));
      if (parts.length >= MAX_PARTS) parts = [Buffer.concat(parts)];
      start = end + 1;
      if (newline === -1) {
        if (!hold(bytes)) fail();
        return;
      }
      const line = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
      parts = [];
      bytes = 0;
      hold(0);
      if (line.length === 0) continue;
      if (!isWithin(line, MESSAGE_BOUNDS)) return fail();
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
  return Object.assign(read, { close: () => void hold(0) });
}

/** Writes one message; returns false when the socket is not to be written to before `drain`. */
export function writeLine(socket: Socket, message: unknown): boolean {
  return socket.writable ? socket.write(`${JSON.stringify(message)}\n`) : false;
}
