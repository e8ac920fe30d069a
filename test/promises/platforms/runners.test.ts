/**
 * Where it runs: `tsx`, `ts-node`, and apps whose tests run under jest and vitest, each a real run whose call of a
 * model must arrive.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { nodeBinary } from '../../../tools/node-versions.ts';
import { ensureBuilt, freshFolder } from '../../harness/index.ts';
import { asks, expectRecorded, FETCH_MINUTES } from './seen.ts';
import { installTools } from './tools/install.ts';

ensureBuilt();
let tools = '';
beforeAll(() => {
  tools = installTools();
}, FETCH_MINUTES);

const typed = `enum Mood { Calm = 7 }\n`;
const inMain = `async function main(): Promise<void> {${asks}  console.log(answer, Mood.Calm);\n}\nvoid main();\n`;
/** An enum is what type stripping cannot run: tsx has transformed the file. */
const modules: [string, Record<string, string>][] = [
  ['ES modules', { 'app.ts': `${typed}${asks}console.log(answer, Mood.Calm);\nexport {};\n`, 'package.json': '{"type":"module"}' }],
  [
    'CommonJS',
    { 'app.ts': `${typed}const { join } = require('node:path');\njoin('a');\n${inMain}`, 'package.json': '{"type":"commonjs"}' },
  ],
];

/** For ts-node, which knows no newer TypeScript than 5. */
const tsconfig = { 'tsconfig.json': '{"compilerOptions":{"module":"nodenext","moduleResolution":"nodenext","target":"es2022"}}' };

describe.each(['22.15.0', '24.21.0', '26.10.0'])('on Node %s', (version) => {
  test.each(modules)(
    'a program run by tsx or with its loader is recorded (%s)',
    async (_title, files) => {
      const node = nodeBinary(version);
      const loader = ['--import', join(tools, 'tsx/dist/loader.mjs')];
      await expectRecorded({ command: node, args: [join(tools, 'tsx/dist/cli.mjs'), 'app.ts'], files }, 'pong 7\n');
      await expectRecorded({ node, nodeArgs: loader, files, preload: 'require' }, 'pong 7\n');
    },
    FETCH_MINUTES,
  );

  test.each(modules)(
    'a program run with the loader of ts-node is recorded (%s)',
    async (title, files) => {
      const isModule = title === 'ES modules';
      const nodeArgs = isModule
        ? ['--no-warnings', '--loader', join(tools, 'ts-node/esm/transpile-only.mjs')]
        : ['--require', join(tools, 'ts-node/register/transpile-only.js')];
      const env = { TS_NODE_COMPILER: join(tools, 'typescript') };
      await expectRecorded({ node: nodeBinary(version), nodeArgs, files: { ...files, ...tsconfig }, preload: 'require', env }, 'pong 7\n');
    },
    FETCH_MINUTES,
  );
});

/** Two files, so that the framework starts workers. */
const hosted = (imports: string): Record<string, string> => ({
  'package.json': '{"type":"module"}',
  ...Object.fromEntries(
    ['one', 'two'].map((name) => [
      `${name}.test.mjs`,
      `${imports}\ntest('asks in ${name}', async () => {${asks}  expect(answer).toBe('pong');\n  expect(globalThis.fetch).toBe(fetch);\n});\n`,
    ]),
  ),
});
const withoutTimes = (output: string): string =>
  output
    .replaceAll(/\d+(?:\.\d+)? ?m?s\b/g, 'TIME')
    .replaceAll(/\d\d:\d\d:\d\d/g, 'TIME')
    .replaceAll(/ \(TIME\)| TIME$|, estimated TIME/gm, '')
    .replaceAll(/Duration .*/g, 'Duration')
    // vitest names each test only where it was slow.
    .replaceAll(/^ *✓ asks in .*\n/gm, '')
    .split('\n')
    .sort()
    .join('\n');

test.each([
  ['in child processes', ['--maxWorkers=2']],
  ['in one process', ['--runInBand']],
  ['in threads', ['--maxWorkers=2', '--workerThreads']],
])(
  "an app's tests under jest, %s, pass as they did, and their calls are seen",
  async (_title, flags) => {
    const files = {
      ...hosted("import { expect, test } from '@jest/globals';"),
      'jest.config.mjs': "export default { testMatch: ['**/*.test.mjs'], transform: {} };",
    };
    const args = ['--experimental-vm-modules', join(tools, 'jest/bin/jest.js'), '--ci', '--no-cache', ...flags];
    const { loaded } = await expectRecorded(
      { command: process.execPath, args, files, normalise: withoutTimes },
      'Tests:       2 passed, 2 total',
      2,
    );
    expect(loaded.code).toBe(0);
  },
  FETCH_MINUTES,
);

/** vitest ends its threads by `terminate()`, and each of them right after its last test. */
test.each(['forks', 'threads', 'vmThreads'])(
  "an app's tests under vitest, pool %s, pass as they did, and their calls are seen",
  (pool) => underVitest(pool, 2),
  FETCH_MINUTES,
);

async function underVitest(pool: string, calls: number): Promise<void> {
  const probe = join(freshFolder('probe'), 'seen');
  const isIn = `import { appendFileSync } from 'node:fs';
appendFileSync(${JSON.stringify(probe)}, String(Symbol.for('swarmscope.runtime.1') in process.constructor.constructor('return globalThis')()) + '\\n');`;
  const files = hosted(`import { expect, test } from ${JSON.stringify(join(tools, 'vitest/dist/index.js'))};\n${isIn}`);
  const args = [join(tools, 'vitest/vitest.mjs'), 'run', '--no-color', '--maxWorkers=2', `--pool=${pool}`];
  await expectRecorded(
    { command: process.execPath, args, files, normalise: withoutTimes, mayArriveTwice: pool !== 'forks' },
    '2 passed',
    calls,
  );
  expect(readFileSync(probe, 'utf8')).toBe('false\nfalse\ntrue\ntrue\n');
}
