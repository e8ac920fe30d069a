// An app with an OpenTelemetry SDK of its own keeps it exactly as it was, whichever starts first.
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { dist, ensureBuilt, preloadFile, runProgram, startSink, type Sink } from '../harness/index.ts';
import { spansOf } from '../harness/received.ts';

const app = (before: string): string => `
${before}
const { trace } = require('@opentelemetry/api');
const { NodeSDK } = require('@opentelemetry/sdk-node');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-http');
const sdk = new NodeSDK({ traceExporter: new OTLPTraceExporter({ url: process.env.APP_URL + '/v1/traces' }) });
sdk.start();
const { withTask } = require(${JSON.stringify(join(dist, 'index.cjs'))});
trace.getTracer('app').startActiveSpan('own', (span) => {
  withTask('unit', () => console.log(trace.getActiveSpan() === span));
  span.end();
});
sdk.shutdown().then(() => console.log('done'));
`;

let appSink: Sink;
let ourSink: Sink;
beforeAll(() => {
  ensureBuilt();
});
beforeEach(async () => {
  [appSink, ourSink] = await Promise.all([startSink(), startSink()]);
});
afterEach(() => Promise.all([appSink.close(), ourSink.close()]));

const environment = (): Record<string, string> => ({
  APP_URL: appSink.url,
  SWARMSCOPE_ENDPOINT: ourSink.url,
  SWARMSCOPE_EXIT_TIMEOUT: '10000',
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
});

test.each([
  ['before the app', 'require' as const, ''],
  ['by the app itself', 'none' as const, `require(${JSON.stringify(preloadFile)});`],
])('loaded %s, swarmscope takes no span of the app and gives it none', async (_, preload, before) => {
  const result = await runProgram({ files: { 'app.cjs': app(before) }, preload, env: environment() });
  expect(result).toMatchObject({ stdout: 'true\ndone\n', stderr: '', code: 0 });
  expect(spansOf(appSink).map(({ name }) => name)).toEqual(['own']);
  expect(spansOf(ourSink).map(({ name }) => name)).toEqual(['run_task unit']);
});

test('loaded after the app has started its SDK, swarmscope leaves it as it is', async () => {
  const late = app('').replace('const { withTask }', `require(${JSON.stringify(preloadFile)});\nconst { withTask }`);
  const result = await runProgram({ files: { 'app.cjs': late }, preload: 'none', env: environment() });
  expect(result).toMatchObject({ stdout: 'true\ndone\n', stderr: '', code: 0 });
  expect(spansOf(appSink).map(({ name }) => name)).toEqual(['own']);
  expect(spansOf(ourSink).map(({ name }) => name)).toEqual(['run_task unit']);
});
