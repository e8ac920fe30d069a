/**
 * Where it runs: bundles that rollup and webpack made with our API inside; and both bundlers beside the preload, which
 * leaves them alone.
 */
import { writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { nodeBinary } from '../../../tools/node-versions.ts';
import { dist, ensureBuilt, freshFolder, preloadFile, runProgram } from '../../harness/index.ts';
import { asks, expectRecorded, FETCH_MINUTES } from './seen.ts';
import { installTools } from './tools/install.ts';

ensureBuilt();
const bundles: Record<string, string> = {};
const app = `import { withTask } from ${JSON.stringify(join(dist, 'index.mjs'))};
import { word } from './word.mjs';
const ask = async () => {${asks}  return answer;\n};
withTask('bundled', ask).then((answer) => console.log(word, answer));
`;

/** Each bundler's own way, run as a script of its package under the preload. */
function scripts(tools: string): Record<string, readonly string[]> {
  const rollup = (format: string, name: string): readonly string[] => [
    join(tools, 'rollup/dist/bin/rollup'),
    'app.mjs',
    '--format',
    format,
    '--file',
    name,
    '--external',
    'node:*',
    '--silent',
  ];
  return {
    'rollup, CommonJS': rollup('cjs', 'bundle.cjs'),
    'rollup, ES module': rollup('es', 'bundle.mjs'),
    'webpack, CommonJS': ['webpack.cjs', 'bundle.cjs'],
    'webpack, ES module': ['webpack.cjs', 'bundle.mjs'],
  };
}

const webpackScript = (tools: string): string => `
const [name] = process.argv.slice(2);
const isModule = name.endsWith('.mjs');
const { webpack } = require(${JSON.stringify(join(tools, 'webpack'))});
webpack(
  {
    mode: 'production',
    target: 'node22',
    context: __dirname,
    entry: './app.mjs',
    experiments: { outputModule: isModule },
    output: { path: __dirname, filename: name, module: isModule },
  },
  (error, stats) => {
    console.log(error ?? stats.toString({ all: false, errors: true }));
    process.exitCode = error || stats.hasErrors() ? 1 : 0;
  },
);
`;

const titles = Object.keys(scripts(''));

beforeAll(async () => {
  const tools = installTools();
  const folder = freshFolder('bundles');
  writeFileSync(join(folder, 'app.mjs'), app);
  writeFileSync(join(folder, 'word.mjs'), "export const word = 'bundled';\n");
  writeFileSync(join(folder, 'webpack.cjs'), webpackScript(tools));
  for (const [title, args] of Object.entries(scripts(tools))) {
    const made = await runProgram({
      command: process.execPath,
      args,
      cwd: folder,
      preload: 'NODE_OPTIONS',
      preloadFile,
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
    });
    expect({ title, ...made }).toMatchObject({ title, code: 0 });
    bundles[title] = readFileSync(join(folder, args.find((each) => each.startsWith('bundle.')) ?? ''), 'utf8');
  }
}, FETCH_MINUTES);

describe.each(['22.15.0', '24.21.0', '26.10.0'])('on Node %s', (version) => {
  test.each(titles)(
    'a bundle by %s',
    async (title) => {
      const name = title.endsWith('CommonJS') ? 'app.cjs' : 'app.mjs';
      const { spans } = await expectRecorded(
        { node: nodeBinary(version), files: { [name]: bundles[title] ?? '' }, preload: 'require' },
        'bundled pong\n',
      );
      const [task] = spans.filter((span) => span.name === 'run_task bundled');
      const [call] = spans.filter((span) => span.name === 'chat gpt-4o');
      expect(task).toBeDefined();
      expect(call?.parentSpanId).toBe(task?.spanId);
    },
    FETCH_MINUTES,
  );
});
