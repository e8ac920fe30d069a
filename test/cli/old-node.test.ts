/** The command on a Node that is too old for it: it says so, and the program of `run` is not touched by that. */
import { expect, test } from '@jest/globals';
import { nodeBinary } from '../../tools/node-versions.ts';
import { commandFile, ensureBuilt, runProgram, type ProgramResult } from '../harness/index.ts';

ensureBuilt();
const FETCH_MINUTES = 10 * 60_000;

test.each(['18.20.8', '20.20.2', '22.14.0'])(
  'on Node %s, run names the Node that is needed and the one that was found, and the program runs',
  async (version) => {
    const node = nodeBinary(version);
    const swarmscope = (...args: string[]): Promise<ProgramResult> =>
      runProgram({ command: node, args: [commandFile, ...args], preload: 'none', stdin: 'typed' });
    const found = `swarmscope needs Node 22.15 or newer and found ${version} (${node}).`;
    const runs = `${found} The program runs without it, and nothing is recorded.\n`;
    const program = `cat; printf "%s" "$NODE_OPTIONS$SWARMSCOPE_RUN_ID" "$@"; echo err >&2; exit 7`;
    expect(await swarmscope('run', '--quiet', '--', 'sh', '-c', program, 'sh', '--', '-x')).toMatchObject({
      code: 7,
      stdout: 'typed---x',
      stderr: `${runs}err\n`,
    });
    expect(await swarmscope('run', '--', 'sh', '-c', 'kill -TERM $$')).toMatchObject({ code: 143, stdout: '', stderr: runs });
    expect(await swarmscope('run', '--', 'no-such-program')).toMatchObject({ code: 127 });
    const report = { code: 1, stdout: '', stderr: `${found} Put a newer one first in PATH.\n` };
    expect(await swarmscope('report')).toMatchObject(report);
    expect(await swarmscope('run')).toMatchObject(report);
  },
  FETCH_MINUTES,
);
