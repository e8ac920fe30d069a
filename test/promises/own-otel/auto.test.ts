// Everything that `@opentelemetry/auto-instrumentations-node/register` sees of an app it sees with us as well, and
// nothing more: none of our
// sockets, files and children; whether its collector answers, hangs or is not there.
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { nodeBinary } from '../../../tools/node-versions.ts';
import { dist, ensureBuilt, preloadFile, runProgram, startSink, type Sink, type SinkBehaviour } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';
import { appSaw, type Seen } from './app-saw.ts';
import { installed, programFolder } from './install.ts';

beforeAll(() => {
  ensureBuilt();
  installed('sdk-3');
});

const APP = `
const { createServer, request } = require('node:http');
const { execFile } = require('node:child_process');
const { connect } = require('node:net');
const { readFileSync } = require('node:fs');
const { trace, metrics } = require('@opentelemetry/api');
const { withTask } = require(${JSON.stringify(join(dist, 'index.cjs'))});
const server = createServer((_, response) => response.end('hello'));
server.listen(0, '127.0.0.1', () => withTask('unit', async () => {
  const url = 'http://127.0.0.1:' + server.address().port + '/path';
  await trace.getTracer('app').startActiveSpan('root', async (root) => {
    console.log(await (await fetch(url)).text());
    console.log(await new Promise((resolve) => request(url, (response) => response.resume().on('end', () => resolve(response.statusCode))).end()));
    await new Promise((resolve) => { const socket = connect(server.address().port, '127.0.0.1', () => { socket.destroy(); resolve(); }); });
    await new Promise((resolve) => execFile(process.execPath, ['-e', '1'], { env: { PATH: process.env.PATH } }, resolve));
    readFileSync(__filename);
    metrics.getMeter('app').createCounter('app.counter').add(2);
    root.end();
  });
  // Long enough for our first export to leave while the app runs.
  await new Promise((resolve) => setTimeout(resolve, 400));
  server.close();
  server.closeAllConnections();
}));
`;

interface AutoRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly app: Seen;
  readonly ours: readonly string[];
}

async function once(
  folder: string,
  isLoaded: boolean,
  options: { behaviour: SinkBehaviour; flags: readonly string[]; node?: string },
): Promise<AutoRun> {
  const [app, ours] = await Promise.all([startSink(options.behaviour), startSink()]);
  try {
    const { stdout, stderr, code, isTimedOut } = await runProgram({
      command: options.node ?? process.execPath,
      args: [...options.flags.flatMap((flag) => (flag === 'PRELOAD' ? (isLoaded ? ['--require', preloadFile] : []) : [flag])), 'app.cjs'],
      cwd: folder,
      preload: 'none',
      env: environment(app, ours),
    });
    expect(isTimedOut).toBe(false);
    return {
      stdout,
      stderr: stderr.replaceAll(/127\.0\.0\.1:\d+/g, 'address'),
      code,
      app: appSaw(app),
      ours: spansOf(ours).map(({ name }) => name),
    };
  } finally {
    await Promise.all([app.close(), ours.close()]);
  }
}

const environment = (app: Sink, ours: Sink): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: app.url,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_EXPORTER_OTLP_TIMEOUT: '500',
  OTEL_NODE_RESOURCE_DETECTORS: 'none',
  OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'host-metrics',
  OTEL_LOGS_EXPORTER: 'otlp',
  OTEL_METRICS_EXPORTER: 'otlp',
  SWARMSCOPE_ENDPOINT: ours.url,
  SWARMSCOPE_EXIT_TIMEOUT: '10000',
});

async function twice(options: Parameters<typeof once>[2]): Promise<{ plain: AutoRun; loaded: AutoRun }> {
  const folder = programFolder('sdk-3', { 'app.cjs': APP });
  const [plain, loaded] = await Promise.all([once(folder, false, options), once(folder, true, options)]);
  return { plain, loaded };
}

function expectSame({ plain, loaded }: { plain: AutoRun; loaded: AutoRun }): void {
  expect({ ...loaded, app: loaded.app.spans, ours: [] }).toEqual({ ...plain, app: plain.app.spans, ours: [] });
  const named = (run: AutoRun): unknown[] => run.app.metrics.filter((metric) => (metric as { name: string }).name === 'app.counter');
  expect(named(loaded)).toEqual(named(plain));
  expect(loaded.ours).toContain('run_task unit');
  expect(loaded.ours).not.toContain('root');
}

const REGISTER = ['--require', '@opentelemetry/auto-instrumentations-node/register'];

test.each([
  ['24.21.0', 'after us', ['PRELOAD', ...REGISTER]],
  ['24.21.0', 'before us', [...REGISTER, 'PRELOAD']],
  ['22.15.0', 'after us', ['PRELOAD', ...REGISTER]],
  ['26.10.0', 'after us', ['PRELOAD', ...REGISTER]],
])('on Node %s, loaded %s, its exporter gets the same', async (version, _, flags) => {
  const runs = await twice({ behaviour: 'accept', flags, node: nodeBinary(version) });
  expect(runs.plain.app.spans.length).toBeGreaterThan(3);
  expect(runs.plain.code).toBe(0);
  expectSame(runs);
});

test.each(['hang', 'refuse'] as const)('with a collector that would %s, the app prints and ends the same', async (behaviour) => {
  expectSame(await twice({ behaviour, flags: ['PRELOAD', ...REGISTER] }));
});
