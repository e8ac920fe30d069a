/**
 * Reads git's events from a Unix socket, in a process that never waits for a git itself: git blocks when the socket is
 * full, and both would wait forever.
 */
import { createServer, type Socket } from 'node:net';
import { createGitCollector, type GitListeners } from './reader.ts';

export interface GitSocketReader {
  /** Resolves when git can connect; rejects when the socket cannot be made. */
  start(): Promise<void>;
  /** Reads what has arrived, hands out all commands and closes the socket. */
  stop(): Promise<void>;
}

export interface GitSocketOptions extends GitListeners {
  path: string;
  /**
   * Time between an event and the handing out of commands, in ms, since the exit of a child may arrive after that of
   * its parent. Default: 25.
   */
  settleMs?: number | undefined;
}

/**
 * Connections are accepted one in each turn of the event loop, and closing drops the waiting ones: the reader closes
 * after this long without news, in ms.
 */
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
    // A reset connection ends like any other: 'close' follows.
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
          // This removes the file of the socket too.
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
