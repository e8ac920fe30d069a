// Where telemetry goes when nobody named an endpoint: the standard's default for a program that was preloaded on purpose, and nowhere for one that inherited.
import { expect, test } from '@jest/globals';
import { startProgram, type ProgramOptions } from '../../harness/index.ts';
import { statusesOf } from '../endings/program.ts';
import { api } from './support.ts';

const app = `require(${api}).withTask('alone', () => undefined); console.log(Symbol.for('swarmscope.runtime.1') in globalThis);`;

async function endpointsOf(options: ProgramOptions): Promise<{ stdout: string; endpoints: (string | undefined)[] }> {
  const program = startProgram({ files: { 'app.cjs': app }, ...options });
  const { code, stdout } = await program.finished;
  expect(code).toBe(0);
  return { stdout, endpoints: statusesOf(`${program.home}/.local/state`).map(({ endpoints }) => endpoints.traces) };
}

test('a program that was preloaded on purpose sends to port 4318 of loopback, as the standard says', async () => {
  for (const preload of ['require', 'import'] as const)
    expect(await endpointsOf({ preload })).toEqual({ stdout: 'true\n', endpoints: ['http://localhost:4318/v1/traces'] });
});

test('with the one setting that the page on privacy names, it sends nothing, and nothing is armed', async () => {
  expect(await endpointsOf({ preload: 'require', env: { SWARMSCOPE_DISABLED: '1' } })).toEqual({ stdout: 'false\n', endpoints: [] });
});

test('a program that inherited the preload from a run that is over sends nowhere', async () => {
  const first = startProgram({
    files: { 'app.cjs': "console.log(require('node:child_process').execFileSync('sh', ['-c', 'printf %s \"$NODE_OPTIONS\"']).toString())" },
  });
  const { stdout: options } = await first.finished;
  expect(options).toContain('--import');
  // Its cache is that of the home of the first; the file that the options name is still there.
  expect(await endpointsOf({ preload: 'none', env: { NODE_OPTIONS: options.trim() } })).toEqual({ stdout: 'false\n', endpoints: [] });
});
