/** One small program that asks a model in four ways, as it is written, as it is run, and as bundlers make it. */
import { symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { freshFolder, runProgram } from '../harness/index.ts';
import { installTools } from '../promises/platforms/tools/install.ts';
import { installClients } from './install.ts';

/** Each call has a model of its own name. */
export const CALLS = ['by-openai', 'by-fetch', 'by-undici', 'by-http'] as const;

/** `{types}` stands where TypeScript has a type. */
const PROGRAM = `
async function main(){: Promise<void>} {
  const base{: string} = String(process.env.BASE_URL);
  const url = base + '/chat/completions';
  const asked = (model{: string}) => JSON.stringify({ model, messages: [{ role: 'user', content: model }] });
  const headers = { 'content-type': 'application/json' };
  const told = [];
  const client = new OpenAI({ baseURL: base, apiKey: 'test', maxRetries: 0 });
  const stream = await client.chat.completions.create({
    model: 'by-openai',
    messages: [{ role: 'user', content: 'by-openai' }],
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = '';
  for await (const part of stream) text += part.choices[0]?.delta.content ?? '';
  told.push(text);
  const textIn = (body{: any}) => body.choices[0].message.content;
  told.push(textIn(await (await fetch(url, { method: 'POST', headers, body: asked('by-fetch') })).json()));
  const answer = await request(url, { method: 'POST', headers, body: asked('by-undici'), dispatcher: new Agent() });
  told.push(textIn(await answer.body.json()));
  told.push(
    await new Promise((resolve, reject) => {
      const sent = http.request(url, { method: 'POST', headers }, (response) => {
        let body = '';
        response.on('data', (part) => (body += part)).on('end', () => resolve(textIn(JSON.parse(body))));
      });
      sent.on('error', reject).end(asked('by-http'));
    }),
  );
  console.log(told.join(' '));
}
main();
`;
const written = (isTyped: boolean): string => PROGRAM.replaceAll(/\{(: [^}]+)\}/g, isTyped ? '$1' : '');
const imports = `import http from 'node:http';\nimport { OpenAI } from 'openai';\nimport { Agent, request } from 'undici7';\n`;
const requires = `const http = require('node:http');\nconst { OpenAI } = require('openai');\nconst { Agent, request } = require('undici7');\n`;

export interface Form {
  readonly title: string;
  /** Its file, in the folder that `makeForms` gives. (The preload leaves a program alone that is named as a bundler is.) */
  readonly file: string;
  readonly nodeArgs?: (node: string) => readonly string[];
  /** Everything is in one file: nothing is read from `node_modules`. */
  readonly isBundle?: boolean;
}

const stripping = (node: string): readonly string[] => (node.startsWith('22.') ? ['--experimental-strip-types'] : []);
let tools = '';

export const FORMS: readonly Form[] = [
  { title: 'CommonJS', file: 'app.cjs' },
  { title: 'ES module', file: 'app.mjs' },
  { title: 'TypeScript by type stripping, ES module', file: 'app.mts', nodeArgs: stripping },
  { title: 'TypeScript by type stripping, CommonJS', file: 'app.cts', nodeArgs: stripping },
  { title: 'TypeScript by tsx', file: 'app.ts', nodeArgs: () => ['--import', join(tools, 'tsx/dist/loader.mjs')] },
  { title: 'esbuild, CommonJS', file: 'by-esbuild.cjs', isBundle: true },
  { title: 'esbuild, ES module', file: 'by-esbuild.mjs', isBundle: true },
  { title: 'esbuild, minified', file: 'by-esbuild-min.cjs', isBundle: true },
  { title: 'rollup, CommonJS', file: 'by-rollup.cjs', isBundle: true },
  { title: 'rollup, ES module', file: 'by-rollup.mjs', isBundle: true },
  { title: 'webpack, CommonJS', file: 'by-webpack.cjs', isBundle: true },
  { title: 'webpack, ES module', file: 'by-webpack.mjs', isBundle: true },
];

/** A folder with all of them: bundles beside no `node_modules`, the others beside one. */
export async function makeForms(): Promise<{ readonly sources: string; readonly bundles: string }> {
  tools = installTools();
  const modules = installClients();
  const [sources, bundles] = [freshFolder('sources'), freshFolder('bundles')];
  symlinkSync(modules, join(sources, 'node_modules'));
  writeFileSync(join(sources, 'package.json'), '{"type":"module"}');
  writeFileSync(join(sources, 'app.cjs'), requires + written(false));
  writeFileSync(join(sources, 'app.mjs'), imports + written(false));
  writeFileSync(join(sources, 'app.cts'), requires + written(true));
  for (const name of ['app.mts', 'app.ts']) writeFileSync(join(sources, name), imports + written(true));
  await Promise.all([
    byEsbuild(sources, bundles),
    byScript(join(sources, 'rollup.config.mjs'), rollupScript(modules, bundles)),
    byScript(join(sources, 'webpack.config.cjs'), webpackScript(bundles)),
  ]);
  return { sources, bundles };
}

async function byEsbuild(sources: string, bundles: string): Promise<void> {
  const shared: BuildOptions = { entryPoints: [join(sources, 'app.mjs')], bundle: true, platform: 'node', logLevel: 'error' };
  // CommonJS inside of an ES module asks for Node's own modules by `require`.
  const banner = { js: `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);` };
  await Promise.all([
    build({ ...shared, format: 'cjs', outfile: join(bundles, 'by-esbuild.cjs') }),
    build({ ...shared, format: 'esm', banner, outfile: join(bundles, 'by-esbuild.mjs') }),
    build({ ...shared, format: 'cjs', minify: true, outfile: join(bundles, 'by-esbuild-min.cjs') }),
  ]);
}

async function byScript(file: string, text: string): Promise<void> {
  writeFileSync(file, text);
  const made = await runProgram({ file, preload: 'none', timeoutMs: 10 * 60_000 });
  if (made.code !== 0) throw new Error(`${file}: ${made.stdout}${made.stderr}`);
}

function rollupScript(modules: string, bundles: string): string {
  const from = (name: string): string => JSON.stringify(createRequire(join(modules, 'here.js')).resolve(name));
  return `
import { createRequire } from 'node:module';
import { rollup } from ${JSON.stringify(join(tools, 'rollup/dist/es/rollup.js'))};
const require = createRequire(import.meta.url);
const plugins = [${['@rollup/plugin-node-resolve', '@rollup/plugin-commonjs', '@rollup/plugin-json'].map((name) => `require(${from(name)})`).join(', ')}];
const [resolve, commonjs, json] = plugins.map((plugin) => plugin.default ?? plugin.nodeResolve ?? plugin);
const bundle = await rollup({
  input: new URL('app.mjs', import.meta.url).pathname,
  plugins: [resolve({ preferBuiltins: true, exportConditions: ['node'] }), commonjs({ ignoreDynamicRequires: true }), json()],
  onLog: () => undefined,
});
for (const [format, name] of [['cjs', 'by-rollup.cjs'], ['es', 'by-rollup.mjs']])
  await bundle.write({ format, file: ${JSON.stringify(bundles)} + '/' + name, inlineDynamicImports: true });
`;
}

function webpackScript(bundles: string): string {
  return `
const { webpack } = require(${JSON.stringify(join(tools, 'webpack'))});
const made = (name) => ({
  mode: 'production',
  target: 'node22',
  optimization: { minimize: false },
  context: __dirname,
  entry: './app.mjs',
  experiments: { outputModule: name.endsWith('.mjs') },
  output: { path: ${JSON.stringify(bundles)}, filename: name, module: name.endsWith('.mjs') },
});
webpack(['by-webpack.cjs', 'by-webpack.mjs'].map(made), (error, stats) => {
  console.log(error ?? stats.toString({ all: false, errors: true }));
  process.exitCode = error || stats.hasErrors() ? 1 : 0;
});
`;
}
