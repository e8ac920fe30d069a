// Every query of every dashboard against the real Prometheus and Tempo after the demo swarm: it answers, or says what it needs and answers to synthetic points.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readPromql } from '../grafana/promql.ts';
import { DEMO_LIMIT_MS, demoInStack, describeWith, START_LIMIT_MS, startStack, type Demo, type Stack } from '../harness/stack/index.ts';
import { annotations, interpolate, panelQueries, variables, type PanelQuery, type View } from './panels/as-grafana.ts';
import { askAtEnd, askOver, exemplarTraces, hasData, search, valuesOf, type Answer } from './panels/ask.ts';
import { SYNTHETIC_SERVICE, pointsFor } from './panels/synthetic.ts';
import { spansUpTo, SYNTHETIC_TRACE } from './panels/synthetic-spans.ts';

const SERVICE = 'demo-swarm';
const ENVIRONMENT = 'test';
/** A line at 1 answers always, and says nothing. */
const isConstant = ({ kind, text }: PanelQuery): boolean => kind === 'promql' && readPromql(text).selectors.length === 0;
const promql = panelQueries.filter((query) => query.kind === 'promql' && !isConstant(query));
const traceql = panelQueries.filter(({ kind }) => kind === 'traceql');
const self = ({ needs }: PanelQuery): boolean => needs === undefined;
const lacking = ({ needs }: PanelQuery): boolean => needs !== undefined;
const titles = (queries: readonly PanelQuery[]): string[] => queries.map(({ title }) => title);
/** Narrowed down by something that only agents have. */
const NEEDS_MORE: ReadonlySet<string> = new Set(['Agents and hand-offs: $agent']);

/** Shown by the demo as well where the machine is so busy that a process cannot send all within its last second. */
const UNDER_LOAD = 'Telemetry pipeline: Dropped per second, by reason [{{swarmscope_telemetry_signal}} {{swarmscope_drop_reason}}]';

describeWith(
  'tempo',
  'prometheus',
  'alertmanager',
  'collector',
)('the dashboards over the demo swarm', () => {
  let stack: Stack;
  let demo: Demo;
  let view: View;
  /** Over the run and a little after it. */
  const answers = new Map<string, Answer>();
  const answered = ({ title }: PanelQuery): boolean => hasData(answers.get(title) ?? { series: [], remarks: [] });

  beforeAll(async () => {
    stack = await startStack({
      // Else the counts of the last spans, and the dots, come 15 s later.
      collector: { config: (text) => text.replace('metrics_flush_interval: 15s', 'metrics_flush_interval: 1s') },
      // Which alerts fire is looked at elsewhere; on a machine under load some do.
      prometheus: { rules: () => 'groups: []\n' },
    });
    const fromMs = Date.now() - 5_000;
    demo = await demoInStack(stack, {
      service: SERVICE,
      speed: 4,
      env: { OTEL_METRIC_EXPORT_INTERVAL: '1000', OTEL_RESOURCE_ATTRIBUTES: `deployment.environment.name=${ENVIRONMENT}` },
    });
    const now = (): View => ({ fromMs, toMs: Date.now(), stepSeconds: 1 });
    // What is scraped, and what the collector counts, comes after what the swarm sends itself.
    await stack
      .until(
        'the panels that need nothing answer',
        async () => {
          view = now();
          for (const query of promql) answers.set(query.title, await askOver(stack, query, view));
          return promql.filter(self).every(answered) ? true : undefined;
        },
        20_000,
      )
      .catch(() => undefined);
  }, START_LIMIT_MS + DEMO_LIMIT_MS);

  test('every panel that needs nothing more shows data', () => {
    expect(titles(promql.filter((query) => self(query) && !answered(query)))).toEqual([]);
  });

  test('no panel claims to need what the demo has', () => {
    expect(titles(promql.filter((query) => lacking(query) && answered(query) && query.title !== UNDER_LOAD))).toEqual([]);
  });

  test('Prometheus returns no warning for any query', () => {
    const remarks = promql.flatMap(({ title }) => (answers.get(title)?.remarks ?? []).map((remark) => `${title}: ${remark}`));
    expect(remarks).toEqual([]);
  });

  test('Prometheus would warn of a rate over a gauge', async () => {
    const planted = { ...queryOf('Swarm overview: Waiting in queues [waiting]'), text: 'rate(swarmscope_queue_size[$__rate_interval])' };
    const { remarks } = await askOver(stack, planted, view);
    expect(remarks).toEqual([expect.stringMatching(/might not be a counter/)]);
  });

  test('numbers, bars and tables still show finite values when the run is over', async () => {
    const faults: string[] = [];
    for (const query of promql.filter(({ isRange }) => !isRange)) {
      const { series, remarks } = await askAtEnd(stack, query, view);
      if (remarks.length > 0 || series.some(({ points }) => points.some(([, value]) => !Number.isFinite(value)))) faults.push(query.title);
    }
    expect(faults).toEqual([]);
  });

  test('numbers of the chosen time are exactly those of the report', async () => {
    const shown = async (title: string): Promise<number | undefined> => {
      return (await askAtEnd(stack, queryOf(title), view)).series[0]?.points[0]?.[1];
    };
    const { usage, git, trouble, taskTypes } = demo.report;
    expect({
      calls: await shown('LLM use and cost: Calls [calls]'),
      refused: await shown('Swarm overview: Refused (429) [429]'),
      tools: await shown('Agents and hand-offs: Tools executed [tools]'),
      tasks: await shown('Tasks: Tasks ended [ended]'),
      commands: await shown('git: Commands [commands]'),
      conflicts: await shown('git: Merge conflicts [conflicts]'),
    }).toEqual({
      calls: usage.calls,
      refused: trouble.rateLimited.count,
      tools: usage.tools.executions,
      tasks: taskTypes.reduce((sum, { count }) => sum + count, 0),
      commands: git.count,
      conflicts: git.conflicts,
    });
    expect(await shown('Swarm overview: Cost [cost]')).toBeCloseTo(usage.cost.amount ?? NaN, 9);
  });

  test('every variable offers what the demo has, and narrowing down to it keeps what is shown', async () => {
    const offered = new Map<string, readonly string[]>();
    for (const { title, query, uid } of variables) if (query !== undefined) offered.set(title, await valuesOf(stack, query, uid, view));
    expect([...offered].filter(([title, values]) => values.length === 0 && !NEEDS_MORE.has(title)).map(([title]) => title)).toEqual([]);
    expect(offered.get('Swarm overview: $service')).toEqual([SERVICE]);
    expect(offered.get('Swarm overview: $environment')).toEqual([ENVIRONMENT]);
    expect(offered.get('Tasks: $type')).toEqual(['document', 'implement', 'resolve', 'review']);
    expect(offered.get('LLM use and cost: $model')).toEqual(['claude-sonnet-5', 'gpt-5.4-mini', 'gpt-5.5']);
    const narrow: View = { ...view, chosen: { service: SERVICE, environment: ENVIRONMENT } };
    const lost: string[] = [];
    for (const query of promql.filter(self)) if (!hasData(await askOver(stack, query, narrow))) lost.push(query.title);
    expect(lost).toEqual([]);
  });

  test('a variable of a board narrows down its panels to what is chosen', async () => {
    const query = queryOf('LLM use and cost: By model, in the chosen time [calls]');
    const { series } = await askAtEnd(stack, query, { ...view, chosen: { model: 'gpt-5.5' } });
    expect(series.map(({ labels }) => labels['gen_ai_request_model'])).toEqual(['gpt-5.5']);
  });

  test('annotations are answered', async () => {
    for (const { expr } of annotations) await expect(stack.query(expr)).resolves.toBeDefined();
  });

  test('every search that needs nothing more finds the run, and no search claims to need what the demo has', async () => {
    for (const query of traceql.filter(self)) {
      const found = await stack.until(query.title, async () => {
        const ids = await search(stack, query, { ...view, chosen: { service: SERVICE } });
        return ids.length > 0 ? ids : undefined;
      });
      expect(found).toEqual([demo.traceId]);
    }
    for (const query of traceql.filter(lacking)) expect({ [query.title]: await search(stack, query, view) }).toEqual({ [query.title]: [] });
  });

  test('the dots of every panel that has them lead to the trace of the run', async () => {
    const dotted = promql.filter((query) => query.hasExemplars && self(query));
    expect(dotted.length).toBeGreaterThan(4);
    for (const query of dotted) {
      const ids = await exemplarTraces(stack, query, view);
      expect({ title: query.title, traces: [...new Set(ids)] }).toEqual({ title: query.title, traces: [demo.traceId] });
    }
  });

  describe('what the demo lacks, as synthetic telemetry through the collector', () => {
    let later: View;

    beforeAll(async () => {
      const toMs = Date.now();
      const queries = promql.filter(lacking).map(({ text, uid }) => interpolate(text, uid, view));
      await post(stack, 'metrics', pointsFor(queries, toMs));
      await post(stack, 'traces', spansUpTo(toMs));
      later = { fromMs: toMs - 60_000, toMs: toMs + 1_000, stepSeconds: 1 };
      await stack.until('Prometheus has the synthetic points', async () =>
        (await stack.query(`count({service_name="${SYNTHETIC_SERVICE}"})`)).length > 0 ? true : undefined,
      );
      await stack.until('Tempo finds the synthetic trace', async () =>
        (await stack.trace(SYNTHETIC_TRACE))?.length === 3 ? true : undefined,
      );
    }, DEMO_LIMIT_MS);

    test('some panels are tested by it, each with its reason', () => {
      expect(promql.filter(lacking).length).toBeGreaterThan(10);
      expect(traceql.filter(lacking).length).toBeGreaterThan(2);
    });

    test.each(promql.filter(lacking))('$title shows data (needs $needs)', async (query) => {
      const answer = await stack.until(
        query.title,
        async () => {
          const each = await askOver(stack, query, later);
          return hasData(each) ? each : undefined;
        },
        10_000,
      );
      expect(answer.remarks).toEqual([]);
    });

    test.each(traceql.filter(lacking))('$title finds a trace (needs $needs)', async (query) => {
      const ids = await stack.until(query.title, async () => {
        const found = await search(stack, query, { ...later, toMs: Date.now() + 1_000 });
        return found.length > 0 ? found : undefined;
      });
      expect(ids).toEqual([SYNTHETIC_TRACE]);
    });
  });
});

function queryOf(title: string): PanelQuery {
  const query = promql.find((each) => each.title === title);
  if (query === undefined) throw new Error(`no panel is called ${title}`);
  return query;
}

async function post(stack: Stack, signal: 'metrics' | 'traces', body: unknown): Promise<void> {
  const answer = await fetch(`${stack.endpoint}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringMatching(/^\{"partialSuccess":\{\}\}$/)]);
}
