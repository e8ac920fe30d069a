// An app without an SDK: what libraries record through the OpenTelemetry API is in our trace, until the app has an SDK
// of its own.
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { nodeBinary } from '../../../tools/node-versions.ts';
import { dist, ensureBuilt, expectTrace } from '../../harness/index.ts';
import { installed, type SdkProject } from './install.ts';
import { appOnce, type Run } from './program.ts';
import { SDKS } from './sdks.ts';

type Row = SdkProject;
const PROJECTS: readonly Row[] = ['api-1.0', 'sdk-1', 'sdk-2', 'sdk-3'];

beforeAll(() => {
  ensureBuilt();
  for (const project of PROJECTS) installed(project);
});

const script = (text: string): string => `
const api = require('@opentelemetry/api');
const { withTask } = require(${JSON.stringify(join(dist, 'index.cjs'))});
${text}`;
const esModule = (text: string): string => `
import * as api from '@opentelemetry/api';
import { withTask } from ${JSON.stringify(join(dist, 'index.mjs'))};
${text}`;
const run = (project: Row, text: string, more: { isModule?: boolean; node?: string; env?: Record<string, string> } = {}): Promise<Run> =>
  appOnce(
    {
      project,
      files: { 'app.cjs': script(text), 'app.mjs': esModule(text), 'otel.cjs': SDKS[project].script },
      args: ['PRELOAD', more.isModule === true ? 'app.mjs' : 'app.cjs'],
      node: more.node,
      ...(more.env === undefined ? {} : { env: more.env }),
    },
    { isLoaded: true },
  );

const LIBRARY = `
const { trace, context, SpanStatusCode } = api;
const tracer = trace.getTracer('lib', '1.2.3');
const tick = () => new Promise((resolve) => setTimeout(resolve, 2));
await0(withTask('unit', async () => {
  const result = await tracer.startActiveSpan('outer', { kind: 2, attributes: { count: 3, secret: 'CANARY', 'server.address': 'host' } }, async (outer) => {
    await tick();
    console.log(trace.getSpan(context.active()) === outer);
    tracer.startSpan('inner').end();
    withTask('nested', () => tracer.startSpan('in the nested task').end());
    const failed = tracer.startSpan('read /home/CANARY/file');
    failed.recordException(new TypeError('CANARY'));
    failed.setStatus({ code: SpanStatusCode.ERROR, message: 'CANARY' });
    failed.addEvent('seen', { size: 4, text: 'CANARY' });
    failed.end();
    tracer.startSpan('explicit', {}, trace.setSpan(context.active(), outer)).end();
    outer.end();
    return 'result';
  });
  console.log(result, trace.getSpan(context.active()));
  tracer.startSpan('beside').end();
}));
function await0(promise) { promise.then(() => console.log('done')); }
`;

const TREE = {
  name: 'run_task unit',
  children: [
    {
      name: 'outer',
      kind: 3,
      attributes: { count: 3, secret: undefined, 'server.address': 'host' },
      children: [
        { name: 'inner', children: [] },
        { name: 'run_task nested', children: [{ name: 'in the nested task', children: [] }] },
        { name: 'read …', isError: true, children: [] },
        { name: 'explicit', children: [] },
      ],
    },
    { name: 'beside', children: [] },
  ],
};

function expectLibrary({ result, ours, app }: Run): void {
  expect(result).toMatchObject({ stdout: 'true\nresult undefined\ndone\n', stderr: '', code: 0 });
  expectTrace(ours, TREE);
  expect(JSON.stringify(ours)).not.toContain('CANARY');
  expect(app.spans).toEqual([]);
}

describe.each(PROJECTS)("with the API of %s, a library's spans", (project) => {
  test.each([
    ['a script', false],
    ['an ES module', true],
  ])('are below the task that they run in, and tasks are below them, from %s', async (_, isModule) => {
    expectLibrary(await run(project, LIBRARY, { isModule }));
  });

  test("go to the app's provider from its registration on, which succeeds, also from tracers handed out before", async () => {
    const text = `
const { trace, context } = api;
const early = trace.getTracer('early');
const never = trace.getTracer('never used before');
withTask('unit', () => {
  early.startSpan('ours').end();
  const open = early.startSpan('open meanwhile');
  const got = [];
  const theirs = { getTracer: (name) => ({ startSpan: (span) => (got.push(name + ':' + span), trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 })), startActiveSpan() {} }) };
  console.log(trace.setGlobalTracerProvider(theirs));
  early.startSpan('theirs').end();
  never.startSpan('theirs').end();
  trace.getTracer('late').startSpan('theirs').end();
  open.end();
  console.log(got.join());
  console.log(trace.setGlobalTracerProvider(theirs));
});
`;
    const { result, ours } = await run(project, text);
    expect(result).toMatchObject({
      stdout: 'true\nearly:theirs,never used before:theirs,late:theirs\nfalse\n',
      stderr: '',
      code: 0,
    });
    expect(ours.map(({ name }) => name).sort()).toEqual(['open meanwhile', 'ours', 'run_task unit']);
  });
});

test.each(['22.15.0', '26.10.0'])('on Node %s, from a script and from an ES module', async (version) => {
  for (const project of ['sdk-1', 'sdk-3'] as const) {
    expectLibrary(await run(project, LIBRARY, { node: nodeBinary(version), isModule: project === 'sdk-3' }));
  }
});

test('the CommonJS and the ES module copy of the API in one package share one trace', async () => {
  const text = `
import { createRequire } from 'node:module';
const other = createRequire(import.meta.url)('@opentelemetry/api');
console.log(other.trace !== api.trace);
withTask('unit', () => api.trace.getTracer('a').startActiveSpan('of the module', (span) => {
  console.log(other.trace.getActiveSpan() === span);
  other.trace.getTracer('b').startSpan('of the script').end();
  span.end();
}));
`;
  const { result, ours } = await run('sdk-3', text, { isModule: true });
  expect(result).toMatchObject({ stdout: 'true\ntrue\n', stderr: '', code: 0 });
  expectTrace(ours, { name: 'run_task unit', children: [{ name: 'of the module', children: [{ name: 'of the script', children: [] }] }] });
});

test('a copy of the API that another preload loaded first is forwarded as well', async () => {
  const files = {
    'app.cjs': script(`withTask('unit', () => api.trace.getTracer('lib').startSpan('seen').end());`),
    'first.cjs': `require('@opentelemetry/api');`,
  };
  const { ours } = await appOnce({ project: 'sdk-2', files, args: ['--require', './first.cjs', 'PRELOAD', 'app.cjs'] }, { isLoaded: true });
  expectTrace(ours, { name: 'run_task unit', children: [{ name: 'seen', children: [] }] });
});

test('suppressed spans, root spans, remote parents and wrong calls behave as with any SDK', async () => {
  const text = `
const { trace, context, ROOT_CONTEXT, createContextKey } = api;
const tracer = trace.getTracer('lib');
withTask('unit', () => {
  const suppressed = ROOT_CONTEXT.setValue(createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING'), true);
  console.log(tracer.startSpan('suppressed', {}, suppressed).isRecording());
  tracer.startSpan('rooted', { root: true }).end();
  const remote = trace.setSpanContext(ROOT_CONTEXT, { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1, isRemote: true });
  tracer.startSpan('below a remote one', {}, remote).end();
  const span = tracer.startSpan(undefined, null);
  console.log(span.setAttributes(null) === span, span.addEvent() === span, span.setStatus({}) === span, span.updateName(7) === span, span.recordException(null));
  span.end(); span.end();
  console.log(span.isRecording());
  console.log(context.with(trace.setSpan(context.active(), span), function (a) { return [this.x, a].join(); }, { x: 1 }, 2));
  const fn = () => 1;
  console.log(context.bind(trace.setSpan(context.active(), span), fn) === fn);
  try { tracer.startActiveSpan('throws', () => { throw new Error('mine'); }); } catch (error) { console.log(error.message); }
});
`;
  const { result, ours } = await run('sdk-2', text);
  expect(result).toMatchObject({ stdout: 'false\ntrue true true true undefined\nfalse\n1,2\ntrue\nmine\n', stderr: '', code: 0 });
  const named = (name: string): (typeof ours)[number] | undefined => ours.find((span) => span.name === name);
  expect(named('suppressed')).toBeUndefined();
  expect(named('rooted')?.parentSpanId).toBeUndefined();
  expect(named('rooted')?.traceId).not.toBe(named('run_task unit')?.traceId);
  expect(named('below a remote one')).toMatchObject({ traceId: '1'.repeat(32), parentSpanId: '2'.repeat(16) });
});

test('with content on the texts of a library stay in its spans', async () => {
  const { ours } = await run('sdk-2', LIBRARY, { env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' } });
  expect(JSON.stringify(ours)).toContain('CANARY');
  expect(ours.find(({ name }) => name === 'outer')?.attributes).toMatchObject({ secret: 'CANARY' });
});

test('an observer that is switched off by name forwards nothing', async () => {
  const { ours } = await run('sdk-2', LIBRARY.replace('console.log(trace.getSpan(context.active()) === outer);', ''), {
    env: { SWARMSCOPE_OBSERVERS_OFF: 'otel-api' },
  });
  expect(ours.map(({ name }) => name).sort()).toEqual(['run_task nested', 'run_task unit']);
});

test('nothing is forwarded in an app with a context manager of its own, since the parent of a span could not be known', async () => {
  const text = `
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
console.log(api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
withTask('unit', () => api.trace.getTracer('lib').startActiveSpan('dropped', (span) => console.log(span.isRecording())));
`;
  const { result, ours } = await run('sdk-2', text);
  expect(result).toMatchObject({ stdout: 'true\nfalse\n', stderr: '', code: 0 });
  expect(ours.map(({ name }) => name)).toEqual(['run_task unit']);
});
