/**
 * Where the preload does not belong, nothing but register.cjs is loaded: older Nodes, package managers. And named twice
 * or thrice, it is in once.
 */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { NODE_VERSIONS, nodeBinary } from '../../../tools/node-versions.ts';
import { dist, ensureBuilt, freshFolder, preloadFile, runProgram, startSink, type Preload } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';

ensureBuilt();
const FETCH_MINUTES = 10 * 60_000;
const doors: Preload[] = ['require', 'import', 'NODE_OPTIONS'];

/** register.cjs alone in a folder, beside an arming.cjs that says that it was loaded. */
function tellingPreload(): string {
  const folder = freshFolder('telling');
  copyFileSync(preloadFile, join(folder, 'register.cjs'));
  writeFileSync(join(folder, 'arming.cjs'), "process.getBuiltinModule('node:fs').writeSync(2, 'ARMED\\n');");
  return join(folder, 'register.cjs');
}

describe.each(['18.20.8', '20.19.6', '22.14.0'])('on Node %s', (version) => {
  test(
    'nothing beyond register.cjs is loaded, whichever way the preload is named',
    async () => {
      const node = nodeBinary(version);
      for (const preload of doors) {
        const result = await runProgram({ files: { 'app.cjs': "console.log('ran')" }, node, preload, preloadFile: tellingPreload() });
        expect(result).toMatchObject({ code: 0, stdout: 'ran\n', stderr: '' });
      }
    },
    FETCH_MINUTES,
  );
});

test('on a supported Node the same file does load the rest, so the checks above can fail', async () => {
  const result = await runProgram({ files: { 'app.cjs': "console.log('ran')" }, preloadFile: tellingPreload() });
  expect(result).toMatchObject({ code: 0, stdout: 'ran\n', stderr: 'ARMED\n' });
});

/** Run by NODE_OPTIONS, as a user has it in the shell. */
const tools: [string, string, string[]][] = [
  ['npm', 'npm', ['config', 'get', 'prefix']],
  ['npm exec', 'npm', ['exec', '--offline', '--yes=false', '--', 'node', '--version']],
  ['npx', 'npx', ['--version']],
];

test.each(tools)('%s prints the same, and loads nothing beyond register.cjs', async (_title, command, args) => {
  const plain = await runProgram({ command, args, preload: 'none' });
  const loaded = await runProgram({ command, args, preload: 'NODE_OPTIONS', preloadFile: tellingPreload() });
  const seen = ({ stdout, stderr, code }: typeof plain): unknown => ({
    stdout,
    stderr: stderr.replaceAll(/swarmscope-home-\w+/g, 'home'),
    code,
  });
  expect(seen({ ...loaded, stdout: loaded.stdout.replaceAll(/swarmscope-home-\w+/g, 'home') })).toEqual(
    seen({ ...plain, stdout: plain.stdout.replaceAll(/swarmscope-home-\w+/g, 'home') }),
  );
});

describe.each(NODE_VERSIONS)('on Node %s', (version) => {
  test(
    'a preload named by --require, --import and NODE_OPTIONS together is loaded once',
    async () => {
      const sink = await startSink();
      const result = await runProgram({
        node: nodeBinary(version),
        nodeArgs: ['--require', preloadFile, '--import', preloadFile],
        preload: 'NODE_OPTIONS',
        files: { 'app.cjs': `require(${JSON.stringify(join(dist, 'index.cjs'))}).withTask('once', () => console.log('ran'));` },
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000' },
      });
      await sink.close();
      expect(result).toMatchObject({ code: 0, stdout: 'ran\n', stderr: '' });
      expect(spansOf(sink).map(({ name }) => name)).toEqual(['run_task once']);
    },
    FETCH_MINUTES,
  );
});
