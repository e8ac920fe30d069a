/**
 * Where Node's binding cannot be had the sync functions are wrapped instead: the program is the same, its children are
 * seen. And children that may not read all files.
 */
import { expect, test } from '@jest/globals';
import { expectSame, startSink } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';
import { nodeBinary, patient, withoutIds } from './support.ts';

const program = `
const { spawnSync, execSync, execFileSync } = require('node:child_process');
console.log(execSync('echo a', { encoding: 'utf8' }), execFileSync('echo', ['b'], { encoding: 'utf8' }), spawnSync('echo c | cat', { shell: true, encoding: 'utf8' }).stdout);
try { execFileSync('no-such-program', ['x']); } catch ({ code, syscall, path, spawnargs }) { console.log(code, syscall, path, spawnargs); }
try { process.binding('spawn_sync'); } catch (error) { console.log(error.code); }
`;

test.each([
  ['--pending-deprecation', ['--pending-deprecation']],
  ['--permission', ['--permission', '--allow-child-process', '--allow-fs-read=*', '--allow-fs-write=*']],
])('under %s', async (_title, nodeArgs) => {
  const sink = await startSink();
  const loadedEnv = { ...patient, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url };
  const { loaded } = await expectSame({ files: { 'app.cjs': program }, nodeArgs, loadedEnv, normalise: withoutIds });
  await sink.close();
  expect(loaded.stdout).toContain('ENOENT spawnSync no-such-program');
  expect(spansOf(sink).map(({ name }) => name)).toEqual(expect.arrayContaining(['echo', 'no-such-program']));
});

test.each(['22.15.0', '24.21.0'])('on Node %s a child under --permission that may read one folder runs as without us', async (version) => {
  const sink = await startSink();
  const app = `const { spawnSync } = require('node:child_process');
    const { status, stdout } = spawnSync(process.execPath, ['--permission', '--allow-fs-read=' + __dirname, 'child.cjs'], { encoding: 'utf8' });
    console.log(status, stdout);`;
  const files = { 'app.cjs': app, 'child.cjs': `console.log('ran', process.permission.has('fs.write'));` };
  const { loaded } = await expectSame({
    node: nodeBinary(version),
    files,
    loadedEnv: { ...patient, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
  });
  await sink.close();
  expect(loaded.stdout).toContain('0 ran false');
  expect(spansOf(sink).map(({ name }) => name)).toContain('node');
});
