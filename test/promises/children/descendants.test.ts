/**
 * Children of children, through shells, tools and languages: each joins the trace of the task that started it, or is
 * unseen and works.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { missingNeed, testWith, type NeedName } from '../../harness/index.ts';
import { api, ancestry, NODE_VERSIONS, nodeBinary, FETCH_MINUTES, observe, theOne, type Seen } from './support.ts';

/** A way to start a Node process from a task. */
interface Way {
  readonly title: string;
  readonly needs?: NeedName;
  /** JavaScript; `line` is a shell text that starts the leaf, `node` and `leaf` are paths, `name` is its task. */
  readonly start: string;
  /** Names of the spans between the leaf's task and the task that starts it. */
  readonly between?: readonly string[];
  readonly isUnseen?: boolean;
}

const ways: readonly Way[] = [
  { title: 'sh', start: `execSync(line)`, between: ['node'] },
  {
    title: 'sh in sh in sh',
    start: `execFileSync('sh', ['-c', 'sh -c "sh -c \\\\"$LINE\\\\"; true"; true'], { env: { ...process.env, LINE: line } })`,
  },
  {
    title: 'bash with job control',
    start: `execFileSync('bash', ['-c', 'set -m; ' + line + ' & wait'], { stdio: 'pipe' })`,
  },
  {
    title: 'make',
    needs: 'make',
    start: `(writeFileSync('Makefile', 'all:\\n\\t@' + line + '\\n'), execFileSync('make', ['-s']))`,
    between: ['make'],
  },
  {
    title: 'npm run',
    start: `(writeFileSync('package.json', JSON.stringify({ scripts: { leaf: line } })), execFileSync('npm', ['run', '-s', 'leaf']))`,
    between: ['npm'],
  },
  { title: 'xargs', start: `execFileSync('xargs', ['-n1', node, leaf], { input: name })`, between: ['xargs'] },
  { title: 'env', start: `execFileSync('env', ['OWN=1', node, leaf, name])`, between: ['node'] },
  {
    title: 'nice, nohup, timeout',
    start: `execFileSync('nice', ['-n', '1', 'nohup', 'timeout', '60', node, leaf, name], { stdio: 'pipe' })`,
    between: ['node'],
  },
  {
    title: 'python',
    needs: 'python3',
    start: `execFileSync('python3', ['-c', 'import subprocess,sys; subprocess.run(sys.argv[1:], check=True)', node, leaf, name])`,
    between: ['python3'],
  },
  { title: 'perl', start: `execFileSync('perl', ['-e', 'exit(system(@ARGV) >> 8)', node, leaf, name])`, between: ['perl'] },
  { title: 'a git alias', start: `execFileSync('git', ['-c', 'alias.leaf=!' + line, 'leaf'])` },
  {
    title: 'a git hook',
    start: `(execFileSync('git', ['init', '-q', 'hooked']), writeFileSync('hooked/.git/hooks/pre-commit', '#!/bin/sh\\n' + line + '\\n', { mode: 0o755 }), execFileSync('git', ['commit', '-q', '--allow-empty', '-m', 'x'], { cwd: 'hooked' }))`,
  },
  { title: 'env -i', start: `execFileSync('env', ['-i', node, leaf, name])`, isUnseen: true },
  { title: 'a wrapper that cleans its environment', start: `execFileSync('sh', ['-c', 'unset NODE_OPTIONS; ' + line])`, isUnseen: true },
  {
    title: 'a worker thread',
    start: `new Promise((resolve) => new Worker("require('node:child_process').execFileSync(process.execPath, " + JSON.stringify([leaf, name]) + ")", { eval: true }).on('exit', resolve))`,
    between: ['node'],
  },
  {
    title: 'process.execve with an environment of its own',
    start: `execFileSync(node, ['-e', 'process.execve(process.execPath, ["node", ...process.argv.slice(1)], {})', leaf, name], { stdio: 'pipe' })`,
    between: ['node'],
  },
  {
    title: 'a detached child',
    start: `new Promise((resolve) => { const child = spawn(node, [leaf, name], { detached: true, stdio: 'ignore' }); child.on('exit', resolve); })`,
    between: ['node'],
  },
];

/** Taken in one program: a task each. The leaf fails when it cannot do its work. */
const app = `
const { withTask } = require(${api});
const { spawn, execSync, execFileSync } = require('node:child_process');
const { Worker } = require('node:worker_threads');
const { writeFileSync } = require('node:fs');
const node = process.execPath;
const leaf = __dirname + '/leaf.cjs';
const ways = {
${ways.map(({ title, start }) => `  ${JSON.stringify(title)}: (name, line) => ${start},`).join('\n')}
};
(async () => {
  let at = 0;
  for (const [title, start] of Object.entries(ways)) {
    const name = 'leaf-' + at++;
    if (process.argv.slice(2).includes(title)) continue;
    await withTask(title, async () => start(name, '"' + node + '" "' + leaf + '" ' + name)).then(() => console.log(title), (error) => console.log(title, String(error.stderr ?? error)));
  }
})();
`;
const leaf = `const { withTask } = require(${api}); withTask(process.argv[2], () => require('node:fs').writeFileSync(__dirname + '/' + process.argv[2], 'was here'));`;

describe.each(NODE_VERSIONS)('on Node %s', (version) => {
  const missing = ways.filter(({ needs }) => needs !== undefined && missingNeed(needs) !== undefined);
  let seen: Seen;
  beforeAll(async () => {
    const node = nodeBinary(version);
    seen = await observe('with the preload alone', {
      node,
      files: { 'app.cjs': app, 'leaf.cjs': leaf },
      args: missing.map(({ title }) => title),
      preload: 'NODE_OPTIONS',
    });
  }, FETCH_MINUTES);

  test('every way worked, and nothing was printed beside', () => {
    const taken = ways.filter((way) => !missing.includes(way)).map(({ title }) => title);
    expect({ stdout: seen.stdout.trim().split('\n'), stderr: seen.stderr, code: seen.code }).toEqual({
      stdout: taken,
      stderr: '',
      code: 0,
    });
  });

  for (const [at, { title, needs, between, isUnseen }] of ways.entries()) {
    const define = (name: string, body: () => void): void => (needs === undefined ? test(name, body) : testWith(needs, name, body));
    define(isUnseen === true ? `through ${title} it works and is not seen` : `through ${title}`, () => {
      const name = `run_task leaf-${at}`;
      if (isUnseen === true) {
        expect(seen.spans.map((span) => span.name)).not.toContain(name);
        return;
      }
      const line = ancestry(seen.spans, theOne(seen.spans, name));
      expect(line.at(-1)).toBe(`run_task ${title}`);
      if (between !== undefined) expect(line.slice(1, -1)).toEqual(between);
    });
  }
});
