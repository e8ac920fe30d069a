/** The root's end of the run channel: takes what members send, tells them what was collected, holds nothing alive. */
import type * as Net from 'node:net';
import { lineReader, writeLine, type LineBudget } from './lines.ts';
import { outside } from '../config/originals.ts';
import { readSnapshot } from './snapshot.ts';
import type { MetricSnapshot } from './types.ts';

/** Processes of one run; each holds a file descriptor of the root. */
const MAX_CONNECTIONS = 5_000;
/** As many members as may call while the root's loop is busy; the kernel caps it. */
const BACKLOG = 4_096;
/** Of lines that have not come whole, over all connections: a few of the longest, or thousands of usual ones. */
const MAX_HELD_BYTES = 64 * 1_048_576;
/** A member that does not read its answers loses them, not our memory. */
const MAX_UNREAD_BYTES = 65_536;

export interface Member {
  readonly processKey: string;
  readonly pid: number;
  sequence: number;
}

export interface ChannelServerOptions {
  readonly address: string;
  onSnapshot(snapshot: MetricSnapshot): void;
  /** The member's socket closed: it ended, or was killed. */
  onGone(member: Member): void;
  count(name: string): void;
  /** What each member is told as soon as it calls; undefined: nothing. */
  readonly greeting?: () => object | undefined;
  /** A member asks; undefined: it was no question. */
  readonly onAsk?: (ask: unknown) => object | undefined;
}

export interface ChannelServer {
  members(): Member[];
  /** Tells all that are connected. */
  tell(message: object): void;
  /** Marks what has arrived; call the result once that is exported, to tell members which snapshots were part of it. */
  mark(): () => void;
  /** Makes the socket again where its file was removed; members that are connected stay. */
  listenAgain(): void;
  close(): void;
}

/** Listens at once: members can connect as soon as this returns, also while our loop is blocked. Never throws. */
export function listen(options: ChannelServerOptions): ChannelServer {
  const { createServer } = process.getBuiltinModule('node:net');
  const connections = new Map<Net.Socket, Member | undefined>();
  const budget: LineBudget = { heldBytes: 0, maxBytes: MAX_HELD_BYTES };

  function accept(socket: Net.Socket): void {
    socket.unref();
    connections.set(socket, undefined);
    const read = lineReader(
      (message) => take(socket, message),
      () => {
        options.count('run-channel.bad-line');
        socket.destroy();
      },
      budget,
    );
    socket.on('data', read);
    socket.on('error', () => options.count('run-channel.socket-error'));
    socket.on('close', () => {
      read.close();
      const member = connections.get(socket);
      connections.delete(socket);
      if (member !== undefined) options.onGone(member);
    });
    const greeting = options.greeting?.();
    if (greeting !== undefined) writeLine(socket, greeting);
  }

  function take(socket: Net.Socket, message: unknown): void {
    const snapshot = typeof message === 'object' && message !== null && 'snapshot' in message ? readSnapshot(message.snapshot) : undefined;
    if (snapshot === undefined) {
      if (answer(socket, message)) return;
      const hello = readHello(message);
      if (hello === undefined) options.count('run-channel.bad-message');
      else connections.set(socket, hello);
      return;
    }
    const member = connections.get(socket) ?? { processKey: snapshot.processKey, pid: snapshot.pid, sequence: 0 };
    if (member.processKey !== snapshot.processKey) return options.count('run-channel.bad-message');
    member.sequence = Math.max(member.sequence, snapshot.sequence);
    connections.set(socket, member);
    options.onSnapshot(snapshot);
  }

  /** False: it was no question. */
  function answer(socket: Net.Socket, message: unknown): boolean {
    if (typeof message !== 'object' || message === null || !('ask' in message) || !('id' in message)) return false;
    const said = options.onAsk?.(message.ask);
    if (said === undefined) return false;
    if (socket.writableLength < MAX_UNREAD_BYTES) writeLine(socket, { to: message.id, answer: said });
    return true;
  }

  const servers: Net.Server[] = [];
  const open = (): void => {
    const server = outside(() => createServer(accept));
    server.maxConnections = MAX_CONNECTIONS;
    server.on('drop', () => options.count('run-channel.refused'));
    server.on('error', () => options.count('run-channel.listen-failed'));
    // `exclusive`: in a cluster worker the primary would listen in our place.
    outside(() => server.listen({ path: options.address, backlog: BACKLOG, exclusive: true }));
    server.unref();
    servers.push(server);
  };
  open();

  return {
    // The older one is closed at the end: closing it now would remove the file of the new one.
    listenAgain: open,
    members: () => [...connections.values()].filter((member) => member !== undefined),
    tell(message) {
      for (const socket of connections.keys())
        if (!socket.destroyed && socket.writableLength < MAX_UNREAD_BYTES) writeLine(socket, message);
    },
    mark() {
      const marks = [...connections].flatMap(([socket, member]) =>
        member !== undefined && member.sequence > 0 ? [{ socket, collected: member.sequence }] : [],
      );
      return () => {
        for (const { socket, collected } of marks)
          if (!socket.destroyed && socket.writableLength < MAX_UNREAD_BYTES) writeLine(socket, { collected });
      };
    },
    close() {
      for (const server of servers) server.close();
      for (const socket of connections.keys()) socket.destroy();
    },
  };
}

function readHello(message: unknown): Member | undefined {
  if (typeof message !== 'object' || message === null || !('processKey' in message) || !('pid' in message)) return undefined;
  const { processKey, pid } = message;
  return typeof processKey === 'string' && processKey.length <= 255 && typeof pid === 'number'
    ? { processKey, pid, sequence: 0 }
    : undefined;
}
