/** Reads git's events from a socket, in a process that never waits for a git: a git waits while the socket is full. */
import { createServer, type Server, type Socket } from 'node:net';
import { createGitCollector, type GitListeners } from './reader.ts';

export interface GitSocketReader {
  /** Resolves when git can connect; rejects when the socket cannot be made. */
  start(): Promise<void>;
  /** Makes the socket again where its file was removed. */
  startAgain(): Promise<void>;
  /** Reads what has arrived, hands out all commands and closes the socket. */
  stop(): Promise<void>;
}

export interface GitSocketOptions extends GitListeners {
  path: string;
  /** Time from an event to the handing out, in ms: a child's exit may arrive after its parent's. Default: 25. */
  settleMs?: number | undefined;
}

/** Time without news after which the reader closes, in ms: closing drops connections that are not accepted yet. */
const quietMs = 30;
/** Longest wait at the end, in ms. Protects the end of a run from a git that runs on for hours. */
const closingMs = 300;

export function createGitSocketReader(options: GitSocketOptions): GitSocketReader {
  const collector = createGitCollector(options);
  const sockets = new Set<Socket>();
  let timer: NodeJS.Timeout | undefined;
  function settleSoon(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      collector.settle();
    }, options.settleMs ?? 25).unref();
  }
  let onNews = (): void => {};
  const accept = (socket: Socket): void => {
    onNews();
    const stream = collector.open();
    sockets.add(socket);
    socket.unref();
    socket.on('data', (bytes: Buffer) => {
      stream.write(bytes);
      onNews();
      settleSoon();
    });
    // A reset connection ends like any other: 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      stream.end();
      settleSoon();
    });
  };
  const servers: Server[] = [];
  const listen = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const server = createServer(accept);
      server.unref();
      server.once('error', reject);
      server.listen(options.path, () => {
        server.off('error', reject);
        server.on('error', (error) => options.onFault?.(error));
        // Closed at the end: to close the older one now would remove the file of the new one.
        servers.push(server);
        resolve();
      });
    });
  return {
    start: listen,
    startAgain: listen,
    stop: () =>
      new Promise((resolve) => {
        const finish = (): void => {
          for (const each of [patience, quiet, timer]) clearTimeout(each);
          for (const socket of sockets) socket.destroy();
          collector.settle(true);
          // This removes the file of the socket too.
          void Promise.all(servers.map((server) => new Promise<void>((closed) => server.close(() => closed())))).then(() => resolve());
        };
        const patience = setTimeout(finish, closingMs);
        let quiet = setTimeout(finish, quietMs);
        onNews = () => {
          clearTimeout(quiet);
          quiet = setTimeout(finish, quietMs);
        };
      }),
  };
}
