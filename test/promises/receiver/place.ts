// A home of its own for one run of a small swarm under `swarmscope run`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandFile, dist, ensureBuilt, freshFolder, runProgram, type ProgramResult } from '../../harness/index.ts';

ensureBuilt();

const door = JSON.stringify(join(dist, 'index.cjs'));
/** Ends with 7, so that a change of the exit code is seen. */
const swarm = `
const { withTask } = require(${door});
const count = Number(process.env.TASKS ?? 3);
(async () => { for (let n = 0; n < count; n++) await withTask({ type: 'work', id: 'task-' + n + '-' + 'i'.repeat(200) }, async () => {}); console.log('done'); process.exitCode = 7; })();
`;

export interface Place {
  readonly home: string;
  readonly data: string;
  readonly env: Readonly<Record<string, string>>;
}

export function place(): Place {
  const home = freshFolder('store');
  const data = join(home, 'data');
  const temporary = join(home, 'tmp');
  mkdirSync(temporary);
  return {
    home,
    data: join(data, 'swarmscope'),
    env: {
      HOME: home,
      XDG_DATA_HOME: data,
      XDG_STATE_HOME: join(home, 'state'),
      XDG_CACHE_HOME: join(home, 'cache'),
      TMPDIR: temporary,
      SWARMSCOPE_EXIT_TIMEOUT: '10000',
    },
  };
}

export const command = (env: Readonly<Record<string, string>>, ...args: string[]): Promise<ProgramResult> =>
  runProgram({ preload: 'none', command: process.execPath, args: [commandFile, ...args], env });

/** `swarmscope run` of the swarm, after `before` in a shell. */
export async function run({ home, env }: Place, before = 'true', more: Readonly<Record<string, string>> = {}): Promise<ProgramResult> {
  const file = join(home, 'swarm.cjs');
  writeFileSync(file, swarm);
  const line = `${before}; exec "$0" "$@"`;
  return runProgram({
    preload: 'none',
    command: '/bin/bash',
    args: ['-c', line, process.execPath, commandFile, 'run', '--', process.execPath, file],
    env: { ...env, ...more },
  });
}

export const untouched = { stdout: 'done\n', code: 7, signal: null, isTimedOut: false };
