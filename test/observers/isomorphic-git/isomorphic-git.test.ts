/** git as a library: each command is a git operation below the task that runs it, and gives what it gives without us. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runProgram, startSink } from '../../harness/index.ts';
import { installProject } from '../../harness/install-project.ts';
import { spansOf } from '../../harness/received.ts';
import { api } from '../../e2e/programs.ts';

const main = `
async function main(git, all) {
  const fs = require('node:fs');
  const { withTask } = require(${api});
  const dir = require('node:path').join(fs.mkdtempSync(require('node:os').tmpdir() + '/swarmscope-iso-'), 'shop');
  const author = { name: 'a', email: 'a@example.com', timestamp: 1, timezoneOffset: 0 };
  const write = async (text, message) => {
    fs.writeFileSync(dir + '/a.txt', text);
    await git.add({ fs, dir, filepath: 'a.txt' });
    return git.commit({ fs, dir, message, author });
  };
  await withTask('build', async () => {
    await git.init({ fs, dir, defaultBranch: 'main' });
    console.log(await write('one', 'first'), git.commit.name, git.commit.length, all.commit === git.commit);
    await git.branch({ fs, dir, ref: 'side', checkout: true });
    await write('two', 'second');
    await git.checkout({ fs, dir, ref: 'main' });
    await write('three', 'third');
    console.log(await git.merge({ fs, dir, ours: 'main', theirs: 'side', author }).catch((error) => error.code));
  });
  fs.rmSync(dir, { recursive: true });
}
`;

test.each(['CommonJS', 'ES module'])('in %s', async (system) => {
  const root = installProject({ project: join(import.meta.dirname, 'project'), into: 'isomorphic-git/', name: 'isomorphic-git' });
  const path = JSON.stringify(join(root, 'node_modules/isomorphic-git/index.cjs'));
  const files: Record<string, string> =
    system === 'CommonJS'
      ? { 'app.cjs': `const all = require(${path}); ${main} main(all, all);` }
      : {
          'app.mjs': `import git, * as all from ${path}; import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); ${main} await main(git, all);`,
        };
  const sink = await startSink();
  const bare = await runProgram({ files, preload: 'none' });
  const seen = await runProgram({ files, env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000' } });
  await sink.close();
  expect(bare.stdout).toMatch(/^[\da-f]{40} commit 1 true\nMergeConflictError\n$/);
  expect([seen.code, seen.stdout, seen.stderr]).toEqual([0, bare.stdout, '']);
  const spans = spansOf(sink);
  const build = spans.find(({ name }) => name === 'run_task build');
  const below = spans.filter(({ parentSpanId }) => parentSpanId === build?.spanId).sort((a, b) => a.startMs - b.startMs);
  expect(below.map(({ name, isError }) => (isError ? `${name}: failed` : name))).toEqual([
    ...['git init', 'git add', 'git commit', 'git branch', 'git add', 'git commit', 'git checkout', 'git add', 'git commit'],
    'git merge: failed',
  ]);
  expect(new Set(below.map(({ attributes }) => attributes['vcs.repository.name']))).toEqual(new Set(['shop']));
  expect(below.at(-1)?.attributes).toMatchObject({ 'error.type': 'merge_conflict', 'process.executable.name': 'isomorphic-git' });
  expect(spans).toHaveLength(below.length + 1);
});
