/** Every way to load the preload works once, and where it does not belong it is inert. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { nodeBinary } from '../../tools/node-versions.ts';
import { freshFolder, preloadFile, runProgram, startSink, type Preload, type ProgramOptions, type Sink } from '../harness/index.ts';
import { spansOf } from '../harness/received.ts';
import { api, apiModule, endpointOf, patient } from './programs.ts';

const common = `const { withTask } = require(${api}); withTask('unit', () => console.log('worked'));`;
const esModule = `import { withTask } from ${apiModule}; withTask('unit', () => console.log('worked'));`;
const typed = `import { withTask } from ${apiModule}; const n: number = withTask('unit', (): number => 1); console.log(n === 1 ? 'worked' : n);`;
const loaded = (sink: Pick<Sink, 'url'>) => ({ ...endpointOf(sink), ...patient });

let sink: Sink;
beforeEach(async () => {
  sink = await startSink();
});
afterEach(() => sink.close());

const probe = `console.log(Symbol.for('swarmscope.runtime.1') in globalThis ? 'armed' : 'inert')`;
const doors: Preload[] = ['require', 'import', 'NODE_OPTIONS'];
const languages: [string, Record<string, string>][] = [
  ['CommonJS', { 'app.cjs': common }],
  ['ES module', { 'app.mjs': esModule }],
  ['TypeScript', { 'app.mts': typed }],
];

test.each(doors.flatMap((preload) => languages.map(([language, files]) => ({ preload, language, files }))))(
  'a program in $language is seen through $preload, and its output is its own',
  async ({ preload, files }) => {
    const result = await runProgram({ files, preload, env: loaded(sink) });
    expect(result).toMatchObject({ code: 0, stdout: 'worked\n', stderr: '' });
    expect(spansOf(sink).map(({ name }) => name)).toEqual(['run_task unit']);
  },
);

const doubly: { how: string; options: ProgramOptions }[] = [
  { how: '--require and --import', options: { nodeArgs: ['--import', preloadFile] } },
  { how: '--require and NODE_OPTIONS', options: { env: { NODE_OPTIONS: `--require "${preloadFile}"` } } },
  {
    how: '--require and require() in the program',
    options: { files: { 'app.cjs': `require(${JSON.stringify(preloadFile)}); ${common}` } },
  },
];

test.each(doubly)('loaded twice, by $how, it records once', async ({ options: { env, ...options } }) => {
  const result = await runProgram({ files: { 'app.cjs': common }, ...options, env: { ...loaded(sink), ...env } });
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(spansOf(sink)).toHaveLength(1);
});

test('the preload works in a worker thread as in the main thread, however the worker ends', async () => {
  const worker = `
    const { workerData } = require('node:worker_threads');
    const { withTask } = require(${api});
    withTask(workerData, () => 1);
    if (workerData === 'exits') process.exit(7);
    if (workerData === 'throws') throw new Error('on purpose');
  `;
  const main = `
    const { Worker } = require('node:worker_threads');
    const { withTask } = require(${api});
    withTask('outside', () => 1);
    const endOf = (workerData) => new Promise((resolve) => new Worker(__dirname + '/worker.cjs', { workerData }).on('error', () => {}).on('exit', resolve));
    Promise.all(['returns', 'exits', 'throws'].map(endOf)).then((codes) => console.log(codes.join()));
  `;
  const result = await runProgram({ files: { 'main.cjs': main, 'worker.cjs': worker }, env: loaded(sink) });
  expect(result).toMatchObject({ code: 0, stdout: '0,7,1\n', stderr: '' });
  const names = spansOf(sink).map(({ name }) => name);
  expect(names.sort()).toEqual(['run_task exits', 'run_task outside', 'run_task returns', 'run_task throws']);
});

describe('it is inert', () => {
  /** Reports whether the preload did anything, by the state it would leave. */
  test.each(['18.20.8', '20.19.6', '22.14.0'])('on Node %s, whichever way it is named, and prints nothing', async (version) => {
    const node = nodeBinary(version);
    const results = await Promise.all(doors.map((preload) => runProgram({ files: { 'app.cjs': probe }, preload, node })));
    for (const result of results) expect(result).toMatchObject({ code: 0, stdout: 'inert\n', stderr: '' });
  });

  test.each(['SWARMSCOPE_DISABLED=1', 'SWARMSCOPE_DISABLED=true', 'OTEL_SDK_DISABLED=true', 'OTEL_SDK_DISABLED=TRUE'])(
    'with %s',
    async (setting) => {
      const [name = '', value = ''] = setting.split('=');
      expect(await runProgram({ files: { 'app.cjs': probe }, env: { [name]: value } })).toMatchObject({
        code: 0,
        stdout: 'inert\n',
        stderr: '',
      });
    },
  );

  test.each(['OTEL_SDK_DISABLED=false', 'SWARMSCOPE_DISABLED=0', 'SWARMSCOPE_DISABLED='])('but not with %s', async (setting) => {
    const [name = '', value = ''] = setting.split('=');
    expect(await runProgram({ files: { 'app.cjs': probe }, env: { [name]: value } })).toMatchObject({
      code: 0,
      stdout: 'armed\n',
      stderr: '',
    });
  });

  test.each(['npm', 'npx'])('in %s, which prints its version as it always does', async (command) => {
    const bare = await runProgram({ command, args: ['--version'], preload: 'none' });
    const seen = await runProgram({ command, args: ['--version'], preload: 'NODE_OPTIONS', env: endpointOf(sink) });
    expect({ code: seen.code, stdout: seen.stdout, stderr: seen.stderr }).toEqual({ code: 0, stdout: bare.stdout, stderr: bare.stderr });
    expect(sink.requests).toEqual([]);
  });

  test.each([
    'place/node_modules/npm/bin/npm-cli.js',
    'nodejs/npm/bin/npx-cli.js',
    'opt/yarn-v1.22.22/bin/yarn.js',
    'corepack/v1/pnpm/10.1.0/bin/pnpm.cjs',
    '.yarn/releases/yarn-4.9.1.cjs',
    'place/node_modules/typescript/bin/tsc',
    'place/node_modules/eslint/bin/eslint.js',
    'place/node_modules/.pnpm/webpack@5.1.0/node_modules/webpack/bin/webpack.js',
    'place/node_modules/@biomejs/biome/bin/biome',
  ])('in a tool whose script is %s', async (name) => {
    expect(await runProgram({ files: { [name]: probe } })).toMatchObject({ code: 0, stdout: 'inert\n', stderr: '' });
  });

  test('in a tool that is started by its name in a folder of commands', async () => {
    const folder = freshFolder('tool');
    mkdirSync(join(folder, 'node_modules/rollup/dist/bin'), { recursive: true });
    mkdirSync(join(folder, 'node_modules/.bin'));
    writeFileSync(join(folder, 'node_modules/rollup/dist/bin/rollup'), probe);
    symlinkSync('../rollup/dist/bin/rollup', join(folder, 'node_modules/.bin/rollup'));
    const file = join(folder, 'node_modules/.bin/rollup');
    expect(await runProgram({ file })).toMatchObject({ code: 0, stdout: 'inert\n', stderr: '' });
  });
});

describe('a program with the name of a tool is observed', () => {
  test.each([
    'webpack.cjs',
    'esbuild.cjs',
    'bin/rollup.js',
    'bin/eslint',
    'build/yarn.js',
    'place/node_modules/webpack/node_modules/own/run.cjs',
  ])('%s', async (name) => {
    expect(await runProgram({ files: { [name]: probe } })).toMatchObject({ code: 0, stdout: 'armed\n', stderr: '' });
  });
});
