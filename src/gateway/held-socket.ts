/**
 * A loopback socket that is bound and never accepts here: the process of the gateway listens at it, and while another one
 * takes its place, connections wait in the kernel.
 */
import net from 'node:net';

export interface HeldSocket {
  readonly descriptor: number;
  readonly port: number;
  close(): void;
}

/** What Node's cluster makes of an address, by a function that net exports without a word in its documentation. */
interface Handle {
  readonly fd: number;
  getsockname(into: { port?: number }): number;
  close(): void;
}
type CreateHandle = (address: string, port: number, family: 4 | 6) => Handle | number;

/** `-98` and the like are what the system says. Throws an error whose `code` says why. */
export function holdSocket(port: number): HeldSocket {
  const create = (net as unknown as { _createServerHandle?: CreateHandle })._createServerHandle;
  if (create === undefined) throw Object.assign(new Error('this Node cannot hold a socket'), { code: 'ENOSYS' });
  const handle = create('127.0.0.1', port, 4);
  if (typeof handle === 'number')
    throw Object.assign(new Error('bind'), { code: handle === -98 || handle === -48 ? 'EADDRINUSE' : 'EACCES' });
  const name: { port?: number } = {};
  if (handle.fd < 0 || handle.getsockname(name) !== 0 || name.port === undefined) {
    handle.close();
    throw Object.assign(new Error('no descriptor'), { code: 'ENOSYS' });
  }
  return { descriptor: handle.fd, port: name.port, close: () => handle.close() };
}
