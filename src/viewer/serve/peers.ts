/** Whose process is at the other end of a connection of this machine: Linux tells it in its tables of sockets. */
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { readBytes } from '../../config/small-file.ts';

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];
/** A hundred thousand connections. */
const MAX_TABLE_BYTES = 16 * 1024 ** 2;
/** Established, and closed for writing alone: tcp_states.h. */
const STATES: ReadonlySet<string | undefined> = new Set(['01', '04', '05']);
/** A table of ten thousand connections takes some 10 ms: many who ask at once are answered by one look. */
const LOOK_EVERY_MS = 50;

export class Peers {
  #waiting: (() => void)[] = [];
  #isLooking = false;
  #tables = '';

  /** Whether it belongs to our user. False where that cannot be known: another system, a connection that is closing. */
  async isOwn(socket: Socket): Promise<boolean> {
    const uid = process.getuid?.();
    if (uid === undefined || socket.remotePort === undefined) return false;
    await this.#look();
    const [remote, local] = [endOf(socket.remoteAddress, socket.remotePort), endOf(socket.localAddress, socket.localPort)];
    return remote.some((end, index) => ownerOf(this.#tables, end, local[index] ?? '') === uid);
  }

  /** Resolves after a look that began later than the question. */
  #look(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (!this.#isLooking) void this.#lookOn();
    });
  }

  async #lookOn(): Promise<void> {
    this.#isLooking = true;
    while (this.#waiting.length > 0) {
      const asked = this.#waiting.splice(0);
      this.#tables = TABLES.map((path) => readBytes(path, MAX_TABLE_BYTES)?.toString('latin1') ?? '').join('');
      for (const answer of asked) answer();
      await pause(LOOK_EVERY_MS, undefined, { ref: false });
    }
    this.#isLooking = false;
    this.#tables = '';
  }
}

/** The end of a connection as the tables write it, for IPv4 and for the same address in IPv6. */
function endOf(address = '', port = 0): readonly string[] {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  if (address === '::1') return [`00000000000000000000000001000000${end}`];
  const parts = address
    .replace(/^::ffff:/i, '')
    .split('.')
    .map(Number);
  if (parts.length !== 4) return [];
  const hex = parts
    .toReversed()
    .map((part) => part.toString(16).toUpperCase().padStart(2, '0'))
    .join('');
  return [hex + end, `0000000000000000FFFF0000${hex}${end}`];
}

/** Of the socket that is at `local` and talks to `remote`. Without an inode it has been closed, and tells no owner. */
export function ownerOf(tables: string, local: string, remote: string): number | undefined {
  const at = tables.indexOf(` ${local} ${remote} `);
  if (at < 0) return undefined;
  const [, , state, , , , uid, , inode] = tables
    .slice(at, at + 200)
    .trim()
    .split(/\s+/);
  return !STATES.has(state) || inode === undefined || inode === '0' ? undefined : Number(uid);
}
