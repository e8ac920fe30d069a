/** What Linux says in /proc about the machine and this process: text to numbers, no child process; absent elsewhere. */

/** Reads of small files that the kernel makes; they throw where there is no such file. */
export interface Files {
  read(path: string): string;
  list(path: string): readonly string[];
}

export interface Interface {
  readonly name: string;
  readonly received: { readonly bytes: number; readonly dropped: number };
  readonly sent: { readonly bytes: number; readonly dropped: number };
}

/** Interfaces of this network namespace but the loopback; those that never carried anything are left out. */
export function readInterfaces(text: string): Interface[] {
  return text
    .split('\n')
    .slice(2)
    .flatMap((line) => {
      const [name = '', rest = ''] = line.split(':').map((part) => part.trim());
      const numbers = rest.split(/\s+/).map(Number);
      const [receivedBytes = 0, , , receivedDropped = 0, , , , , sentBytes = 0, , , sentDropped = 0] = numbers;
      if (name === '' || name === 'lo' || receivedBytes + sentBytes === 0) return [];
      return [{ name, received: { bytes: receivedBytes, dropped: receivedDropped }, sent: { bytes: sentBytes, dropped: sentDropped } }];
    });
}

export interface Disk {
  readonly name: string;
  readonly readBytes: number;
  readonly writtenBytes: number;
}

/** The kernel counts in sectors of this size, whatever the disk has. */
const SECTOR_BYTES = 512;
/** Whole disks: a partition, a mapped or a looped device would count the same bytes again. */
const WHOLE_DISK = /^(?:sd[a-z]+|vd[a-z]+|xvd[a-z]+|hd[a-z]+|nvme\d+n\d+|mmcblk\d+)$/;

/** /proc/diskstats: whole disks that were used. */
export function readDisks(text: string): Disk[] {
  return text.split('\n').flatMap((line) => {
    const [, , name = '', , , readSectors = '', , , , writtenSectors = ''] = line.trim().split(/\s+/);
    const disk = { name, readBytes: Number(readSectors) * SECTOR_BYTES, writtenBytes: Number(writtenSectors) * SECTOR_BYTES };
    return WHOLE_DISK.test(name) && disk.readBytes + disk.writtenBytes > 0 ? [disk] : [];
  });
}

/** A number of `name: 123 kB` lines (/proc/self/status, /proc/self/io); undefined when it is not there. */
export function readField(text: string, name: string): number | undefined {
  const found = new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

export const countProcesses = (names: readonly string[]): number => names.filter((name) => /^\d+$/.test(name)).length;
