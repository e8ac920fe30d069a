/** Which paths may lead to what is executed. */
import { chmodSync, chownSync, lchownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { distrust } from '../../src/config/trusted-path.ts';
import { testWith } from '../harness/index.ts';

const base = realpathSync(mkdtempSync(join(tmpdir(), 'swarmscope-trust-')));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const OTHER = 54_321;

function made(name: string, mode = 0o700): string {
  const path = join(base, name);
  mkdirSync(path, { recursive: true });
  chmodSync(path, mode);
  return path;
}

test('folders of the user below a temporary folder with the sticky bit are trusted, also where the end is not there yet', () => {
  expect(distrust(made('a/b'))).toBeUndefined();
  expect(distrust(join(base, 'a/b/not/there'))).toBeUndefined();
});

test.each([
  ['everybody, at its end', 'everybody', 'everybody', 0o777],
  ['everybody, above', 'above/everybody', 'above', 0o777],
  ['a group', 'group/x', 'group', 0o770],
])('a folder that can be changed by %s is named', (_title, name, open, mode) => {
  const path = made(name);
  const expected = join(base, open);
  chmodSync(expected, mode);
  // A group that carries the user's own number is that user's alone.
  if (mode === 0o770 && process.getuid?.() !== 0)
    chownSync(expected, -1, process.getgroups?.().find((id) => id !== process.getuid?.()) ?? 0);
  expect(distrust(join(path, 'copy'))).toBe(`other users can change ${expected}`);
  chmodSync(expected, mode | 0o1000);
  expect(distrust(join(path, 'copy'))).toBeUndefined();
});

test('a link is followed, and what it leads through is looked at', () => {
  const open = made('wide', 0o777);
  made('wide/in');
  symlinkSync('wide/in', join(base, 'relative'));
  symlinkSync(join(open, 'in'), join(base, 'absolute'));
  for (const link of ['relative', 'absolute']) expect(distrust(join(base, link, 'copy'))).toBe(`other users can change ${open}`);
  symlinkSync('round', join(base, 'round'));
  expect(distrust(join(base, 'round'))).toMatch(/too many links/);
});

testWith('root', 'a folder or a link of another user is named, also in a temporary folder with the sticky bit', () => {
  const theirs = made('theirs/x');
  chownSync(join(base, 'theirs'), OTHER, OTHER);
  expect(distrust(theirs)).toBe(`${join(base, 'theirs')} belongs to another user`);
  made('mine/y');
  symlinkSync(join(base, 'mine'), join(base, 'pointer'));
  lchownSync(join(base, 'pointer'), OTHER, OTHER);
  expect(distrust(join(base, 'pointer', 'y'))).toBe(`${join(base, 'pointer')} belongs to another user`);
});

test('a file in the way is nobody else to change', () => {
  writeFileSync(join(base, 'plain'), '');
  expect(distrust(join(base, 'plain', 'below', 'it'))).toBeUndefined();
});
