/** A real Prometheus reads the exact totals, without a reset, from what two hundred short processes send. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { METRIC_SWARMSCOPE_TASK_DURATION } from '../../../src/semconv/index.ts';
import type { Models } from '../../harness/index.ts';
import { lastOf, runSwarm, startPricedModels, totalsOf, type Swarm } from '../../promises/metrics/swarm.ts';
import { startPrometheus, type Prometheus } from './prometheus.ts';

describe.each([20, 200])('Prometheus, when it is sent what %i processes sent,', (size) => {
  let models: Models;
  let prometheus: Prometheus;
  let swarm: Swarm;
  // It may have to be built first.
  beforeAll(async () => {
    prometheus = await startPrometheus();
    models = await startPricedModels();
    swarm = await runSwarm(models, size);
    await prometheus.replay(swarm.sink);
  }, 1_800_000);
  afterAll(() => Promise.all([prometheus.close(), models.close()]));

  test.each(['increase', 'last value'] as const)('has the exact totals by %s', async (how) => {
    const totals = totalsOf(swarm.points);
    const sum = async (name: string): Promise<number | undefined> =>
      prometheus.value(how === 'increase' ? `sum(increase(${name}[1h] anchored))` : `sum(last_over_time(${name}[1h]))`);
    expect(await sum('gen_ai_client_inference_usage_input_tokens_total')).toBe(totals.input);
    expect(await sum('gen_ai_client_inference_usage_output_tokens_total')).toBe(totals.output);
    expect(await sum('swarmscope_inference_cost_total')).toBeCloseTo(totals.cost, 9);
    expect(await sum('swarmscope_task_duration_seconds_count')).toBe(totals.tasks);
    expect(await sum('swarmscope_task_duration_seconds_bucket{le="+Inf"}')).toBe(totals.tasks);
    expect(await sum('gen_ai_client_inference_duration_seconds_count')).toBe(totals.tasks);
    const seconds = lastOf(swarm.points, METRIC_SWARMSCOPE_TASK_DURATION.name).reduce((all, { sum: each = 0 }) => all + each, 0);
    expect(await sum('swarmscope_task_duration_seconds_sum')).toBeCloseTo(seconds, 6);
  });

  test('sees no reset, and nothing under a second writer', async () => {
    const names = await prometheus.names('.+_(total|bucket|sum|seconds_count)');
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect([name, await prometheus.value(`sum(resets(${name}[1h]))`)]).toEqual([name, 0]);
    expect(await prometheus.value('count(count by (instance) (last_over_time({__name__=~"(gen_ai|swarmscope)_.+"}[1h])))')).toBe(1);
  });

  test('shows the gauges of the run while it lasts and not afterwards', async () => {
    expect((await prometheus.query('swarmscope_task_count')).size).toBe(0);
    expect((await prometheus.query('last_over_time(swarmscope_task_count[1h])')).size).toBeGreaterThan(0);
  });
});
