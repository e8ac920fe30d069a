/** Commands of real git that end with conflicts, at a lock, or refused, each with what was there before it. */
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { preparedOnce } from './prepared-once.ts';
import type { Fixture } from './repository-fixture.ts';

let current: Fixture | undefined;
/** The repository in which the next case is prepared. */
export function useFixture(fixture: Fixture): void {
  current = fixture;
}
function at(): Fixture {
  if (current === undefined) throw new Error('no repository: call useFixture first');
  return current;
}

const git = (text: string): void => at().quietly(...text.split(' '));
const commit = (text: string): void => {
  at().write('a.txt', text);
  git(`commit -qam ${text}`);
};
const once = (name: string, prepare: () => void): (() => void) => preparedOnce(name, prepare, at);
/** The branches `main` and `x` disagree about one file. */
const diverge = once('diverged', () => {
  git('checkout -qb x');
  commit('theirs');
  git('checkout -q main');
  commit('ours');
});
/** The same against `origin`, which `main` follows. */
const divergeFromRemote = once('remote', () => {
  git('init -q --bare -b main ../bare.git');
  git('remote add origin ../bare.git');
  git('push -qu origin main');
  commit('theirs');
  git('push -q origin main');
  git('reset -q --hard HEAD~1');
  commit('ours');
});
function stash(): void {
  at().write('a.txt', 'theirs');
  git('stash');
}
/** `x` adds a file, so that a merge has nothing to say against it. */
function branch(): void {
  git('checkout -qb x');
  at().write('n.txt', 'x');
  git('add .');
  git('commit -qm x');
  git('checkout -q main');
  git('commit -q --allow-empty -m ahead');
}
function refuse(hook: string): void {
  at().write(`.git/hooks/${hook}`, '#!/bin/sh\nexit 1\n');
  chmodSync(join(at().repo, '.git/hooks', hook), 0o755);
}
export const patch = (): void => {
  diverge();
  git('format-patch -q -o .. -1 x');
};
const meanwhile = (text: string): (() => void) => {
  return () => {
    diverge();
    expect(() => git(text)).toThrow();
  };
};
const all = (...each: (() => void)[]): (() => void) => {
  return () => {
    for (const one of each) one();
  };
};
const dirty = (): void => at().write('a.txt', 'dirty');
const lock =
  (file: string): (() => void) =>
  () =>
    at().write(`.git/${file}.lock`, '');

export interface Case {
  /** What the command is given. */
  given: () => void;
  run: string;
  exit: number;
  /** Files in conflict. */
  files?: number;
  type?: string | undefined;
  env?: NodeJS.ProcessEnv;
}

export const conflicts: Record<string, Case> = {
  'a merge': { given: diverge, run: 'merge x', exit: 1, files: 1 },
  'a merge that is not to commit': { given: diverge, run: 'merge --no-commit x', exit: 1, files: 1 },
  'a squash': { given: diverge, run: 'merge --squash x', exit: 1, files: 1 },
  'an octopus': {
    given: all(
      diverge,
      () => git('checkout -qb z HEAD~1'),
      () => git('commit -q --allow-empty -m z'),
      () => git('checkout -q main'),
    ),
    run: 'merge z x',
    exit: 1,
    files: 1,
  },
  'a file that one side removed': {
    given() {
      git('checkout -qb x');
      git('rm -q a.txt');
      git('commit -qm x');
      git('checkout -q main');
      commit('ours');
    },
    run: 'merge x',
    exit: 1,
    files: 1,
  },
  'a file that both sides renamed, which is three': {
    given() {
      git('checkout -qb x');
      git('mv a.txt b.txt');
      git('commit -qm x');
      git('checkout -q main');
      git('mv a.txt c.txt');
      git('commit -qm y');
    },
    run: 'merge x',
    exit: 1,
    files: 3,
  },
  'a submodule': {
    given() {
      const sub = (...words: string[]): void => at().quietly('-C', 'sub', ...words);
      git('init -q sub');
      const step = (): void => sub('commit', '-q', '--allow-empty', '-m', 'x');
      step();
      git('add sub');
      git('commit -qm sub');
      git('checkout -qb x');
      step();
      git('commit -qam theirs');
      git('checkout -q main');
      sub('checkout', '-q', 'HEAD~1');
      sub('commit', '-q', '--allow-empty', '-m', 'other');
      git('commit -qam ours');
    },
    run: 'merge x',
    exit: 1,
    files: 1,
  },
  'a merge that rerere resolved, where git says conflict and no file is left': {
    given() {
      diverge();
      git('config rerere.enabled true');
      git('config rerere.autoupdate true');
      expect(() => git('merge x')).toThrow();
      commit('solved');
      git('reset -q --hard HEAD~1');
    },
    run: 'merge x',
    exit: 1,
  },
  'a rebase': { given: diverge, run: 'rebase x', exit: 1, files: 1 },
  'a rebase by patches': { given: diverge, run: 'rebase --apply x', exit: 1, files: 1 },
  'the next commit of a rebase': {
    given() {
      diverge();
      commit('more');
      expect(() => git('rebase x')).toThrow();
    },
    run: 'rebase --skip',
    exit: 1,
    files: 1,
  },
  'a cherry-pick': { given: diverge, run: 'cherry-pick x', exit: 1, files: 1 },
  'a revert': { given: all(diverge, () => commit('more')), run: 'revert --no-edit HEAD~1', exit: 1, files: 1 },
  'a stash': { given: all(stash, () => commit('ours')), run: 'stash pop', exit: 1, files: 1 },
  'a pull that merges': { given: divergeFromRemote, run: 'pull --no-rebase', exit: 1, files: 1 },
  'a pull that rebases': { given: divergeFromRemote, run: 'pull --rebase', exit: 1, files: 1 },
  'a mailed patch': { given: patch, run: 'am --3way ../0001-theirs.patch', exit: 128, files: 1 },
  'a patch': { given: patch, run: 'apply --3way ../0001-theirs.patch', exit: 1, files: 1 },
  'a checkout that takes changes along, which succeeds': { given: all(diverge, dirty), run: 'checkout -m x', exit: 0, files: 1 },
  'changes that were set aside for a rebase, which succeeds': {
    given: all(diverge, () => git('reset -q --hard HEAD~1'), dirty),
    run: 'rebase --autostash x',
    exit: 0,
    files: 1,
  },
  'a merge in a folder below': {
    given: all(diverge, () => mkdirSync(join(at().repo, 'sub'))),
    run: '-C sub merge x',
    exit: 1,
    files: 1,
  },
  'a merge in a linked worktree': {
    given: all(diverge, () => git('worktree add -q -b w ../w')),
    run: '-C ../w merge x',
    exit: 1,
    files: 1,
  },
  'a merge whose .git is elsewhere': {
    given: all(
      diverge,
      () => git('init -q --separate-git-dir ../elsewhere .'),
      () => rmSync(join(at().repo, '.git')),
    ),
    run: '--git-dir ../elsewhere --work-tree . merge x',
    exit: 1,
    files: 1,
  },
  'a merge with another index': {
    given: all(diverge, () => at().quietly('read-tree', '--index-output=.git/mine', 'HEAD')),
    run: 'merge x',
    env: { GIT_INDEX_FILE: '.git/mine' },
    exit: 1,
    files: 1,
  },
  'an index whose names are compressed': {
    given: all(diverge, () => git('update-index --index-version 4')),
    run: 'merge x',
    exit: 1,
    files: 1,
  },
  'an index in two halves, by the list in the message': {
    given: all(diverge, () => git('update-index --split-index')),
    run: 'merge x',
    exit: 1,
    files: 1,
  },
};

export const others: Record<string, Case> = {
  'a pull that must be told how': { given: divergeFromRemote, run: 'pull', exit: 128, type: 'non_fast_forward' },
  'a pull that may not merge': { given: divergeFromRemote, run: 'pull --ff-only', exit: 128, type: 'non_fast_forward' },
  'a pull over changes': {
    given: all(divergeFromRemote, () => git('reset -q --hard HEAD~1'), dirty),
    run: 'pull --no-rebase',
    exit: 1,
    type: '1',
  },
  'a pull without an upstream': { given: all(divergeFromRemote, () => git('checkout -qb n')), run: 'pull', exit: 1, type: '1' },
  'a merge that may not merge': { given: diverge, run: 'merge --ff-only x', exit: 128, type: 'non_fast_forward' },
  'a merge over changes': { given: all(diverge, dirty), run: 'merge x', exit: 2, type: '2' },
  'a merge of nothing': { given: diverge, run: 'merge nosuch', exit: 1, type: '1' },
  'a merge that a hook refuses': { given: all(branch, () => refuse('pre-merge-commit')), run: 'merge x', exit: 1, type: 'hook_failed' },
  'a merge whose message a hook refuses': { given: all(branch, () => refuse('commit-msg')), run: 'merge x', exit: 1, type: 'hook_failed' },
  'a commit that a hook refuses': {
    given: () => refuse('pre-commit'),
    run: 'commit --allow-empty -m x',
    exit: 1,
    type: 'hook_failed',
  },
  'a commit that a hook after it disliked': { given: () => refuse('post-commit'), run: 'commit --allow-empty -m x', exit: 0 },
  'a commit of nothing': { given: diverge, run: 'commit -m x', exit: 1, type: '1' },
  'a rebase whose command fails': { given: diverge, run: 'rebase --exec false HEAD~1', exit: 1, type: '1' },
  'a rebase whose command meets a conflict': { given: diverge, run: 'rebase --exec git_cherry-pick_x HEAD~1', exit: 1, type: '1' },
  'a rebase without an upstream': { given: diverge, run: 'rebase', exit: 1, type: '1' },
  'a cherry-pick of nothing new': {
    given: all(
      diverge,
      () => git('commit -q --allow-empty -m e'),
      () => git('checkout -q x'),
    ),
    run: 'cherry-pick main',
    exit: 1,
    type: '1',
  },
  'an empty stash': { given: diverge, run: 'stash pop', exit: 1, type: '1' },
  'a stash over changes': { given: all(stash, dirty), run: 'stash pop', exit: 1, type: '1' },
  'a patch that does not fit': { given: patch, run: 'am ../0001-theirs.patch', exit: 128, type: '128' },
  'a merge before the last one is resolved': { given: meanwhile('merge x'), run: 'merge x', exit: 128, type: 'unresolved_conflict' },
  'a commit before a merge is resolved': { given: meanwhile('merge x'), run: 'commit -m x', exit: 128, type: 'unresolved_conflict' },
  'a rebase that goes on unresolved': { given: meanwhile('rebase x'), run: 'rebase --continue', exit: 1, type: '1' },
  'a checkout of one file beside conflicts': { given: meanwhile('merge x'), run: 'checkout --ours -- a.txt', exit: 0 },
  'a merge that is given up': { given: meanwhile('merge x'), run: 'merge --abort', exit: 0 },
  'a push of a branch that is behind': { given: divergeFromRemote, run: 'push -q', exit: 1, type: 'non_fast_forward' },
  'a push that a hook refuses': {
    given: all(divergeFromRemote, () => refuse('pre-push')),
    run: 'push -qf',
    exit: 1,
    type: 'hook_failed',
  },
  'a push that the other side refuses': {
    given: all(divergeFromRemote, () => at().quietly('-C', '../bare.git', 'config', 'receive.denyNonFastForwards', 'true')),
    run: 'push -qf',
    exit: 1,
    type: '1',
  },
};

export const locked: Record<string, Case> = {
  'a commit': { given: lock('index'), run: 'commit --allow-empty -m x', exit: 128, type: 'lock_held' },
  'a branch': { given: lock('refs/heads/n'), run: 'branch n', exit: 128, type: 'lock_held' },
  'a setting': { given: lock('config'), run: 'config a.b c', exit: 255, type: 'lock_held' },
  'a worktree, by the branch below it': {
    given: lock('refs/heads/n'),
    run: 'worktree add -b n ../n',
    exit: 255,
    type: 'lock_held',
  },
  'a pull, by the merge below it': {
    given: all(divergeFromRemote, lock('index')),
    run: 'pull --no-rebase',
    exit: 1,
    type: 'lock_held',
  },
  'a stash, which says nothing': { given: all(dirty, lock('index')), run: 'stash', exit: 1, type: 'lock_held' },
  'a stash that is taken back': { given: all(stash, lock('index')), run: 'stash pop', exit: 1, type: 'lock_held' },
};
