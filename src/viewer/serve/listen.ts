/** Starts a server on a given or a free port, and stops it after the answers that are under way. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ViewerError } from '../error.ts';
import type { Http2Side } from './http2.ts';

export interface Place {
  /** Tried in this order. */
  readonly hosts: readonly string[];
  readonly port: number;
  readonly backlog: number;
}

/** On the first of `hosts` that this machine has. @throws ViewerError `port_in_use`, `listen_failed` */
export async function listen(server: Server, place: Place): Promise<{ readonly host: string; readonly port: number }> {
  const [host = '', ...further] = place.hosts;
  try {
    return { host, port: await listenOn(server, host, place) };
  } catch (error) {
    if (further.length > 0 && error instanceof ViewerError && error.code === 'listen_failed')
      return await listen(server, { ...place, hosts: further });
    throw error;
  }
}

function listenOn(server: Server, host: string, { port, backlog }: Place): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void => {
      reject(
        cause.code === 'EADDRINUSE'
          ? new ViewerError('port_in_use', `Port ${port} on ${host} is in use; choose another, or none to get a free one.`, { cause })
          : new ViewerError('listen_failed', `Cannot listen on ${host}:${port} (${cause.code ?? 'unknown'}).`, { cause }),
      );
    };
    server.once('error', failed);
    server.listen({ port, host, backlog }, () => {
      server.removeListener('error', failed).on('error', () => {
        // A single connection could not be accepted (out of file descriptors): it is refused, the server lives on.
      });
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Takes no more requests, answers those that have begun, and cuts them off after `timeoutMs`. */
export function closeServer(server: Server, http2: Http2Side, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = setTimeout(() => {
      server.closeAllConnections();
      http2.cutOff();
    }, timeoutMs);
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
    server.closeIdleConnections();
    http2.close();
  });
}
