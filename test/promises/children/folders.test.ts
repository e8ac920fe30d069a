/**
 * Folders with odd names, as home, cache, temporary and working folder at once: children load the private copy, git
 * reports, nothing leaks.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { expectTrace, freshFolder, runProgram, startSink, type ExpectedSpan } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';
import { api, patient } from './support.ts';

const files = {
  'first.cjs': `
    const { withTask } = require(${api});
    const { execFileSync, fork } = require('node:child_process');
    const { mkdirSync } = require('node:fs');
    const place = process.argv[2];
    process.chdir(place);
    withTask('first', () => {
      execFileSync('git', ['init', '-q', 'repository']);
      execFileSync('git', ['commit', '-q', '--allow-empty', '-m', 'x'], { cwd: 'repository' });
      return new Promise((resolve) => fork(__dirname + '/second.cjs', { cwd: place }).on('exit', resolve));
    });`,
  'second.cjs': `
    const { withTask } = require(${api});
    withTask('second', () => require('node:child_process').execSync('"$NODE" "$THIRD"', { env: { ...process.env, NODE: process.execPath, THIRD: __dirname + '/third.cjs' }, stdio: 'inherit' }));`,
  'third.cjs': `const { withTask } = require(${api}); withTask('third', () => console.log('third'));`,
};

const task = (type: string, ...children: ExpectedSpan[]): ExpectedSpan => ({ name: `run_task ${type}`, children });
const node = (child: ExpectedSpan): ExpectedSpan => ({ name: 'node', children: [child] });

const names = [
  'with space',
  '  spaces around  ',
  `with "double" and 'single' quotes`,
  '"all in quotes"',
  'with \\ backslash, \\" and one at the end \\',
  'ünïcödé 蟲 🐝',
  'with\nnewline and\ttab',
  'with $HOME, $(false), ${x} and `backticks`',
  '--require',
  'a=b,c;d|e&f*?[g]#h%20!i~',
  `${'long '.repeat(20)}${'ü'.repeat(50)}`,
];

test.each(names.map((name) => [JSON.stringify(name).slice(0, 60), name]))('a folder %s', async (_title, name) => {
  const base = join(freshFolder('odd'), name);
  const places = Object.fromEntries(['home', 'cache', 'state', 'tmp', 'work'].map((place) => [place, join(base, place)]));
  for (const place of Object.values(places)) mkdirSync(place, { recursive: true });
  const { home = '', cache = '', state = '', tmp = '', work = '' } = places;
  const author = { GIT_AUTHOR_NAME: 't', GIT_AUTHOR_EMAIL: 't@example.com', GIT_COMMITTER_NAME: 't', GIT_COMMITTER_EMAIL: 't@example.com' };
  const sink = await startSink();
  const { stdout, stderr, code } = await runProgram({
    files,
    args: [work],
    env: {
      ...patient,
      ...author,
      HOME: home,
      XDG_CACHE_HOME: cache,
      XDG_STATE_HOME: state,
      TMPDIR: tmp,
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    },
  });
  await sink.close();
  expect({ stdout, stderr, code }).toEqual({ stdout: 'third\n', stderr: '', code: 0 });
  const git = (operation: string): ExpectedSpan => ({ name: `git ${operation}` });
  expectTrace(spansOf(sink), task('first', git('init'), git('commit'), node(task('second', { name: 'sh', children: [task('third')] }))));
});
