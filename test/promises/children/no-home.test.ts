/**
 * Homes and folders in the environment that are empty, relative or gone: children live and are seen, and nothing is
 * written into the working folder.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { commandFile, ensureBuilt, freshFolder, runProgram } from '../../harness/index.ts';
import { api, patient } from './support.ts';

ensureBuilt();
jest.setTimeout(600_000);

const files = {
  'first.cjs': `
    const { withTask } = require(${api});
    withTask('first', () => new Promise((resolve) => require('node:child_process').fork(__dirname + '/second.cjs').on('exit', resolve)));`,
  'second.cjs': `const { withTask } = require(${api}); withTask('second', () => console.log('second'));`,
};
const gone = join(freshFolder('gone'), 'gone');
const noXdg = { XDG_CACHE_HOME: undefined, XDG_STATE_HOME: undefined, XDG_DATA_HOME: undefined };

test.each<[string, Record<string, string | undefined>, RegExp]>([
  ['HOME is empty', { ...noXdg, HOME: '' }, /^swarmscope: The home folder \(HOME\) is no absolute path: all of ours is kept in /m],
  ['HOME is relative', { ...noXdg, HOME: 'home' }, /^swarmscope: The home folder \(HOME\) is no absolute path: all of ours is kept in /m],
  ['HOME is not there', { ...noXdg, HOME: gone }, /^swarmscope: The home folder \(HOME\) is not there/m],
  ['XDG_CACHE_HOME is relative', { XDG_CACHE_HOME: 'cache' }, /^swarmscope: XDG_CACHE_HOME: expected an absolute path, received cache/m],
  ['XDG_STATE_HOME is relative', { XDG_STATE_HOME: 'state' }, /^swarmscope: XDG_STATE_HOME: expected an absolute path, received state/m],
  ['XDG_DATA_HOME is relative', { XDG_DATA_HOME: 'data' }, /^swarmscope: XDG_DATA_HOME: expected an absolute path, received data/m],
  ['TMPDIR is relative', { TMPDIR: 'tmp' }, /^swarmscope: TMPDIR: expected an absolute path, received tmp/m],
  ['TMPDIR is not there', { TMPDIR: gone }, /exit code 0/],
])('%s', async (_title, env, said) => {
  const json = join(freshFolder('report'), 'report.json');
  const work = freshFolder('work');
  const program = await runProgram({
    command: process.execPath,
    args: [commandFile, 'run', '--quiet', '--json', json, '--', 'sh', '-c', 'cd "$WORK" && exec "$NODE" "$OLDPWD/first.cjs"'],
    files,
    preload: 'none',
    env: { ...patient, WORK: work, NODE: process.execPath, ...env },
  });
  const { stdout, stderr, code } = program;
  expect({ stdout, code }).toEqual({ stdout: 'second\n', code: 0 });
  expect(stderr).toMatch(said);
  expect(stderr.match(/^swarmscope: .*(?:HOME|XDG_|TMPDIR)/gm)?.length ?? 0).toBeLessThanOrEqual(1);
  expect(readdirSync(work)).toEqual([]);
  const report = JSON.parse(readFileSync(json, 'utf8')) as { tasks: { byType: { type: string }[] } };
  expect(JSON.stringify(report)).toMatch(/"first"/);
  expect(JSON.stringify(report)).toMatch(/"second"/);
});
