// A fault of ours, a bad setting and a lost endpoint are told without the paths, texts and tokens that they met.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { commandFile, ensureBuilt, freshFolder, runProgram } from '../../harness/index.ts';
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
}, 60_000);
