/**
 * What a user has set for git keeps its meaning: Trace2 by variables or by git's configuration, an old git, no git,
 * repositories of every shape.
 */
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { freshFolder, type ProgramOptions } from '../../harness/index.ts';
import { api, ancestry, named, observe, theOne, type Seen } from './support.ts';

const app = `const { withTask } = require(${api}); withTask('work', () => require('node:child_process').execFileSync('git', ['init', '-q', 'repo']));`;

const run = async (options: ProgramOptions): Promise<Seen> => {
  const seen = await observe('with the preload alone', { files: { 'app.cjs': app }, ...options });
  expect(seen).toMatchObject({ stderr: '', code: 0 });
  return seen;
};

/** A global configuration file of the user's. */
function configured(text: string): Record<string, string> {
  const file = join(freshFolder('config'), 'gitconfig');
  writeFileSync(file, `[user]\n\tname = t\n\temail = t@example.com\n${text}`);
  return { GIT_CONFIG_GLOBAL: file };
}

/** What `doctor` will say the reason is. */
function reasonsIn(state: string): number {
  const folder = join(state, 'swarmscope', 'status');
  return readdirSync(folder).filter((name) => readFileSync(join(folder, name), 'utf8').includes('"git.traced-by-user"')).length;
}

const events = (file: string): string[] => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []);

describe('where the user traces git already, the trace goes where it went, and git is a plain child', () => {
  test('GIT_TRACE2_EVENT names a file', async () => {
    const state = freshFolder('state');
    const file = join(freshFolder('trace2'), 'events');
    const { spans } = await run({ env: { GIT_TRACE2_EVENT: file, XDG_STATE_HOME: state } });
    expect(events(file).some((line) => line.includes('"atexit"'))).toBe(true);
    expect(theOne(spans, 'git').attributes['process.exit.code']).toBe(0);
    expect(reasonsIn(state)).toBe(1);
  });

  test('trace2.eventTarget stands in the user’s git configuration', async () => {
    const state = freshFolder('state');
    const file = join(freshFolder('trace2'), 'events');
    const { spans } = await run({ env: { ...configured(`[trace2]\n\teventTarget = ${file}\n`), XDG_STATE_HOME: state } });
    expect(events(file).some((line) => line.includes('"atexit"'))).toBe(true);
    expect(theOne(spans, 'git').attributes['process.exit.code']).toBe(0);
    expect(reasonsIn(state)).toBe(1);
  });

  test('trace2.eventTarget stands in a file that the configuration includes', async () => {
    const folder = freshFolder('trace2');
    writeFileSync(join(folder, 'included'), `[trace2]\n\teventTarget = ${join(folder, 'events')}\n`);
    const { spans } = await run({ env: configured(`[include]\n\tpath = ${join(folder, 'included')}\n`) });
    expect(events(join(folder, 'events')).length).toBeGreaterThan(2);
    theOne(spans, 'git');
  });
});

describe('where the user has other settings for git, they keep their meaning and git is recorded', () => {
  test('GIT_TRACE2_PERF and GIT_TRACE2 have targets of their own', async () => {
    const folder = freshFolder('trace2');
    const { spans } = await run({ env: { GIT_TRACE2_PERF: join(folder, 'perf'), GIT_TRACE2: join(folder, 'normal') } });
    expect(readFileSync(join(folder, 'perf'), 'utf8')).toContain('cmd_name');
    expect(readFileSync(join(folder, 'normal'), 'utf8')).toContain('exit');
    // Of the one command only: what we ask git ourselves is not the user's.
    for (const name of ['perf', 'normal']) expect(readFileSync(join(folder, name), 'utf8').match(/\bversion\b/g)).toHaveLength(1);
    theOne(spans, 'git init');
  });

  test('GIT_TRACE2_ENV_VARS still repeats the user’s variables', async () => {
    const perf = join(freshFolder('trace2'), 'perf');
    const { spans } = await run({ env: { GIT_TRACE2_PERF: perf, GIT_TRACE2_ENV_VARS: 'OWN', OWN: 'own-value' } });
    expect(readFileSync(perf, 'utf8')).toContain('OWN:own-value');
    theOne(spans, 'git init');
  });

  test('trace2.envVars and trace2.perfTarget stand in the configuration', async () => {
    const perf = join(freshFolder('trace2'), 'perf');
    const { spans } = await run({ env: { ...configured(`[trace2]\n\tperfTarget = ${perf}\n\tenvVars = OWN\n`), OWN: 'own-value' } });
    expect(readFileSync(perf, 'utf8')).toContain('OWN:own-value');
    theOne(spans, 'git init');
  });

  test('trace2.eventBrief asks for events without times', async () => {
    const { spans } = await run({ env: configured('[trace2]\n\teventBrief = true\n') });
    theOne(spans, 'git init');
  });

  test('trace2.eventTarget is switched off', async () => {
    const { spans } = await run({ env: configured('[trace2]\n\teventTarget = false\n') });
    theOne(spans, 'git init');
  });
});

test('a git from before Trace2 is a plain child', async () => {
  const bin = freshFolder('old-git');
  const real =
    (process.env['PATH'] ?? '')
      .split(':')
      .map((folder) => join(folder, 'git'))
      .find(existsSync) ?? 'git';
  writeFileSync(
    join(bin, 'git'),
    `#!/bin/sh\nunset GIT_TRACE2_EVENT\n[ "$1" = version ] && echo "git version 2.17.1" && exit\nexec ${real} "$@"\n`,
  );
  chmodSync(join(bin, 'git'), 0o755);
  const { spans } = await run({ env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` } });
  expect(theOne(spans, 'git').attributes['process.exit.code']).toBe(0);
});

test('a git behind a script is asked for its version once, and never while the program waits for its own', async () => {
  const bin = freshFolder('wrapped-git');
  const log = join(bin, 'log');
  const real =
    (process.env['PATH'] ?? '')
      .split(':')
      .map((folder) => join(folder, 'git'))
      .find(existsSync) ?? 'git';
  writeFileSync(join(bin, 'git'), `#!/bin/sh\necho "$*" >> ${log}\n[ "$1" = version ] && sleep 0.5\nexec ${real} "$@"\n`);
  chmodSync(join(bin, 'git'), 0o755);
  const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, XDG_CACHE_HOME: freshFolder('cache') };
  const asked = (): string[] => readFileSync(log, 'utf8').trim().split('\n');

  // Not known is a plain child, and is not told twice.
  theOne((await run({ env: { ...env, XDG_CACHE_HOME: freshFolder('cache') } })).spans, 'git');
  expect(asked()[0]).toBe('init -q repo');
  writeFileSync(log, '');

  const patient = `
const { existsSync } = require('node:fs');
const { execFileSync } = require('node:child_process');
execFileSync('git', ['init', '-q', 'one']);
const timer = setInterval(() => {
  if (!existsSync(process.env.XDG_CACHE_HOME + '/swarmscope/programs.json')) return;
  clearInterval(timer);
  execFileSync('git', ['init', '-q', 'two']);
}, 20);`;
  const later = await run({ files: { 'app.cjs': patient }, env });
  expect([named(later.spans, 'git').length, named(later.spans, 'git init').length]).toEqual([1, 1]);
  expect(asked()).toEqual(['init -q one', 'version', 'init -q two']);

  theOne((await run({ env })).spans, 'git init');
  expect(asked().filter((words) => words === 'version')).toHaveLength(1);
});

test('without a git the app gets its own error, and a span records it', async () => {
  const files = {
    'app.cjs': `try { require('node:child_process').execFileSync('git', ['status']); } catch (error) { console.log(error.code, error.syscall); }`,
  };
  const { spans, stdout } = await run({ files, env: { PATH: freshFolder('empty') } });
  expect(stdout).toBe('ENOENT spawnSync git\n');
  expect(theOne(spans, 'git').attributes['error.type']).toBe('ENOENT');
});

test('bare repositories, submodules, aliases, and hooks that run node and git are recorded', async () => {
  const program = `
    const { withTask } = require(${api});
    const { execFileSync } = require('node:child_process');
    const { writeFileSync, mkdirSync } = require('node:fs');
    const git = (cwd, ...args) => execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const here = process.cwd();
    for (const name of ['one', 'two']) { mkdirSync(name); git(name, 'init', '-q'); git(name, 'commit', '-q', '--allow-empty', '-m', name); }
    withTask('bare', () => { git(here, 'clone', '-q', '--bare', 'one', 'bare.git'); git('bare.git', 'log', '--oneline'); });
    withTask('submodule', () => { git('two', 'submodule', 'add', '-q', here + '/one', 'sub'); git('two', 'submodule', 'update', '--init'); });
    withTask('alias', () => git('one', '-c', 'alias.st=status -s', 'st'));
    writeFileSync('one/.git/hooks/pre-commit', '#!/bin/sh\\ngit rev-parse HEAD >/dev/null && "' + process.execPath + '" "' + here + '/hook.cjs"\\n', { mode: 0o755 });
    withTask('hook', () => git('one', 'commit', '-q', '--allow-empty', '-m', 'hooked'));`;
  const hook = `const { withTask } = require(${api}); withTask('inside', () => require('node:child_process').execFileSync('git', ['status']));`;
  const { spans } = await run({ files: { 'app.cjs': program, 'hook.cjs': hook } });
  theOne(spans, 'git log');
  theOne(spans, 'git submodule add');
  expect(
    named(spans, 'git status')
      .map((span) => ancestry(spans, span).at(-1))
      .sort(),
  ).toEqual(['run_task alias', 'run_task hook']);
  expect(ancestry(spans, theOne(spans, 'run_task inside')).at(-1)).toBe('run_task hook');
  expect(ancestry(spans, theOne(spans, 'git rev-parse')).at(-1)).toBe('run_task hook');
});
