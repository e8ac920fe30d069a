/** Processes send straight to a real Prometheus, in protobuf: two runs beside each other, and a run whose root is killed. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freshFolder, runProgram, startProgram, type Models } from '../../harness/index.ts';
import { environmentOf, program, startPricedModels, truthOf } from '../../promises/metrics/swarm.ts';
import { startPrometheus, type Prometheus } from './prometheus.ts';

describe('sent straight to Prometheus', () => {
  let prometheus: Prometheus;
  let models: Models;
  // It may have to be built first.
  beforeAll(async () => {
    prometheus = await startPrometheus();
    models = await startPricedModels();
  }, 1_800_000);
  afterAll(async () => {
    await prometheus.close();
    await models.close();
  });

  const environment = (service: string, stage: string): Record<string, string> =>
    environmentOf({
      models,
      endpoint: 'http://127.0.0.1:9',
      STAGE: stage,
      OTEL_SERVICE_NAME: service,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: prometheus.metricsUrl,
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
    });

  async function expectTotals(job: string, calls: number): Promise<void> {
    const { input, output, cost, tasks } = truthOf(calls);
    const sums = async (name: string): Promise<(number | undefined)[]> => [
      await prometheus.value(`sum(last_over_time(${name}{job="${job}"}[1h]))`),
      await prometheus.value(`sum(increase(${name}{job="${job}"}[1h] anchored))`),
    ];
    expect(await sums('gen_ai_client_inference_usage_input_tokens_total')).toEqual([input, input]);
    expect(await sums('gen_ai_client_inference_usage_output_tokens_total')).toEqual([output, output]);
    expect(await sums('swarmscope_task_duration_seconds_count')).toEqual([tasks, tasks]);
    for (const sum of await sums('swarmscope_inference_cost_total')) expect(sum).toBeCloseTo(cost, 9);
  }

  const writersOf = (job: string): Promise<number | undefined> =>
    prometheus.value(`count(count by (instance) (last_over_time(swarmscope_task_duration_seconds_count{job="${job}"}[1h])))`);

  test('two runs beside each other under one service name are two writers, and their sum is exact', async () => {
    const env = environment('beside', freshFolder('stage'));
    await Promise.all([1, 2].map(() => runProgram({ file: program('family'), args: ['plain'], env })));
    await expectTotals('beside', 20);
    expect(await writersOf('beside')).toBe(2);
  });

  test('a run whose root is killed before its first export: one of its members writes for all', async () => {
    const stage = freshFolder('stage');
    const running = startProgram({
      file: program('family'),
      args: ['silent'],
      env: { ...environment('orphaned', stage), OTEL_METRIC_EXPORT_INTERVAL: '3600000' },
    });
    const isReady = (): boolean => existsSync(join(stage, 'short-ended')) && readdirSync(stage).some((name) => name.startsWith('told-'));
    while (!isReady()) await new Promise((resolve) => setTimeout(resolve, 25));
    const isGone = new Promise((resolve) => running.child.once('exit', resolve));
    running.child.kill('SIGKILL');
    // Members started while it still lived would look for it, and for nobody else.
    await isGone;
    writeFileSync(join(stage, 'go'), '');
    await running.finished;
    await expectTotals('orphaned', 4 * 3 + 4 + 3 * 3);
    expect(await writersOf('orphaned')).toBe(1);
  });
});
