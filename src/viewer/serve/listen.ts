/** Starts a server on a given or a free port, and stops it after the answers that are under way. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ViewerError } from '../error.ts';

/** Resolves with the port. @throws ViewerError `port_in_use`, `listen_failed` */
export function listen(server: Server, { host, port, backlog }: { host: string; port: number; backlog: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === 'EADDRINUSE'
          ? new ViewerError('port_in_use', `Port ${port} on ${host} is in use; choose another, or none to get a free one.`, { cause })
          : new ViewerError('listen_failed', `Cannot listen on ${host}:${port} (${cause.code ?? 'unknown'}).`, { cause }),
      );
    });
    server.listen({ port, host, backlog }, () => {
      server.removeAllListeners('error');
      server.on('error', () => {
        // A single connection could not be accepted (out of file descriptors): it is refused, the server lives on.
      });
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Takes no more requests, answers those that have begun, and cuts them off after `timeoutMs`. */
export function closeServer(server: Server, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = setTimeout(() => server.closeAllConnections(), timeoutMs);
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
    server.closeIdleConnections();
  });
}
