/** Who may stay connected: strangers only for a moment and in a bounded number, known senders as long as there is room. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { readSmall } from '../../config/small-file.ts';

export interface ConnectionBounds {
  /** Most connections that have not shown yet who they are. */
  readonly strangers: number;
  /** Most of all others. */
  readonly known: number;
}

/** Descriptors that the store, the program's streams and git's events need. */
const OTHER_DESCRIPTORS = 64;
const STRANGERS = 1_024;

/** As many connections as `wanted`, where the process may open that many files. */
export function boundsFor(wanted: number, maxFiles = readMaxFiles()): ConnectionBounds {
  const all = Math.max(32, Math.min(wanted, Math.floor((maxFiles - OTHER_DESCRIPTORS) * 0.9)));
  const strangers = Math.min(STRANGERS, Math.floor(all / 4));
  return { strangers, known: all - strangers };
}

/** Without /proc the bound of our own holds. */
function readMaxFiles(): number {
  return Number(/^Max open files\s+(\d+)/m.exec(readSmall('/proc/self/limits')?.text ?? '')?.[1] ?? Infinity);
}

export class Connections {
  /** Sets keep their order: the first is the one that waits longest. */
  readonly #strangers = new Set<Socket>();
  readonly #busy = new Map<Socket, number>();
  readonly #idle = new Set<Socket>();
  readonly #bounds: ConnectionBounds;

  constructor(server: Server, bounds: ConnectionBounds) {
    this.#bounds = bounds;
    server.on('connection', (socket: Socket) => {
      this.#strangers.add(socket);
      socket.on('close', () => this.#forget(socket));
      // The oldest has had the most time to say something.
      if (this.#strangers.size > bounds.strangers) drop(this.#strangers);
    });
  }

  isKnown(socket: Socket): boolean {
    return this.#busy.has(socket) || this.#idle.has(socket);
  }

  /** Its sender may send: a request of it is under way. */
  begin(socket: Socket): void {
    if (socket.destroyed) return;
    this.#strangers.delete(socket);
    this.#idle.delete(socket);
    this.#busy.set(socket, (this.#busy.get(socket) ?? 0) + 1);
    // A sender whose connection was idle opens another when it has something to send.
    if (this.#busy.size + this.#idle.size > this.#bounds.known) drop(this.#idle);
  }

  /** A request was answered. */
  end(socket: Socket): void {
    const others = (this.#busy.get(socket) ?? 0) - 1;
    if (others > 0) return void this.#busy.set(socket, others);
    if (this.#busy.delete(socket) && !socket.destroyed) this.#idle.add(socket);
  }

  #forget(socket: Socket): void {
    for (const each of [this.#strangers, this.#busy, this.#idle]) each.delete(socket);
  }
}

function drop(sockets: Set<Socket>): void {
  for (const oldest of sockets) {
    sockets.delete(oldest);
    oldest.destroy();
    return;
  }
}
