/** What the collector promises, with the real program and the repository's file: nothing secret goes on, no ids on metrics, exact sums, a quiet log. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { stackBinary } from '../../tools/stack-binaries.ts';
import { freshFolder } from '../harness/index.ts';
import { describeWith, START_LIMIT_MS } from '../harness/stack/index.ts';
import { repository } from '../harness/paths.ts';
import { pairs, post, startCollector, type Attributes, type Collector } from './collector/output.ts';

const file = join(repository, 'otel-collector.yaml');
const now = (offsetMs = 0): string => `${Date.now() + offsetMs}000000`;
/** Ends of the ids below, so that each test has its own. */
const id = (number: number, length: number): string => number.toString(16).padStart(length, '0');

/** One of each kind; put together here, so that no scanner of repositories takes the file for a leak. */
const SECRETS: readonly string[] = [
  `sk-ant-api03-${'a1B2'.repeat(8)}`,
  `sk_live_${'a1B2'.repeat(5)}`,
  `ghp_${'a1B2'.repeat(9)}`,
  `github_pat_${'a1B2_'.repeat(9)}`,
  `glpat-${'a1B2'.repeat(5)}`,
  `npm_${'a1B2'.repeat(9)}`,
  `hf_${'a1B2'.repeat(8)}`,
  `xoxb-${'1234-'.repeat(3)}`,
  `AKIA${'A1B2'.repeat(4)}`,
  `AIza${'a1B2c'.repeat(7)}`,
  `eyJ${'a1B2'.repeat(4)}.eyJ${'a1B2'.repeat(4)}.${'a1B2'.repeat(4)}`,
  `Bearer ${'a1B2'.repeat(6)}`,
  `-----BEGIN RSA PRIVATE KEY-----\n${'a1B2'.repeat(8)}\n-----END RSA PRIVATE KEY-----`,
];
/** What must be gone of each: all of it but its first letters. */
const traceOf = (secret: string): string => secret.slice(-12);
const inUrl = 'https://user:hunter2hunter2@host.example/path';

interface Config {
  readonly exporters: Record<
    string,
    { retry_on_failure?: { enabled: boolean; max_elapsed_time: string }; sending_queue?: { storage?: string; queue_size?: number } } | null
  >;
  readonly service: { readonly pipelines: Record<string, { receivers: string[]; processors: string[]; exporters: string[] }> };
}

describeWith('collector')('the file of the collector', () => {
  const config = parse(readFileSync(file, 'utf8')) as Config;
  const pipelines = Object.entries(config.service.pipelines);

  test('is valid, without a word', () => {
    expect(
      execFileSync(stackBinary('otelcol'), ['validate', '--config', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
    ).toBe('');
  });

  test('is noticed when a rule of a dialect has changed and it has not', () => {
    const root = freshFolder('stale');
    cpSync(join(repository, 'src/semconv/dialects'), join(root, 'src/semconv/dialects'), { recursive: true });
    cpSync(file, join(root, 'otel-collector.yaml'));
    const dialect = join(root, 'src/semconv/dialects/claude-code.yaml');
    const rules = readFileSync(dialect, 'utf8');
    const check = (text: string): number | null => {
      writeFileSync(dialect, text);
      return spawnSync(process.execPath, [join(repository, 'tools/generate-collector.ts'), '--check', '--root', root]).status;
    };
    expect(check(rules)).toBe(0);
    expect(check(rules.replace('{ from: tool_name, to:', '{ from: tool_title, to:'))).toBe(1);
  });

  test.each(pipelines)('refuses first in %s before memory runs out', (_, { processors }) => {
    expect(processors[0]).toBe('memory_limiter');
  });

  test('lets nothing out, and nothing be counted, that has not passed the masks', () => {
    const reaches = (names: readonly string[]): boolean => names.some((name) => !['otlp_http/counted'].includes(name));
    const fromOutside = pipelines.filter(([, { receivers, exporters }]) => receivers.includes('otlp') && reaches(exporters));
    expect(fromOutside).toHaveLength(4);
    for (const [, { processors }] of fromOutside) expect(processors).toContain('redaction');
  });

  test('makes metrics of spans in the one pipeline that samples nothing', () => {
    const [traces, ...others] = pipelines.filter(([name]) => name.startsWith('traces'));
    expect(others).toEqual([]);
    expect(traces?.[1].exporters).toEqual(expect.arrayContaining(['span_metrics', 'signal_to_metrics']));
    expect(traces?.[1].processors.filter((name) => name.includes('sampl'))).toEqual([]);
  });

  test.each(Object.entries(config.exporters).filter(([name]) => !name.startsWith('debug')))(
    'keeps on disk what %s cannot deliver, within a bound, and never gives up',
    (_, exporter) => {
      expect(exporter?.retry_on_failure).toMatchObject({ enabled: true, max_elapsed_time: '0s' });
      expect(exporter?.sending_queue).toMatchObject({ storage: 'file_storage/queue', queue_size: expect.any(Number) });
    },
  );
});

describeWith('collector', 'prometheus')('a running collector', () => {
  let collector: Collector;
  beforeAll(async () => {
    collector = await startCollector();
  }, START_LIMIT_MS);

  const span = (number: number, name: string, attributes: Attributes, more: object = {}) => ({
    traceId: id(number, 32),
    spanId: id(number, 16),
    name,
    kind: 3,
    startTimeUnixNano: now(-1_500),
    endTimeUnixNano: now(-1_000),
    attributes: pairs(attributes),
    ...more,
  });
  const traces = (spans: unknown[], resource: Attributes = { 'service.name': 'tests' }) => ({
    resourceSpans: [{ resource: { attributes: pairs(resource) }, scopeSpans: [{ scope: { name: 'swarmscope' }, spans }] }],
  });
  const metrics = (
    list: unknown[],
    { resource = { 'service.name': 'tests' }, scope = 'swarmscope' }: { resource?: Attributes; scope?: string } = {},
  ) => ({
    resourceMetrics: [{ resource: { attributes: pairs(resource) }, scopeMetrics: [{ scope: { name: scope }, metrics: list }] }],
  });
  const counter = (name: string, points: { attributes: Attributes; value: number }[], temporality = 2) => ({
    name,
    sum: {
      isMonotonic: true,
      aggregationTemporality: temporality,
      dataPoints: points.map(({ attributes, value }) => ({
        attributes: pairs(attributes),
        startTimeUnixNano: now(-60_000),
        timeUnixNano: now(),
        asInt: value,
      })),
    },
  });

  test('masks credentials wherever they stand, and leaves the rest as it came', async () => {
    const { stack } = collector;
    const all = [...SECRETS, inUrl].map((secret) => `before ${secret} after`);
    const attributes = Object.fromEntries(all.map((text, index) => [`text.${index}`, text]));
    const one = SECRETS[0] ?? '';
    const spans = [
      span(
        0xa1,
        `call ${SECRETS[2]}`,
        { ...attributes, list: ['harmless', one], number: 42, 'vcs.ref.head.name': 'task-1' },
        {
          status: { code: 2, message: `refused ${SECRETS[3]}` },
          events: [
            { name: `event ${SECRETS[4]}`, timeUnixNano: now(-1_200), attributes: pairs({ 'exception.message': `bad key ${one}` }) },
          ],
        },
      ),
    ];
    await post(stack.endpoint, 'traces', traces(spans, { 'service.name': 'tests', 'host.url': inUrl, 'deployment.key': one }));
    const record = (body: unknown) => ({ timeUnixNano: now(), body, attributes: pairs({ key: one }) });
    const records = [record({ stringValue: `body ${one}` }), record({ kvlistValue: { values: pairs({ inner: `body ${SECRETS[5]}` }) } })];
    await post(stack.endpoint, 'logs', {
      resourceLogs: [{ resource: { attributes: pairs({ key: one }) }, scopeLogs: [{ scope: { name: 'x' }, logRecords: records }] }],
    });
    await post(stack.endpoint, 'metrics', metrics([counter('tests.masked', [{ attributes: { key: `${one} end` }, value: 3 }])]));
    const found = await stack.until('the span, the records and the point', async () => {
      const [point] = await stack.query('tests_masked_total');
      const [handedOn] = collector.spans().filter(({ spanId }) => spanId === id(0xa1, 16));
      return point === undefined || handedOn === undefined || collector.logs().length < 2 ? undefined : { point, handedOn };
    });
    const text = collector.text();
    for (const secret of SECRETS) expect(text).not.toContain(traceOf(secret));
    expect(text).not.toContain('hunter2');
    expect(found.point.labels['key']).toBe('**** end');
    expect(found.handedOn).toMatchObject({
      name: 'call ****',
      attributes: {
        number: 42,
        'vcs.ref.head.name': 'task-1',
        'text.0': 'before **** after',
        'text.13': 'before https****host.example/path after',
      },
    });
    expect(text).toContain('"message":"refused ****"');
    expect(text).toContain('"name":"event ****"');
    expect(text).toContain('bad key ****');
  });

  test('drops a point that carries an id, and keeps its neighbours', async () => {
    const ids = ['swarmscope.run.id', 'swarmscope.task.id', 'swarmscope.batch.id', 'gen_ai.conversation.id', 'session.id', 'user.id'];
    const points = ids.map((name) => ({ attributes: { [name]: 'x' }, value: 1 }));
    await post(
      collector.stack.endpoint,
      'metrics',
      metrics([counter('tests.ids', [...points, { attributes: { kind: 'none' }, value: 5 }])]),
    );
    const rows = await collector.stack.until('the point without an id', async () => {
      const found = await collector.stack.query('tests_ids_total');
      return found.length > 0 ? found : undefined;
    });
    expect(rows.map(({ labels, value }) => [labels['kind'], value])).toEqual([['none', 5]]);
  });

  test('counts spans by operation and dialect, with exemplars that lead to their traces', async () => {
    const { stack } = collector;
    const call = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-exemplar' };
    await post(stack.endpoint, 'traces', traces([span(0xb1, 'chat gpt-exemplar', call)]));
    const selector = 'traces_span_metrics_duration_seconds_bucket{gen_ai_request_model="gpt-exemplar"}';
    const [exemplar] = await stack.until('an exemplar', async () => {
      const found = await stack.exemplars(selector);
      return found.length > 0 ? found : undefined;
    });
    expect(exemplar?.labels['trace_id']).toBe(id(0xb1, 32));
    const calls = await stack.until('the count, which follows a first 0', async () => {
      const [found] = await stack.query('traces_span_metrics_calls_total{gen_ai_request_model="gpt-exemplar"}');
      return found?.value === 1 ? found : undefined;
    });
    // Ours: no dialect, and no counter made from it.
    expect(calls.labels).toMatchObject({ gen_ai_operation_name: 'chat' });
    expect(calls.labels).not.toHaveProperty('swarmscope_dialect');
    expect(await stack.query('gen_ai_client_inference_duration_seconds_count{gen_ai_request_model="gpt-exemplar"}')).toEqual([]);
  });

  const sessions = 40;
  const tokens = (session: number, value: number) =>
    metrics(
      [
        counter(
          'claude_code.token.usage',
          [{ attributes: { type: 'input', model: 'claude-many', 'session.id': `s${session}`, 'user.id': 'u' }, value }],
          1,
        ),
      ],
      {
        resource: { 'service.name': 'claude-code' },
        scope: 'com.anthropic.claude_code',
      },
    );
  const total = 'sum(gen_ai_client_inference_usage_input_tokens_total{gen_ai_request_model="claude-many"})';
  const until = (value: number) =>
    collector.stack.until(`${total} is ${value}`, async () =>
      (await collector.stack.query(total))[0]?.value === value ? true : undefined,
    );

  test('adds up the changes of many sessions that report at once, to the last token', async () => {
    const posts = Array.from({ length: sessions * 5 }, (_, index) =>
      post(collector.stack.endpoint, 'metrics', tokens(index % sessions, index + 1)),
    );
    await Promise.all(posts);
    await until((posts.length * (posts.length + 1)) / 2);
    expect(await collector.stack.query('{session_id!=""}')).toEqual([]);
  });

  test('adds up totals of sessions as well: a user may have chosen them', async () => {
    const model = 'claude-totals';
    const startTimeUnixNano = now();
    const report = (value: number, timeUnixNano = now()) => {
      const attributes = pairs({ type: 'input', model, 'session.id': 'total', 'user.id': 'u' });
      const dataPoints = [{ attributes, startTimeUnixNano, timeUnixNano, asInt: value }];
      return metrics([{ name: 'claude_code.token.usage', sum: { isMonotonic: true, aggregationTemporality: 2, dataPoints } }], {
        resource: { 'service.name': 'claude-code' },
        scope: 'com.anthropic.claude_code',
      });
    };
    await post(collector.stack.endpoint, 'metrics', report(100, now(10)));
    await post(collector.stack.endpoint, 'metrics', report(250, now(1_000)));
    const sum = `sum(gen_ai_client_inference_usage_input_tokens_total{gen_ai_request_model="${model}"})`;
    await collector.stack.until(`${sum} is 250`, async () => ((await collector.stack.query(sum))[0]?.value === 250 ? true : undefined));
  });

  test('is scraped, and its ledger holds what came in', async () => {
    const { urls } = collector.stack;
    const text = await (await fetch(`${urls.collectorTelemetry}/metrics`)).text();
    const spansIn = [...text.matchAll(/^otelcol_receiver_accepted_spans_total\{[^}]*receiver="otlp"[^}]*\} (\d+)/gm)].map(([, value]) =>
      Number(value),
    );
    expect(spansIn.reduce((sum, value) => sum + value, 0)).toBe(2);
    await collector.stack.until('Prometheus has scraped it', async () => {
      const [up] = await collector.stack.query('up{job="otel-collector"}');
      return up?.value === 1 ? true : undefined;
    });
  });

  test('has nothing to complain about', () => {
    const lines = collector.stack
      .log('collector')
      .split('\n')
      .filter((line) => line !== '');
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter((line) => /"level":"(?!info|debug)|deprecat/i.test(line))).toEqual([]);
  });

  describe('killed and started again', () => {
    test('goes on counting: the new start is a reset, no loss', async () => {
      const { stack } = collector;
      const before = (await stack.query(total))[0]?.value ?? 0;
      await stack.kill('collector', 'SIGKILL');
      await stack.start('collector');
      await post(stack.endpoint, 'metrics', tokens(1, before + 1_000));
      await until(before + 1_000);
      // More than before, and yet a reset: a 0 came first.
      const [resets] = await stack.query(
        'sum(resets(gen_ai_client_inference_usage_input_tokens_total{gen_ai_request_model="claude-many"}[10m]))',
      );
      expect(resets?.value).toBe(1);
    });
  });
});
