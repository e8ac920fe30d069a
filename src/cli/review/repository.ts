/** What git says of a repository: when a tag was made, and what a stretch of its history holds. */
import { execFile } from 'node:child_process';
import { liveEnvironment } from '../../config/started-with.ts';
import type { RepositoryFacts } from '../../analysis/index.ts';

/** A history of a year of a large repository takes some seconds. */
const TIMEOUT_MS = 30_000;
const MAX_BYTES = 64 * 1024 ** 2;

/** undefined: no git, no repository, no such name. Our own question is in no record. */
function git(...args: readonly string[]): Promise<string | undefined> {
  const { GIT_TRACE2: _text, GIT_TRACE2_EVENT: _event, GIT_TRACE2_PERF: _perf, ...env } = liveEnvironment();
  return new Promise((resolve) => {
    execFile('git', ['--no-optional-locks', ...args], { env, timeout: TIMEOUT_MS, maxBuffer: MAX_BYTES }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : undefined),
    );
  });
}

export interface Mark {
  readonly name: string;
  /** Of its commit. */
  readonly timeMs: number;
}

/** By a tag, a branch or a commit. */
export async function markAt(name: string): Promise<Mark | undefined> {
  if (name.startsWith('-')) return undefined;
  const seconds = await git('log', '-1', '--format=%ct', '--end-of-options', `${name}^{commit}`);
  return seconds === undefined || !/^\d+$/.test(seconds) ? undefined : { name, timeMs: Number(seconds) * 1_000 };
}

/** The tag that HEAD, or another commit, follows. */
export async function lastTag(before = 'HEAD'): Promise<Mark | undefined> {
  const name = await git('describe', '--tags', '--abbrev=0', before);
  return name === undefined || name === '' ? undefined : await markAt(name);
}

/** Of the history of HEAD, without merges, whose lines are those of others. */
export async function historyBetween(fromMs: number, toMs: number): Promise<RepositoryFacts | undefined> {
  const at = (ms: number): string => `@${Math.floor(ms / 1_000)}`;
  const text = await git(
    'log',
    '--no-merges',
    '--numstat',
    '--format=tformat:commit',
    `--since=${at(fromMs)}`,
    `--until=${at(toMs + 1_000)}`,
  );
  if (text === undefined) return undefined;
  const files = new Set<string>();
  let [commits, linesAdded, linesRemoved] = [0, 0, 0];
  for (const line of text.split('\n')) {
    if (line === 'commit') commits++;
    const [, added, removed, file] = /^(\d+|-)\t(\d+|-)\t(.+)$/.exec(line) ?? [];
    if (file === undefined) continue;
    files.add(file);
    // `-` is a file of no text.
    linesAdded += Number(added) || 0;
    linesRemoved += Number(removed) || 0;
  }
  return { commits, filesChanged: files.size, linesAdded, linesRemoved };
}
