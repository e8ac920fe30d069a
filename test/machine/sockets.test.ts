/** Linux' tables of sockets: their texts, and real connections of this process. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { addressOf, endsKey, inodesIn, isConnected, readSocketInodes, socketsOf } from '../../src/machine/sockets.ts';
import { freshFolder } from '../harness/index.ts';
import { testWith } from '../harness/needs.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
/** One line as proc_net(5) has it. */
const line = (local: string, remote: string, inode: number | string): string =>
  `   0: ${local} ${remote} 01 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000000000000000 20 4 30 10 -1`;

describe('a table', () => {
  const port = 0x1234;
  test.each([
    ['IPv4', '0100007F:C350', '0100007F:1234'],
    ['another address of loopback', '0200007F:C350', '0100007F:1234'],
    ['IPv4 in IPv6', '0000000000000000FFFF00000100007F:C350', '0000000000000000FFFF00000100007F:1234'],
    ['IPv6', '00000000000000000000000001000000:C350', '00000000000000000000000001000000:1234'],
  ])('%s', (_title, local, remote) => {
    const inodes = inodesIn([`${HEAD}\n${line(local, remote, 99)}\n`], new Set([port]));
    expect([...inodes]).toEqual([[endsKey({ localPort: 0xc350, remotePort: port }), 99]]);
  });

  test.each([
    ['another port at the other end', '0100007F:C350', '0100007F:1235', 99],
    ['our own end of it', '0100007F:1234', '0100007F:C350', 99],
    ['a socket that is nobody’s any more', '0100007F:C350', '0100007F:1234', 0],
    ['another machine', '0100000A:C350', '0200000A:1234', 99],
    ['a line that is cut', '0100007F:C350', '0100007F:1234', ''],
  ])('%s is left out', (_title, local, remote, inode) => {
    const text = inode === '' ? line(local, remote, 99).slice(0, 40) : line(local, remote, inode);
    expect([...inodesIn([`${HEAD}\n${text}`], new Set([port]))]).toEqual([]);
  });
});

test.each([
  ['0100007F', '127.0.0.1'],
  ['010200C0', '192.0.2.1'],
  ['00000000000000000000000001000000', '0:0:0:0:0:0:0:1'],
  ['B80D0120000000000000000001000000', '2001:db8:0:0:0:0:0:1'],
  ['0000000000000000FFFF0000010200C0', '192.0.2.1'],
])('the kernel writes %s for %s', (written, address) => {
  expect(addressOf(written)).toBe(address);
});

test.each([
  ['an open connection to another machine', '0100000A:C350', '0200000A:01BB', '01', 99, true],
  ['one to this machine', '0100007F:C350', '0100007F:01BB', '01', 99, false],
  ['one that is closed', '0100000A:C350', '0200000A:01BB', '06', 99, false],
  ['one of another process', '0100000A:C350', '0200000A:01BB', '01', 98, false],
])('%s is a connection of a process or not', (_title, local, remote, state, inode, is) => {
  const root = freshFolder('proc');
  mkdirSync(join(root, '7/fd'), { recursive: true });
  mkdirSync(join(root, 'net'));
  symlinkSync('socket:[99]', join(root, '7/fd/3'));
  writeFileSync(join(root, 'net/tcp'), `${HEAD}\n${line(local, remote, inode).replace(' 01 ', ` ${state} `)}\n`);
  expect(isConnected([7], root)).toBe(is);
  expect(isConnected([8], root)).toBe(false);
});

test('without /proc nothing is known', () => {
  expect([...readSocketInodes(new Set([1]), '/nowhere')]).toEqual([]);
  expect([...socketsOf(process.pid, '/nowhere')]).toEqual([]);
});

testWith('Linux namespaces', 'a connection of this process is found by its ends, until it is closed', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const accepted = once(server, 'connection');
  const client = connect(port, '127.0.0.1');
  await once(client, 'connect');
  const [theirs] = (await accepted) as [Socket];
  const ends = endsKey({ localPort: client.localPort ?? 0, remotePort: port });
  const inode = readSocketInodes(new Set([port])).get(ends);
  expect(inode).toBeGreaterThan(0);
  expect(socketsOf(process.pid)).toContain(inode);
  client.destroy();
  theirs.destroy();
  await once(client, 'close');
  expect(readSocketInodes(new Set([port])).has(ends)).toBe(false);
  await new Promise((resolve) => server.close(resolve));
});
