/**
 * A loopback socket that is bound and never accepts here: the process of the gateway listens at it, and while another one
 * takes its place, connections wait in the kernel.
 */
import net from 'node:net';
import { getSystemErrorMap } from 'node:util';

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
  if (typeof handle === 'number') throw refused(handle);
  const name: { port?: number } = {};
  // A port that is taken is told here, or when somebody listens.
  const status = handle.getsockname(name);
  if (status === 0 && handle.fd >= 0 && name.port !== undefined)
    return { descriptor: handle.fd, port: name.port, close: () => handle.close() };
  handle.close();
  throw status < 0 ? refused(status) : Object.assign(new Error('no descriptor'), { code: 'ENOSYS' });
}

function refused(status: number): NodeJS.ErrnoException {
  const code = getSystemErrorMap().get(status)?.[0] ?? 'EACCES';
  return Object.assign(new Error(code), { code });
}
