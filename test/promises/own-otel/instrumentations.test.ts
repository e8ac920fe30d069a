// `swarmscopeInstrumentations()`: our observers inside the app's own SDK, whose exporter gets our spans and metrics,
// and nobody else does.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { nodeBinary } from '../../../tools/node-versions.ts';
import { dist, ensureBuilt, startModels, type Models } from '../../harness/index.ts';
import { installed, type SdkProject } from './install.ts';
import { appOnce } from './program.ts';
import { SDKS } from './sdks.ts';

type Row = Exclude<SdkProject, 'api-1.0'>;
const PROJECTS: readonly Row[] = ['sdk-1', 'sdk-1-last', 'sdk-2', 'sdk-3'];

let models: Models;
beforeAll(async () => {
  ensureBuilt();
  for (const project of PROJECTS) installed(project);
  models = await startModels();
});
afterAll(() => models.close());

const WORK = `
const ask = () => fetch(process.env.OPENAI_BASE_URL + '/chat/completions', {
  method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer x' },
  body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'ping' }] }),
}).then((response) => response.json());
async function main() {
  otel.start({ instrumentations: [...swarmscopeInstrumentations()] });
  const tracer = trace.getTracer('app');
  await tracer.startActiveSpan('request', async (request) => {
    await withTask('unit', async () => {
      console.log(await ask().then((answer) => answer.choices[0].message.content));
      tracer.startSpan('inside').end();
      await new Promise((resolve) => execFile(process.execPath, ['-e', 'console.log(process.env.TRACEPARENT?.split("-")[1], process.env.NODE_OPTIONS)'], (_, out) => {
        const [traceId, options] = out.trim().split(' ');
        console.log(traceId === request.spanContext().traceId, options);
        resolve();
      }));
    });
    request.end();
  });
  await otel.stop();
  console.log('done');
}
main();
`;

const door = (name: string): string => JSON.stringify(join(dist, name));
const script = `
const { trace } = require('@opentelemetry/api');
const { execFile } = require('node:child_process');
const otel = require('./otel.cjs');
const { swarmscopeInstrumentations, withTask } = require(${door('index.cjs')});
${WORK}`;
const esModule = `
import { trace } from '@opentelemetry/api';
import { execFile } from 'node:child_process';
import otel from './otel.cjs';
import { swarmscopeInstrumentations, withTask } from ${door('index.mjs')};
${WORK}`;

const files = (project: Row): Record<string, string> => ({ 'app.cjs': script, 'app.mjs': esModule, 'otel.cjs': SDKS[project].script });
const pathsOf = (run: Awaited<ReturnType<typeof appOnce>>): string[] => run.app.spans.map(({ path }) => path).sort();
const PATHS = [
  'request',
  'request/run_task unit',
  'request/run_task unit/chat gpt-4o',
  'request/run_task unit/inside',
  'request/run_task unit/node',
];

describe.each(PROJECTS)('the SDK of %s', (project) => {
  test.each(['app.cjs', 'app.mjs'])('takes our spans and metrics, from %s, and our endpoint gets nothing', async (file) => {
    const run = await appOnce({ project, files: files(project), args: [file], env: models.env }, { isLoaded: false });
    expect(run.result).toMatchObject({ stdout: 'pong\ntrue undefined\ndone\n', stderr: '', code: 0 });
    expect(pathsOf(run)).toEqual(PATHS);
    expect(run.ours).toEqual([]);
    const names = run.app.metrics.map((metric) => (metric as { name: string }).name);
    expect(names).toEqual(expect.arrayContaining(['gen_ai.client.inference.usage.input_tokens', 'swarmscope.task.duration']));
  });
});

test.each(['22.15.0', '26.10.0'])('on Node %s as well', async (version) => {
  const run = await appOnce(
    { project: 'sdk-3', files: files('sdk-3'), args: ['app.mjs'], env: models.env, node: nodeBinary(version) },
    { isLoaded: false },
  );
  expect(run.result).toMatchObject({ stdout: 'pong\ntrue undefined\ndone\n', stderr: '', code: 0 });
  expect(pathsOf(run)).toEqual(PATHS);
});

test('with the preload in as well, the SDK takes over and each span is told once', async () => {
  const run = await appOnce({ project: 'sdk-3', files: files('sdk-3'), args: ['PRELOAD', 'app.cjs'], env: models.env }, { isLoaded: true });
  expect(run.result).toMatchObject({ stderr: '', code: 0 });
  expect(pathsOf(run)).toEqual(PATHS);
  expect(run.ours.map(({ name }) => name)).not.toContain('run_task unit');
});

test('the sampler of the SDK decides: where it samples nothing, nothing is exported', async () => {
  const env = { ...models.env, OTEL_TRACES_SAMPLER: 'always_off' };
  const run = await appOnce({ project: 'sdk-3', files: files('sdk-3'), args: ['app.cjs'], env }, { isLoaded: false });
  expect(run.result).toMatchObject({ stderr: '', code: 0 });
  expect(run.app.spans).toEqual([]);
  expect(run.ours).toEqual([]);
});

test('disable() stops recording and enable() resumes it', async () => {
  const text = `
const otel = require('./otel.cjs');
const { swarmscopeInstrumentations, withTask } = require(${door('index.cjs')});
const [ours] = swarmscopeInstrumentations();
console.log(ours.instrumentationName, typeof ours.instrumentationVersion, swarmscopeInstrumentations()[0] === ours);
otel.start({ instrumentations: [ours] });
withTask('first', () => undefined);
ours.disable();
console.log(ours.getConfig().enabled);
withTask('second', () => undefined);
ours.setConfig({ enabled: true });
withTask('third', () => undefined);
otel.stop();
`;
  const run = await appOnce(
    { project: 'sdk-2', files: { 'app.cjs': text, 'otel.cjs': SDKS['sdk-2'].script }, args: ['app.cjs'] },
    { isLoaded: false },
  );
  expect(run.result).toMatchObject({ stdout: 'swarmscope string true\nfalse\n', stderr: '', code: 0 });
  expect(pathsOf(run)).toEqual(['run_task first', 'run_task third']);
});

test('without an SDK, or switched off by the environment, the instrumentation does nothing', async () => {
  const text = `
const { swarmscopeInstrumentations, withTask } = require(${door('index.cjs')});
const [ours] = swarmscopeInstrumentations();
ours.enable(); ours.setMeterProvider({ getMeter() { throw new Error('wrong'); } });
console.log(withTask('unit', () => 1));
`;
  for (const env of [{}, { OTEL_SDK_DISABLED: 'true' }]) {
    const run = await appOnce({ project: 'sdk-3', files: { 'app.cjs': text }, args: ['app.cjs'], env }, { isLoaded: false });
    expect(run.result).toMatchObject({ stdout: '1\n', stderr: '', code: 0 });
    expect(run.ours).toEqual([]);
  }
});
