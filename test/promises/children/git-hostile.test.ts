// An agent writes a repository's own git configuration: nothing of ours runs what it names, and its commands are still seen.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { freshFolder, runProgram, startSink } from '../../harness/index.ts';
import { spansArrived } from '../../harness/received.ts';
import { api, patient } from './support.ts';

/** Settings of git that run a program, each with a mark of its own; and those that would lead the trace elsewhere. */
const hostile = (marks: string): string => `
[core]
  fsmonitor = touch ${marks}/fsmonitor; false
  hooksPath = ${marks}/hooks
  pager = touch ${marks}/pager; cat
  editor = touch ${marks}/editor; true
  sshCommand = touch ${marks}/ssh; false
  askPass = ${marks}/ask
[alias]
  version = !touch ${marks}/version
  config = !touch ${marks}/config
[diff]
  external = touch ${marks}/diff; true
[credential]
  helper = !touch ${marks}/credential
[filter "x"]
  clean = touch ${marks}/clean; cat
  smudge = touch ${marks}/smudge; cat
[trace2]
  eventTarget = ${marks}/events
  normalTarget = ${marks}/normal
  perfTarget = ${marks}/perf
[include]
  path = /dev/zero-is-not-there
`;

const app = `
const { withTask } = require(${api});
const { execFileSync } = require('node:child_process');
const { appendFileSync } = require('node:fs');
const git = (...args) => execFileSync('git', args, { cwd: process.env.REPO, encoding: 'utf8' });
withTask('init', () => { git('init', '-q'); appendFileSync(process.env.REPO + '/.git/config', process.env.HOSTILE); });
withTask('work', () => { git('rev-parse', '--git-dir'); git('branch', '--list'); console.log(git('config', '--get', 'core.bare').trim()); });
`;

async function marksOf(preload: 'none' | 'require', env: Record<string, string>): Promise<{ marks: string[]; stdout: string }> {
  const marks = freshFolder('marks');
  const repo = freshFolder('repo');
  writeFileSync(join(marks, 'ask'), `#!/bin/sh\ntouch ${marks}/asked\n`, { mode: 0o755 });
  const { code, stdout, stderr } = await runProgram({
    files: { 'app.cjs': app },
    preload,
    // The program runs inside the repository, as agents do.
    cwd: repo,
    env: { ...env, REPO: repo, HOSTILE: hostile(marks) },
  });
  expect([code, stderr]).toEqual([0, '']);
  return { marks: readdirSync(marks).sort(), stdout };
}

test('nothing that it names runs because of us, and the trace goes where it went', async () => {
  const sink = await startSink();
  const bare = await marksOf('none', {});
  const loaded = await marksOf('require', { ...patient, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url });
  expect(loaded).toEqual(bare);
  expect(bare.marks).toEqual(['ask']);
  const wanted = ['git init', 'git rev-parse', 'git branch', 'git config'];
  const spans = await spansArrived(sink, (all) => wanted.every((name) => all.some((span) => span.name === name)));
  for (const name of wanted) expect(spans.filter((span) => span.name === name)).toHaveLength(1);
  await sink.close();
});
