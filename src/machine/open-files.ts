/** What processes hold on Linux: memory, open paths, sockets, and the ports that sockets listen on. Readings, no meaning. */
import { readSmall } from '../config/small-file.ts';
import { readField } from './proc.ts';
import { addressOf, descriptorsOf, inodeOf, rowIn } from './sockets.ts';

export interface OpenPath {
  readonly pid: number;
  readonly descriptor: string;
  readonly path: string;
}

export interface OpenFiles {
  readonly paths: readonly OpenPath[];
  /** Inodes of sockets, as the tables of `/proc/net` name them. */
  readonly sockets: readonly number[];
}

export interface TcpSocket {
  readonly localPort: number;
  /** `192.0.2.1`, `2001:db8:0:0:0:0:0:1`. */
  readonly remoteHost: string;
  readonly remotePort: number;
  readonly isListening: boolean;
  readonly inode: number;
}

/** Descriptors of one process that are looked at: a server may hold a hundred thousand. */
const MAX_DESCRIPTORS = 4_096;
/** Longest table that is read; a row has 150 bytes. */
const MAX_TABLE_BYTES = 8 * 1_048_576;
const LISTEN = '0A';

/** Memory that it holds now, with pages that it shares; undefined for what has ended. */
export function residentBytesOf(pid: number, root = '/proc'): number | undefined {
  const kibibytes = readField(readSmall(`${root}/${pid}/status`)?.text ?? '', 'VmRSS');
  return kibibytes === undefined ? undefined : kibibytes * 1_024;
}

/** Empty for what has ended or belongs to another user. */
export function openFilesOf(pid: number, root = '/proc'): OpenFiles {
  const paths: OpenPath[] = [];
  const sockets: number[] = [];
  for (const { descriptor, target } of descriptorsOf(pid, root, MAX_DESCRIPTORS)) {
    const socket = inodeOf(target);
    if (socket !== undefined) sockets.push(socket);
    else if (target.startsWith('/')) paths.push({ pid, descriptor, path: target });
  }
  return { paths, sockets };
}

/** Whether it was opened to be written, and not only to be looked at. */
export function isOpenForWriting({ pid, descriptor }: OpenPath, root = '/proc'): boolean {
  const flags = /^flags:\s*([0-7]+)/m.exec(readSmall(`${root}/${pid}/fdinfo/${descriptor}`)?.text ?? '')?.[1];
  // The two lowest bits: O_WRONLY or O_RDWR.
  return flags !== undefined && (Number.parseInt(flags, 8) & 3) !== 0;
}

/** Of this network namespace, both families. One read costs the kernel 4 ms, whatever the number of sockets. */
export function readTcpSockets(root = '/proc'): TcpSocket[] {
  return ['tcp', 'tcp6'].flatMap((name) => parseTcpTable(readSmall(`${root}/net/${name}`, MAX_TABLE_BYTES)?.text ?? ''));
}

function parseTcpTable(text: string): TcpSocket[] {
  return text.split('\n').flatMap((line) => {
    const row = rowIn(line);
    if (row === undefined) return [];
    const { localPort, remoteHost, remotePort, state, inode } = row;
    return [{ localPort, remoteHost: addressOf(remoteHost), remotePort, isListening: state === LISTEN, inode }];
  });
}
