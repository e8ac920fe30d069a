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

/** One row of a table, see proc_net_tcp(5). */
export interface SocketRow extends SocketEnds {
  /** As the kernel writes them: `0100007F`. */
  readonly localHost: string;
  readonly remoteHost: string;
  /** `0A` listens. */
  readonly state: string;
  /** 0: nobody's any more. */
  readonly inode: number;
}

/** undefined for the head of the table and for a row that is cut. */
export function rowIn(line: string): SocketRow | undefined {
  const [, local = '', remote = '', state = '', , , , , , inode = ''] = line.trim().split(/\s+/);
  const [[localHost = '', localPort = ''], [remoteHost = '', remotePort = '']] = [local.split(':'), remote.split(':')];
  const ports = { localPort: Number.parseInt(localPort, 16), remotePort: Number.parseInt(remotePort, 16) };
  return Number.isNaN(ports.localPort) || !/^\d+$/.test(inode)
    ? undefined
    : { ...ports, localHost, remoteHost, state, inode: Number(inode) };
}

/**
 * The address that the kernel writes as words in the byte order of this machine, which is little-endian wherever Node runs on Linux
 * but s390x. One of IPv4 within IPv6 is told as the IPv4 one.
 *
 * @example addressOf('0100007F') // '127.0.0.1'
 */
export function addressOf(host: string): string {
  const bytes = (host.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)));
  const isMapped = bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (bytes.length === 4 || isMapped) return bytes.slice(-4).join('.');
  const groups = bytes.flatMap((byte, at) => (at % 2 === 0 ? [((byte << 8) | (bytes[at + 1] ?? 0)).toString(16)] : []));
  return groups.join(':');
}

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
      const row = rowIn(line);
      if (row === undefined || row.inode === 0 || !remotePorts.has(row.remotePort)) continue;
      if (LOOPBACK.test(row.localHost) && LOOPBACK.test(row.remoteHost)) inodes.set(endsKey(row), row.inode);
    }
  }
  return inodes;
}

const ESTABLISHED = '01';

/** Whether one of these processes holds a TCP connection to another machine. The kernel takes some 4 ms for its table. */
export function isConnected(pids: readonly number[], root = '/proc'): boolean {
  const held = new Set(pids.flatMap((pid) => [...socketsOf(pid, root)]));
  if (held.size === 0) return false;
  return TABLES.some((table) =>
    (readBytes(`${root}/${table}`, MAX_TABLE_BYTES)?.toString('latin1') ?? '').split('\n').some((line) => {
      const row = rowIn(line);
      return row?.state === ESTABLISHED && held.has(row.inode) && !LOOPBACK.test(row.remoteHost);
    }),
  );
}

/** Inodes of the sockets that a process holds; none where that may not be known or it has ended. */
export function socketsOf(pid: number, root = '/proc'): Set<number> {
  const found = new Set<number>();
  for (const { target } of descriptorsOf(pid, root)) {
    const inode = inodeOf(target);
    if (inode !== undefined) found.add(inode);
  }
  return found;
}

/** What a process holds open, and where each descriptor leads; nothing where that may not be known or it has ended. */
export function* descriptorsOf(
  pid: number,
  root: string,
  most = Infinity,
): Generator<{ readonly descriptor: string; readonly target: string }> {
  const folder = `${root}/${pid}/fd`;
  for (const descriptor of quietly(() => readdirSync(folder), []).slice(0, most)) {
    const target = quietly(() => readlinkSync(`${folder}/${descriptor}`), undefined);
    if (target !== undefined) yield { descriptor, target };
  }
}

/** @example inodeOf('socket:[4711]') // 4711 */
export function inodeOf(target: string): number | undefined {
  const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
  return inode === undefined ? undefined : Number(inode);
}

function quietly<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch {
    // ENOENT, ESRCH: it has ended, or closed it. EACCES: another user's.
    return otherwise;
  }
}
