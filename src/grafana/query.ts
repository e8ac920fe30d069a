/** PromQL over the registry: every query is built from a metric's spec, so that no name and no label is typed by hand. */
import { ATTR_SERVICE_NAME, ATTR_SWARMSCOPE_RUN_ID, type MetricSpec } from '../semconv/index.ts';

/** Where the labels of a selector come from: the dashboard's variables, or nothing for a rule. */
export interface Scope {
  /** Put in front of the selector's own matchers: `service_name=~"$service"`. */
  readonly matchers: readonly string[];
  /** The window of a rate: `$__rate_interval` on a dashboard, a duration in a rule. */
  readonly window: string;
  /** Attribute -> the dashboard's variable that narrows it down; only for metrics that have the attribute. */
  readonly narrowedBy?: Readonly<Record<string, string>>;
}

/** On a dashboard; `$__rate_interval` is computed by Grafana from the export interval of the data source. */
export const onDashboard: Scope = {
  matchers: ['service_name=~"$service"', 'deployment_environment_name=~"$environment"'],
  window: '$__rate_interval',
};

/** On a dashboard with variables of its own, beside those that all have. */
export function narrowed(narrowedBy: Readonly<Record<string, string>>): Scope {
  return { ...onDashboard, narrowedBy };
}

/** The same over all of the chosen time: for numbers, bars and tables. */
export function overRange(scope: Scope): Scope {
  return { ...scope, window: '$__range' };
}

/** In a rule: over everything that reports. */
export function inRule(window: string): Scope {
  return { matchers: [], window };
}

/** Attribute of the metric and what it must be: text for equality, a list for one of, a RegExp source with `~`. */
export type Where = Readonly<Record<string, string | readonly string[] | { readonly not: string } | { readonly like: string }>>;

export interface Grouping {
  /** Attributes of the metric, or labels that every metric has (`service_name`). */
  readonly by?: readonly string[];
  readonly where?: Where;
}

/** Labels that resource attributes become: promoted by prometheus.yml. */
const RESOURCE_LABELS: ReadonlySet<string> = new Set(['service_name', 'service_namespace', 'deployment_environment_name', 'host_name', 'instance', 'job']);

/** `swarmscope.pool.name` -> `swarmscope_pool_name`: what Prometheus makes of an attribute's name. */
export function labelOf(attribute: string): string {
  return attribute.replaceAll(/\W/g, '_');
}

export interface Queries {
  /** Current value, summed over everything that is not in `by`. */
  sum(metric: MetricSpec, grouping?: Grouping): string;
  /** Current value, the highest. */
  max(metric: MetricSpec, grouping?: Grouping): string;
  min(metric: MetricSpec, grouping?: Grouping): string;
  /** Events (or units) per second. Of a histogram: observations per second. */
  rate(metric: MetricSpec, grouping?: Grouping): string;
  /** Events (or units) within `range`. Of a histogram: observations. */
  increase(metric: MetricSpec, range: string, grouping?: Grouping): string;
  /**
   * Exactly what was counted within `range`; `increase` guesses the ends, an eighth of a run of 40 s.
   * For a writer that counts from zero under its own identity: a counter restarted under its old one counts too little.
   */
  total(metric: MetricSpec, range: string, grouping?: Grouping): string;
  /** As `total` for a program that may start again under its old identity: exact as long as it did not within `range`, else PromQL's estimate. */
  counted(metric: MetricSpec, range: string, grouping?: Grouping): string;
  /** Of a histogram: exactly what was added up within `range`. */
  totalSum(metric: MetricSpec, range: string, grouping?: Grouping): string;
  /** Of a histogram: what was added up per second, or within `range`. */
  sumRate(metric: MetricSpec, grouping?: Grouping): string;
  sumIncrease(metric: MetricSpec, range: string, grouping?: Grouping): string;
  /** Of a histogram: the quantile within the window. */
  quantile(share: number, metric: MetricSpec, grouping?: Grouping): string;
  /** Of a histogram: the mean within the window. */
  mean(metric: MetricSpec, grouping?: Grouping): string;
}

export function queries(scope: Scope): Queries {
  const { window } = scope;
  const over = (aggregate: string, inner: string, by: readonly string[] = []): string =>
    by.length === 0 ? `${aggregate}(${inner})` : `${aggregate} by (${by.map(labelOf).join(', ')}) (${inner})`;
  const series = (metric: MetricSpec, suffix: string, grouping: Grouping = {}): string => {
    mustHave(metric, [...(grouping.by ?? []), ...Object.keys(grouping.where ?? {})]);
    const narrowing = Object.entries(scope.narrowedBy ?? {})
      .filter(([name]) => metric.attributes.includes(name))
      .map(([name, variable]) => matcher(name, { like: `$${variable}` }));
    const own = Object.entries(grouping.where ?? {}).map(([name, value]) => matcher(name, value));
    const matchers = [...scope.matchers, ...narrowing, ...own];
    return `${metric.prometheus}${suffix}${matchers.length === 0 ? '' : `{${matchers.join(', ')}}`}`;
  };
  const countOf = (metric: MetricSpec): string => (metric.instrument === 'histogram' ? '_count' : '');
  const grown = (selector: string, range: string): string => `max_over_time(${selector}[${range}]) - min_over_time(${selector}[${range}])`;
  const self: Queries = {
    sum: (metric, grouping) => over('sum', series(metric, '', grouping), grouping?.by),
    max: (metric, grouping) => over('max', series(metric, '', grouping), grouping?.by),
    min: (metric, grouping) => over('min', series(metric, '', grouping), grouping?.by),
    rate: (metric, grouping) => over('sum', `rate(${series(metric, countOf(metric), grouping)}[${window}])`, grouping?.by),
    increase: (metric, range, grouping) => over('sum', `increase(${series(metric, countOf(metric), grouping)}[${range}])`, grouping?.by),
    total: (metric, range, grouping) => over('sum', grown(series(metric, countOf(metric), grouping), range), grouping?.by),
    counted(metric, range, grouping) {
      const counter = series(metric, countOf(metric), grouping);
      return over('sum', `(${grown(counter, range)}) and resets(${counter}[${range}]) == 0 or increase(${counter}[${range}])`, grouping?.by);
    },
    totalSum: (metric, range, grouping) => over('sum', grown(series(metric, '_sum', grouping), range), grouping?.by),
    sumRate: (metric, grouping) => over('sum', `rate(${series(metric, '_sum', grouping)}[${window}])`, grouping?.by),
    sumIncrease: (metric, range, grouping) => over('sum', `increase(${series(metric, '_sum', grouping)}[${range}])`, grouping?.by),
    quantile: (share, metric, grouping) =>
      `histogram_quantile(${share}, ${over('sum', `rate(${series(metric, '_bucket', grouping)}[${window}])`, ['le', ...(grouping?.by ?? [])])})`,
    mean: (metric, grouping) => `${self.sumRate(metric, grouping)} / ${self.rate(metric, grouping)}`,
  };
  return self;
}

/** Zero where `base` answers and `expr` does not: nothing happened. Where neither does, nothing is known. */
export function orZero(expr: string, base: string): string {
  return `(${expr} or 0 * ${base})`;
}

/** The sum of two, also of labels that only one of them has. */
export function either(a: string, b: string): string {
  return `((${a}) + (${b}) or (${a}) or (${b}))`;
}

/** A share; absent where there is nothing to share. */
export function share(part: string, whole: string): string {
  return `${orZero(part, whole)} / (${whole} > 0)`;
}

/** Gives the series without `attribute` a name that can be read. */
export function named(expr: string, attribute: string, text: string): string {
  return `label_replace(${expr}, "${labelOf(attribute)}", "${text}", "${labelOf(attribute)}", "")`;
}

/** TraceQL: spans of the chosen swarms that fulfil `condition`. */
export function spansWhere(condition: string): string {
  return `{ resource.${ATTR_SERVICE_NAME} =~ "$service" && ${condition} }`;
}

/** TraceQL: columns beside the name and the duration; the run's id is what `swarmscope report` takes. */
export function showing(search: string, ...attributes: readonly string[]): string {
  return `${search} | select(${[`resource.${ATTR_SWARMSCOPE_RUN_ID}`, ...attributes.map((name) => `span.${name}`)].join(', ')})`;
}

/** A label that the metric does not have would make a query that silently answers nothing. */
function mustHave(metric: MetricSpec, names: readonly string[]): void {
  for (const name of names) {
    if (!metric.attributes.includes(name) && !RESOURCE_LABELS.has(name)) throw new Error(`${metric.name} has no attribute ${name}`);
  }
}

function matcher(name: string, value: Where[string]): string {
  const label = labelOf(name);
  if (typeof value === 'string') return `${label}=${quoted(value)}`;
  if ('not' in value) return `${label}!=${quoted(value.not)}`;
  if ('like' in value) return `${label}=~${quoted(value.like)}`;
  return `${label}=~${quoted(value.join('|'))}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
