/** No metric of the registry is forgotten, and no panel, rule or variable asks for what nobody makes; each proven by a planted fault. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { boards, FOREIGN_METRICS, groups, recordings, RUNBOOKS } from '../../src/grafana/index.ts';
import * as semconv from '../../src/semconv/index.ts';
import type { MetricSpec } from '../../src/semconv/index.ts';
import { repository } from '../harness/paths.ts';
import { askedFor, faultsOf, knownSeries, unseen } from './gate.ts';
import { reasonForNoPanel, reasons } from './unshown-metrics.ts';

const constants = Object.entries(semconv).filter(([key]) => key.startsWith('METRIC_')) as unknown as readonly [string, MetricSpec][];
const metrics = constants.map(([, metric]) => metric);
const known = knownSeries([...metrics, ...FOREIGN_METRICS.values()], recordings);
const read = (...path: readonly string[]): string => readFileSync(join(repository, ...path), 'utf8');

interface Asked {
  readonly title: string;
  readonly expr: string;
}

/** Of every `expr` and `label_values` in what Grafana loads: panels, variables, annotations. */
function inBoard(file: string): Asked[] {
  const found: Asked[] = [];
  const look = (value: unknown, title: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const own = 'title' in value && typeof value.title === 'string' ? `${title}: ${value.title}` : title;
    for (const [key, each] of Object.entries(value)) {
      if (key === 'expr' && typeof each === 'string') found.push({ title: own, expr: each });
      const variable = typeof each === 'string' ? /^label_values\((.+), \w+\)$/.exec(each)?.[1] : undefined;
      if (variable !== undefined) found.push({ title: `${own}, a variable`, expr: variable });
      look(each, own);
    }
  };
  look(JSON.parse(read('grafana/dashboards', file)), file);
  return found;
}

const drawn = readdirSync(join(repository, 'grafana/dashboards')).flatMap(inBoard);
/** Those of the rule file that have a page: an alert without one helps nobody. */
const ruled = (parse(read('prometheus/rules/swarmscope.rules.yaml')) as { groups: { rules: { alert?: string; record?: string; expr: string }[] }[] }).groups
  .flatMap(({ rules }) => rules)
  .map(({ alert, record = '', expr }) => ({ title: alert ?? record, expr, isAlert: alert !== undefined }));
const withPage = ruled.filter(({ title, isAlert }) => isAlert && existsSync(join(repository, RUNBOOKS, `${title}.md`)));
const linked = [...read('grafana/provisioning/datasources/datasources.yaml').matchAll(/name: (?<name>[^,]+), query: '(?<query>[^']+)'/g)].map(
  ({ groups: found }) => ({ title: `a link from traces: ${found?.['name'] ?? ''}`, expr: (found?.['query'] ?? '').replaceAll('$$__tags', 'service_name="x"') }),
);
/** A recording that a rule stands on shows what the recording is made of. */
const seen = askedFor([...drawn, ...withPage, ...ruled.filter(({ isAlert }) => !isAlert)].map(({ expr }) => expr), metrics);

test('the gate reads every panel, variable, rule and link', () => {
  expect(drawn.length).toBeGreaterThan(boards.length * 10);
  expect(drawn.filter(({ title }) => title.endsWith('a variable')).length).toBeGreaterThanOrEqual(boards.length * 2);
  expect(withPage).toHaveLength(groups.flatMap(({ alerts }) => alerts).length);
  expect(linked).toHaveLength(2);
});

test.each([...drawn, ...ruled, ...linked])('$title asks only for metrics and labels that exist', ({ expr }) => {
  expect(faultsOf(expr, known)).toEqual([]);
});

test.each([
  ['a metric that nobody makes', 'sum(rate(swarmscope_tasks_done_total[5m]))', 'nobody makes swarmscope_tasks_done_total'],
  ['a histogram without its suffix', 'swarmscope_task_duration_seconds', 'nobody makes swarmscope_task_duration_seconds'],
  ['a suffix on a gauge', 'swarmscope_queue_size_total', 'nobody makes swarmscope_queue_size_total'],
  ['a label that the metric lacks', 'swarmscope_queue_size{swarmscope_pool_name="p"}', 'swarmscope_queue_size has no label swarmscope_pool_name'],
  ['an id as a label', 'swarmscope_queue_size{swarmscope_run_id="r"}', 'swarmscope_queue_size has no label swarmscope_run_id'],
  ['a grouping by what is not there', 'sum by (pool) (swarmscope_worker_limit)', 'no metric of it has the label pool'],
  ['a recording without that label', 'swarmscope:task_failure:ratio_rate5m{swarmscope_task_type="t"}', 'swarmscope:task_failure:ratio_rate5m has no label swarmscope_task_type'],
])('%s is found', (_, expr, fault) => {
  expect(faultsOf(expr, known)).toEqual([fault]);
});

test('a query that is no PromQL is found', () => {
  expect(faultsOf('sum(rate(swarmscope_queue_size[5m])', known)).not.toEqual([]);
});

test('every metric of the registry stands on a board or in an alert with a page, or a reason says why not', () => {
  expect(unseen(metrics, seen, reasonForNoPanel)).toEqual([]);
});

test('a metric that was added to the registry and forgotten is found', () => {
  const planted: MetricSpec = { name: 'swarmscope.planted', prometheus: 'swarmscope_planted_total', instrument: 'counter', unit: '{item}', description: '', valueType: 'int', attributes: [] };
  expect(unseen([...metrics, planted], seen, reasonForNoPanel)).toContain(planted.name);
  expect(unseen([planted], askedFor(['rate(swarmscope_planted_total[5m])'], [planted]), reasonForNoPanel)).toEqual([]);
});

test('a metric whose only alert lost its page is found', () => {
  const only = ruled.filter(({ isAlert }) => !isAlert);
  const lost = unseen(metrics, askedFor(only.map(({ expr }) => expr), metrics), reasonForNoPanel);
  expect(lost.length).toBeGreaterThan(20);
});

test('every reason is about a metric that is there, and none about one that is seen', () => {
  expect(reasons.filter((reason) => !metrics.some(({ name }) => name.startsWith(reason)))).toEqual([]);
  expect(metrics.map(({ name }) => name).filter((name) => reasonForNoPanel(name) !== undefined && seen.has(name))).toEqual([]);
});
