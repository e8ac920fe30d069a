// The demo swarm with nothing but the preload, straight to the collector: no `swarmscope run`, no receiver of ours in between.
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import type { SpanRow } from '../../src/analysis/model.ts';
import * as semconv from '../../src/semconv/index.ts';
import { readLog, type LogLine } from '../alone/demo-log.ts';
import { freshFolder, runProgram } from '../harness/index.ts';
import { DEMO_LIMIT_MS, demoFile, describeWith, START_LIMIT_MS, startStack, type Stack } from '../harness/stack/index.ts';

const service = 'shop';

describeWith(
  'tempo',
  'prometheus',
  'collector',
)('a preload alone', () => {
  let stack: Stack;
  let log: readonly LogLine[];
  /** Of all traces of the service. */
  let spans: readonly SpanRow[];
  const lines = (kind: LogLine['kind']): LogLine[] => log.filter((line) => line.kind === kind);
  const named = (pattern: RegExp): SpanRow[] => spans.filter(({ name }) => pattern.test(name));
  const seen = (): Record<string, number> => ({
    llm: named(/^chat /).length,
    tool: named(/^execute_tool /).length,
    git: named(/^git /).length,
    task: named(/^run_task /).length,
  });
  const done = (): Record<string, number> =>
    Object.fromEntries((['llm', 'tool', 'git', 'task'] as const).map((kind) => [kind, lines(kind).length]));

  async function spansOfService(): Promise<SpanRow[]> {
    const found = await stack.search(`{ resource.service.name = "${service}" }`, 500);
    const rows: SpanRow[] = [];
    // One after the other: Tempo answers 429 to more than a few at once.
    for (const { traceId } of found) rows.push(...((await stack.trace(traceId)) ?? []));
    return rows;
  }

  beforeAll(async () => {
    stack = await startStack({ parts: ['tempo', 'prometheus', 'collector'] });
    const file = join(freshFolder('demo'), 'log.jsonl');
    const { code, stderr } = await runProgram({
      file: demoFile,
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: stack.endpoint, OTEL_SERVICE_NAME: service, SWARM_LOG: file, SWARM_SPEED: '12' },
      timeoutMs: DEMO_LIMIT_MS,
    });
    expect([code, stderr]).toEqual([0, '']);
    log = readLog(file);
    // What is missing after a minute is said by the tests.
    await stack
      .until('every trace', async () => {
        spans = await spansOfService();
        return Object.entries(done()).every(([what, count]) => (seen()[what] ?? 0) >= count) ? true : undefined;
      })
      .catch(() => undefined);
  }, START_LIMIT_MS + DEMO_LIMIT_MS);

  test('brings every call, tool, git command and task that the demo did, once', () => {
    expect(seen()).toEqual(done());
    expect(lines('llm')).toHaveLength(59);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  });

  test('every trace is one tree, and what a worker did is in the trace of its task', () => {
    const ids = new Set(spans.map(({ spanId }) => spanId));
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
    expect(spans.filter(({ parentSpanId }) => parentSpanId !== undefined && !ids.has(parentSpanId))).toEqual([]);
    expect(new Set(roots.map(({ traceId }) => traceId)).size).toBe(roots.length);
    const tasks = new Set(named(/^run_task /).map(({ traceId }) => traceId));
    for (const { child, task } of lines('worker')) {
      const own = spans.filter(({ pid }) => pid === child);
      expect([task, own.length > 0, new Set(own.map(({ traceId }) => traceId)).size]).toEqual([task, true, 1]);
      expect(tasks).toContain(own[0]?.traceId);
    }
  });

  test('and its metrics have the exact totals, of all processes, from one writer', async () => {
    const samples = async (spec: semconv.MetricSpec, suffix = ''): Promise<number> =>
      (await stack.query(`sum(last_over_time(${spec.prometheus}${suffix}{service_name="${service}"}[1h]))`))[0]?.value ?? 0;
    const tokens = (name: 'inputTokens' | 'outputTokens'): number => lines('llm').reduce((sum, line) => sum + (line[name] ?? 0), 0);
    const expected = {
      input: tokens('inputTokens'),
      output: tokens('outputTokens'),
      calls: lines('llm').length,
      tasks: lines('task').length,
      tools: lines('tool').length,
      git: lines('git').length,
      writers: 1,
    };
    const totals = async (): Promise<typeof expected> => ({
      input: await samples(semconv.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS),
      output: await samples(semconv.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS),
      calls: await samples(semconv.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, '_count'),
      tasks: await samples(semconv.METRIC_SWARMSCOPE_TASK_DURATION, '_count'),
      tools:
        (await samples(semconv.METRIC_GEN_AI_EXECUTE_TOOL_DURATION, '_count')) + (await samples(semconv.METRIC_SWARMSCOPE_TOOL_UNTIMED)),
      git: await samples(semconv.METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, '_count'),
      writers: (await stack.query(`last_over_time(target_info{service_name="${service}"}[1h])`)).length,
    });
    await stack.until('the last point', async () => ((await totals()).input >= expected.input ? true : undefined));
    expect(await totals()).toEqual(expected);
  });
});
