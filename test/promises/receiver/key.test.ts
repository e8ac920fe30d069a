// Who may send to the receiver of a run: who has its key, and the user who started it. Nobody else, and nobody shuts these out.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startReceiver, type Receiver } from '../../../src/viewer/receive/receiver.ts';
import { ownerOf } from '../../../src/viewer/serve/peers.ts';
import { commandFile, runProgram } from '../../harness/index.ts';
import { post, traceBytes } from '../../viewer/receive/signals.ts';
import { place } from './place.ts';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver({
    onTraces: () => undefined,
    onMetrics: () => undefined,
    onLogs: () => undefined,
    settings: { captureContent: 'off', pricesFile: '' },
  });
});
afterEach(() => receiver.close(50));

const isRoot = process.getuid?.() === 0;
const key = (): string => receiver.endpoint.slice(receiver.url.length + 1);
const body = traceBytes('json');

/** Posts once from a process of another user (of ours where we may not become another), and returns the status and what was said. */
async function postAs(uid: number, url: string, headers: Readonly<Record<string, string>> = {}): Promise<{ status: number; said: string }> {
  const code = `
    fetch(process.argv[1], { method: 'POST', headers: { 'content-type': 'application/json', ...JSON.parse(process.argv[2]) }, body: '{}' })
      .then(async (answer) => console.log(JSON.stringify({ status: answer.status, said: await answer.text() })))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', become(uid) + code, url, JSON.stringify(headers)]);
  return JSON.parse(stdout) as { status: number; said: string };
}

/** The other user may not be able to read our Node, so it is another user only once it runs. */
const become = (uid: number): string => (isRoot ? `process.setgid(${uid}); process.setuid(${uid});` : '');
const stranger = isRoot ? 65_534 : undefined;

describe('a request', () => {
  test('with the key in its path or in a header is taken, whoever sends it', async () => {
    const uid = stranger ?? 0;
    expect(await postAs(uid, `${receiver.endpoint}/v1/traces`)).toMatchObject({ status: 200 });
    expect(await postAs(uid, `${receiver.url}/v1/traces`, { authorization: `Bearer ${key()}` })).toMatchObject({ status: 200 });
    expect(await postAs(uid, `${receiver.url}/v1/traces`, { 'x-swarmscope-key': key() })).toMatchObject({ status: 200 });
  });

  test('of our own user is taken without a key, also beside a login that is not for us', async () => {
    const headers = { 'content-type': 'application/json' };
    expect((await post(`${receiver.url}/v1/traces`, { body, headers })).status).toBe(200);
    expect((await post(`${receiver.url}/v1/traces`, { body, headers: { ...headers, authorization: 'Bearer theirs' } })).status).toBe(200);
  });

  test('with the key of another run is refused, also of our own user', async () => {
    const other = `${receiver.url}/${'A'.repeat(32)}/v1/traces`;
    expect((await post(other, { body, headers: { 'content-type': 'application/json' } })).status).toBe(401);
    expect(receiver.counts()).toEqual({ '401': 1 });
  });

  test('of another user without the key is refused in a sentence and counted; nothing is known of what is there', async () => {
    // Without root nobody can become another user: then a table of the kernel says whose a connection is.
    if (stranger === undefined) return expectOwners();
    for (const path of ['/v1/traces', '/healthz', '/', `/${'B'.repeat(32)}/v1/traces`]) {
      const { status, said } = await postAs(stranger, receiver.url + path);
      expect([status, said]).toEqual([401, expect.stringContaining('SWARMSCOPE_ENDPOINT')]);
    }
    expect(receiver.counts()).toEqual({ '401': 4 });
  });

  test('has an owner while its process has it open', expectOwners);
});

function expectOwners(): void {
  const row = (state: string, inode: number): string =>
    `  12: 0100007F:C350 0100007F:10E1 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000000000000000 20 4 30 10 -1\n`;
  const owner = (table: string): number | undefined => ownerOf(table, '0100007F:C350', '0100007F:10E1');
  expect(owner(row('01', 77))).toBe(1_000);
  expect(owner(row('05', 77))).toBe(1_000);
  // Closed: the kernel says user 0 then.
  expect(owner(row('05', 0))).toBeUndefined();
  expect(owner(row('06', 0))).toBeUndefined();
  expect(ownerOf(row('01', 77), '0100007F:10E1', '0100007F:C350')).toBeUndefined();
}

describe('the key of a run', () => {
  const program = `
    const { readFileSync, readdirSync } = require('node:fs');
    const key = new URL(process.env.SWARMSCOPE_ENDPOINT).pathname.slice(1);
    const seen = readdirSync('/proc').filter((pid) => /^\\d+$/.test(pid)).filter((pid) => {
      try { return readFileSync('/proc/' + pid + '/cmdline', 'latin1').includes(key); } catch { return false; }
    });
    console.log(JSON.stringify({ key, seen }));
    require('node:child_process').spawnSync(process.execPath, ['-e', 'process.exit()']);
  `;

  test('is in the environment of its processes alone: in no argument, no file that others can read, no report, no output', async () => {
    const { home, env } = place();
    const json = join(home, 'report.json');
    const { stdout, stderr } = await runProgram({
      preload: 'none',
      command: process.execPath,
      args: [commandFile, 'run', '--json', json, '--', process.execPath, '-e', program],
      env,
    });
    const { key: secret, seen } = JSON.parse(stdout) as { key: string; seen: string[] };
    expect(secret).toMatch(/^[\w-]{32}$/);
    expect(seen).toEqual([]);
    expect(stderr).not.toContain(secret);
    const doctor = await runProgram({ preload: 'none', command: process.execPath, args: [commandFile, 'doctor'], env });
    expect(doctor.stdout + doctor.stderr).not.toContain(secret);
    expect(filesWith(home, secret)).toEqual([]);
    // The status files say where their process sent to.
    expect(filesWith(join(home, 'state'), '/***/v1/traces')).not.toEqual([]);
  });

  function filesWith(folder: string, text: string): string[] {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).isFile() && readFileSync(path).includes(text));
  }
});

describe('connections', () => {
  const open: Socket[] = [];
  afterEach(() => {
    for (const socket of open.splice(0)) socket.destroy();
  });
  const connectMany = async (count: number, first: string): Promise<void> => {
    for (let done = 0; done < count; done += 200)
      await Promise.all(
        Array.from({ length: Math.min(200, count - done) }, async () => {
          const socket = connect(receiver.port, '127.0.0.1');
          socket.on('error', () => undefined);
          open.push(socket);
          await once(socket, 'connect');
          socket.write(first);
        }),
      );
  };

  test('3,000 that say nothing, or never finish, keep no sender of the run waiting; only the last 1,024 stay', async () => {
    await connectMany(1_500, '');
    await connectMany(1_500, 'POST /v1/traces HTTP/1.1\r\nhost: ');
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => post(`${receiver.endpoint}/v1/traces`, { body, headers: { 'content-type': 'application/json' } })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    while (open.filter(({ destroyed, readyState }) => !destroyed && readyState === 'open').length > 1_024)
      await new Promise((resolve) => setImmediate(resolve));
  });

  test('of a stranger is closed after its answer, however much it still sends', async () => {
    if (stranger === undefined) return expectOwners();
    const code = `
      const socket = require('node:net').connect(${receiver.port}, '127.0.0.1', () => {
        socket.write('POST /v1/traces HTTP/1.1\\r\\nhost: 127.0.0.1:${receiver.port}\\r\\ncontent-length: 10000000\\r\\n\\r\\n');
        setInterval(() => socket.write('x'.repeat(1000)), 1);
      });
      socket.on('error', () => {});
      socket.on('close', () => process.exit(7));`;
    const child = spawn(process.execPath, ['-e', become(stranger) + code]);
    expect(await once(child, 'exit')).toEqual([7, null]);
  });
});
