/**
 * Where it runs: languages, bundles and PID 1, each a real program whose task must arrive, with the output it has
 * without us.
 */
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import ts from 'typescript';
import { NODE_VERSIONS, nodeBinary } from '../../../tools/node-versions.ts';
import { dist, ensureBuilt, preloadFile, runProgram, startSink, testWith, type ProgramOptions } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';

ensureBuilt();
const FETCH_MINUTES = 10 * 60_000;
const api = (name: string): string => JSON.stringify(join(dist, name));
const task = "const done: number = withTask('platform', (): number => 7);\nconsole.log(done);\n";
const asModule = `import { withTask } from ${api('index.mjs')};\n${task}`;
const asCommon = `const { withTask } = require(${api('index.cjs')});\n${task}`;

/** Prints 7, with and without the preload, and its one task arrives. */
async function expectSeen(options: ProgramOptions): Promise<void> {
  const sink = await startSink();
  const plain = await runProgram({ ...options, preload: 'none' });
  const loaded = await runProgram({
    ...options,
    env: { ...options.env, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000' },
  });
  await sink.close();
  const withoutPid = (text: string): string => text.replaceAll(/\(node:\d+\)/g, '(node:PID)');
  expect(plain).toMatchObject({ code: 0, stdout: '7\n' });
  expect(loaded).toMatchObject({ code: 0, stdout: '7\n' });
  expect(withoutPid(loaded.stderr)).toBe(withoutPid(plain.stderr));
  expect(spansOf(sink).map(({ name }) => name)).toEqual(['run_task platform']);
}

const languages: [string, Record<string, string>][] = [
  ['ES module TypeScript, types stripped by Node', { 'app.mts': asModule }],
  ['CommonJS TypeScript, types stripped by Node', { 'app.cts': asCommon }],
  ['ES module TypeScript, compiled', { 'app.mjs': compiled(asModule, ts.ModuleKind.ESNext) }],
  ['CommonJS TypeScript, compiled', { 'app.cjs': compiled(asCommon, ts.ModuleKind.CommonJS) }],
];

function compiled(source: string, module: ts.ModuleKind): string {
  return ts.transpileModule(source, { compilerOptions: { module, target: ts.ScriptTarget.ES2022 } }).outputText;
}

describe.each(NODE_VERSIONS)('on Node %s', (version) => {
  test.each(languages)(
    '%s',
    async (_title, files) => {
      const isStripped = Object.keys(files).some((name) => /ts$/.test(name));
      await expectSeen({
        node: nodeBinary(version),
        files,
        nodeArgs: isStripped && version.startsWith('22.') ? ['--experimental-strip-types'] : [],
      });
    },
    FETCH_MINUTES,
  );

  test.each(['cjs', 'esm'] as const)(
    'an esbuild bundle with the API inside is recorded (%s)',
    async (format) => {
      const { outputFiles } = await build({
        stdin: { contents: asModule, loader: 'ts', resolveDir: dist },
        bundle: true,
        minify: true,
        platform: 'node',
        format,
        write: false,
      });
      await expectSeen({ node: nodeBinary(version), files: { [format === 'cjs' ? 'app.cjs' : 'app.mjs']: outputFiles[0]?.text ?? '' } });
    },
    FETCH_MINUTES,
  );
});

testWith('user namespaces', 'as PID 1 of a namespace of its own it records, and ends with its own code', async () => {
  const flags = ['--user', '--map-root-user', '--pid', '--fork', '--mount-proc'];
  const sink = await startSink();
  const program = `require(${api('index.cjs')}).withTask('first', () => console.log(process.pid)); process.exitCode = 5;`;
  const result = await runProgram({
    command: 'unshare',
    args: [...flags, process.execPath, '--require', preloadFile, '-e', program],
    preload: 'none',
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000' },
  });
  await sink.close();
  expect(result).toMatchObject({ code: 5, stdout: '1\n', stderr: '' });
  expect(spansOf(sink).map(({ name }) => name)).toEqual(['run_task first']);
});
