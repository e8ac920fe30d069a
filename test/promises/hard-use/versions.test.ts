/**
 * Two versions of swarmscope in one process tree: one of them works, both record into it, and neither breaks the other,
 * a later one included.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SpanRow } from '../../../src/analysis/model.ts';
import { runProgram, startSink, type ProgramOptions, type ProgramResult } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';
import { installPackage } from '../../package/install.ts';

const OTHER = '9.9.9';

let folder = '';
const tell = `console.log(globalThis[Symbol.for('swarmscope.runtime.1')].version);`;
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
let version = '';
beforeAll(() => {
  folder = installPackage();
  const installed = join(folder, 'node_modules/swarmscope');
  ({ version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { version: string });
  for (const project of ['node_modules/dep', 'worker']) {
    const nested = join(folder, project, 'node_modules/swarmscope');
    mkdirSync(nested, { recursive: true });
    cpSync(installed, nested, { recursive: true });
    for (const file of ['package.json', ...readdirSync(join(nested, 'dist')).map((name) => `dist/${name}`)]) {
      const path = join(nested, file);
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll(`"${version}"`, `"${OTHER}"`));
    }
  }
  write('node_modules/dep/package.json', '{"name":"dep","main":"index.cjs"}');
  write(
    'node_modules/dep/index.cjs',
    `require('swarmscope/register'); exports.work = () => require('swarmscope').withTask('of-dep', () => 1);`,
  );
  write('worker/main.cjs', `require('swarmscope/register'); require('swarmscope').withTask('of-worker', () => 1);${tell}`);
  write('app.cjs', `const { withTask } = require('swarmscope');withTask('of-app', () => require('dep').work());${tell}`);
  write(
    'dep-first.cjs',
    `const dep = require('dep');require('swarmscope/register');require('swarmscope').withTask('of-app', () => dep.work());${tell}`,
  );
  write(
    'parent.cjs',
    `require('swarmscope').withTask('of-app', () => process.stdout.write(require('node:child_process').execFileSync(process.execPath, ['main.cjs'], { cwd: 'worker' })));`,
  );
});

async function run(file: string, more: Partial<ProgramOptions> = {}): Promise<{ result: ProgramResult; spans: SpanRow[] }> {
  const sink = await startSink();
  try {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000' };
    const nodeArgs = ['--require', 'swarmscope/register'];
    const result = await runProgram({
      file: join(folder, file),
      cwd: folder,
      preload: 'none',
      nodeArgs,
      ...more,
      env: { ...env, ...more.env },
    });
    return { result, spans: spansOf(sink) };
  } finally {
    await sink.close();
  }
}

const tasks = (spans: readonly SpanRow[]): string[] =>
  spans
    .filter(({ name }) => name.startsWith('run_task'))
    .map(({ name }) => name)
    .sort();
const traces = (spans: readonly SpanRow[]): number => new Set(spans.map(({ traceId }) => traceId)).size;

describe('two versions in one tree', () => {
  test('where the app preloads one and a dependency requires another, the first works and both record into one trace', async () => {
    const { result, spans } = await run('app.cjs');
    expect(result).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
    expect(tasks(spans)).toEqual(['run_task of-app', 'run_task of-dep']);
    expect(traces(spans)).toBe(1);
  });

  test('where the dependency was loaded first, its version works and the other one records into it', async () => {
    const { result, spans } = await run('dep-first.cjs', { nodeArgs: [] });
    expect(result).toMatchObject({ code: 0, stdout: `${OTHER}\n`, stderr: '' });
    expect(tasks(spans)).toEqual(['run_task of-app', 'run_task of-dep']);
    expect(traces(spans)).toBe(1);
  });

  test("where a child inherits one in NODE_OPTIONS and brings another, the inherited one works in its parent's trace", async () => {
    const { result, spans } = await run('parent.cjs');
    expect(result).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
    expect(tasks(spans)).toEqual(['run_task of-app', 'run_task of-worker']);
    expect(traces(spans)).toBe(1);
  });
});

/**
 * Runtimes as a later version might leave them: each must stay as it is, and cost the app nothing but the recording.
 */
const futures: Readonly<Record<string, string>> = {
  'without members': `{}`,
  'whose recorder is no function': `{ version: '10.0.0', recorder: 5 }`,
  'whose recorder throws': `{ version: '10.0.0', recorder() { throw new Error('future'); } }`,
  'whose members throw': `new Proxy({}, { get() { throw new Error('future'); } })`,
  'whose recorder has other verbs': `{ recorder: () => ({ beginTask() {}, within: (frame, fn) => fn() }) }`,
  'whose verbs throw': `{ recorder: () => new Proxy({}, { get: () => () => { throw new Error('future'); } }) }`,
  'whose activities have no end': `{ recorder: () => new Proxy({}, { get: (_, name) => name === 'within' ? (frame, fn) => fn() : () => ({ frame: {} }) }) }`,
  'whose activities cannot end': `{ recorder: () => new Proxy({}, { get: (_, name) => name === 'within' ? (frame, fn) => fn() : () => ({ frame: {}, end() { throw new Error('future'); } }) }) }`,
  'frozen, with unknown members': `Object.freeze({ version: '10.0.0', recorder: () => undefined, tomorrow: { verbs: [] } })`,
};

test('a runtime of a later version is left as it is, and the app merely goes unrecorded', async () => {
  const api = 'withRun, withPhase, withTask, withBatch, withAgent, withTool, wait, trackPool, trackQueue';
  write(
    'future.cjs',
    `
const KEY = Symbol.for('swarmscope.runtime.1');
const future = ${`{${Object.entries(futures)
      .map(([name, value]) => `'${name}': () => (${value})`)
      .join(',\n')}}`};
const value = {};
(async () => {
  for (const [name, make] of Object.entries(future)) {
    const runtime = make();
    Object.defineProperty(globalThis, KEY, { value: runtime, configurable: true, enumerable: false, writable: false });
    for (const key of Object.keys(require.cache)) if (key.includes('swarmscope')) delete require.cache[key];
    require('swarmscope/register');
    const { ${api} } = require('swarmscope');
    const verbs = [withRun, withPhase, withTask, withBatch, withAgent, withTool];
    let calls = 0;
    const given = verbs.map((verb) => verb('n', () => { calls += 1; return value; }));
    given.push(wait('lock', () => { calls += 1; return value; }), await withTask('t', async () => { calls += 1; return value; }));
    const error = new Error('mine');
    let caught;
    try { withTask('t', () => { throw error; }); } catch (thrown) { caught = thrown; }
    trackPool({ name: 'p', active: () => 1, limit: () => 1 }).stop();
    trackQueue({ name: 'q', size: () => 1 }).stop();
    const isSame = globalThis[KEY] === runtime;
    console.log(name, given.every((one) => one === value), calls, caught === error, isSame);
  }
})().catch((error) => { console.log(String(error.stack)); process.exitCode = 1; });
`,
  );
  const { result, spans } = await run('future.cjs', { nodeArgs: [] });
  expect(result.stdout.trimEnd().split('\n')).toEqual(Object.keys(futures).map((name) => `${name} true 8 true true`));
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(spans).toEqual([]);
});
