// The refreshing table on a real terminal: it takes the alternate screen and gives it back at every ending.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { commandFile, ensureBuilt, freshFolder } from '../../harness/index.ts';

const ENTER = '\u001b[?1049h';
const LEAVE = '\u001b[?1049l';
const CONTROLS = new RegExp(String.raw`\u001b\[[?\d]*[a-zA-Z]`, 'g');

beforeAll(ensureBuilt, 300_000);

/** `swarmscope top` on a pseudo terminal of util-linux's `script`, which hands keys on. */
function startTop(columns = 100): {
  child: ChildProcess;
  until: (text: string) => Promise<string>;
  ended: Promise<{ code: number | null; text: string }>;
} {
  const command = `stty cols ${columns} rows 20; ${process.execPath} ${commandFile} top; echo "code $?"; stty -a`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'] ?? '', HOME: freshFolder('home'), TERM: 'xterm', SHELL: '/bin/bash' },
  });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  const ended = new Promise<{ code: number | null; text: string }>((resolve) => child.once('close', (code) => resolve({ code, text })));
  const until = async (wanted: string): Promise<string> => {
    while (!text.includes(wanted) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 50));
    return text;
  };
  return { child, until, ended };
}

describe('the alternate screen', () => {
  test.each([
    ['q', 'q', 0],
    ['Ctrl-C', '\u0003', 0],
  ])(
    'is left at %s, and the terminal reads lines again',
    async (_title, key, code) => {
      const top = startTop();
      expect(await top.until('swarmscope top')).toContain(ENTER);
      top.child.stdin?.write(key);
      const { text } = await top.ended;
      expect(text.lastIndexOf(LEAVE)).toBeGreaterThan(text.lastIndexOf(ENTER));
      expect(text).toContain(`code ${code}`);
      expect(text).toMatch(/(?<!-)\bicanon\b/);
    },
    300_000,
  );

  test('is left at SIGTERM', async () => {
    const top = startTop();
    await top.until('swarmscope top');
    process.kill(childOf(childOf(top.child.pid ?? 0)), 'SIGTERM');
    const { text } = await top.ended;
    expect(text.lastIndexOf(LEAVE)).toBeGreaterThan(text.lastIndexOf(ENTER));
    expect(text).toContain('code 143');
  }, 300_000);

  test('a narrow terminal gets lines that fit', async () => {
    const top = startTop(40);
    await top.until('swarmscope top');
    top.child.stdin?.write('q');
    const { text } = await top.ended;
    const painted = text.slice(text.indexOf(ENTER), text.lastIndexOf(LEAVE)).replace(CONTROLS, '');
    expect(Math.max(...painted.split('\n').map((line) => line.trimEnd().length))).toBeLessThanOrEqual(40);
  }, 300_000);

  test('ends when its terminal is closed', async () => {
    const top = startTop();
    await top.until('swarmscope top');
    const pid = childOf(childOf(top.child.pid ?? 0));
    expect(pid).toBeGreaterThan(0);
    top.child.kill('SIGKILL');
    await top.ended;
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 50));
  }, 300_000);
});

function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('without a terminal the table is printed once, and as JSON where that is asked for', () => {
  const env = { PATH: process.env['PATH'] ?? '', HOME: freshFolder('home') };
  const plain = spawnSync(process.execPath, [commandFile, 'top'], { env, encoding: 'utf8' });
  expect(plain).toMatchObject({ status: 0, stderr: '' });
  expect(plain.stdout).toMatch(/^swarmscope top {2}\d\d:\d\d:\d\d {2}\d+ agents?/);
  expect(plain.stdout).not.toContain('\u001b');
  const json = spawnSync(process.execPath, [commandFile, 'top', '--json', '-'], { env, encoding: 'utf8' });
  expect(JSON.parse(json.stdout)).toMatchObject({ schemaVersion: 1, kind: 'swarmscope top', agents: expect.any(Array) });
}, 300_000);
