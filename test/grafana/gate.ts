/** The gate between the registry and what is drawn and alerted on: what a query asks for must exist, and what exists must be seen. */
import { labelOf } from '../../src/grafana/query.ts';
import type { MetricSpec } from '../../src/semconv/index.ts';
import { readPromql } from './promql.ts';

/** Labels that prometheus.yml promotes, and what Prometheus itself adds. */
const OF_ALL = ['service_name', 'service_namespace', 'service_version', 'deployment_environment_name', 'host_name', 'instance', 'job', 'le', 'stack'];

/** Series name -> its labels. */
export type Known = ReadonlyMap<string, ReadonlySet<string>>;

/** Everything that may stand in a query: the metrics, what recording rules make of them, and Prometheus' own series. */
export function knownSeries(metrics: Iterable<MetricSpec>, recordings: readonly { readonly record: string; readonly expr: string }[]): Known {
  const known = new Map<string, ReadonlySet<string>>();
  for (const { prometheus, instrument, attributes } of metrics) {
    const labels = new Set([...attributes.map(labelOf), ...OF_ALL]);
    for (const suffix of instrument === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']) known.set(`${prometheus}${suffix}`, labels);
  }
  for (const { record, expr } of recordings) known.set(record, new Set(readPromql(expr).groupings));
  known.set('ALERTS', new Set(['alertname', 'alertstate', 'severity', 'resource', ...OF_ALL]));
  known.set('target_info', new Set(OF_ALL));
  return known;
}

/** Mistakes of a query: of grammar, metrics that nobody makes, labels that its metrics do not have. */
export function faultsOf(expr: string, known: Known): string[] {
  const { mistakes, selectors, groupings } = readPromql(expr);
  const named = selectors.flatMap(({ metric, labels }) => (metric === undefined ? [] : [{ metric, labels }]));
  const strange = named.flatMap(({ metric, labels }) => {
    const own = known.get(metric);
    if (own === undefined) return [`nobody makes ${metric}`];
    return labels.filter((name) => !own.has(name)).map((name) => `${metric} has no label ${name}`);
  });
  // Over series of any name, any label may be there.
  if (named.length < selectors.length) return [...mistakes, ...strange];
  const all = new Set(named.flatMap(({ metric }) => [...(known.get(metric) ?? [])]));
  return [...mistakes, ...strange, ...groupings.filter((name) => !all.has(name)).map((name) => `no metric of it has the label ${name}`)];
}

/** Metrics that queries ask for, by the name that Prometheus gives the instrument. */
export function askedFor(exprs: Iterable<string>, metrics: readonly MetricSpec[]): Set<string> {
  const names = new Set([...exprs].flatMap((expr) => readPromql(expr).selectors.map(({ metric }) => metric)));
  const isAsked = ({ prometheus, instrument }: MetricSpec): boolean =>
    instrument === 'histogram' ? ['_bucket', '_sum', '_count'].some((suffix) => names.has(prometheus + suffix)) : names.has(prometheus);
  return new Set(metrics.filter(isAsked).map(({ name }) => name));
}

/** Metrics that nobody would ever see: asked for by no panel and no alert, and without a reason. */
export function unseen(metrics: readonly MetricSpec[], asked: ReadonlySet<string>, reasonFor: (name: string) => string | undefined): string[] {
  return metrics.map(({ name }) => name).filter((name) => !asked.has(name) && reasonFor(name) === undefined);
}
