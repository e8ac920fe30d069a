/**
 * What a run is called is what its processes are called where they send to: boards tell swarms apart by `service.name`.
 */
import { expect, test } from '@jest/globals';
import { api, observe } from './programs.ts';

// The second child is given an environment of its own, without any of ours.
const files = {
  'swarm.cjs': `
    const { execFileSync } = require('node:child_process');
    require(${api}).withTask('in the root', () => undefined);
    execFileSync(process.execPath, ['child.cjs', 'in a child']);
    execFileSync(process.execPath, ['child.cjs', 'in a child with its own environment'], { env: { PATH: process.env.PATH } });
    process.stdout.write(String(process.env.OTEL_SERVICE_NAME));
  `,
  'child.cjs': `require(${api}).withTask(process.argv[2], () => undefined);`,
};
const TASKS = ['in a child', 'in a child with its own environment', 'in the root'];

test.each([
  ['the name given', ['--name', 'nightly'], {}, 'nightly'],
  ["the script's, where none is given", [], {}, 'swarm'],
  ['not where the service has a name', ['--name', 'nightly'], { OTEL_SERVICE_NAME: 'mine' }, 'mine'],
  ['nor where its attributes have one', ['--name', 'nightly'], { OTEL_RESOURCE_ATTRIBUTES: 'service.name=mine,team=a' }, 'mine'],
])('%s', async (_title, flags, env, expected) => {
  const { spans, stdout } = await observe('under swarmscope run', { files, env }, flags);
  const tasks = spans.filter(({ name }) => name.startsWith('run_task '));
  expect(tasks.map(({ name }) => name.slice('run_task '.length)).sort()).toEqual(TASKS);
  expect(new Set(tasks.map(({ serviceName }) => serviceName))).toEqual(new Set([expected]));
  expect(stdout).toBe(String((env as Record<string, string>)['OTEL_SERVICE_NAME']));
});
