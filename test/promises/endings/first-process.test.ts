// As the first process of a container: whoever loses its parent is collected, signals arrive, the exit code is the program's.
import { expect } from '@jest/globals';
import { commandFile, ensureBuilt, runProgram, testWith } from '../../harness/index.ts';

ensureBuilt();

/** Waits until no process without a parent is left, as a zombie or alive; then asks the first process to end. */
const program = `
const { spawn } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const orphans = [];
let asked = 0;
process.on('SIGTERM', () => { console.log('asked', process.ppid === 1, readFileSync(0, 'utf8')); process.exit(7); });
for (let n = 0; n < 20; n++) {
  const parent = spawn('sh', ['-c', 'sleep 0.1 & echo $!'], { stdio: ['ignore', 'pipe', 'ignore'] });
  parent.stdout.setEncoding('utf8').on('data', (text) => orphans.push(Number(text)));
}
setInterval(() => {
  if (orphans.length < 20 || orphans.some((pid) => existsSync('/proc/' + pid)) || asked++ > 0) return;
  process.kill(1, 'SIGTERM');
}, 20);
`;

testWith('unshare as root', 'swarmscope as the first process of a container collects orphans and hands signals on', async () => {
  const { code, stdout, stderr, isTimedOut } = await runProgram({
    files: { 'program.cjs': program },
    preload: 'none',
    command: 'unshare',
    args: ['--pid', '--fork', '--mount-proc', process.execPath, commandFile, 'run', '--', process.execPath, 'program.cjs'],
    stdin: 'typed',
    timeoutMs: 30_000,
  });
  expect({ code, stdout, isTimedOut }).toEqual({ code: 7, stdout: 'asked false typed\n', isTimedOut: false });
  expect(stderr).toMatch(/exit code 7/);
  expect(stderr).not.toMatch(/first process/);
});
