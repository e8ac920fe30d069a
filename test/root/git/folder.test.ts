/** Real git commands that write their Trace2 events into a folder, and the operations that are recorded of them. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_SWARMSCOPE_GIT_MERGE_RESULT,
  ATTR_SWARMSCOPE_GIT_OPERATION_NAME,
  ATTR_SWARMSCOPE_GIT_WORKTREE_NAME,
  ATTR_VCS_REF_BASE_NAME,
  ATTR_VCS_REF_HEAD_NAME,
  ATTR_VCS_REPOSITORY_NAME,
} from '../../../src/semconv/index.ts';
import { createFixture, traceparent, type Fixture } from './repository-fixture.ts';

let fixture: Fixture;
beforeEach(() => {
  fixture = createFixture();
});
afterEach(() => fixture.remove());

const names = (): string[] => fixture.operations.map(({ operation }) => operation);

describe('git commands read from a folder of Trace2 events', () => {
  test('a commit is one operation with names, times, pid and trace context; its helpers are counted', () => {
    fixture.write('a.txt', 'two\n');
    fixture.git('commit', '-qam', 'secret message');
    fixture.duty.stopSync();
    expect(names()).toEqual(['commit']);
    const [commit] = fixture.operations;
    expect(commit).toMatchObject({ exitCode: 0, errorType: undefined, traceparent, pid: expect.any(Number) });
    expect(commit?.attributes).toMatchObject({
      [ATTR_VCS_REPOSITORY_NAME]: 'shop',
      [ATTR_SWARMSCOPE_GIT_WORKTREE_NAME]: 'shop',
      [ATTR_VCS_REF_HEAD_NAME]: 'main',
      [ATTR_SWARMSCOPE_GIT_OPERATION_NAME]: 'commit',
    });
    expect(commit!.endTime).toBeGreaterThan(commit!.startTime);
    expect(fixture.counts.get('git.helper')).toBeGreaterThan(0);
    expect(JSON.stringify(fixture.operations)).not.toMatch(/secret message|\/shop/);
    expect(readdirSync(join(fixture.base, 'git'))).toEqual([]);
  });

  test('the session of the agent that ran a command is told, and for Codex the call of its tool', () => {
    const run = (env: Record<string, string>): void =>
      void execFileSync('git', ['status'], { cwd: fixture.repo, env: { ...fixture.environment, ...env }, stdio: 'pipe', timeout: 60_000 });
    run({ CLAUDE_CODE_SESSION_ID: 'c-1', CODEX_THREAD_ID: 't-1', CODEX_TOOL_CALL_ID: 'call_1' });
    run({ CLAUDE_CODE_SESSION_ID: 'c-2' });
    run({ CLAUDE_CODE_SESSION_ID: 'no id at all' });
    fixture.duty.stopSync();
    expect(
      fixture.operations.map(({ attributes }) => [attributes[ATTR_GEN_AI_CONVERSATION_ID], attributes[ATTR_GEN_AI_TOOL_CALL_ID]]),
    ).toEqual([
      ['t-1', 'call_1'],
      ['c-2', undefined],
      [undefined, undefined],
    ]);
  });

  test('a worktree is added, used and removed under its own name', () => {
    fixture.git('worktree', 'add', '-q', '../w1', '-b', 'feat/x', 'main');
    fixture.git('-C', '../w1', 'commit', '-q', '--allow-empty', '-m', 'x');
    fixture.git('worktree', 'remove', '../w1');
    fixture.duty.stopSync();
    expect(names()).toEqual(['worktree add', 'commit', 'worktree remove']);
    const [add, commit, remove] = fixture.operations.map(({ attributes }) => attributes);
    expect(add).toMatchObject({
      [ATTR_SWARMSCOPE_GIT_OPERATION_NAME]: 'worktree_add',
      [ATTR_SWARMSCOPE_GIT_WORKTREE_NAME]: 'w1',
      [ATTR_VCS_REF_HEAD_NAME]: 'feat/x',
      [ATTR_VCS_REF_BASE_NAME]: 'main',
      [ATTR_VCS_REPOSITORY_NAME]: 'shop',
    });
    expect(remove).toMatchObject({ [ATTR_SWARMSCOPE_GIT_WORKTREE_NAME]: 'w1' });
    expect(commit).toMatchObject({ [ATTR_SWARMSCOPE_GIT_WORKTREE_NAME]: 'w1' });
  });

  test('the result of a merge is merged, fast_forward or up_to_date', () => {
    for (const branch of ['x', 'y']) {
      fixture.quietly('checkout', '-q', '-b', branch, 'main');
      fixture.write(`${branch}.txt`, branch);
      fixture.quietly('add', '.');
      fixture.quietly('commit', '-qm', branch);
    }
    fixture.quietly('checkout', '-q', 'main');
    for (const branch of ['x', 'x', 'y']) expect(fixture.git('merge', '-q', '--no-edit', branch)).toBe(0);
    fixture.duty.stopSync();
    expect(
      fixture.operations.map(({ attributes }) => [attributes[ATTR_SWARMSCOPE_GIT_MERGE_RESULT], attributes[ATTR_VCS_REF_BASE_NAME]]),
    ).toEqual([
      ['fast_forward', 'x'],
      ['up_to_date', 'x'],
      ['merged', 'y'],
    ]);
  });

  test('a merge conflict is recorded as one, with the number of its files', () => {
    fixture.write('b.txt', 'b\n');
    fixture.quietly('add', '.');
    fixture.quietly('commit', '-qm', 'b');
    fixture.quietly('checkout', '-q', '-b', 'x');
    for (const name of ['a.txt', 'b.txt']) fixture.write(name, 'theirs\n');
    fixture.quietly('commit', '-qam', 'x');
    fixture.quietly('checkout', '-q', 'main');
    for (const name of ['a.txt', 'b.txt']) fixture.write(name, 'ours\n');
    fixture.quietly('commit', '-qam', 'y');
    expect(fixture.git('merge', 'x')).toBe(1);
    fixture.duty.stopSync();
    expect(fixture.operations[0]).toMatchObject({
      operation: 'merge',
      exitCode: 1,
      errorType: 'merge_conflict',
      conflictCount: 2,
      attributes: { [ATTR_SWARMSCOPE_GIT_MERGE_RESULT]: 'conflict' },
    });
  });

  test('a commit that meets an index.lock fails with lock_held', () => {
    fixture.write('.git/index.lock', '');
    fixture.git('commit', '-q', '--allow-empty', '-m', 'x');
    fixture.duty.stopSync();
    expect(fixture.operations[0]).toMatchObject({ operation: 'commit', errorType: 'lock_held', exitCode: 128 });
  });

  test('an alias is recorded as the command it stands for; a shell alias as alias, with its commands beside it', () => {
    fixture.quietly('config', 'alias.ci', 'commit -q');
    fixture.quietly('config', 'alias.st', '!git status -s');
    fixture.git('ci', '--allow-empty', '-m', 'x');
    fixture.git('st');
    fixture.duty.stopSync();
    expect(names()).toEqual(['commit', 'alias', 'status']);
    expect(fixture.operations[0]?.attributes).toMatchObject({ [ATTR_VCS_REPOSITORY_NAME]: 'shop' });
  });

  test('git commands in a hook are recorded beside the command that ran the hook', () => {
    fixture.write('.git/hooks/pre-commit', '#!/bin/sh\ngit diff --cached --quiet\ngit log -1 >/dev/null\n');
    chmodSync(join(fixture.repo, '.git/hooks/pre-commit'), 0o755);
    expect(fixture.git('commit', '-q', '--allow-empty', '-m', 'x')).toBe(0);
    fixture.duty.stopSync();
    expect(names()).toEqual(['commit', 'diff', 'log']);
    expect(fixture.operations.every((operation) => operation.traceparent === traceparent)).toBe(true);
  });

  test('of a URL and of -c no credentials are recorded, only the host', () => {
    fixture.git(
      '-c',
      'http.extraHeader=Authorization: Basic c2VjcmV0',
      'clone',
      '-q',
      'https://user:secret@localhost:1/private/path.git',
      '../nope',
    );
    fixture.git('clone', '-q', 'file://user:secret@/nope/private.git', '../nope2');
    fixture.duty.stopSync();
    expect(names()).toEqual(['clone', 'clone']);
    expect(fixture.operations[0]).toMatchObject({
      errorType: '128',
      attributes: { [ATTR_SERVER_ADDRESS]: 'localhost', [ATTR_SERVER_PORT]: 1 },
    });
    expect(JSON.stringify(fixture.operations)).not.toMatch(/secret|c2VjcmV0|private/i);
  });

  test('a push of a branch that is behind fails with non_fast_forward', () => {
    execFileSync('git', ['init', '-q', '--bare', '-b', 'main', join(fixture.base, 'bare.git')]);
    fixture.quietly('remote', 'add', 'origin', '../bare.git');
    fixture.quietly('commit', '-q', '--allow-empty', '-m', 'x');
    fixture.quietly('push', '-q', 'origin', 'main');
    fixture.quietly('reset', '-q', '--hard', 'HEAD~1');
    fixture.quietly('commit', '-q', '--allow-empty', '-m', 'y');
    fixture.git('push', '-q', 'origin', 'main');
    fixture.duty.stopSync();
    expect(names()).toEqual(['push']);
    expect(fixture.operations[0]).toMatchObject({ errorType: 'non_fast_forward' });
  });

  test('a rebase of 300 commits that the reading process runs synchronously does not hang', async () => {
    await fixture.duty.start();
    fixture.quietly('checkout', '-q', '-b', 'long');
    let stream = 'reset refs/heads/long\nfrom refs/heads/main^0\n';
    for (let count = 0; count < 300; count += 1)
      stream += `commit refs/heads/long\ncommitter a <a@b> ${1_700_000_000 + count} +0000\ndata 1\nx\nM 644 inline f${count}\ndata 1\ny\n`;
    execFileSync('git', ['fast-import', '--quiet', '--force'], { cwd: fixture.repo, input: stream });
    fixture.quietly('reset', '-q', '--hard');
    fixture.quietly('checkout', '-q', 'main');
    fixture.quietly('commit', '-q', '--allow-empty', '-m', 'ahead');
    fixture.quietly('checkout', '-q', 'long');
    execFileSync('git', ['rebase', '-q', 'main'], { cwd: fixture.repo, env: fixture.environment, stdio: 'pipe', timeout: 60_000 });
    await fixture.duty.stop();
    expect(fixture.operations.map(({ operation, exitCode }) => [operation, exitCode])).toEqual([['rebase', 0]]);
  });

  test('a running command is announced, and recorded once it was killed', async () => {
    await fixture.duty.start();
    const child = spawn('git', ['cat-file', '--batch'], {
      cwd: fixture.repo,
      env: fixture.environment,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await until(() => fixture.starts.length > 0);
    expect(fixture.starts[0]).toMatchObject({ operation: 'cat-file', pid: child.pid, traceparent });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await until(() => fixture.operations.length > 0);
    expect(fixture.operations[0]).toMatchObject({ operation: 'cat-file', errorType: 'killed', exitCode: undefined });
    await fixture.duty.stop();
  });

  test('a command that runs longer than the reader is counted and not recorded', async () => {
    const child = spawn('git', ['cat-file', '--batch'], { cwd: fixture.repo, env: fixture.environment, stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdin.write('HEAD\n');
    await once(child.stdout, 'data');
    fixture.duty.stopSync();
    expect(fixture.operations).toEqual([]);
    expect(fixture.counts.get('git.running-at-end')).toBe(1);
    child.stdin.end();
    await once(child, 'exit');
  });

  test("git's own limit of files is counted; foreign files and a missing folder do no harm", () => {
    writeFileSync(join(fixture.base, 'git', 'git-trace2-discard'), '{"event":"too_many_files"}');
    writeFileSync(join(fixture.base, 'git', 'garbage'), 'x'.repeat(200_000));
    fixture.git('status');
    fixture.duty.stopSync();
    expect(names()).toEqual(['status']);
    expect(fixture.counts.get('git.discarded')).toBe(1);
    rmSync(join(fixture.base, 'git'), { recursive: true });
    expect(() => fixture.duty.stopSync()).not.toThrow();
  });

  test('what is no file of git, or larger than 64 MiB, is passed by, counted and removed; commands beside it are read', () => {
    const folder = join(fixture.base, 'git');
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    symlinkSync('/dev/zero', join(folder, 'endless'));
    mkdirSync(join(folder, 'folder'));
    for (const [name, bytes] of [
      ['allowed', 67_108_864],
      ['huge', 67_108_865],
    ] as const) {
      writeFileSync(join(folder, name), '');
      truncateSync(join(folder, name), bytes);
    }
    fixture.git('status');
    fixture.duty.stopSync();
    expect(names()).toEqual(['status']);
    expect(fixture.counts.get('git.odd-file')).toBe(4);
    expect(readdirSync(folder).sort()).toEqual(['allowed', 'folder']);
  });
});

/** Lets timers run until something is true; the test's own time limit ends it. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 10));
}
