/**
 * Two hundred short processes of one run end in every way: its totals are exact, and its series are as many as those of
 * twenty.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, METRIC_SWARMSCOPE_TASK_DURATION } from '../../../src/semconv/index.ts';
import type { Models } from '../../harness/index.ts';
import { metricPointsOf } from '../../harness/received.ts';
import { totalOf } from '../../e2e/programs.ts';
import {
  callsOf,
  faultsOf,
  lastOf,
  riskedOf,
  runSwarm,
  seriesOf,
  startPricedModels,
  totalsOf,
  truthOf,
  writersOf,
  type Swarm,
} from './swarm.ts';

const sizes = [20, 200];
const swarms = new Map<number, Swarm>();
let models: Models;

beforeAll(async () => {
  models = await startPricedModels();
  for (const size of sizes) swarms.set(size, await runSwarm(models, size));
}, 1_000_000);

afterAll(() => models.close());

const swarm = (size: number): Swarm => swarms.get(size) as Swarm;

describe.each([20, 200])('a swarm of %i processes', (size) => {
  test('ran as planned: every member ended in its own way, and every call was answered', () => {
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

  test('tokens, cost and tasks are exact, but for at most one call of each killed member', () => {
    const { plan, points } = swarm(size);
    const totals = totalsOf(points);
    const lost = callsOf(plan) + riskedOf(plan) - totals.tasks;
    expect(lost).toBeGreaterThanOrEqual(0);
    expect(lost).toBeLessThanOrEqual(riskedOf(plan));
    // A call and its task end in one turn: they are told together or not at all.
    const { input, output, cost } = truthOf(totals.tasks);
    expect(totals).toEqual({ input, output, cost: Number(cost.toFixed(9)), tasks: totals.tasks });
  });

  test('count, sum and buckets of histograms agree with each other and with the counters', () => {
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

  test('our receiver reads the same totals', () => {
    const { sink, points } = swarm(size);
    const rows = metricPointsOf(sink);
    expect(totalOf(rows, 'gen_ai.client.inference.usage.input_tokens')).toBe(totalsOf(points).input);
    expect(totalOf(rows, 'gen_ai.client.inference.usage.output_tokens')).toBe(totalsOf(points).output);
  });

  test('one process alone writes metrics', () => {
    expect(writersOf(swarm(size).points)).toHaveLength(1);
  });

  test('no series falls, runs backwards, starts again or begins above 0', () => {
    const { points } = swarm(size);
    expect(points.length).toBeGreaterThan(50);
    expect(faultsOf(points)).toEqual([]);
  });

  test('gauges end with the run, so that no backend shows them for ever', () => {
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
