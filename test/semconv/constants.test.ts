/** The generated constants, the content mask and the Prometheus names say what the registry says. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as words from '../../src/semconv/index.ts';
import { prometheusName } from '../../tools/semconv/prometheus.ts';
import { liveOf, readRegistry } from '../../tools/semconv/registry.ts';

const registry = readRegistry(readFileSync('src/semconv/registry.yaml', 'utf8'));
const live = liveOf(registry);
const exported: Readonly<Record<string, unknown>> = words;

describe('the constants', () => {
  test('name every attribute that something records, as the mapping from its name says, and no planned one', () => {
    const constants = Object.entries(exported).filter(([constant]) => constant.startsWith('ATTR_'));
    expect(Object.fromEntries(constants)).toEqual(
      Object.fromEntries(live.attributes.map(({ key }) => [`ATTR_${key.replaceAll('.', '_').toUpperCase()}`, key])),
    );
    expect(live.attributes.length).toBeLessThan(registry.attributes.length);
  });

  test('say everything an instrument needs', () => {
    expect(words.METRIC_SWARMSCOPE_TASK_DURATION).toEqual({
      name: 'swarmscope.task.duration',
      instrument: 'histogram',
      unit: 's',
      description: 'Execution time of one task attempt, queue wait excluded.',
      valueType: 'double',
      buckets: [0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200],
      attributes: ['swarmscope.task.type', 'swarmscope.task.result', 'error.type', 'gen_ai.agent.name', 'swarmscope.pool.name'],
      prometheus: 'swarmscope_task_duration_seconds',
    });
    expect(words.METRIC_SWARMSCOPE_QUEUE_SIZE).not.toHaveProperty('buckets');
  });

  test('name enum members, events and spans', () => {
    expect(words.GEN_AI_OPERATION_NAME_VALUE_CHAT).toBe('chat');
    expect(words.GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK).toBe('aws.bedrock');
    expect(words.EVENT_SWARMSCOPE_SPAN_STARTED).toBe('swarmscope.span.started');
    expect(words.SPAN_SWARMSCOPE_TASK_INTERNAL).toMatchObject({ kind: 'internal', name: 'run_task {swarmscope.task.type}' });
    expect(words.SPAN_SWARMSCOPE_TASK_INTERNAL.attributes['swarmscope.task.id']).toBe('required');
  });
});

describe('the content mask', () => {
  test('covers every attribute, planned ones too, and nothing else', () => {
    expect(Object.keys(words.CONTENT_CLASS).sort()).toEqual(registry.attributes.map((a) => a.key).sort());
  });

  test.each([
    'gen_ai.input.messages',
    'gen_ai.output.messages',
    'gen_ai.system_instructions',
    'gen_ai.tool.definitions',
    'gen_ai.tool.call.arguments',
    'gen_ai.tool.call.result',
    'process.command_args',
    'process.command_line',
    'process.executable.path',
    'process.working_directory',
    'vcs.repository.url.full',
    'exception.message',
    'exception.stacktrace',
  ])('keeps %s in unless content is asked for', (name) => {
    expect(words.CONTENT_CLASS[name]).toBe('content');
  });

  test.each([words.ATTR_VCS_REPOSITORY_NAME, words.ATTR_SWARMSCOPE_GIT_WORKTREE_NAME, words.ATTR_VCS_REF_HEAD_NAME])(
    'lets %s out as a name',
    (name) => {
      expect(words.CONTENT_CLASS[name]).toBe('name');
    },
  );
});

describe('a Prometheus name', () => {
  test.each([
    ['swarmscope.task.duration', 'swarmscope_task_duration_seconds'],
    ['swarmscope.task.count', 'swarmscope_task_count'],
    ['swarmscope.task.submitted', 'swarmscope_task_submitted_total'],
    ['swarmscope.task.cpu.time', 'swarmscope_task_cpu_time_seconds'],
    ['swarmscope.task.memory.peak_usage', 'swarmscope_task_memory_peak_usage_bytes'],
    ['swarmscope.worker.utilization', 'swarmscope_worker_utilization_ratio'],
    ['swarmscope.worker.time', 'swarmscope_worker_time_seconds_total'],
    ['swarmscope.worker.gpu.memory.usage', 'swarmscope_worker_gpu_memory_usage_bytes'],
    ['swarmscope.context.utilization', 'swarmscope_context_utilization'],
    ['swarmscope.inference.cost', 'swarmscope_inference_cost_total'],
    ['swarmscope.budget.cost.limit', 'swarmscope_budget_cost_limit'],
    ['gen_ai.client.inference.usage.cache_read.input_tokens', 'gen_ai_client_inference_usage_cache_read_input_tokens_total'],
    ['gen_ai.client.inference.operation.input_tokens', 'gen_ai_client_inference_operation_input_tokens'],
    ['hw.power', 'hw_power_watts'],
    ['hw.temperature', 'hw_temperature_celsius'],
    ['process.cpu.time', 'process_cpu_time_seconds_total'],
    ['nodejs.eventloop.delay.p99', 'nodejs_eventloop_delay_p99_seconds'],
    ['system.memory.utilization', 'system_memory_utilization_ratio'],
  ])('of %s is %s', (name, expected) => {
    const metric = registry.metrics.find((m) => m.name === name);
    if (metric === undefined) throw new Error(`${name} is not in the registry`);
    expect(prometheusName(metric)).toBe(expected);
  });

  test.each([
    [{ name: 'a.seconds', unit: 's', instrument: 'counter' }, 'a_seconds_total'],
    [{ name: 'a.io', unit: 'By/s', instrument: 'gauge' }, 'a_io_bytes_per_second'],
    [{ name: 'a.rate', unit: '{token}/s', instrument: 'gauge' }, 'a_rate_per_second'],
    [{ name: 'a.ratio', unit: '1', instrument: 'gauge' }, 'a_ratio'],
  ])('does not say a unit twice: %j', (metric, expected) => {
    expect(prometheusName(metric)).toBe(expected);
  });
});
