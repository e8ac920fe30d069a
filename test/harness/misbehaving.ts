// A server that answers HTTP requests in a way that never ends, or leads nowhere: what a deadline must hold against.
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { closeAtEnd } from './close-at-end.ts';

/** What each sends once a request has begun; all but `redirect` never come to an end. */
export const misbehaviours = {
  'endless 100 Continue': (socket) => pump(socket, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(400)),
  'endless headers': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    pump(socket, 'x-more: 1\r\n'.repeat(400));
  },
  'an endless body': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    drip(socket, 'x'.repeat(100), 20);
  },
  'a fast endless body': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    pump(socket, 'x'.repeat(16_384));
  },
  'endless chunks of a byte': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
    pump(socket, '1\r\nx\r\n'.repeat(1_000));
  },
  'a byte a second': (socket) => {
    drip(socket, 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n', 1_000, 1);
  },
  'a redirect to itself': (socket) => {
    const { port } = socket.address() as AddressInfo;
    socket.write(`HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:${port}/\r\ncontent-length: 0\r\n\r\n`);
  },
  'an answer longer than it says': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99999999999999\r\n\r\n');
    pump(socket, 'x'.repeat(16_384));
  },
} satisfies Record<string, (socket: Socket) => void>;

export type Misbehaviour = keyof typeof misbehaviours;
export const everyMisbehaviour = Object.keys(misbehaviours) as Misbehaviour[];

export interface Misbehaving {
  readonly url: string;
  readonly port: number;
  /** Connections that are open. */
  open(): number;
  /** Requests that have begun. */
  served(): number;
}

export async function startMisbehaving(kind: Misbehaviour): Promise<Misbehaving> {
  const sockets = new Set<Socket>();
  let served = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket[kind === 'a redirect to itself' ? 'on' : 'once']('data', () => {
      served += 1;
      misbehaviours[kind](socket);
    });
  });
  const port = await portOf(server);
  closeAtEnd(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { url: `http://127.0.0.1:${port}`, port, open: () => sockets.size, served: () => served };
}

function portOf(server: Server): Promise<number> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

/** As fast as the other side reads. */
function pump(socket: Socket, text: string): void {
  const write = (): void => {
    while (!socket.destroyed && socket.write(text));
  };
  socket.on('drain', write);
  write();
}

function drip(socket: Socket, text: string, everyMs: number, characters = text.length): void {
  let at = 0;
  const timer = setInterval(() => {
    if (at + characters > text.length) at = 0;
    socket.write(text.slice(at, (at += characters)));
  }, everyMs);
  socket.on('close', () => clearInterval(timer));
}
