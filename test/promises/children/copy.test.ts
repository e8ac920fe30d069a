/** A copy of the preload that was damaged, or that others can change: no child dies of it, and it is said. */
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import type { RunReport } from '../../../src/analysis/index.ts';
import { commandFile, ensureBuilt, freshFolder, runProgram } from '../../harness/index.ts';
import { api, patient } from './support.ts';

ensureBuilt();
jest.setTimeout(600_000);
const node = process.execPath;

/** Harms one file after the other, and starts a child that uses every part of the preload. */
const harming = `
  const fs = require('node:fs');
  const { execFileSync } = require('node:child_process');
  const program = /base64,([\\w+/]+)/.exec(process.env.NODE_OPTIONS)[1];
  const folder = /"copy":"([^"]+)register.cjs"/.exec(Buffer.from(program, 'base64').toString())[1];
  const harm = {
    lost: (file) => fs.rmSync(file),
    cut: (file) => fs.truncateSync(file, 100),
    wrong: (file, bytes) => fs.writeFileSync(file, 'x'.repeat(bytes.length)),
    fifo: (file) => { fs.rmSync(file); execFileSync('mkfifo', [file]); },
  }[process.argv[2]];
  for (const name of fs.readdirSync(folder)) {
    const bytes = fs.readFileSync(folder + name);
    harm(folder + name, bytes);
    console.log(name, execFileSync(process.execPath, [__dirname + '/child.cjs'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: 60_000 }));
    fs.rmSync(folder + name, { force: true });
    fs.writeFileSync(folder + name, bytes, { mode: 0o600 });
  }`;
const child = `const { withTask } = require(${api});
  withTask('work', () => require('node:child_process').execFileSync(process.execPath, ['-e', 'console.log("grandchild")'], { stdio: 'inherit' }));
  process.exitCode = 0;`;
const BUNDLES = ['arming', 'assembly', 'exit-sender', 'gpu', 'machine', 'observers', 'prices', 'recorder', 'register', 'system-gpus'];
const FILES = BUNDLES.map((name) => `${name}.cjs`);
/** What V8 made of the preload: it is left out where it is harmed. */
const CODE = `arming.${process.version}-${process.arch}.code`;

test.each(['lost', 'cut', 'wrong', 'fifo'])('a file that is %s during a run ends no child and no child of a child', async (how) => {
  const json = join(freshFolder('report'), 'report.json');
  const result = await runProgram({
    command: node,
    args: [commandFile, 'run', '--quiet', '--json', json, '--report', `${json}.txt`, '--', node, 'main.cjs', how],
    files: { 'main.cjs': harming, 'child.cjs': child },
    preload: 'none',
    env: patient,
    timeoutMs: 200_000,
  });
  const expected = [...FILES, CODE, 'sizes.json']
    .sort()
    .map((name) => `${name} grandchild\n\n`)
    .join('');
  expect(result).toMatchObject({ code: 0, stdout: expected, stderr: '' });
  const { observation } = JSON.parse(readFileSync(json, 'utf8')) as RunReport;
  // Each of the files, by a child and its child; a wrong one of the right size is not noticed before it is executed.
  if (how !== 'wrong')
    expect(observation.unseen).toMatchObject({ count: 2 * FILES.length, byName: [{ name: 'node (preload hidden or removed)' }] });
});

test('a copy that others can change is not executed: the run, its report and doctor say so and what to do', async () => {
  const shared = freshFolder('shared');
  chmodSync(shared, 0o777);
  mkdirSync(join(shared, 'cache'), { mode: 0o700 });
  const state = freshFolder('state');
  const env = { ...patient, XDG_CACHE_HOME: join(shared, 'cache'), XDG_STATE_HOME: state };
  const files = { 'main.cjs': `console.log(process.env.NODE_OPTIONS ?? 'none'); require(${api}).withTask('work', () => {});` };
  const run = await runProgram({
    command: node,
    args: [commandFile, 'run', '--quiet', '--', node, 'main.cjs'],
    files,
    preload: 'none',
    env,
  });
  expect(run).toMatchObject({ code: 0, stdout: 'none\n' });
  expect(run.stderr).toMatch(/^swarmscope: The preload could not be copied .*other users can change .*Set XDG_CACHE_HOME/m);
  const doctor = await runProgram({ command: node, args: [commandFile, 'doctor'], preload: 'none', env });
  expect(doctor.stdout).toMatch(/PROBLEM The preload is not copied to .*: other users can change .*\n.*try: set XDG_CACHE_HOME/);
  expect(doctor.code).toBe(1);
});
