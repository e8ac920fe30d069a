// Our own streams fail: the run goes on observed, its report is stored, and the exit code is the program's.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { commandFile, dist, ensureBuilt, runProgram, testWith, type ProgramResult } from '../../harness/index.ts';
import { place, type Place } from '../receiver/place.ts';

ensureBuilt();

/** One task before the first status line is due (after 2 s) and one after it, and a hangup is survived. */
const program = `
const { withTask } = require(${JSON.stringify(join(dist, 'index.cjs'))});
process.on('SIGHUP', () => {});
(async () => {
  await withTask('early', async () => {});
  require('node:fs').writeFileSync('began', '');
  await new Promise((done) => setTimeout(done, 3_500));
  await withTask('late', async () => {});
  process.exitCode = 7;
})();
`;

/** Runs `line` of bash with \`"\${SWARMSCOPE[@]}"\` as the command. */
function bash(here: Place, line: string, env: Readonly<Record<string, string>> = {}): Promise<ProgramResult> {
  writeFileSync(join(here.home, 'program.cjs'), program);
  const command = `SWARMSCOPE=(${[process.execPath, commandFile].map((word) => `'${word}'`).join(' ')}); cd '${here.home}'`;
  return runProgram({ preload: 'none', command: '/bin/bash', args: ['-c', `${command}; ${line}`], env: { ...here.env, ...env } });
}

interface Stored {
  readonly run: { readonly exitCode: number };
  readonly spanCount: number;
  readonly slowest: readonly { readonly name: string }[];
}

/** The run is stored whole, and can be read. */
async function expectStored(here: Place): Promise<void> {
  const { stdout } = await bash(here, '"${SWARMSCOPE[@]}" report --json -');
  const { run, slowest } = JSON.parse(stdout) as Stored;
  expect(run).toMatchObject({ exitCode: 7 });
  expect(slowest.map(({ name }) => name).sort()).toEqual(['early', 'late'].map((name) => expect.stringContaining(name)));
}

/** A warning at the start, the status line and the report at the end: each meets the stream as it is. */
const warned = { SWARMSCOPE_SPAN_STARTS: 'perhaps' };
const RUN = '"${SWARMSCOPE[@]}" run -- node program.cjs';
/** A reader that has left before the first byte is written. */
const LEFT = '>(exec <&-; touch gone); until [ -e gone ]; do sleep 0.01; done';

const cases = {
  'a pipe whose reader has left': `exec 2> ${LEFT}; ${RUN}`,
  'a full disk': `exec 2>/dev/full; ${RUN}`,
  'a closed descriptor': `exec 2>&-; ${RUN}`,
  'a pipe that is full and not read': `mkfifo stuck; exec 3<>stuck; head -c 65536 /dev/zero >&3; ${RUN} 2>stuck`,
};

for (const [title, line] of Object.entries(cases))
  test(`standard error is ${title}: the run is observed to its end`, async () => {
    const here = place();
    expect(await bash(here, line, warned)).toMatchObject({ code: 7, isTimedOut: false });
    await expectStored(here);
  });

const HANG_UP = `
import os, pty, sys, time
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
printed = b''
while b'1 done' not in printed:
    printed += os.read(terminal, 65536)
os.close(terminal)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

testWith('python3', 'a terminal that goes while the program survives SIGHUP: the run is observed to its end', async () => {
  const here = place();
  writeFileSync(join(here.home, 'hang-up.py'), HANG_UP);
  expect(await bash(here, `exec python3 hang-up.py ${RUN}`, { ...warned, TERM: 'xterm' })).toMatchObject({ code: 7, isTimedOut: false });
  await expectStored(here);
});

const COMMANDS = ['report', 'runs', 'doctor', 'report --json -', 'runs --json -', 'doctor --json -', 'help', 'help run', 'version'];

test('a reader that has seen enough ends every command quietly', async () => {
  const here = place();
  await bash(here, RUN);
  for (const command of COMMANDS) {
    const usual = await bash(here, `"\${SWARMSCOPE[@]}" ${command}`);
    const left = await bash(here, `rm -f gone; exec 1> ${LEFT}; "\${SWARMSCOPE[@]}" ${command}`);
    expect({ command, code: left.code, stderr: left.stderr }).toEqual({ command, code: usual.code, stderr: '' });
  }
});

test('a result that cannot be written is said, and the command fails', async () => {
  const here = place();
  for (const command of COMMANDS.filter((each) => !each.startsWith('report'))) {
    const { code, stderr } = await bash(here, `"\${SWARMSCOPE[@]}" ${command} >/dev/full`);
    expect({ command, code, stderr }).toEqual({ command, code: 1, stderr: expect.stringMatching(/standard output \(ENOSPC\)/) });
  }
});
