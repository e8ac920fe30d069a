/**
 * Clients that have just connected, until it is known whose they are. Who holds a connection can be asked only while it is open, and
 * a program of one call closes it with its answer: so the first answer waits, which a model's answer has no need to.
 */
import type { Socket } from 'node:net';
import type { ClientConnection } from './messages.ts';

/** Longest wait of an answer: the process that records may have no core, or be stopped. */
const WAIT_MS = 1_000;

export interface Meetings {
  /** To be called when a client has connected. */
  meet(socket: Socket, client: ClientConnection): void;
  /** It is known whose the connection is, or that nobody can tell. */
  met(clientPort: number): void;
  /** Nobody asks any more. */
  end(): void;
}

const open = new WeakMap<Socket, Set<() => void>>();

/** `go` is called when the connection need not stay open for us: at once, as a rule. */
export function whenMet(socket: Socket, go: () => void): void {
  const waiting = open.get(socket);
  if (waiting === undefined) go();
  else waiting.add(go);
}

/** What is written to the client from now on leaves when the connection need not stay open for us. */
export function holdBack(socket: Socket): void {
  if (!open.has(socket)) return;
  socket.cork();
  whenMet(socket, () => socket.uncork());
}

export function createMeetings(waitMs = WAIT_MS): Meetings {
  const sockets = new Map<number, Socket>();
  let isOver = false;
  const release = (socket: Socket): void => {
    const waiting = open.get(socket) ?? [];
    open.delete(socket);
    for (const go of waiting) go();
  };
  return {
    meet(socket, { clientPort }) {
      if (isOver) return;
      open.set(socket, new Set());
      sockets.set(clientPort, socket);
      const timer = setTimeout(() => release(socket), waitMs);
      whenMet(socket, () => {
        clearTimeout(timer);
        if (sockets.get(clientPort) === socket) sockets.delete(clientPort);
      });
      socket.once('close', () => release(socket));
    },
    met(clientPort) {
      const socket = sockets.get(clientPort);
      if (socket !== undefined) release(socket);
    },
    end() {
      isOver = true;
      for (const socket of sockets.values()) release(socket);
    },
  };
}
