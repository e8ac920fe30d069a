/**
 * Worktrees without node_modules, and an `npm ci` that takes the package away under a running swarm: no node and no npm
 * notices.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { dist, ensureBuilt, freshFolder, runProgram, startModels, startSink } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';
import { ancestry, FETCH_MINUTES, named, NODE_VERSIONS, nodeBinary, patient, theOne } from './support.ts';

/**
 * A project with swarmscope as an installed package (its built files, from a `file:` archive) and a linked dependency:
 * all offline.
 */
function makeProject(): string {
  ensureBuilt();
  const folder = freshFolder('project');
  const vendored = join(folder, 'vendor', 'swarmscope');
  mkdirSync(vendored, { recursive: true });
  cpSync(dist, join(vendored, 'dist'), { recursive: true });
  const exported = { './register': './dist/register.cjs', '.': { require: './dist/index.cjs' } };
  writeFileSync(
    join(vendored, 'package.json'),
    JSON.stringify({ name: 'swarmscope', version: '0.1.0', exports: exported, files: ['dist'] }),
  );
  const npm = (...args: string[]): string =>
    execFileSync('npm', args, { cwd: folder, encoding: 'utf8', env: { ...process.env, npm_config_cache: join(folder, '.npm') } });
  npm('pack', './vendor/swarmscope', '--pack-destination', '.', '--silent');
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'app', version: '1.0.0', dependencies: { swarmscope: 'file:swarmscope-0.1.0.tgz' } }),
  );
  npm('install', '--offline', '--no-audit', '--no-fund', '--silent');
  return folder;
}

const git = (cwd: string, ...args: string[]): void =>
  void execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd, stdio: 'pipe' });

const app = `
const { withTask } = require('swarmscope');
const { spawn, fork, execFileSync, execFile } = require('node:child_process');
const { promisify } = require('node:util');
const { existsSync } = require('node:fs');
const done = (child) => new Promise((resolve) => child.on('exit', (code, signal) => resolve(signal ?? code)));
const worktree = __dirname + '/worktrees/a';
(async () => {
  await withTask('worktree', async () => {
    execFileSync('git', ['worktree', 'add', '-q', '-b', 'a', worktree], { cwd: __dirname });
    console.log('has node_modules', existsSync(worktree + '/node_modules'));
    console.log('node', await done(spawn(process.execPath, ['leaf.cjs'], { cwd: worktree })));
    console.log('fork', await done(fork('leaf.cjs', { cwd: worktree })));
    console.log('npm', execFileSync('npm', ['run', '-s', 'leaf'], { cwd: worktree, encoding: 'utf8' }).trim());
  });
  await withTask('npm ci', async () => {
    const install = spawn('npm', ['ci', '--offline', '--no-audit', '--no-fund', '--silent'], { cwd: __dirname, stdio: 'inherit' });
    const installed = done(install);
    let isOver = false;
    void installed.then(() => { isOver = true; });
    const codes = [];
    let sawGone = false;
    do {
      sawGone ||= !existsSync(__dirname + '/node_modules/swarmscope/dist/register.cjs');
      codes.push(await done(codes.length % 2 === 0 ? spawn(process.execPath, ['leaf.cjs'], { cwd: __dirname }) : fork('leaf.cjs', { cwd: __dirname })));
    } while (!isOver);
    console.log('npm ci', await installed, 'children', codes.every((code) => code === 0) ? 'fine' : codes.join());
  });
  await withTask('gone', async () => {
    require('node:fs').rmSync(__dirname + '/node_modules', { recursive: true });
    console.log('gone', await done(fork(__dirname + '/leaf.cjs')));
    // A priced call loads the prices, late.
    const answer = await fetch(process.env.MODEL + '/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] }) });
    console.log('answer', answer.status, (await answer.text()).length > 0);
  });
})();
`;
const leaf = `require('node:child_process').execFileSync(process.execPath, ['-e', '0']);`;

describe.each(NODE_VERSIONS)('on Node %s', (version) => {
  test(
    'children in worktrees go on through an npm ci and are recorded, where the package was required by its bare name',
    async () => {
      const node = nodeBinary(version);
      const folder = makeProject();
      writeFileSync(join(folder, 'app.cjs'), app);
      writeFileSync(join(folder, 'leaf.cjs'), leaf);
      writeFileSync(join(folder, '.gitignore'), 'node_modules\n.npm\nworktrees\n');
      const manifest = {
        name: 'app',
        version: '1.0.0',
        dependencies: { swarmscope: 'file:swarmscope-0.1.0.tgz' },
        scripts: { leaf: 'node leaf.cjs && echo ran' },
      };
      writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
      git(folder, 'init', '-q');
      git(folder, 'add', '.');
      git(folder, 'commit', '-q', '-m', 'first');
      const sink = await startSink();
      const models = await startModels();
      const result = await runProgram({
        command: node,
        args: ['--require', 'swarmscope/register', 'app.cjs'],
        cwd: folder,
        preload: 'none',
        env: {
          ...patient,
          MODEL: models.url,
          OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
          npm_config_cache: join(folder, '.npm'),
          PATH: `${join(node, '..')}:${process.env['PATH'] ?? ''}`,
        },
      });
      await Promise.all([sink.close(), models.close()]);
      expect(result).toMatchObject({
        stderr: '',
        stdout: 'has node_modules false\nnode 0\nfork 0\nnpm ran\nnpm ci 0 children fine\ngone 0\nanswer 200 true\n',
        code: 0,
      });
      const spans = spansOf(sink);
      for (const name of ['run_task worktree', 'run_task npm ci', 'run_task gone', 'git worktree add']) theOne(spans, name);
      // Each leaf starts a node of its own: it has the preload wherever it stands.
      const inner = named(spans, 'node').filter((span) => ancestry(spans, span)[1] === 'node');
      for (const task of ['worktree', 'npm ci', 'gone'])
        expect(inner.some((span) => ancestry(spans, span).at(-1) === `run_task ${task}`)).toBe(true);
      expect(theOne(spans, 'chat gpt-4o-mini').attributes['swarmscope.cost.amount']).toBeGreaterThan(0);
    },
    FETCH_MINUTES,
  );
});
