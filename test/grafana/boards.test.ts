/** Dashboards: every query is well formed and knows its names, every panel can be read and acted on, and no metric is forgotten. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parser as traceql } from '@grafana/lezer-traceql';
import { boards, FOREIGN_METRICS, groups, recordings } from '../../src/grafana/index.ts';
import { reasonForNoPanel } from './unshown-metrics.ts';
import * as semconv from '../../src/semconv/index.ts';
import type { MetricSpec } from '../../src/semconv/index.ts';
import { repository } from '../harness/paths.ts';
import { readPromql } from './promql.ts';

const metrics = Object.entries(semconv)
  .filter(([key]) => key.startsWith('METRIC_'))
  .map(([, value]) => value as unknown as MetricSpec);
/** Attributes that prometheus.yml promotes, and what Prometheus itself adds. */
const LABELS_OF_ALL = ['service_name', 'service_namespace', 'service_version', 'deployment_environment_name', 'host_name', 'instance', 'job', 'le', 'stack'];
const label = (attribute: string): string => attribute.replaceAll(/\W/g, '_');

/** Series name -> its labels, for everything that may stand in a query. */
const known = new Map<string, ReadonlySet<string>>([
  ...[...metrics, ...FOREIGN_METRICS.values()].flatMap((metric): [string, ReadonlySet<string>][] => {
    const labels = new Set([...metric.attributes.map(label), ...LABELS_OF_ALL]);
    const suffixes = metric.instrument === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    return suffixes.map((suffix) => [`${metric.prometheus}${suffix}`, labels]);
  }),
  ...recordings.map(({ record }): [string, ReadonlySet<string>] => [record, new Set([...LABELS_OF_ALL, 'swarmscope_pool_name'])]),
  ['ALERTS', new Set(['alertname', 'alertstate', 'severity', ...LABELS_OF_ALL])],
]);

const panels = boards.flatMap((board) => board.rows.flatMap((row) => row.panels.map((panel) => ({ board, panel, title: `${board.title}: ${panel.title}` }))));
const queried = panels.flatMap(({ panel, title }) =>
  panel.kind === 'text' || panel.kind === 'traces' ? [] : panel.queries.map(({ expr, legend }) => ({ title, expr, legend })),
);
const ruled = [
  ...recordings.map(({ record, expr }) => ({ title: record, expr })),
  ...groups.flatMap(({ alerts }) => alerts.map(({ name, expr }) => ({ title: name, expr }))),
];

function unknownNames(expr: string): string[] {
  const { selectors } = readPromql(expr);
  return selectors.flatMap(({ metric, labels }) => {
    if (metric === undefined) return [];
    const own = known.get(metric);
    if (own === undefined) return [metric];
    return labels.filter((name) => !own.has(name)).map((name) => `${metric}{${name}}`);
  });
}

test('the reader of PromQL sees names, labels and mistakes', () => {
  expect(readPromql('sum by (a) (rate(m{b="c"}[5m]))')).toEqual({ mistakes: [], selectors: [{ metric: 'm', labels: ['b'] }], groupings: ['a'] });
  expect(readPromql('sum(m').mistakes).not.toEqual([]);
  expect(unknownNames('no_such_metric{x="y"}')).toEqual(['no_such_metric']);
});

test.each([...queried, ...ruled])('$title: the query is PromQL over names of the registry', ({ expr }) => {
  expect(readPromql(expr).mistakes).toEqual([]);
  expect(unknownNames(expr)).toEqual([]);
});

test.each(queried)('$title: the legend names labels that the answer has', ({ expr, legend }) => {
  const used = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
  const { groupings } = readPromql(expr);
  expect(used.filter((name) => !groupings.includes(name ?? ''))).toEqual([]);
});

test.each(panels.flatMap(({ panel, title }) => (panel.kind === 'traces' ? [{ title, query: panel.traceql }] : [])))('$title: the search is TraceQL', ({ query }) => {
  const mistakes: string[] = [];
  traceql.parse(query).iterate({ enter: (node) => void (node.type.isError && mistakes.push(query.slice(node.from, node.to + 20))) });
  expect(mistakes).toEqual([]);
  const names: unknown[] = Object.values(semconv);
  expect([...query.matchAll(/span\.([\w.]+)/g)].map(([, name]) => name ?? '').filter((name) => !names.includes(name))).toEqual([]);
});

test.each(panels)('$title: says what it shows and what to do, in a unit', ({ panel }) => {
  expect(panel.description.length).toBeGreaterThan(15);
  expect(panel.description).toMatch(/[.:]$/);
  if (panel.kind === 'text' || panel.kind === 'traces') return;
  expect(panel.unit).not.toBe('');
  expect(panel.queries.length).toBeGreaterThan(0);
  expect(new Set(panel.queries.map(({ legend }) => legend)).size).toBe(panel.queries.length);
  if (panel.kind === 'stat') expect(panel.noValue).toBeDefined();
});

describe.each(boards)('$title', (board) => {
  const json = JSON.parse(readFileSync(join(repository, 'grafana/dashboards', `${board.uid}.json`), 'utf8')) as {
    schemaVersion: number;
    editable: boolean;
    uid: string;
    panels: { id: number; type: string; gridPos: { x: number; y: number; w: number; h: number } }[];
    templating: { list: { name: string; type: string }[] };
  };

  test('its first row answers whether all is well', () => {
    expect(board.rows[0]?.title).toBe('Is it OK?');
    expect(board.rows[0]?.panels.every(({ kind }) => kind === 'stat')).toBe(true);
    expect(board.rows[0]?.panels.length).toBeGreaterThanOrEqual(4);
  });

  test('it is classic JSON, read-only, with variables for its sources', () => {
    expect(json).toMatchObject({ schemaVersion: 42, editable: false, uid: board.uid });
    expect(json.templating.list.map(({ name }) => name)).toEqual(expect.arrayContaining(['datasource', 'traces', 'environment', 'service']));
  });

  test('its panels stand within the grid, do not overlap and have ids of their own', () => {
    const cells = new Set<string>();
    const overlaps: string[] = [];
    for (const { gridPos } of json.panels)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          const cell = `${x},${y}`;
          if (cells.has(cell) || x >= 24) overlaps.push(cell);
          cells.add(cell);
        }
    expect(overlaps).toEqual([]);
    expect(new Set(json.panels.map(({ id }) => id)).size).toBe(json.panels.length);
  });
});

test('usage is drawn with its limit, and a limit never alone', () => {
  const limits = panels.filter(({ panel }) => 'queries' in panel && panel.queries.some(({ isLimit }) => isLimit));
  expect(limits.length).toBeGreaterThan(10);
  expect(limits.filter(({ panel }) => 'queries' in panel && panel.queries.every(({ isLimit }) => isLimit === true))).toEqual([]);
});

const shown = new Set(
  [...queried, ...ruled].flatMap(({ expr }) => readPromql(expr).selectors.flatMap(({ metric }) => (metric === undefined ? [] : [metric.replace(/_(bucket|sum|count)$/, '')]))),
);

test.each(metrics)('$name stands on a board or in an alert, or a reason says why not', ({ name, prometheus }) => {
  const isShown = shown.has(prometheus) || shown.has(prometheus.replace(/_(bucket|sum|count)$/, ''));
  expect(isShown || reasonForNoPanel(name) !== undefined).toBe(true);
});
