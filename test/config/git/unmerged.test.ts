/** The number of files in conflict, read from indexes that real git wrote. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { countUnmerged } from '../../../src/config/git/unmerged.ts';

const base = mkdtempSync(join(tmpdir(), 'swarmscope-index-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

let count = 0;
/** An index with these entries, `stage name`. */
function indexOf(entries: readonly string[], { hash = 'sha1', version = 2, extra = [] as readonly string[] } = {}): Buffer {
  const cwd = join(base, String((count += 1)));
  const git = (args: readonly string[], input = ''): string =>
    execFileSync('git', args, { input, encoding: 'utf8', ...(args[0] === 'init' ? {} : { cwd }) });
  git(['init', '-q', `--object-format=${hash}`, cwd]);
  const id = git(['hash-object', '-w', '--stdin']).trim();
  git(['update-index', '--index-info'], entries.map((entry) => `100644 ${id} ${entry.replace(' ', '\t')}\n`).join(''));
  git(['update-index', '--index-version', String(version)]);
  for (const line of extra) git(line.split(' '));
  return readFileSync(join(cwd, '.git', 'index'));
}

/** Two files in conflict, one of them removed on one side, beside three that are not. */
const mixed = ['0 a', '1 b', '2 b', '3 b', '0 bb', '1 c/d', '3 c/d', '0 z'];

test.each([
  ['version 2', {}, 2],
  ['version 3, which has longer entries', { extra: ['update-index --skip-worktree a'] }, 2],
  ['version 4, which compresses names', { version: 4 }, 2],
  ['SHA-256', { hash: 'sha256' }, 2],
  ['SHA-256 and version 4', { hash: 'sha256', version: 4 }, 2],
  ['a split index', { extra: ['update-index --split-index'] }, undefined],
])('with %s', (_title, options, expected) => {
  expect(countUnmerged(indexOf(mixed, options))).toBe(expected);
});

test('names that are longer than the entry can say are compared whole', () => {
  const entries = [4_094, 4_095, 4_096].flatMap((chars) => {
    const name = `${'a/'.repeat(chars).slice(0, chars - 1)}b`;
    return [`2 ${name}`, `3 ${name}`];
  });
  expect(countUnmerged(indexOf(entries))).toBe(3);
});

test('an empty index has none; one that is cut, damaged or of another version is not read', () => {
  expect(countUnmerged(indexOf([]))).toBe(0);
  const whole = indexOf(mixed);
  for (let at = 0; at < whole.length; at += 1) expect([at, countUnmerged(whole.subarray(0, at))]).toEqual([at, undefined]);
  const changed = (at: number, to: number): number | undefined => {
    const copy = Buffer.from(whole);
    copy[at] = to;
    return countUnmerged(copy);
  };
  expect([changed(0, 0), changed(7, 1), changed(7, 5), changed(8, 0xff), changed(38, 0)]).toEqual(Array(5).fill(undefined));
});
