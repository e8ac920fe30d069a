// One call, one span: LLM calls that an instrumentation, a framework or an SDK tells of besides us.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SpanRow } from '../../../src/analysis/model.ts';
import type { MetricPointRow } from '../../../src/viewer/receive/rows/index.ts';
import { totalOf } from '../../e2e/programs.ts';
import {
  commandFile,
  ensureBuilt,
  freshFolder,
  preloadFile,
  runProgram,
  startModels,
  startSink,
  type Models,
  type ProgramResult,
} from '../../harness/index.ts';
import { metricPointsOf, spansOf } from '../../harness/received.ts';
import { appSaw, sorted } from './app-saw.ts';
import { installed, programFolder, type Replaced } from './install.ts';

const USAGE = { input_tokens: 11, output_tokens: 7, total_tokens: 18, prompt_tokens: 11, completion_tokens: 7 };
const PROGRAMS = join(import.meta.dirname, 'programs');
const LLM: ReadonlySet<unknown> = new Set(['chat', 'embeddings', 'generate_content']);

interface Caller {
  readonly caller: string;
  /** Instrumentations. */
  readonly beside: string;
  /** Calls that are answered, and those of them whose tokens the server tells. */
  readonly calls: number;
  readonly counted: number;
  /** Spans of calls that the app's own SDK exports. */
  readonly told: number;
  /** False where those spans are never current while the call is made. */
  readonly isLinked?: false;
  /** Another major of the library than the project's first. */
  readonly packages?: Replaced;
}

/** Of the openai SDK the instrumentations know the majors 4, 5 and 6. */
const CALLERS: readonly Caller[] = [
  { caller: 'openai', beside: 'undici,http', calls: 4, counted: 3, told: 0 },
  { caller: 'openai', beside: 'otel-openai,undici', calls: 4, counted: 3, told: 4 },
  { caller: 'openai', beside: 'traceloop-openai', calls: 4, counted: 3, told: 3 },
  { caller: 'openai', beside: 'openinference-openai,http', calls: 4, counted: 3, told: 0 },
  { caller: 'openai', beside: 'otel-openai,undici', calls: 4, counted: 3, told: 4, packages: { openai: 'openai-4' } },
  { caller: 'openai', beside: 'traceloop-openai', calls: 4, counted: 3, told: 3, packages: { openai: 'openai-4' } },
  { caller: 'openai', beside: 'otel-openai,undici', calls: 4, counted: 3, told: 4, packages: { openai: 'openai-5' } },
  { caller: 'openai', beside: 'openinference-openai', calls: 4, counted: 3, told: 0, packages: { openai: 'openai-5' } },
  { caller: 'openai', beside: 'otel-openai,undici', calls: 4, counted: 3, told: 0, packages: { openai: 'openai-7' } },
  { caller: 'openai', beside: 'openinference-openai', calls: 4, counted: 3, told: 0, packages: { openai: 'openai-7' } },
  { caller: 'anthropic', beside: 'traceloop-anthropic', calls: 2, counted: 2, told: 2, packages: { '@anthropic-ai/sdk': 'anthropic-0' } },
  { caller: 'anthropic', beside: 'openinference-anthropic', calls: 2, counted: 2, told: 2 },
  { caller: 'anthropic', beside: 'undici', calls: 2, counted: 2, told: 2 },
  { caller: 'langchain', beside: 'undici', calls: 6, counted: 6, told: 0 },
  { caller: 'ai', beside: 'http', calls: 2, counted: 2, told: 2 },
  {
    caller: 'ai-telemetry',
    beside: 'undici',
    calls: 3,
    counted: 2,
    told: 0,
    packages: { ai: 'ai-5', '@ai-sdk/openai': 'ai-sdk-openai-2' },
  },
  { caller: 'ai-telemetry', beside: 'http', calls: 3, counted: 2, told: 0, packages: { ai: 'ai-6', '@ai-sdk/openai': 'ai-sdk-openai-3' } },
  { caller: 'by-hand', beside: '', calls: 4, counted: 4, told: 4 },
  { caller: 'by-hand-beside', beside: '', calls: 4, counted: 4, told: 4, isLinked: false },
  { caller: 'agents', beside: 'undici', calls: 2, counted: 2, told: 0 },
];

/** The programs load the same large packages a hundred times: Node keeps their compiled code. */
let NODE_COMPILE_CACHE: string;
let models: Models;
let tracing: Awaited<ReturnType<typeof startSink>>;
beforeAll(async () => {
  ensureBuilt();
  installed('one-call');
  NODE_COMPILE_CACHE = freshFolder('compiled');
  tracing = await startSink();
  models = await startModels({ answersAll: false });
  models.mock.onMessage(/[^]*/, { content: 'pong', usage: USAGE });
}, 600_000);
afterAll(() => Promise.all([models.close(), tracing.close()]));

interface Run {
  readonly result: ProgramResult;
  readonly app: ReturnType<typeof appSaw>;
  readonly appSpanIds: readonly string[];
  readonly ours: readonly SpanRow[];
  readonly points: readonly MetricPointRow[];
}

const fileNames = readdirSync(PROGRAMS);
const files = Object.fromEntries(fileNames.map((name) => [name, readFileSync(join(PROGRAMS, name), 'utf8')]));

/** `order` has `US` where the preload comes. The first request is refused. */
async function run({ caller, beside, packages }: Caller, sdkAt: string, order: readonly string[]): Promise<Run> {
  models.mock.nextRequestError(429, { message: 'slow down', type: 'rate_limit_error' });
  const [app, ours] = await Promise.all([startSink(), startSink()]);
  const result = await runProgram({
    command: process.execPath,
    args: [...order.flatMap((each) => ['--require', each === 'US' ? preloadFile : each]), 'calls.cjs', caller],
    cwd: programFolder('one-call', files, packages),
    preload: 'none',
    timeoutMs: 300_000,
    env: {
      ...models.env,
      NODE_COMPILE_CACHE,
      BESIDE: beside,
      SDK_AT: sdkAt,
      APP_URL: app.url,
      TRACING_URL: `${tracing.url}/v1/traces/ingest`,
      SWARMSCOPE_ENDPOINT: ours.url,
      SWARMSCOPE_EXIT_TIMEOUT: '10000',
      OTEL_NODE_RESOURCE_DETECTORS: 'none',
    },
  });
  await Promise.all([app.close(), ours.close()]);
  const appSpanIds = app
    .accepted('traces')
    .flatMap(({ body }) => [...body.toString('utf8').matchAll(/"spanId":"(\w+)"/g)].map(([, id]) => id ?? ''));
  return { result, app: appSaw(app), appSpanIds, ours: spansOf(ours), points: metricPointsOf(ours) };
}

/** What differs between any two runs: ids of answers, and times. */
function comparable(seen: ReturnType<typeof appSaw>): unknown {
  const alike = JSON.parse(
    JSON.stringify(seen, (key, value: unknown) => {
      if (key === 'doubleValue') return 'number';
      if (typeof value !== 'string') return value;
      return value.replaceAll(
        /\b(?:chatcmpl|resp|msg|req|run|call|embd|aitxt)[-_][\w-]+|[\da-f]{8}-[\da-f-]{27}|\b1\d{9,12}\b|\b20\d\d-\d\d-\d\dT[\d:.]+Z/g,
        'id',
      );
    }),
  ) as ReturnType<typeof appSaw>;
  // They were sorted with their ids, which come by chance.
  return { ...alike, spans: sorted(alike.spans) };
}

const callsIn = (spans: readonly SpanRow[]): SpanRow[] => spans.filter(({ attributes }) => LLM.has(attributes['gen_ai.operation.name']));
const costIn = (spans: readonly SpanRow[]): number =>
  spans.reduce((sum, { attributes }) => sum + Number(attributes['swarmscope.cost.amount'] ?? 0), 0);

function expectCountedOnce({ calls, counted }: Caller, { ours, points, result }: Run): void {
  expect(result).toMatchObject({ stderr: '', code: 0 });
  expect(JSON.parse(result.stdout)).toEqual(Array(calls).fill('pong'));
  const answered = callsIn(ours).filter(({ attributes }) => attributes['gen_ai.usage.output_tokens'] === USAGE.output_tokens);
  expect(answered).toHaveLength(counted);
  for (const { attributes } of answered)
    expect(attributes).toMatchObject({ 'gen_ai.provider.name': expect.any(String), 'server.address': '127.0.0.1' });
  const told = ours.flatMap(({ attributes }) => Number(attributes['gen_ai.usage.output_tokens'] ?? 0));
  expect(told.reduce((sum, each) => sum + each, 0)).toBe(counted * USAGE.output_tokens);
  expect(totalOf(points, 'gen_ai.client.inference.usage.input_tokens')).toBe(counted * USAGE.input_tokens);
  expect(totalOf(points, 'gen_ai.client.inference.usage.output_tokens')).toBe(counted * USAGE.output_tokens);
  expect(totalOf(points, 'swarmscope.inference.cost')).toBeCloseTo(costIn(ours), 9);
  expect(totalOf(points, 'swarmscope.rate_limit.rejections')).toBe(1);
  expect(JSON.stringify(ours)).not.toContain('CANARY');
}

describe.each(CALLERS.map((each) => ({ ...each, of: Object.values(each.packages ?? { '': each.caller }).join(', ') })))(
  '$of, with $beside beside it',
  (caller) => {
    test("the app's own SDK, started before or after us, exports the same; each attempt is one call of ours, linked to the app's span", async () => {
      const plain = await run(caller, 'require', ['./app-sdk.cjs']);
      for (const order of [
        ['./app-sdk.cjs', 'US'],
        ['US', './app-sdk.cjs'],
      ]) {
        const loaded = await run(caller, 'require', order);
        expect(comparable(loaded.app)).toEqual(comparable(plain.app));
        const told = loaded.app.spans.map(
          ({ attributes }) => (attributes['gen_ai.operation.name'] as { stringValue?: string } | undefined)?.stringValue,
        );
        expect(told.filter((operation) => LLM.has(operation))).toHaveLength(caller.told);
        expectCountedOnce(caller, loaded);
        const attempts = callsIn(loaded.ours);
        expect(attempts.map(({ attributes }) => attributes['http.response.status_code']).sort()).toEqual([
          ...Array<number>(caller.calls).fill(200),
          429,
        ]);
        expect(loaded.ours.filter(({ name }) => name === 'POST')).toEqual([]);
        const linked = attempts.flatMap(({ links }) => links).filter(({ spanId }) => loaded.appSpanIds.includes(spanId));
        if (caller.told > 0 || caller.isLinked === false)
          expect(linked).toHaveLength(caller.isLinked === false ? 0 : Math.min(attempts.length, caller.told + 1));
      }
    }, 900_000);

    test('without an SDK of the app each call is one span', async () => {
      const alone = await run(caller, 'none', ['US']);
      expectCountedOnce(caller, alone);
      const isAround = ({ spanId }: SpanRow): boolean => callsIn(alone.ours).some(({ parentSpanId }) => parentSpanId === spanId);
      expect(callsIn(alone.ours).filter(isAround)).toEqual([]);
    }, 300_000);

    test.each([
      ['tells its process', 'process'],
      ['does not tell its process', 'none'],
    ])(
      "under `swarmscope run`, where the app's own SDK sends to the same receiver and %s, each attempt is one call in the report",
      async (_, detectors) => {
        models.mock.nextRequestError(429, { message: 'slow down', type: 'rate_limit_error' });
        const folder = programFolder('one-call', files, caller.packages);
        const { code, stderr } = await runProgram({
          command: process.execPath,
          args: [commandFile, 'run', '--quiet', '--json', 'report.json', '--', process.execPath, 'calls.cjs', caller.caller],
          cwd: folder,
          preload: 'none',
          timeoutMs: 300_000,
          env: {
            ...models.env,
            NODE_COMPILE_CACHE,
            BESIDE: caller.beside,
            SDK_AT: 'main',
            TRACING_URL: `${tracing.url}/v1/traces/ingest`,
            SWARMSCOPE_EXIT_TIMEOUT: '10000',
            OTEL_NODE_RESOURCE_DETECTORS: detectors,
          },
        });
        expect({ code, stderr }).toMatchObject({ code: 0 });
        const { usage } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as { usage: { calls: number; tokens: object } };
        expect(usage).toMatchObject({
          calls: caller.calls + 1,
          tokens: { input: caller.counted * USAGE.input_tokens, output: caller.counted * USAGE.output_tokens },
        });
      },
      300_000,
    );
  },
);
