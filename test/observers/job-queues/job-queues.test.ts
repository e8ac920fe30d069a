/** bull and bullmq on a real Redis without a line of code: attempts of jobs are tasks, below or linked to who added them. */
import { mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { SpanRow } from '../../../src/analysis/model.ts';
import {
  expectTrace,
  missingNeed,
  outline,
  runProgram,
  startRedis,
  startSink,
  testWith,
  type ProgramResult,
  type Redis,
} from '../../harness/index.ts';
import { installProject } from '../../harness/install-project.ts';
import { metricPointsOf, spansOf } from '../../harness/received.ts';
import { moduleOf, programOf } from './programs.ts';

const OLDER = ['bull-3', 'bullmq-5'];
const placeOf = (root: string, library: string, folder: string): string =>
  OLDER.includes(folder) ? join(root, 'older', folder, 'node_modules', library) : join(root, 'node_modules', library);

let redis: Redis | undefined;
let root = '';
beforeAll(async () => {
  if (missingNeed('redis') !== undefined) return;
  redis = await startRedis();
  root = installProject({
    project: join(import.meta.dirname, 'project'),
    into: 'job-queues/',
    name: 'bull and bullmq',
    finish(fresh) {
      for (const folder of OLDER) {
        const place = placeOf(fresh, folder.replace(/-\d$/, ''), folder);
        mkdirSync(dirname(place), { recursive: true });
        renameSync(join(fresh, 'node_modules', folder), place);
      }
    },
  });
});
afterAll(async () => redis?.close());

interface Ran extends ProgramResult {
  readonly spans: readonly SpanRow[];
  readonly limits: readonly number[];
}

let runs = 0;

/** Each on a part of Redis of its own, unless `prefix` says which. */
async function run(program: string, { prefix = `part-${(runs += 1)}`, isBare = false, file = 'app.cjs' } = {}): Promise<Ran> {
  const sink = await startSink();
  const own = { REDIS_PORT: String(redis?.port), REDIS_PREFIX: prefix };
  const env = { ...own, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000' };
  const files = { [file]: program };
  const result = await runProgram(isBare ? { files, env: own, preload: 'none' } : { files, env });
  await sink.close();
  const points = metricPointsOf(sink).filter(
    ({ name, attributes }) => name === 'swarmscope.worker.limit' && attributes['swarmscope.pool.name'] === 'tickets',
  );
  return { ...result, spans: spansOf(sink), limits: points.map(({ value }) => value) };
}

const named = (spans: readonly SpanRow[], name: string): SpanRow[] =>
  spans.filter((span) => span.name === name).sort((a, b) => a.startMs - b.startMs);

/** Each task by its id and attempt, with the name of what it hangs below and the names of what hangs below it. */
function treeOf(spans: readonly SpanRow[]): string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  return spans
    .filter(({ attributes }) => attributes['swarmscope.queue.name'] === 'tickets')
    .map((span) => {
      const above = byId.get(span.parentSpanId ?? '')?.name ?? 'the run';
      const below = spans.filter(({ parentSpanId }) => parentSpanId === span.spanId).map(({ name }) => name);
      const of = (name: string): string => String(span.attributes[`swarmscope.task.${name}`]);
      return `${above} > ${span.name} ${of('id')} ${of('attempt.number')} ${of('result')} > ${below.join()}`;
    })
    .sort();
}

const TASKS = `
    run_task implement
      run_task inner
    run_task implement
      run_task inner
    run_task implement
      run_task inner
    run_task review
      run_task inner
    run_task merge
      run_task inner`;
const PARTS = `
    run_task part
      run_task inner
    run_task part
      run_task inner
    run_batch bullmq`;
const treeOfAll = (library: 'bull' | 'bullmq'): string => `
  run_task plan${TASKS}${library === 'bullmq' ? PARTS : ''}`;

/** The jobs of a flow in bullmq. */
const partsOf = (library: 'bull' | 'bullmq', above: string): string[] =>
  library === 'bull' ? [] : [5, 6].map((n) => `${above} > run_task part part ${n} 1 success > run_task inner`);

const attempts = (above: string, library: 'bull' | 'bullmq'): string[] => [
  `${above} > run_task implement first 1 error > run_task inner`,
  `${above} > run_task implement first 2 success > run_task inner`,
  `${above} > run_task implement second 1 success > run_task inner`,
  `${above} > run_task merge fourth 1 success > run_task inner`,
  ...partsOf(library, above),
  `${above} > run_task review third 1 success > run_task inner`,
];

/** The jobs of a flow are a batch, which is over when the job that waited for them begins. */
function expectFlow(spans: readonly SpanRow[]): void {
  const [[batch], [merge], parts] = [named(spans, 'run_batch bullmq'), named(spans, 'run_task merge'), named(spans, 'run_task part')];
  expect(batch?.attributes).toMatchObject({ 'swarmscope.batch.size': 2 });
  const id = batch?.attributes['swarmscope.batch.id'];
  expect(parts.map(({ attributes }) => attributes['swarmscope.batch.id'])).toEqual([id, id]);
  expect(merge?.attributes['swarmscope.task.dependency.ids']).toEqual(expect.arrayContaining(['part 5', 'part 6']));
  expect(batch?.startMs).toBeLessThanOrEqual(parts[0]?.startMs ?? 0);
  expect(batch?.endMs).toBeLessThanOrEqual(merge?.startMs ?? 0);
}

const VERSIONS = [
  { library: 'bullmq', folder: 'bullmq', limit: 2 },
  { library: 'bullmq', folder: 'bullmq-5', limit: 2 },
  { library: 'bull', folder: 'bull', limit: 4 },
  { library: 'bull', folder: 'bull-3', limit: 4 },
] as const;

describe.each(VERSIONS)('$folder', ({ library, folder, limit }) => {
  testWith(
    'redis',
    'in one process each attempt is a task below who added the job, with its priority, its wait and the limit, and a flow is a batch',
    async () => {
      const program = programOf(placeOf(root, library, folder), library, 'both');
      const bare = await run(program, { isBare: true });
      const seen = await run(program);
      expect(bare.stdout).toContain('["first","implement",{"n":1,"fails":1}]');
      expect([seen.code, seen.stdout, seen.stderr]).toEqual([0, bare.stdout, bare.stderr]);
      expectTrace(seen.spans, outline(treeOfAll(library)));
      expect(treeOf(seen.spans)).toEqual(attempts('run_task plan', library));
      const [first, second] = named(seen.spans, 'run_task implement').filter(
        ({ attributes }) => attributes['swarmscope.task.id'] === 'first',
      );
      expect(first?.attributes).toMatchObject({
        'swarmscope.task.priority': 3,
        'swarmscope.task.queue.wait_time': expect.any(Number),
        'error.type': 'RangeError',
      });
      expect(second?.attributes['swarmscope.task.attempt.number']).toBe(2);
      expect(new Set(seen.spans.map(({ traceId }) => traceId)).size).toBe(1);
      expect(Math.max(...seen.limits)).toBe(limit);
      if (library === 'bullmq') expectFlow(seen.spans);
    },
  );
});

describe.each(VERSIONS.filter(({ folder }) => !OLDER.includes(folder)))('$folder in two processes', ({ library, folder }) => {
  testWith(
    'redis',
    'the tasks of a worker that knows nothing of the producer are in its own trace and linked to who added them',
    async () => {
      const path = placeOf(root, library, folder);
      const prefix = `two-${folder}`;
      const producer = await run(programOf(path, library, 'producer'), { prefix });
      const worker = await run(programOf(path, library, 'worker'), { prefix });
      expect([producer.code, producer.stderr, worker.code, worker.stderr]).toEqual([0, '', 0, '']);
      expect(treeOf(worker.spans)).toEqual(attempts('the run', library));
      const [plan] = named(producer.spans, 'run_task plan');
      const tasks = worker.spans.filter(({ attributes }) => attributes['swarmscope.queue.name'] === 'tickets');
      expect(tasks.map(({ links }) => links)).toEqual(tasks.map(() => [{ traceId: plan?.traceId, spanId: plan?.spanId }]));
      expect(new Set(tasks.map(({ traceId }) => traceId)).has(plan?.traceId ?? '')).toBe(false);
    },
  );
});

describe.each([
  { library: 'bullmq', folder: 'bullmq', entry: 'dist/cjs/index.js' },
  { library: 'bull', folder: 'bull', entry: 'index.js' },
] as const)('$folder in an ES module', ({ library, folder, entry }) => {
  testWith('redis', 'each attempt is a task below who added the job', async () => {
    const program = moduleOf(join(placeOf(root, library, folder), entry), library);
    const seen = await run(program, { file: 'app.mjs' });
    expect([seen.code, seen.stderr]).toEqual([0, '']);
    expect(treeOf(seen.spans)).toEqual(attempts('run_task plan', library));
  });
});
