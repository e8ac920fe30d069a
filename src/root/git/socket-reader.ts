/** Reads git's events from a Unix socket. Only for a process that never waits for git itself: a full socket holds git. */
import { createServer, type Socket } from 'node:net';
import { createGitCollector, type GitListeners } from './reader.ts';

export interface GitSocketReader {
  /** Resolves when git can connect; rejects when the socket cannot be made. */
  start(): Promise<void>;
  /** Reads what has arrived, hands out everything and closes. */
  stop(): Promise<void>;
}

export interface GitSocketOptions extends GitListeners {
  path: string;
  /** Time after the last event until commands are handed out, in ms: a child's last words may come behind its parent's. */
  settleMs?: number | undefined;
}

/** Connections are accepted one a turn, and closing drops those that wait: the end comes after this long without news, in ms. */
const quietMs = 30;
/** Longest wait at the end, in ms: some git may run on for hours. */
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
  const server = createServer((socket) => {
    onNews();
    const stream = collector.open();
    sockets.add(socket);
    socket.unref();
    socket.on('data', (bytes: Buffer) => {
      stream.write(bytes);
      onNews();
      settleSoon();
    });
    // A reset is an end like any other; 'close' follows.
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      stream.end();
      settleSoon();
    });
  });
  server.unref();
  return {
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(options.path, () => {
          server.off('error', reject);
          server.on('error', (error) => options.onFault?.(error));
          resolve();
        });
      }),
    stop: () =>
      new Promise((resolve) => {
        const finish = (): void => {
          for (const each of [patience, quiet, timer]) clearTimeout(each);
          for (const socket of sockets) socket.destroy();
          collector.settle(true);
          // Takes the socket file along.
          server.close(() => resolve());
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
