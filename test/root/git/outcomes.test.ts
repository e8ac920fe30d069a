/** How real git commands end: with conflicts, at a lock, refused, or with an answer that is no failure. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { conflicts, locked, others, patch, useFixture, type Case } from './outcome-cases.ts';
import { createFixture, type Fixture } from './repository-fixture.ts';

let fixture: Fixture;
beforeEach(() => {
  fixture = createFixture();
  useFixture(fixture);
});
afterEach(() => fixture.remove());

function end({ given, run, env }: Case): object {
  given();
  Object.assign(fixture.environment, env);
  const exit = fixture.git(...run.split(' ').map((word) => word.replaceAll('_', ' ')));
  fixture.duty.stopSync();
  const [first] = fixture.operations;
  return { exit, files: first?.conflictCount, type: first?.errorType };
}

/** Commands that ask, and the exit code by which they answer. */
const answers: Record<string, number> = {
  'diff --exit-code': 1,
  'diff --check': 2,
  'diff-index --quiet HEAD': 1,
  'log -1 -p --exit-code': 1,
  'grep nosuch': 1,
  'merge-base --is-ancestor main HEAD~1': 1,
  'merge-tree --write-tree main x': 1,
  'config --get no.such': 1,
  'config --unset no.such': 5,
  'rev-parse --verify -q nosuch': 1,
  'rev-parse --verify nosuch': 128,
  'rev-parse --abbrev-ref @{u}': 128,
  'show-ref --verify -q refs/heads/nosuch': 1,
  'show-ref --verify refs/heads/nosuch': 128,
  'cat-file -e HEAD:nosuch': 128,
  'ls-files --error-unmatch nosuch': 1,
  'ls-remote --exit-code . nosuch': 2,
  'check-ignore a.txt': 1,
  'apply --check ../0001-theirs.patch': 1,
  'remote get-url nosuch': 2,
  'reflog exists refs/heads/nosuch': 1,
  'update-index --refresh': 1,
  'commit --dry-run -q': 1,
  'status -h': 129,
};
/** The same commands fail where what they were asked is not what they answer. */
const failures: Record<string, number> = {
  'diff nosuch': 128,
  'merge-base nosuch main': 128,
  'ls-remote nosuch': 128,
  'apply ../0001-theirs.patch': 1,
  'ls-files --nosuch': 129,
  'show HEAD:nosuch': 128,
};

const name = (each: Record<string, unknown>): string[] => Object.keys(each);

describe('conflicts', () => {
  test.each(name(conflicts))('%s', (title) => {
    const { exit, files, ...rest } = conflicts[title] as Case;
    expect(end({ exit, ...rest })).toEqual({ exit, files, type: exit === 0 ? undefined : 'merge_conflict' });
  });
});

describe('no conflicts', () => {
  test.each(name(others))('%s', (title) => {
    const { exit, type } = others[title] as Case;
    expect(end(others[title] as Case)).toEqual({ exit, files: undefined, type });
  });
});

describe('locks', () => {
  test.each(name(locked))('%s', (title) => {
    const { exit, type } = locked[title] as Case;
    expect(end(locked[title] as Case)).toEqual({ exit, files: undefined, type });
  });

  test('a name that cannot be beside another one is no lock', () => {
    fixture.git('update-ref', 'refs/heads/main/x', 'HEAD');
    fixture.duty.stopSync();
    expect(fixture.operations[0]).toMatchObject({ exitCode: 128, errorType: '128' });
  });
});

describe('answers', () => {
  test('an exit code that answers a question is no failure; any other is', () => {
    patch();
    fixture.write('a.txt', 'dirty  \n');
    const all = { ...answers, ...failures };
    const seen = Object.keys(all).map((line) => [line, fixture.git(...line.split(' '))]);
    expect(Object.fromEntries(seen)).toEqual(all);
    fixture.duty.stopSync();
    const types = fixture.operations.map(({ errorType }, at) => [name(all)[at], errorType]);
    expect(types).toEqual([
      ...name(answers).map((line) => [line, undefined]),
      ...Object.entries(failures).map(([line, code]) => [line, String(code)]),
    ]);
  });
});
