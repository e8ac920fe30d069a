/** The TCP sockets of this machine as Linux tells them: which inode has an end, and which sockets a process holds. */
import { readdirSync, readlinkSync } from 'node:fs';
import { readBytes } from '../config/small-file.ts';

/** A connection of this machine to itself, as the socket at one end of it sees it. */
export interface SocketEnds {
  readonly localPort: number;
  readonly remotePort: number;
}

/** The second has dual-stack sockets too, such as those of Java. */
const TABLES = ['net/tcp', 'net/tcp6'];
/** A hundred thousand connections. */
const MAX_TABLE_BYTES = 16 * 1024 ** 2;
/** 127.0.0.0/8, `::1` and the first in IPv6, as the kernel writes them. */
const LOOPBACK = /^(?:[0-9A-F]{6}7F|0{24}01000000|0000000000000000FFFF0000[0-9A-F]{6}7F)$/;

/** By `LOCAL:REMOTE` ports. Those that are closed and no longer anybody's have inode 0 and are left out. */
export type SocketInodes = ReadonlyMap<string, number>;

export const endsKey = ({ localPort, remotePort }: SocketEnds): string => `${localPort}:${remotePort}`;

/** Sockets on loopback whose other end is one of `remotePorts`. The kernel takes some 4 ms for it, however many there are. */
export function readSocketInodes(remotePorts: ReadonlySet<number>, root = '/proc'): SocketInodes {
  return inodesIn(
    TABLES.map((table) => readBytes(`${root}/${table}`, MAX_TABLE_BYTES)?.toString('latin1') ?? ''),
    remotePorts,
  );
}

/** The same of the texts of the tables. */
export function inodesIn(tables: readonly string[], remotePorts: ReadonlySet<number>): SocketInodes {
  const suffixes = [...remotePorts].map((port) => `:${port.toString(16).toUpperCase().padStart(4, '0')} `);
  const inodes = new Map<string, number>();
  for (const table of tables) {
    for (const line of table.split('\n')) {
      // Most lines are of others: they are not taken apart.
      if (!suffixes.some((suffix) => line.includes(suffix))) continue;
      const [, local = '', remote = '', , , , , , , inode = '0'] = line.trim().split(/\s+/);
      const [[localHost = '', localPort = ''], [remoteHost = '', remotePort = '']] = [local.split(':'), remote.split(':')];
      const ends = { localPort: Number.parseInt(localPort, 16), remotePort: Number.parseInt(remotePort, 16) };
      if (!remotePorts.has(ends.remotePort) || inode === '0' || !LOOPBACK.test(localHost) || !LOOPBACK.test(remoteHost)) continue;
      inodes.set(endsKey(ends), Number(inode));
    }
  }
  return inodes;
}

/** Inodes of the sockets that a process holds; none where that may not be known or it has ended. */
export function socketsOf(pid: number, root = '/proc'): Set<number> {
  const found = new Set<number>();
  try {
    for (const name of readdirSync(`${root}/${pid}/fd`)) {
      const inode = inodeOf(`${root}/${pid}/fd/${name}`);
      if (inode !== undefined) found.add(inode);
    }
  } catch {
    // ENOENT: it has ended. EACCES: another user's.
  }
  return found;
}

function inodeOf(path: string): number | undefined {
  try {
    const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1];
    return inode === undefined ? undefined : Number(inode);
  } catch {
    // Closed meanwhile.
    return undefined;
  }
}
