// Messages about a fault of ours, a bad setting and a lost endpoint hold no paths, texts or tokens of the program.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { commandFile, dist, ensureBuilt, freshFolder, runProgram } from '../../harness/index.ts';
import { escaped, filesBelow, hatch } from './canaries.ts';

ensureBuilt();

test('the status file and doctor name a fault by its class and code', async () => {
  const birds = hatch(['cache', 'query', 'password', 'badQuery', 'badPassword', 'header']);
  const home = freshFolder('faults');
  // A file where a folder should be made.
  writeFileSync(join(home, birds.cache), '');
  const env = {
    XDG_STATE_HOME: join(home, 'state'),
    XDG_CACHE_HOME: join(home, birds.cache),
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://me:${birds.password}@127.0.0.1:1/?token=${birds.query}`,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `ftp://me:${birds.badPassword}@127.0.0.1/?token=${birds.badQuery}`,
    OTEL_EXPORTER_OTLP_HEADERS: `no pairs ${birds.header}`,
  };
  const files = { 'child.cjs': "require('node:child_process').execFileSync('true', [])" };
  expect(await runProgram({ files, env })).toMatchObject({ code: 0, stderr: '' });
  const status = filesBelow(join(home, 'state'));
  expect(readdirSync(join(home, 'state/swarmscope/status'))).toHaveLength(1);
  expect(status.map(({ bytes }) => bytes.toString()).join('')).toMatch(/child-process.preload-copy.*(?:ENOTDIR|EEXIST)/);
  expect(escaped(birds, status)).toEqual([]);
  // The cache folder is the user's own setting: doctor shows it.
  const { cache, ...others } = birds;
  expect(cache).not.toBe('');
  for (const args of [['doctor'], ['doctor', '--json', '-']]) {
    const { stdout, stderr } = await runProgram({ preload: 'none', command: process.execPath, args: [commandFile, ...args], env });
    expect(stdout).toContain('127.0.0.1');
    expect(stdout).toMatch(/child processes were not watched/);
    expect(escaped(others, [{ from: args.join(' '), bytes: Buffer.from(stdout + stderr) }])).toEqual([]);
  }
});

test('a fault is in the status file while the program still runs', async () => {
  const home = freshFolder('faults');
  writeFileSync(join(home, 'cache'), '');
  const program = `
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { withTask } = require(${JSON.stringify(join(dist, 'index.cjs'))});
const folder = process.env.XDG_STATE_HOME + '/swarmscope/status';
const status = () => (existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => readFileSync(folder + '/' + name, 'utf8')).join('') : '');
const until = async (what) => { while (!what()) await new Promise((resolve) => setTimeout(resolve, 50)); };
(async () => {
  withTask('first', () => undefined);
  await until(() => status().includes('"isOn":true'));
  console.log('a fault before:', status().includes('preload-copy'));
  require('node:child_process').execFileSync('true', []);
  await until(() => status().includes('"child-process.preload-copy":{"isOn":false'));
  console.log('told');
})();`;
  const env = { XDG_STATE_HOME: join(home, 'state'), XDG_CACHE_HOME: join(home, 'cache') };
  const result = await runProgram({ files: { 'app.cjs': program }, args: ['app.cjs'], env, timeoutMs: 30_000 });
  expect(result).toMatchObject({ code: 0, stdout: 'a fault before: false\ntold\n', stderr: '' });
});
