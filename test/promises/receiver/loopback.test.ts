// Networks without 127.0.0.1: the program is started, and the receiver listens where it can, or says that it cannot.
import { join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { commandFile, dist, ensureBuilt, runProgram, testWith, type ProgramResult } from '../../harness/index.ts';
import { place, type Place } from './place.ts';

ensureBuilt();

const program = `
const { withTask } = require(${JSON.stringify(join(dist, 'index.cjs'))});
(async () => { for (const name of ['a', 'b']) await withTask(name, async () => {}); console.log(process.env.SWARMSCOPE_ENDPOINT); process.exitCode = 7; })();
`;

/** The loopback of this network namespace goes up and loses its address of IPv4. */
const UP = `
import fcntl, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as lo:
    fcntl.ioctl(lo, 0x8914, struct.pack('16sh14x', b'lo', 0x49))
    fcntl.ioctl(lo, 0x8916, struct.pack('16sH2x4s16x', b'lo', socket.AF_INET, bytes(4)))
`;

async function runAlone(here: Place, before: string): Promise<ProgramResult & { tasks: string[] }> {
  writeFileSync(join(here.home, 'program.cjs'), program);
  writeFileSync(join(here.home, 'up.py'), UP);
  const line = `cd '${here.home}'; ${before} exec "$0" "$@"`;
  const run = [process.execPath, commandFile, 'run', '--json', 'report.json', '--', process.execPath, 'program.cjs'];
  const result = await runProgram({ preload: 'none', command: 'unshare', args: ['--net', 'sh', '-c', line, ...run], env: here.env });
  const { slowest } = JSON.parse(readFileSync(join(here.home, 'report.json'), 'utf8')) as { slowest: { name: string }[] };
  return { ...result, tasks: slowest.map(({ name }) => name).sort() };
}

const both = [expect.stringContaining('a'), expect.stringContaining('b')];

testWith('networks and mounts as root', 'a network of IPv6 alone: the receiver listens on ::1', async () => {
  const { code, stdout, stderr, tasks } = await runAlone(place(), 'python3 up.py;');
  expect({ code, stdout, tasks }).toEqual({ code: 7, stdout: expect.stringMatching(/^http:\/\/\[::1\]:\d+\/\S+\n$/), tasks: both });
  expect(stderr).not.toContain('Nothing can listen');
});

testWith('networks and mounts as root', 'a loopback that is down: what processes leave behind is reported', async () => {
  expect(await runAlone(place(), '')).toMatchObject({ code: 7, tasks: both });
});

testWith('networks and mounts as root', 'a network without any address: the program runs, and what is not seen is said', async () => {
  const { code, stderr, tasks } = await runAlone(place(), 'python3 up.py; echo 1 > /proc/sys/net/ipv6/conf/lo/disable_ipv6;');
  expect({ code, tasks }).toEqual({ code: 7, tasks: both });
  expect(stderr).toMatch(/^swarmscope: Nothing can listen on this machine/);
});
