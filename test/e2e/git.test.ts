/**
 * Every git command of the app and of its descendants is recorded, through a folder and through a socket, without a
 * secret.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { expectTrace, type ExpectedSpan } from '../harness/index.ts';
import { api, bytesOf, observe, ways, type Seen } from './programs.ts';

const app = `
const { withTask } = require(${api});
const { spawn, spawnSync, execSync } = require('node:child_process');
const { mkdirSync, writeFileSync } = require('node:fs');
const git = (cwd, ...args) => spawnSync('git', args, { cwd, encoding: 'utf8' }).status;
mkdirSync('shop');
withTask('setup', () => {
  git('shop', 'init', '-q');
  writeFileSync('shop/price.txt', 'one\\n');
  git('shop', 'add', '.');
  git('shop', 'commit', '-qm', 'canary-message first');
});
withTask('branch', () => git('shop', 'worktree', 'add', '-q', '-b', 'feature-a', '../work/shop-a'));
withTask('delegate', () => spawnSync(process.execPath, ['agent.cjs'], { stdio: 'inherit' }));
withTask('conflict', () => {
  writeFileSync('shop/price.txt', 'three\\n');
  git('shop', 'commit', '-qam', 'canary-message third');
  console.log('merge', git('shop', 'merge', '-q', 'feature-a'));
});
withTask('resolve', () => git('shop', 'merge', '--abort'));
withTask('given up', () => execSync('git -C shop merge -q feature-a || git -C shop merge --abort'));
withTask('locked', () => {
  writeFileSync('shop/.git/index.lock', '');
  console.log('commit', git('shop', 'commit', '-qam', 'never', '--allow-empty'));
  require('node:fs').rmSync('shop/.git/index.lock');
});
withTask('secrets', () => {
  git('shop', 'remote', 'add', 'origin', 'https://canary-user:canary-password@example.com/canary-path/shop.git');
  git('shop', '-c', 'http.extraHeader=Authorization: Bearer canary-token', 'ls-remote', 'https://canary-user:canary-password@127.0.0.1:1/canary-path/shop.git');
});
withTask('later', () => new Promise((resolve) => spawn('git', ['status', '-s'], { cwd: 'shop' }).on('close', resolve)));
withTask('shell', () => execSync('git -C shop log --oneline | cat', { stdio: 'ignore' }));
`;
const agent = `
const { withTask } = require(${api});
const { execSync } = require('node:child_process');
withTask('edit', () => {
  require('node:fs').writeFileSync('work/shop-a/price.txt', 'two\\n');
  execSync('cd work/shop-a && git add . && git commit -qm "canary-message second"');
});
`;

const git = (operation: string, attributes: ExpectedSpan['attributes'] = {}, isError = false): ExpectedSpan => ({
  name: `git ${operation}`,
  kind: 3,
  isError,
  attributes,
});
const task = (type: string, ...children: ExpectedSpan[]): ExpectedSpan => ({ name: `run_task ${type}`, children });
const shop = { 'vcs.repository.name': 'shop', 'swarmscope.git.worktree.name': 'shop', 'vcs.ref.head.name': 'main', 'process.exit.code': 0 };

const trees: Record<string, ExpectedSpan> = {
  setup: task(
    'setup',
    git('init', { 'process.exit.code': 0 }),
    git('add', shop),
    git('commit', { ...shop, 'swarmscope.git.operation.name': 'commit' }),
  ),
  branch: task(
    'branch',
    git('worktree add', { 'swarmscope.git.worktree.name': 'shop-a', 'vcs.ref.head.name': 'feature-a', 'vcs.repository.name': 'shop' }),
  ),
  delegate: task('delegate', {
    name: 'node',
    children: [
      task('edit', {
        name: 'sh',
        kind: 3,
        children: [
          git('add', { 'swarmscope.git.worktree.name': 'shop-a' }),
          git('commit', { 'swarmscope.git.worktree.name': 'shop-a', 'vcs.ref.head.name': 'feature-a', 'vcs.repository.name': 'shop' }),
        ],
      }),
    ],
  }),
  conflict: task(
    'conflict',
    git('commit', shop),
    git(
      'merge',
      {
        'error.type': 'merge_conflict',
        'swarmscope.git.merge.result': 'conflict',
        'swarmscope.git.conflict.count': 1,
        'vcs.ref.base.name': 'feature-a',
        'process.exit.code': 1,
      },
      true,
    ),
  ),
  resolve: task('resolve', git('merge', { 'process.exit.code': 0, 'swarmscope.git.merge.result': undefined })),
  'given up': task('given up', {
    name: 'sh',
    children: [git('merge', { 'error.type': 'merge_conflict' }, true), git('merge', { 'process.exit.code': 0 })],
  }),
  locked: task('locked', git('commit', { 'error.type': 'lock_held', 'process.exit.code': 128 }, true)),
  secrets: task(
    'secrets',
    git('remote add', { 'swarmscope.git.remote.name': 'origin', 'server.address': 'example.com' }),
    git('ls-remote', { 'server.address': '127.0.0.1', 'server.port': 1 }, true),
  ),
  later: task('later', git('status', shop)),
  shell: task('shell', { name: 'sh', children: [git('log', { 'vcs.repository.name': 'shop' })] }),
};

describe.each(ways)('%s', (way) => {
  let seen: Seen;
  beforeAll(async () => {
    seen = await observe(way, { files: { 'app.cjs': app, 'agent.cjs': agent } });
  });

  test('the program does what it does without us', () => {
    expect(seen).toMatchObject({ stdout: 'merge 1\ncommit 128\n', code: 0 });
  });

  test.each(Object.keys(trees))('the commands of the task "%s" are below it, with what became of them', (name) => {
    const root = seen.spans.find((span) => span.name === `run_task ${name}`);
    const inside = new Set([root?.spanId]);
    // Children may arrive before their parents.
    for (let found = true; found;) {
      const more = seen.spans.filter(
        ({ spanId, parentSpanId }) => parentSpanId !== undefined && inside.has(parentSpanId) && !inside.has(spanId),
      );
      found = more.length > 0;
      for (const { spanId } of more) inside.add(spanId);
    }
    const tree = trees[name];
    if (tree === undefined) throw new Error(`no tree for ${name}`);
    expectTrace(
      seen.spans.filter(({ spanId }) => inside.has(spanId)),
      tree,
    );
  });

  test.each([
    'canary-user',
    'canary-password',
    'canary-path',
    'canary-token',
    'canary-message',
    'swarmscope-program-',
    'price.txt',
    '--oneline',
  ])('"%s" is in no exported byte', (canary) => {
    expect(seen.sink.requests.length).toBeGreaterThan(0);
    expect(bytesOf(seen.sink)).not.toContain(canary);
  });

  test('one span per command, and the counters of conflicts and locks agree', () => {
    const commands = seen.spans.filter(({ name }) => name.startsWith('git '));
    expect(commands).toHaveLength(16);
    expect(seen.points.filter(({ name }) => name === 'swarmscope.git.lock.failures').at(-1)?.value).toBe(1);
    expect(seen.points.filter(({ name }) => name === 'swarmscope.git.merge.conflicts').at(-1)?.value).toBe(2);
  });
});

test('with content on, arguments are recorded, and the credentials in them still are not', async () => {
  const program = `require('node:child_process').spawnSync('curl-of-ours', ['--token', 'canary-token', '--api-key=canary-key', 'https://canary-user:canary-password@example.com/visible-path', '-H', 'Authorization: Bearer canary-bearer-1234']);`;
  const { sink, spans } = await observe('with the preload alone', {
    files: { 'app.cjs': program },
    env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' },
  });
  const bytes = bytesOf(sink);
  expect(spans[0]?.attributes['process.command_args']).toContainEqual(expect.stringContaining('visible-path'));
  for (const canary of ['canary-token', 'canary-key', 'canary-user', 'canary-password', 'canary-bearer'])
    expect(bytes).not.toContain(canary);
});
