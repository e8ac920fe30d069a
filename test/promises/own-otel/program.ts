// One app with an OpenTelemetry SDK of its own that uses all of the API, and what two runs of it showed.
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { SpanRow } from '../../../src/analysis/model.ts';
import { dist, preloadFile, runProgram, startSink, type ProgramResult } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';
import { appSaw, type Seen } from './app-saw.ts';
import { toldMetrics, type ToldSeries } from './told-metrics.ts';
import { programFolder, type Project, type SdkProject } from './install.ts';
import { SDKS } from './sdks.ts';

/** The door, by a path that is the same in both runs. */
const DOOR = join(dist, 'index.cjs');

/** `wait` is given the app's start and decides when it is called. */
export const WORK = `
const { trace, context, propagation, metrics, SpanKind, SpanStatusCode } = API;
const early = trace.getTracer('early', '1.0.0');
const byProvider = trace.getTracerProvider().getTracer('provider', '2.0.0');
const meterEarly = metrics?.getMeter('early');
exports.before = () => {
  const span = early.startSpan('before the start');
  console.log('before', span.isRecording(), span.constructor.name, context.active().constructor.name);
  span.end();
};
const tick = () => new Promise((resolve) => setTimeout(resolve, 5));
exports.work = async ({ withTask }) => {
  const tracer = trace.getTracer('late', '1.0.0', { schemaUrl: 'https://example.com/schema' });
  const active = () => trace.getSpan(context.active());
  await withTask('unit', () => tracer.startActiveSpan('root', { kind: SpanKind.SERVER, attributes: { a: 'text', b: 2, c: [true, false] } }, async (root) => {
    console.log('same span', active() === root, active() === trace.getActiveSpan?.());
    early.startActiveSpan('early child', (span) => { span.addEvent('event', { at: 1 }); span.end(); });
    byProvider.startSpan('provider child', { links: [{ context: root.spanContext(), attributes: { link: 'yes' } }] }).end();
    const key = Symbol.for('key');
    context.with(context.active().setValue(key, 'value'), () => {
      console.log('value', context.active().getValue(key));
      withTask('inner', () => console.log('in a task', context.active().getValue(key), active() === root));
    });
    const bound = context.bind(trace.setSpan(context.active(), root), () => active() === root);
    console.log('bound', bound());
    if (propagation.setBaggage) {
      const baggage = propagation.createBaggage({ user: { value: 'ann' } });
      const carrier = {};
      propagation.inject(propagation.setBaggage(context.active(), baggage), carrier);
      const { traceId, spanId } = root.spanContext();
      console.log('carrier', carrier.baggage, carrier.traceparent === '00-' + traceId + '-' + spanId + '-01', Object.keys(carrier).join());
      const extracted = propagation.extract(context.active(), carrier);
      early.startSpan('extracted', {}, extracted).end();
    }
    await tick();
    const failed = tracer.startSpan('failed');
    failed.recordException(new TypeError('wrong'));
    failed.setStatus({ code: SpanStatusCode.ERROR, message: 'wrong' });
    failed.end();
    await Promise.all([1, 2].map((n) => context.with(trace.setSpan(context.active(), root), async () => {
      await tick();
      early.startSpan('parallel ' + n).end();
    })));
    tracer.startSpan('of its own', { root: true }).end();
    root.end();
  }));
  if (metrics !== undefined) {
    meterEarly.createCounter('app.early').add(1);
    const meter = metrics.getMeter('late');
    meter.createCounter('app.counter', { unit: '{thing}' }).add(3, { kind: 'x' });
    meter.createHistogram('app.histogram').record(7);
    meter.createObservableGauge('app.gauge').addCallback((result) => result.observe(5));
  }
  if (LOGS !== undefined) LOGS.getLogger('late').emit({ body: 'a line', severityNumber: 9, attributes: { x: 1 } });
};
`;

export interface Run {
  readonly result: ProgramResult;
  readonly app: Seen;
  readonly ours: readonly SpanRow[];
  /** Of scopes other than ours. */
  readonly ourMetrics: readonly ToldSeries[];
}

export interface TwoRuns {
  readonly plain: Run;
  readonly loaded: Run;
  /** Where both ran. */
  readonly folder: string;
}

export interface AppOptions {
  readonly project: Project;
  readonly files: Readonly<Record<string, string>>;
  /** Node's arguments; `PRELOAD` stands for `--require <ours>`, nothing in the run without us. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly node?: string | undefined;
  /** Given the folder before the program runs. */
  readonly prepare?: ((folder: string) => void) | undefined;
}

/** Without us and with us, each with sinks of its own. */
export async function appTwice(options: AppOptions): Promise<TwoRuns> {
  const folder = programFolder(options.project, options.files);
  options.prepare?.(folder);
  const [plain, loaded] = await Promise.all([appOnce(options, { isLoaded: false, folder }), appOnce(options, { isLoaded: true, folder })]);
  return { plain, loaded, folder };
}

export async function appOnce(
  { project, files, args, env = {}, node, prepare }: AppOptions,
  { isLoaded, folder: given }: { isLoaded: boolean; folder?: string },
): Promise<Run> {
  const folder = given ?? programFolder(project, files);
  if (given === undefined) prepare?.(folder);
  const [app, ours] = await Promise.all([startSink(), startSink()]);
  try {
    const result = await runProgram({
      command: node ?? process.execPath,
      args: args.flatMap((each) => (each === 'PRELOAD' ? (isLoaded ? ['--require', preloadFile] : []) : [each])),
      cwd: folder,
      preload: 'none',
      env: {
        APP_URL: app.url,
        APP_SDK: project,
        SWARMSCOPE_ENDPOINT: ours.url,
        SWARMSCOPE_EXIT_TIMEOUT: '10000',
        OTEL_NODE_RESOURCE_DETECTORS: 'none',
        ...Object.fromEntries(
          Object.entries(env).map(([name, value]) => [name, value.replace('PRELOAD', isLoaded ? `--require "${preloadFile}"` : '')]),
        ),
      },
    });
    return { result, app: appSaw(app), ours: spansOf(ours), ourMetrics: toldMetrics(ours) };
  } finally {
    await Promise.all([app.close(), ours.close()]);
  }
}

/** The app is as it was, its exporters sent the same, none of it came to us, and ours did. */
export function expectUntouched({ plain, loaded }: TwoRuns, ourSpans: readonly string[]): void {
  const seen = ({ result: { stdout, stderr, code, signal } }: Run): object => ({ stdout, stderr, code, signal });
  expect(seen(loaded)).toEqual(seen(plain));
  expect(plain.result).toMatchObject({ code: 0, isTimedOut: false });
  expect(plain.app.spans.length).toBeGreaterThan(0);
  expect(loaded.app).toEqual(plain.app);
  expect(loaded.ours.map(({ name }) => name).sort()).toEqual([...ourSpans].sort());
}

/** The files of an app that starts its SDK `when`, does its work, and stops. */
export function appFiles(project: SdkProject, when: 'before' | number, isModule = false): Record<string, string> {
  const { script, logs } = SDKS[project];
  const late = when === 'before' ? '' : `work.before();\n  await new Promise((resolve) => setTimeout(resolve, ${when}));\n  otel.start();`;
  const body = `
async function main() {
  ${late}
  await work.work(door);
  await otel.stop();
  console.log('done');
}
main();
`;
  const uses = `
const otel = require('./otel.cjs');
const work = require('./work.cjs');
const door = require(${JSON.stringify(DOOR)});
`;
  const imports = `import otel from './otel.cjs';\nimport './work.mjs';\nimport door from ${JSON.stringify(DOOR)};\nconst work = globalThis.work;\n`;
  const logsApi = logs === undefined ? 'undefined' : `LOGS_OF`;
  const workModule = `import * as API from '@opentelemetry/api';\n${logs === undefined ? '' : `import { logs as LOGS_OF } from '${logs}';\n`}const LOGS = ${logsApi};\nconst exports = (globalThis.work = {});\n${WORK}`;
  const workScript = `const API = require('@opentelemetry/api');\nconst LOGS = ${logs === undefined ? 'undefined' : `require('${logs}').logs`};\n${WORK}`;
  return {
    [isModule ? 'app.mjs' : 'app.cjs']: `${isModule ? imports : uses}${body}`,
    'otel.cjs': script,
    'start.cjs': `require('./otel.cjs').start();\n`,
    ...(isModule ? { 'work.mjs': workModule } : { 'work.cjs': workScript }),
  };
}
