/** A function that a module exports can be replaced by another, in the ways in which libraries export functions. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

test('what a listener returns is exported, save from a constant of an ES module; a faulty listener changes nothing', () => {
  const output = execFileSync(process.execPath, [join(import.meta.dirname, 'programs/module-load.ts')], { encoding: 'utf8' });
  expect(JSON.parse(output)).toEqual({
    'function.mjs': ['ours', null],
    'const.mjs': ['theirs', null],
    'minified.mjs': ['ours', null],
    'inner.mjs': ['theirs', null],
    'other.mjs': ['theirs', null],
    'function.cjs': ['ours', 1],
    'const.cjs': ['ours', null],
    'comment.cjs': ['theirs', null],
    'faulty.cjs': ['theirs', null],
    'early.cjs': ['ours', null],
  });
});
