/** A temporary repository with real git, and a folder that its commands report to. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitOperation, Recorder } from '../../../src/recording/types.ts';
import type { GitTarget } from '../../../src/config/git/target.ts';
import { gitEnvironment } from '../../../src/config/git/environment.ts';
import { createGitDuty, type GitDuty } from '../../../src/root/git/index.ts';

type GitStart = Parameters<Recorder['startGit']>[0];

export const traceparent = '00-11111111111111111111111111111111-2222222222222222-01';

export interface Fixture {
  readonly base: string;
  readonly repo: string;
  readonly operations: GitOperation[];
  readonly starts: GitStart[];
  readonly counts: Map<string, number>;
  readonly duty: GitDuty;
  readonly environment: NodeJS.ProcessEnv;
  /** Runs git under observation; answers its exit code. */
  git(...args: string[]): number;
  /** Runs git unobserved. */
  quietly(...args: string[]): void;
  write(name: string, text: string): void;
  remove(): void;
}

export function createFixture(kind: 'folder' | 'socket' = 'folder'): Fixture {
  const base = mkdtempSync(join(tmpdir(), 'swarmscope-git-'));
  const repo = join(base, 'shop');
  const folder = join(base, 'git');
  mkdirSync(repo);
  mkdirSync(folder);
  const target: GitTarget = kind === 'folder' ? { folder } : { socket: join(base, 'git.sock') };
  const identity = {
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@b',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@b',
    GIT_TERMINAL_PROMPT: '0',
  };
  const plain: NodeJS.ProcessEnv = { PATH: process.env['PATH'], HOME: base, LC_ALL: 'C', ...identity };
  const environment = { ...plain, TRACEPARENT: traceparent, ...gitEnvironment(target, {}) };
  const operations: GitOperation[] = [];
  const starts: GitStart[] = [];
  const counts = new Map<string, number>();
  const duty = createGitDuty({
    recorder: {
      recordGit: (operation) => void operations.push(operation),
      startGit(start) {
        starts.push(start);
        return { end: (operation) => void operations.push(operation) };
      },
    },
    target,
    hasStarts: true,
    onCount: (name, by) => void counts.set(name, (counts.get(name) ?? 0) + by),
    onFault: (error) => {
      throw error;
    },
  });
  const quietly = (...args: string[]): void => void execFileSync('git', args, { cwd: repo, env: plain, stdio: 'pipe' });
  quietly('init', '-q', '-b', 'main');
  writeFileSync(join(repo, 'a.txt'), 'one\n');
  quietly('add', '.');
  quietly('commit', '-q', '-m', 'first');
  return {
    base,
    repo,
    operations,
    starts,
    counts,
    duty,
    environment,
    quietly,
    git: (...args) => spawnSync('git', args, { cwd: repo, env: environment, stdio: 'pipe' }).status ?? -1,
    write: (name, text) => writeFileSync(join(repo, name), text),
    remove: () => rmSync(base, { recursive: true, force: true, maxRetries: 5 }),
  };
}
