/** Which files are the program's own code, and which are packages that it uses. */
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { isOwnCode, packageOfMain } from '../../src/scheduling/own-code.ts';
import { freshFolder } from '../harness/index.ts';

test.each<[string, string, boolean]>([
  ['a file', '/app/src/x.js', true],
  ['the URL of a file', 'file:///app/src/x%20y.mjs?t=1', true],
  ['evaluated code', '[eval]', true],
  ['a module of webpack', 'webpack-internal:///./src/x.js', true],
  ['a module of webpack that is a package', 'webpack-internal:///(rsc)/./node_modules/@slack/web-api/dist/x.js', false],
  ['code that a package evaluates', 'eval at load (/app/node_modules/lib/x.js:1:1)', false],
  ['a folder that is called so in part', '/app/my_node_modules/lib/x.js', true],
  ['a package', '/app/node_modules/lib/dist/x.js', false],
  ['a package by its URL', 'file:///app/node_modules/lib/dist/x.mjs', false],
  ['a package of a scope', '/app/node_modules/@slack/web-api/dist/WebClient.js', false],
  ['a package on Windows', 'C:\\app\\node_modules\\lib\\x.js', false],
  ['pnpm’s store', '/app/node_modules/.pnpm/lib@1.0.0/node_modules/lib/x.js', false],
  ['Yarn’s archive', '/app/.yarn/cache/lib-npm-1.0.0-0123456789.zip/node_modules/lib/x.js', false],
  ['Yarn’s virtual folder of a package', '/app/.yarn/__virtual__/lib-virtual-0/0/cache/lib.zip/node_modules/lib/x.js', false],
  ['Yarn’s virtual folder of the workspace', '/app/.yarn/__virtual__/own-virtual-0/1/packages/own/x.js', true],
])('%s', (_title, file, expected) => {
  expect(isOwnCode(file)).toBe(expected);
});

test('a package of the workspace that is met by its link', () => {
  const folder = realpathSync(freshFolder('workspace'));
  for (const path of ['packages/own', 'node_modules/real']) mkdirSync(join(folder, path), { recursive: true });
  symlinkSync(join(folder, 'packages/own'), join(folder, 'node_modules/own'));
  symlinkSync(join(folder, 'node_modules/real'), join(folder, 'node_modules/alias'));
  const files = ['own', 'real', 'alias'].map((name) => pathToFileURL(join(folder, 'node_modules', name, 'x.js')).href);
  expect(files.map(isOwnCode)).toEqual([true, false, false]);
});

test.each([
  ['node_modules/my-swarm', 'cli.js'],
  ['node_modules/@me/swarm', 'bin/cli.js'],
  ['node_modules/.store/my-swarm-npm-1', 'package/cli.js'],
])('the package of a main program that was started by a link, as by npx: %s', (path, file) => {
  const folder = join(realpathSync(freshFolder('global')), path);
  const main = join(folder, file);
  mkdirSync(dirname(main), { recursive: true });
  writeFileSync(main, '');
  const link = join(freshFolder('bin'), 'my-swarm');
  symlinkSync(main, link);
  expect([packageOfMain(link), packageOfMain(main), packageOfMain(undefined)]).toEqual([folder, folder, undefined]);
});
