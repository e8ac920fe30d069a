// Apps that use less usual parts of OpenTelemetry: their own context manager, a diag logger, several copies of the API,
// a framework's SDK.
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { dist, ensureBuilt } from '../../harness/index.ts';
import { installed, type SdkProject } from './install.ts';
import { appOnce, appTwice, expectUntouched, type TwoRuns } from './program.ts';
import { SDKS } from './sdks.ts';

beforeAll(() => {
  ensureBuilt();
  for (const project of ['sdk-1', 'sdk-1-last', 'sdk-2', 'sdk-3'] as const) installed(project);
});

const DOOR = `const { withTask } = require(${JSON.stringify(join(dist, 'index.cjs'))});`;
const API = `const api = require('@opentelemetry/api');\nconst { trace, context, diag, DiagLogLevel } = api;`;

const twice = (project: SdkProject, text: string): Promise<TwoRuns> =>
  appTwice({ project, files: { 'app.cjs': `${API}\n${DOOR}\n${text}`, 'otel.cjs': SDKS[project].script }, args: ['PRELOAD', 'app.cjs'] });

test.each([
  ['sdk-1-last', 'AsyncHooksContextManager'],
  ['sdk-1', 'AsyncLocalStorageContextManager'],
] as const)("with %s and its %s, contexts are the app's", async (project, manager) => {
  const text = `
const { ${manager} } = require('@opentelemetry/context-async-hooks');
const otel = require('./otel.cjs');
const early = trace.getTracer('early');
otel.start({ contextManager: new ${manager}() });
const key = Symbol.for('key');
const { EventEmitter } = require('node:events');
withTask('unit', () => early.startActiveSpan('root', async (root) => {
  const emitter = context.bind(context.active().setValue(key, 'bound'), new EventEmitter());
  emitter.on('event', () => console.log(context.active().getValue(key)));
  await new Promise((resolve) => setImmediate(resolve));
  emitter.emit('event');
  withTask('inner', () => console.log(trace.getSpan(context.active()) === root));
  await context.with(context.active().setValue(key, 'inner'), async () => { await null; console.log(context.active().getValue(key)); early.startSpan('child').end(); });
  root.end();
  await otel.stop();
}));
`;
  expectUntouched(await twice(project, text), ['run_task inner', 'run_task unit']);
});

test("a diag logger at its lowest level hears the app's SDK alone", async () => {
  const text = `
const say = (level) => (...words) => console.log(level, ...words.map((word) => (typeof word === 'string' ? word.split('\\n')[0] : typeof word)));
diag.setLogger({ verbose: say('verbose'), debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
const early = trace.getTracer('early');
withTask('before', () => undefined);
const otel = require('./otel.cjs');
otel.start();
withTask('unit', () => early.startActiveSpan('root', (root) => { root.end(); root.setAttribute('late', 1); }));
withTask('after', () => undefined);
otel.stop();
`;
  const runs = await twice('sdk-3', text);
  const tidy = (run: TwoRuns['plain']): TwoRuns['plain'] => ({
    ...run,
    result: { ...run.result, stdout: withoutBodies(run.result.stdout) },
  });
  expectUntouched({ ...runs, plain: tidy(runs.plain), loaded: tidy(runs.loaded) }, ['run_task after', 'run_task before', 'run_task unit']);
});

/** Sizes and times of exports differ between any two runs. */
function withoutBodies(stdout: string): string {
  return stdout
    .split('\n')
    .filter((line) => !/export|items to be sent|statusCode|http/i.test(line))
    .join('\n')
    .replaceAll(/[\da-f]{16,32}/g, 'id');
}

test('nothing changes for an app with an old copy of the API for its SDK and a new one in a library', async () => {
  const files = {
    'app.cjs': `${API}\n${DOOR}
const otel = require('./otel.cjs');
const other = require('./other/@opentelemetry/api');
const early = other.trace.getTracer('library');
otel.start();
withTask('unit', () => trace.getTracer('app').startActiveSpan('root', (root) => {
  console.log(other.trace.getActiveSpan() === root, other.trace.getSpan(other.context.active()) === undefined);
  early.startActiveSpan('of the library', (span) => { console.log(span.isRecording()); span.end(); });
  root.end();
}));
otel.stop();
`,
    'otel.cjs': SDKS['sdk-1-last'].script,
  };
  const options = {
    project: 'sdk-1-last',
    files,
    args: ['PRELOAD', 'app.cjs'],
    prepare: (folder: string) => symlinkSync(installed('sdk-3'), join(folder, 'other')),
  } as const;
  expectUntouched(await appTwice(options), ['run_task unit']);
});

test('in an app without an SDK, spans from two copies of the API are in one trace', async () => {
  const files = {
    'app.cjs': `${API}\n${DOOR}
const other = require('./other/@opentelemetry/api');
withTask('unit', () => trace.getTracer('old').startActiveSpan('of the old', (span) => {
  other.trace.getTracer('new').startSpan('of the new').end();
  span.end();
}));
`,
  };
  const prepare = (folder: string): void => symlinkSync(installed('sdk-3'), join(folder, 'other'));
  const { ours } = await appOnce({ project: 'sdk-1', files, args: ['PRELOAD', 'app.cjs'], prepare }, { isLoaded: true });
  const byName = new Map(ours.map((span) => [span.name, span]));
  expect(byName.get('of the new')?.parentSpanId).toBe(byName.get('of the old')?.spanId);
  expect(byName.get('of the old')?.parentSpanId).toBe(byName.get('run_task unit')?.spanId);
});

test("a framework's SDK (@vercel/otel) sends the same", async () => {
  const text = `
const { registerOTel } = require('@vercel/otel');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-http');
const { SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-base');
const early = trace.getTracer('early');
const processor = new SimpleSpanProcessor(new OTLPTraceExporter({ url: process.env.APP_URL + '/v1/traces' }));
registerOTel({ serviceName: 'app', spanProcessors: [processor] });
withTask('unit', () => early.startActiveSpan('root', async (root) => {
  const answer = await fetch(process.env.APP_URL + '/v1/none');
  console.log(answer.status);
  root.end();
  await processor.forceFlush();
}));
`;
  expectUntouched(await twice('sdk-2', text), ['run_task unit']);
});

test('an app that takes its SDK out again gets no span of its own back from us', async () => {
  const text = `
const otel = require('./otel.cjs');
const kept = trace.getTracer('kept');
otel.start();
kept.startSpan('theirs').end();
otel.stop().then(() => {
  trace.disable();
  context.disable();
  kept.startSpan('of a tracer that had theirs').end();
  withTask('unit', () => undefined);
});
`;
  expectUntouched(await twice('sdk-2', text), ['run_task unit']);
});
