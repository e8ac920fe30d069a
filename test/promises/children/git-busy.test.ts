/**
 * git beside a program that blocks its event loop, starts many commands or ends: nothing hangs, and every command is
 * recorded.
 */
import { expect, test } from '@jest/globals';
import { api, named, observe, theOne } from './support.ts';

const start = `
const { withTask } = require(${api});
const { execFileSync, execSync, spawn, spawnSync } = require('node:child_process');
const { writeFileSync, mkdirSync } = require('node:fs');
const git = (...args) => execFileSync('git', args, { cwd: 'repo', encoding: 'utf8', maxBuffer: 1e9, stdio: ['ignore', 'pipe', 'pipe'] });
mkdirSync('repo');
git('init', '-q');
const commit = (name) => { writeFileSync('repo/' + name, name); git('add', name); git('commit', '-qm', name); };
commit('base');
`;
/** Hundreds of commits at once, by one git. */
const history = `
const stream = ['reset refs/heads/topic\\n', 'from refs/heads/main\\n\\n'];
const text = 'line\\n'.repeat(200);
for (let at = 0; at < 300; at += 1) stream.push('commit refs/heads/topic\\ncommitter t <t@example.com> ' + (1700000000 + at) + ' +0000\\ndata 1\\nx\\nM 644 inline f' + at + '\\ndata ' + text.length + '\\n' + text + '\\n');
execFileSync('git', ['fast-import', '--quiet'], { cwd: 'repo', input: stream.join('') });
`;

/** Under `swarmscope run` the report stands on stderr, after what the program said. */
function without(stderr: string, way: string): string {
  return way === 'with the preload alone' ? stderr : stderr.replace(/^\nswarmscope [^]*$/m, '');
}

const both = ['with the preload alone', 'under swarmscope run'] as const;

test.each(both)('a long rebase, a log of megabytes and a hundred commands in a loop, all synchronous, are recorded, %s', async (way) => {
  const app = `${start}${history}
    commit('moved');
    withTask('rebase', () => git('rebase', '-q', 'main', 'topic'));
    withTask('log', () => console.log('log', git('log', '-p', 'topic').length > 300000));
    withTask('loop', () => { for (let at = 0; at < 100; at += 1) git('rev-parse', 'HEAD'); });
    console.log(git('rev-list', '--count', 'topic').trim());`;
  const { stdout, stderr, code, spans, isTimedOut } = await observe(way, { files: { 'app.cjs': app } });
  expect({ stdout, stderr: without(stderr, way), code, isTimedOut }).toEqual({
    stdout: 'log true\n302\n',
    stderr: '',
    code: 0,
    isTimedOut: false,
  });
  expect(named(spans, 'git rev-parse')).toHaveLength(100);
  expect(theOne(spans, 'git rebase').attributes['process.exit.code']).toBe(0);
  theOne(spans, 'git log');
});

test.each(both)('git does not wait for an event loop that is blocked for seconds, %s', async (way) => {
  const app = `${start}${history}
    commit('moved');
    const child = spawn('git', ['rebase', '-q', 'main', 'topic'], { cwd: 'repo', stdio: 'ignore' });
    let isOver = false;
    child.on('exit', (code) => { isOver = true; console.log('rebased', code); });
    // Nobody reads anything here until git has done all of it by itself.
    const until = Date.now() + 60000;
    const { existsSync, readFileSync } = require('node:fs');
    const isAlive = () => !/^\\d+ \\(.*\\) Z/.test(readFileSync('/proc/' + child.pid + '/stat', 'utf8'));
    while (isAlive() && Date.now() < until) execFileSync('true');
    console.log('blocked to the end', !isOver && !isAlive());`;
  const { stdout, stderr, code, spans } = await observe(way, { files: { 'app.cjs': app } });
  expect({ stdout, stderr: without(stderr, way), code }).toEqual({ stdout: 'blocked to the end true\nrebased 0\n', stderr: '', code: 0 });
  theOne(spans, 'git rebase');
});

test.each(both)('git commands that ended before process.exit() are recorded, %s', async (way) => {
  const app = `${start}
    for (let at = 0; at < 20; at += 1) git('tag', 't' + at);
    process.exit(7);`;
  const { stderr, code, spans } = await observe(way, { files: { 'app.cjs': app } });
  expect({ stderr: without(stderr, way), code }).toEqual({ stderr: '', code: 7 });
  expect(named(spans, 'git tag')).toHaveLength(20);
});

test.each(both)('a program that exits while git still runs ends at once and has its ended commands recorded, %s', async (way) => {
  const app = `${start}
    spawn('git', ['-c', 'alias.nap=!sleep 2', 'nap'], { cwd: 'repo', stdio: 'ignore', detached: true }).on('spawn', () => { git('status'); process.exit(3); });`;
  const { stderr, code, spans, isTimedOut } = await observe(way, { files: { 'app.cjs': app } });
  expect({ stderr: without(stderr, way), code, isTimedOut }).toEqual({ stderr: '', code: 3, isTimedOut: false });
  theOne(spans, 'git status');
});

test.each(both)('the conflicts of a merge that is aborted at once are counted, %s', async (way) => {
  const app = `${start}
    const clash = () => {
      git('checkout', '-q', '-b', 'other');
      for (const name of ['a', 'b']) { writeFileSync('repo/' + name, 'other'); git('add', name); }
      git('commit', '-qm', 'other');
      git('checkout', '-q', 'main');
      for (const name of ['a', 'b']) { writeFileSync('repo/' + name, 'main'); git('add', name); }
      git('commit', '-qm', 'main');
    };
    clash();
    const { promisify } = require('node:util');
    const later = promisify(require('node:child_process').execFile);
    (async () => {
      withTask('sync', () => { console.log(spawnSync('git', ['merge', 'other'], { cwd: 'repo' }).status); git('merge', '--abort'); });
      withTask('shell', () => { try { execSync('git merge other', { cwd: 'repo', stdio: 'ignore' }); } catch (error) { console.log(error.status); } execSync('git merge --abort', { cwd: 'repo' }); });
      await withTask('async', async () => { await later('git', ['-C', 'repo', 'merge', 'other']).catch((error) => console.log(error.code)); git('merge', '--abort'); });
      withTask('child', () => execFileSync(process.execPath, ['-e', "const s = require('node:child_process').spawnSync; console.log(s('git', ['cherry-pick', 'other'], { cwd: 'repo' }).status); s('git', ['cherry-pick', '--abort'], { cwd: 'repo' })"], { stdio: 'inherit' }));
    })();`;
  const { stdout, stderr, spans } = await observe(way, { files: { 'app.cjs': app } });
  expect({ stdout, stderr: without(stderr, way) }).toEqual({ stdout: '1\n1\n1\n1\n', stderr: '' });
  const counts = spans
    .filter((span) => span.attributes['process.exit.code'] === 1)
    .map((span) => [span.name, span.attributes['swarmscope.git.conflict.count']]);
  expect(counts.sort()).toEqual(
    [
      ['git cherry-pick', 2],
      ['git merge', 2],
      ['git merge', 2],
      ['git merge', 2],
    ].sort(),
  );
});
