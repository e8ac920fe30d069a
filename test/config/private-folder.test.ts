/** Folders made level by level. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { makePrivateFolder } from '../../src/config/private-folder.ts';

const base = mkdtempSync(join(tmpdir(), 'swarmscope-folder-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

test('every missing level is made, private, and what exists stays', () => {
  const path = join(base, 'a', 'b', 'c');
  makePrivateFolder(path);
  makePrivateFolder(path);
  for (const folder of [join(base, 'a'), join(base, 'a', 'b'), path]) expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('a folder that nobody can make is an error, also below /proc where the recursive mkdir of Node never returns', () => {
  expect(() => makePrivateFolder('/proc/nope/deep/er')).toThrow(/ENOENT/);
});

test('a file in the way is an error', () => {
  writeFileSync(join(base, 'file'), '');
  expect(() => makePrivateFolder(join(base, 'file', 'below'))).toThrow(/ENOTDIR/);
});

test('sixty-four missing levels are made, one more is refused', () => {
  const deep = (levels: number): string => join(base, `deep-${levels}`, ...Array.from({ length: levels - 1 }, () => 'd'));
  expect(() => makePrivateFolder(deep(65))).not.toThrow();
  expect(() => makePrivateFolder(deep(66))).toThrow(/ENOENT/);
});
