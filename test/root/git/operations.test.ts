/** The names, the outcomes and the environment of git commands. */
import { describe, expect, test } from '@jest/globals';
import { gitEnvironment, repeated } from '../../../src/config/git/environment.ts';
import { operationValue, parseArguments } from '../../../src/root/git/operations.ts';
import { gitErrorType } from '../../../src/root/git/outcome.ts';

describe('git operations', () => {
  test.each([
    ['git status', 'status'],
    ['/usr/bin/git commit -m x', 'commit'],
    ['git -C /tmp -c http.extraHeader=secret --git-dir=/x worktree add -q ../w -b feat/x', 'worktree add'],
    ['git --git-dir /x --no-pager log', 'log'],
    ['git stash', 'stash'],
    ['git stash pop', 'stash pop'],
    ['git worktree', 'worktree'],
    ['git remote -v', 'remote'],
    ['git nosuchcommand', 'other'],
    ['git', 'help'],
    ['git -C', 'help'],
  ])('%s is the operation %s', (line, operation) => {
    expect(parseArguments(line.split(' ')).operation).toBe(operation);
  });

  test("git's own word for a command wins over the argument list", () => {
    expect(parseArguments(['git', '--version'], 'version').operation).toBe('version');
  });

  test('names of operations are written in snake case for the registry', () => {
    expect(['worktree add', 'cherry-pick', 'commit'].map(operationValue)).toEqual(['worktree_add', 'cherry_pick', 'commit']);
  });

  test('values of options are not positionals', () => {
    const parsed = parseArguments(['git', 'worktree', 'add', '-b', 'feat', '--reason', 'r', '../w', 'main']);
    expect(parsed.positionals).toEqual(['../w', 'main']);
    expect(parsed.options.get('-b')).toBe('feat');
  });

  const lock = "Unable to create '/r/.git/index.lock'";
  test.each([
    ['commit', 128, [`${lock}: File exists.\n\nAnother git process seems`], 'lock_held'],
    ['commit', 128, [`${lock}: Die Datei existiert bereits.\n\nEin anderer`], 'lock_held'],
    ['commit', 128, [`${lock}: Read-only file system`], '128'],
    ['config', 255, ['could not lock config file .git/config: File exists'], 'lock_held'],
    ['config', 255, ['could not lock config file .git/config: Permission denied'], '255'],
    ['merge', 1, [], '1'],
    ['fetch', 128, ["Authentication failed for 'https://h/'"], 'auth_failed'],
    ['push', 1, ["failed to push some refs to 'origin'"], 'non_fast_forward'],
    ['push origin refs/tags/v1', 1, ["failed to push some refs to 'origin'"], '1'],
    ['fetch', 128, ['unable to access: Connection timed out'], 'timeout'],
    ['log', 128, ['bad revision'], '128'],
    ['diff', 1, [], undefined],
    ['merge-file a b c', 127, [], undefined],
    ['merge-file a b c', 128, [], '128'],
    ['commit', 1, [], '1'],
    ['commit', 0, ['warning of something'], undefined],
    ['log', undefined, [], 'killed'],
  ] as const)('%s with exit code %s and %j is %s', (line, exitCode, errors, expected) => {
    const quiet = { signal: undefined, isConflict: false, isLocked: false, isHookFailed: false, hasSent: false };
    expect(gitErrorType({ ...parseArguments(['git', ...line.split(' ')]), ...quiet, exitCode, errors })).toBe(expected);
  });
});

describe('environment of git', () => {
  test('a folder and a socket become Trace2 targets, the trace context is repeated', () => {
    expect(gitEnvironment({ folder: '/run/git' }, {})).toEqual({ GIT_TRACE2_EVENT: '/run/git', GIT_TRACE2_ENV_VARS: repeated.join(',') });
    expect(gitEnvironment({ socket: '/run/git.sock' }, { GIT_TRACE2_ENV_VARS: 'MINE' })).toEqual({
      GIT_TRACE2_EVENT: 'af_unix:stream:/run/git.sock',
      GIT_TRACE2_ENV_VARS: ['MINE', ...repeated].join(','),
    });
  });

  test("the user's own Trace2 target is never overwritten", () => {
    expect(gitEnvironment({ folder: '/run/git' }, { GIT_TRACE2_EVENT: '/home/me/trace' })).toEqual({});
  });
});
