/** The branch that a worktree is on, by git's own files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { branchIn } from '../../../src/config/git/branch.ts';
import { freshFolder } from '../../harness/run-program.ts';

test.each([
  ['a name', 'ref: refs/heads/task/one\n', 'task/one'],
  ['the longest name', `ref: refs/heads/${'b'.repeat(250)}\n`, 'b'.repeat(250)],
  ['a name that no file system has', `ref: refs/heads/${'b'.repeat(251)}\n`, undefined],
  ['a commit', `${'c'.repeat(40)}\n`, undefined],
  ['nothing', '', undefined],
])('of a HEAD with %s', (_what, head, branch) => {
  const folder = join(freshFolder('git'), '.git');
  mkdirSync(folder);
  writeFileSync(join(folder, 'HEAD'), head);
  expect(branchIn(folder)).toBe(branch);
});

test('where there is no such file there is none', () => {
  expect(branchIn(freshFolder('git'))).toBeUndefined();
});
