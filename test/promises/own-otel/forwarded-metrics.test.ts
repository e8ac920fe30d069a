// An app without an SDK for metrics: what it and its libraries measure through the OpenTelemetry API arrives with ours,
// until the app has an SDK of its own.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ensureBuilt } from '../../harness/index.ts';
import { installed, type SdkProject } from './install.ts';
import { appOnce, type Run } from './program.ts';
import { SDKS } from './sdks.ts';
import { byName } from './told-metrics.ts';

type Row = SdkProject;
/** The API at 1.4, 1.9 and 1.10; before 1.3 it had no metrics. */
const PROJECTS: readonly Row[] = ['sdk-1', 'sdk-2', 'sdk-3'];

beforeAll(() => {
  ensureBuilt();
  for (const project of PROJECTS) installed(project);
});

interface More {
  readonly isModule?: boolean;
  readonly env?: Record<string, string>;
  readonly files?: Record<string, string>;
  readonly isLoaded?: boolean;
}

const run = (project: Row, text: string, { isModule = false, env = {}, files = {}, isLoaded = true }: More = {}): Promise<Run> =>
  appOnce(
    {
      project,
      files: {
        'app.cjs': `const api = require('@opentelemetry/api');\n${text}`,
        'app.mjs': `import * as api from '@opentelemetry/api';\nimport { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\n${text}`,
        'otel.cjs': SDKS[project].script,
        ...files,
      },
      args: ['PRELOAD', isModule ? 'app.mjs' : 'app.cjs'],
      env,
    },
    { isLoaded },
  );

const ALL = `
const meter = api.metrics.getMeter('lib', '1.2.3', { schemaUrl: 'https://example.com/schema' });
const counter = meter.createCounter('app.counter', { unit: '{thing}', description: 'things' });
counter.add(3, { kind: 'x', is: true }); counter.add(4, { is: true, kind: 'x' }); counter.add(0.5);
meter.createUpDownCounter('app.updown', { valueType: 0 }).add(-2);
meter.createHistogram('app.histogram', { advice: { explicitBucketBoundaries: [1, 10] } }).record(7);
meter.createGauge?.('app.level').record(5);
meter.createObservableGauge('app.gauge').addCallback((result) => result.observe(9, { of: 'callback' }));
meter.createObservableCounter('app.observed').addCallback(async (result) => { result.observe(6); await 0; });
const [one, two] = [meter.createObservableUpDownCounter('app.one'), meter.createObservableUpDownCounter('app.two')];
const batch = (result) => { result.observe(one, 1); result.observe(two, 2); result.observe({}, 3); };
meter.addBatchObservableCallback(batch, [one, two]);
const gone = meter.createObservableGauge('app.gone');
const callback = (result) => result.observe(1);
gone.addCallback(callback); gone.removeCallback(callback);
api.metrics.getMeter('other').createCounter('app.counter').add(100);
console.log(meter.constructor.name, counter.add.call(null, 1), counter === meter.createCounter('app.counter'));
`;

const expected = (hasGauge: boolean) => ({
  'lib app.counter {"kind":"x","is":true}': 7,
  'lib app.counter': 1.5,
  'lib app.updown': -2,
  'lib app.histogram': '1/7',
  ...(hasGauge ? { 'lib app.level': 5 } : {}),
  'lib app.gauge {"of":"callback"}': 9,
  'lib app.observed': 6,
  'lib app.one': 1,
  'lib app.two': 2,
  'other app.counter': 100,
});

describe.each(PROJECTS)('with the API of %s', (project) => {
  test.each([
    ['a script', false],
    ['an ES module', true],
  ])('every instrument arrives with its own scope and exact values, from %s', async (_, isModule) => {
    const { result, ourMetrics, app } = await run(project, ALL, { isModule });
    expect(result).toMatchObject({ stdout: 'NoopMeter undefined false\n', stderr: '', code: 0 });
    expect(byName(ourMetrics)).toEqual(expected(project !== 'sdk-1'));
    const histogram = ourMetrics.find(({ name }) => name === 'app.histogram');
    expect(histogram).toMatchObject({ kind: 'histogram', buckets: [0, 1, 0] });
    expect(ourMetrics.find(({ name }) => name === 'app.counter')).toMatchObject({ unit: '{thing}', isMonotonic: true, isDelta: false });
    expect(ourMetrics.find(({ name }) => name === 'app.updown')).toMatchObject({ kind: 'sum', isMonotonic: false });
    expect(app.metrics).toEqual([]);
  });

  test("from the registration of an SDK on the app's exporter gets what it would have got without us, and we get nothing", async () => {
    const text = `
const early = api.metrics.getMeter('early');
const counter = early.createCounter('app.counter');
early.createObservableGauge('app.gauge').addCallback((result) => result.observe(5));
counter.add(1);
require('./otel.cjs').start();
counter.add(10); early.createHistogram('app.histogram').record(3); api.metrics.getMeter('late').createCounter('app.late').add(30);
require('./otel.cjs').stop().then(() => console.log(api.metrics.setGlobalMeterProvider({ getMeter() {} })));
`;
    const [plain, { result, ourMetrics, app }] = await Promise.all([run(project, text, { isLoaded: false }), run(project, text)]);
    const seen = ({ stdout, stderr, code }: Run['result']): object => ({ stdout, stderr, code });
    expect(seen(result)).toEqual(seen(plain.result));
    expect(result.stdout).toBe('false\n');
    expect(app.metrics).toEqual(plain.app.metrics);
    // The SDK of that time shuts its exporter down before the last export, and throws: with us and without.
    expect(app.metrics).toMatchObject(project === 'sdk-1' ? [] : [{ name: 'app.late', value: 30 }]);
    // What was counted before is told by us.
    expect(byName(ourMetrics)).toEqual({ 'early app.counter': 1 });
  });
});

test('both copies of the API in one package count into one series', async () => {
  const text = `
api.metrics.getMeter('lib').createCounter('app.counter').add(1);
const other = require('@opentelemetry/api');
other.metrics.getMeter('lib').createCounter('app.counter').add(2);
console.log(other.metrics !== api.metrics);
`;
  const { result, ourMetrics } = await run('sdk-3', text, { isModule: true });
  expect(result.stdout).toBe('true\n');
  expect(byName(ourMetrics)).toEqual({ 'lib app.counter': 3 });
});

test('wrong calls count nothing, throw nothing and leave the rest as it is', async () => {
  const text = `
const meter = api.metrics.getMeter();
const counter = meter.createCounter('app.counter');
for (const value of [NaN, Infinity, -1, '5', 5n, null, undefined, {}]) counter.add(value, { bad: true });
const wild = new Proxy({}, { ownKeys() { throw new Error('mine'); } });
counter.add(1, wild); counter.add(1, null); counter.add(1, 'text'); counter.add(1, [1]); counter.add(1, Symbol('x'));
counter.add(1, { a: undefined, b: {}, c: NaN, d: () => 1, '': 'x', e: ['u', 2, 'v'] });
const gauge = meter.createObservableGauge('app.gauge');
gauge.addCallback(() => { throw new Error('mine'); });
gauge.addCallback(() => Promise.reject(new Error('mine')));
gauge.addCallback(() => new Promise(() => undefined));
gauge.addCallback('no function'); gauge.removeCallback(null);
gauge.addCallback((result) => { result.observe('7'); result.observe(NaN); result.observe(3); });
meter.addBatchObservableCallback(null, [gauge]); meter.addBatchObservableCallback(() => {}, null);
meter.createObservableCounter('app.falling').addCallback((result) => result.observe(-5));
meter.createHistogram('app.histogram', { advice: { explicitBucketBoundaries: ['x', NaN, 5, 1, 5] } }).record(2);
meter.createHistogram('app.histogram').record(-2);
meter.createCounter('app.whole', { valueType: 0 }).add(1.9);
for (const name of ['', '1st', 'with space', 'x'.repeat(256), undefined, 7, null]) meter.createCounter(name).add(1);
meter.createCounter('App.Counter', null).add(10);
console.log('done');
`;
  const { result, ourMetrics } = await run('sdk-2', text);
  expect(result).toMatchObject({ stdout: 'done\n', stderr: '', code: 0 });
  expect(byName(ourMetrics)).toEqual({
    ' app.counter': 14,
    ' app.counter {"e":["u","v"]}': 1,
    ' app.gauge': 3,
    ' app.histogram': '1/2',
    ' app.whole': 1,
  });
  expect(ourMetrics.find(({ name }) => name === 'app.histogram')?.buckets).toEqual([0, 1, 0]);
});

test('what an asynchronous callback says later is told by the next export', async () => {
  const text = `
api.metrics.getMeter('lib').createObservableGauge('app.gauge').addCallback(async (result) => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  result.observe(4);
  asked += 1;
});
let asked = 0;
const timer = setInterval(() => { if (asked > 2) clearInterval(timer); }, 10);
`;
  const { ourMetrics } = await run('sdk-2', text, { env: { OTEL_METRIC_EXPORT_INTERVAL: '100' } });
  expect(byName(ourMetrics)).toEqual({ 'lib app.gauge': 4 });
});

test('threads and children count into the same series, and nothing is lost where one ends at once', async () => {
  const measure = `
const meter = api.metrics.getMeter('lib', '2');
const measure = (amount) => {
  meter.createCounter('app.counter').add(amount, { kind: 'work' });
  const histogram = meter.createHistogram('app.histogram');
  for (let at = 0; at < amount; at++) histogram.record(at);
  meter.createObservableCounter('app.observed').addCallback((result) => result.observe(amount));
};
`;
  const text = `
${measure}
const { Worker } = require('node:worker_threads');
const { fork } = require('node:child_process');
const ended = (emitter, event) => new Promise((resolve) => emitter.on(event, resolve));
measure(1);
const workers = [10, 20].map((workerData) => new Worker('./worker.cjs', { workerData }));
const cut = new Worker('./worker.cjs', { workerData: 100 });
cut.on('message', () => cut.terminate());
const children = [1000, 2000].map((amount) => fork('./child.cjs', [String(amount)]));
Promise.all([...workers.map((each) => ended(each, 'exit')), ended(cut, 'exit'), ...children.map((each) => ended(each, 'exit'))]).then(() => console.log('done'));
`;
  const head = `const api = require('@opentelemetry/api');\n${measure}`;
  const files = {
    'worker.cjs': `${head}const { workerData, parentPort } = require('node:worker_threads');
measure(workerData);
if (workerData === 100) { setInterval(() => undefined, 1000); setTimeout(() => parentPort.postMessage('measured'), 5); }`,
    'child.cjs': `${head}measure(Number(process.argv[2]));`,
  };
  const { result, ourMetrics } = await run('sdk-2', text, { files });
  expect(result).toMatchObject({ stdout: 'done\n', stderr: '', code: 0 });
  const sum = (n: number): number => (n * (n - 1)) / 2;
  const total = 1 + 10 + 20 + 100 + 1000 + 2000;
  expect(byName(ourMetrics)).toMatchObject({
    'lib app.counter {"kind":"work"}': total,
    'lib app.histogram': `${total}/${sum(10) + sum(20) + sum(100) + sum(1000) + sum(2000)}`,
  });
  // The callback of a thread that was terminated was not asked in time: nobody can.
  expect([total, total - 100]).toContain(byName(ourMetrics)['lib app.observed']);
});

test('a metric tells 2,000 attribute sets apart, its sum stays exact, and what is no name does not leave', async () => {
  const text = `
const counter = api.metrics.getMeter('lib').createCounter('app.counter');
for (let at = 0; at < 5_000; at++) counter.add(1, { at: String(at) });
api.metrics.getMeter('lib').createCounter('app.labels').add(1, {
  file: '/home/CANARY/x', route: 'GET /CANARY', mail: 'canary@CANARY.com', ok: 'fast', 'gen_ai.tool.call.arguments': 'CANARY', 'error.type': 'timeout',
  key: 'sk-ant-api03-CANARYCANARYCANARYCANARYCANARYCANARYCANARYCANARYCANARYCANARYCANARYCANARYCANARYCANARY-CANARYAA',
});
`;
  const { ourMetrics } = await run('sdk-2', text);
  const series = ourMetrics.filter(({ name }) => name === 'app.counter');
  expect(series).toHaveLength(2_000);
  expect(series.reduce((sum, { value }) => sum + value, 0)).toBe(5_000);
  expect(series.find(({ attributes }) => attributes['otel.metric.overflow'] === true)?.value).toBe(3_001);
  expect(JSON.stringify(ourMetrics).includes('CANARY')).toBe(false);
  const labels = ourMetrics.find(({ name }) => name === 'app.labels')?.attributes;
  expect(labels).toMatchObject({ file: '…', route: 'GET …', mail: '…', ok: 'fast', 'error.type': 'timeout' });
});

test('metrics that are off, and an observer that is off by name, tell nothing', async () => {
  for (const env of [{ SWARMSCOPE_OBSERVERS_OFF: 'otel-api' }, { SWARMSCOPE_ENDPOINT: '', OTEL_METRICS_EXPORTER: 'none' }]) {
    const { result, ourMetrics } = await run('sdk-2', ALL, { env });
    expect(result).toMatchObject({ stderr: '', code: 0 });
    expect(ourMetrics).toEqual([]);
  }
});

test.each([
  ['delta', { counter: true, histogram: true, observed: true, updown: false }],
  ['lowmemory', { counter: true, histogram: true, observed: false, updown: false }],
] as const)('with the temporality %s the deltas add up to the exact sums', async (temporality, isDelta) => {
  const text = `
const meter = api.metrics.getMeter('lib');
const [counter, histogram, updown] = [meter.createCounter('app.counter'), meter.createHistogram('app.histogram'), meter.createUpDownCounter('app.updown')];
let observed = 0, round = 0;
meter.createObservableCounter('app.observed').addCallback((result) => { result.observe(observed); round += 1; });
const timer = setInterval(() => {
  counter.add(1); histogram.record(2); updown.add(1); observed += 1;
  if (round > 4) { clearInterval(timer); console.log(observed); }
}, 10);
`;
  const env = { OTEL_METRIC_EXPORT_INTERVAL: '100', OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: temporality };
  const { result, ourMetrics } = await run('sdk-2', text, { env });
  const total = Number(result.stdout);
  const told = byName(ourMetrics);
  expect(told).toEqual({
    'lib app.counter': total,
    'lib app.histogram': `${total}/${2 * total}`,
    'lib app.updown': total,
    'lib app.observed': total,
  });
  expect(Object.fromEntries(ourMetrics.map((each) => [each.name.slice(4), each.isDelta]))).toEqual(isDelta);
  expect(ourMetrics.find(({ name }) => name === 'app.counter')?.points).toBeGreaterThan(1);
});
