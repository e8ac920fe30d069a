/** What /proc says, as real machines wrote it. */
import { expect, test } from '@jest/globals';
import { countProcesses, readDisks, readField, readInterfaces } from '../../src/machine/proc.ts';

const netDev = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 88110934   95512    0    0    0     0          0         0 88110934   95512    0    0    0     0       0          0
  eth0: 1234567    2000    1    3    0     0          0         0   765432    1500    0    4    0     0       0          0
 docker0:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
`;

test('interfaces are read with both directions; the loopback and what never carried anything are left out', () => {
  expect(readInterfaces(netDev)).toEqual([
    { name: 'eth0', received: { bytes: 1_234_567, dropped: 3 }, sent: { bytes: 765_432, dropped: 4 } },
  ]);
});

const diskstats = `   7       0 loop0 52 0 2148 10 0 0 0 0 0 20 10 0 0 0 0 0 0
 259       0 nvme0n1 1000 5 8000 70 2000 6 16000 90 0 100 160 0 0 0 0 0 0
 259       1 nvme0n1p1 900 5 7000 70 2000 6 16000 90 0 100 160 0 0 0 0 0 0
 253       0 dm-0 900 0 7000 70 2000 0 16000 90 0 100 160 0 0 0 0 0 0
   8       0 sda 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
 254       0 vda 10 0 2 1 3 0 4 1 0 1 1
`;

test('whole disks alone, in bytes: partitions and mapped devices would count the same again', () => {
  expect(readDisks(diskstats)).toEqual([
    { name: 'nvme0n1', readBytes: 8_000 * 512, writtenBytes: 16_000 * 512 },
    { name: 'vda', readBytes: 2 * 512, writtenBytes: 4 * 512 },
  ]);
});

test('a field of a status file, or nothing', () => {
  expect(readField('Name:\tnode\nVmSize:\t  1024 kB\nThreads:\t11\n', 'VmSize')).toBe(1_024);
  expect(readField('Name:\tnode\nThreads:\t11\n', 'VmSize')).toBeUndefined();
});

test('only numbers are processes', () => {
  expect(countProcesses(['1', '42', 'self', 'net', '12a'])).toBe(2);
});
