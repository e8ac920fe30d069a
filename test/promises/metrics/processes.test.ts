/** Two hundred short processes of one run that end in every way: totals, series, times. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, METRIC_SWARMSCOPE_TASK_DURATION } from '../../../src/semconv/index.ts';
import { runProgram, startSink, type Models, type Sink } from '../../harness/index.ts';
import { metricPointsOf } from '../../harness/received.ts';
import { totalOf } from '../../e2e/programs.ts';
import { describeWithPrometheus, startPrometheus, type Prometheus } from './prometheus.ts';
import {
  callsOf,
  environmentOf,
  faultsOf,
  lastOf,
  planOf,
  pointsOf,
  program,
  riskedOf,
  seriesOf,
  startPricedModels,
  totalsOf,
  truthOf,
  writersOf,
  type Plan,
  type Point,
} from './swarm.ts';

interface Swarm {
  readonly plan: Plan;
  readonly ends: Readonly<Record<string, number>>;
  readonly sink: Sink;
  readonly points: readonly Point[];
  /** Calls that the provider answered. */
  readonly answered: number;
}

const sizes = [20, 200];
const swarms = new Map<number, Swarm>();
let models: Models;

async function run(size: number): Promise<Swarm> {
  const sink = await startSink();
  const plan = planOf(size);
  const before = models.mock.getRequests().length;
  const result = await runProgram({
    file: program('swarm'),
    env: environmentOf({ models, endpoint: sink.url, PLAN: JSON.stringify(plan), SWARMSCOPE_EXIT_TIMEOUT: '20000' }),
    timeoutMs: 800_000,
  });
  await sink.close();
  if (result.code !== 0) throw new Error(`the swarm ended with ${JSON.stringify(result)}`);
  return {
    plan,
    ends: JSON.parse(result.stdout) as Record<string, number>,
    sink,
    points: pointsOf(sink),
    answered: models.mock.getRequests().length - before,
  };
}

beforeAll(async () => {
  models = await startPricedModels();
  for (const size of sizes) swarms.set(size, await run(size));
}, 1_000_000);

afterAll(() => models.close());

const swarm = (size: number): Swarm => swarms.get(size) as Swarm;

describe.each([20, 200])('a swarm of %i processes', (size) => {
  test('ran as planned: every member ended in its own way, every call was answered', () => {
    const { plan, ends, answered } = swarm(size);
    const count = (ending: string): number => plan.filter((member) => member[1] === ending).length;
    expect(ends).toEqual({
      'return:0': count('return'),
      'exit:0': count('exit'),
      'fail:1': count('fail'),
      'throw:1': count('throw'),
      'term:SIGTERM': count('term'),
      'kill:SIGKILL': count('kill'),
    });
    expect(answered).toBe(callsOf(plan) + riskedOf(plan));
  });

  test('tokens, cost and tasks are exact; of a killed member at most the call after its last word is missing', () => {
    const { plan, points } = swarm(size);
    const totals = totalsOf(points);
    const lost = callsOf(plan) + riskedOf(plan) - totals.tasks;
    expect(lost).toBeGreaterThanOrEqual(0);
    expect(lost).toBeLessThanOrEqual(riskedOf(plan));
    // A call and its task end in one turn: they are told together or not at all.
    const { input, output, cost } = truthOf(totals.tasks);
    expect(totals).toEqual({ input, output, cost: Number(cost.toFixed(9)), tasks: totals.tasks });
  });

  test('histograms are whole: count, sum and buckets agree with each other and with the counters', () => {
    const { points } = swarm(size);
    const { tasks } = totalsOf(points);
    for (const name of [METRIC_GEN_AI_CLIENT_INFERENCE_DURATION.name, METRIC_SWARMSCOPE_TASK_DURATION.name]) {
      const last = lastOf(points, name);
      expect(last.reduce((sum, { value = 0 }) => sum + value, 0)).toBe(tasks);
      for (const { value, sum, buckets } of last) {
        expect(buckets.reduce((all, count) => all + count, 0)).toBe(value);
        expect(sum).toBeGreaterThan(0);
      }
    }
  });

  test('our receiver reads the same', () => {
    const { sink, points } = swarm(size);
    const rows = metricPointsOf(sink);
    expect(totalOf(rows, 'gen_ai.client.inference.usage.input_tokens')).toBe(totalsOf(points).input);
    expect(totalOf(rows, 'gen_ai.client.inference.usage.output_tokens')).toBe(totalsOf(points).output);
  });

  test('one process writes', () => {
    expect(writersOf(swarm(size).points)).toHaveLength(1);
  });

  test('no series falls, runs backwards, starts again or begins above 0', () => {
    const { points } = swarm(size);
    expect(points.length).toBeGreaterThan(50);
    expect(faultsOf(points)).toEqual([]);
  });

  test('what is momentary ends with the run, so that nothing stands for ever', () => {
    const { points } = swarm(size);
    const last = new Map(points.map((point) => [point.key, point]));
    for (const { isMonotonic, value, key } of last.values()) if (!isMonotonic) expect([key, value]).toEqual([key, undefined]);
  });
});

test('200 processes make as many series as 20', () => {
  const names = (size: number): string[] =>
    [...new Set(swarm(size).points.map(({ name, attributes }) => `${name} ${JSON.stringify(Object.entries(attributes).sort())}`))].sort();
  expect(names(200)).toEqual(names(20));
  expect(seriesOf(swarm(200).points)).toHaveLength(names(20).length);
});

describeWithPrometheus.each([20, 200])('a real Prometheus that was sent the same bytes of %i processes', (size) => {
  let prometheus: Prometheus;
  // It may have to be built first.
  beforeAll(async () => {
    prometheus = await startPrometheus();
    await prometheus.replay(swarm(size).sink);
  }, 1_800_000);
  afterAll(() => prometheus.close());

  test.each(['increase', 'last value'] as const)('has the exact totals, by %s', async (how) => {
    const totals = totalsOf(swarm(size).points);
    const sum = async (name: string): Promise<number | undefined> =>
      prometheus.value(how === 'increase' ? `sum(increase(${name}[1h] anchored))` : `sum(last_over_time(${name}[1h]))`);
    expect(await sum('gen_ai_client_inference_usage_input_tokens_total')).toBe(totals.input);
    expect(await sum('gen_ai_client_inference_usage_output_tokens_total')).toBe(totals.output);
    expect(await sum('swarmscope_inference_cost_total')).toBeCloseTo(totals.cost, 9);
    expect(await sum('swarmscope_task_duration_seconds_count')).toBe(totals.tasks);
    expect(await sum('swarmscope_task_duration_seconds_bucket{le="+Inf"}')).toBe(totals.tasks);
    expect(await sum('gen_ai_client_inference_duration_seconds_count')).toBe(totals.tasks);
    const seconds = lastOf(swarm(size).points, METRIC_SWARMSCOPE_TASK_DURATION.name).reduce((all, { sum: each = 0 }) => all + each, 0);
    expect(await sum('swarmscope_task_duration_seconds_sum')).toBeCloseTo(seconds, 6);
  });

  test('sees no reset, and nothing under a second writer', async () => {
    const names = await prometheus.names('.+_(total|bucket|sum|seconds_count)');
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect([name, await prometheus.value(`sum(resets(${name}[1h]))`)]).toEqual([name, 0]);
    expect(await prometheus.value('count(count by (instance) (last_over_time({__name__=~"(gen_ai|swarmscope)_.+"}[1h])))')).toBe(1);
  });

  test('shows no gauge of the run any more, and showed them', async () => {
    expect((await prometheus.query('swarmscope_task_count')).size).toBe(0);
    expect((await prometheus.query('last_over_time(swarmscope_task_count[1h])')).size).toBeGreaterThan(0);
  });
});
