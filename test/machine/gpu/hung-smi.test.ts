/** An nvidia-smi that hangs and ignores requests to end goes with the process that started it, however that one ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { freshFolder, repository } from '../../harness/index.ts';

/** Writes its number when it no longer listens to SIGTERM. */
const HUNG = `#!/bin/sh
trap '' TERM INT HUP
echo $$ > "\${0%/*}/pid"
exec /bin/sleep 600
`;

const OWNER = `
import { spawn } from 'node:child_process';
import { NvidiaSource } from ${JSON.stringify(join(repository, 'src/machine/gpu/nvidia.ts'))};
const reader = new NvidiaSource({ command: process.argv[2], intervalMs: 1000, spawn, now: Date.now, count: (name) => console.log(name) });
process.stdin.on('data', () => { reader.stop(); process.exit(); });
`;

interface Started {
  readonly owner: ChildProcess;
  readonly pid: number;
}

/** `path` leads to setpriv, or not. */
async function start(path: string): Promise<Started> {
  const folder = freshFolder('gpu');
  const hung = join(folder, 'nvidia-smi');
  writeFileSync(hung, HUNG);
  chmodSync(hung, 0o755);
  writeFileSync(join(folder, 'owner.ts'), OWNER);
  const owner = spawn(process.execPath, [join(folder, 'owner.ts'), hung], { stdio: ['pipe', 'ignore', 'ignore'], env: { PATH: path } });
  const pid = await until(() => Number(readFileSync(join(folder, 'pid'), 'utf8')) || false);
  return { owner, pid };
}

/** The first answer that is not false; questions about what is not there yet are asked again. */
async function until<T>(ask: () => T | false): Promise<T> {
  for (;;) {
    try {
      const answer = ask();
      if (answer !== false) return answer;
    } catch {
      // Not there yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A zombie has ended; whoever took it over has not asked yet. */
function hasEnded(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

const system = process.env['PATH'] ?? '';

test.each([
  ['is stopped', (owner: ChildProcess) => owner.stdin?.write('stop'), system],
  ['is stopped, without setpriv', (owner: ChildProcess) => owner.stdin?.write('stop'), '/bin/none'],
  ['is killed', (owner: ChildProcess) => owner.kill('SIGKILL'), system],
])('a hung nvidia-smi ends when its reader %s', async (_title, end, path) => {
  const { owner, pid } = await start(path);
  expect(hasEnded(pid)).toBe(false);
  end(owner);
  await until(() => hasEnded(pid));
});
