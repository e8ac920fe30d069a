/** The repository's alerts for a cluster: what swarms send is judged by the metrics store, what is scraped by the cluster's Prometheus. */
import { parse, stringify } from 'yaml';
import { generated, type Files } from './files.ts';

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
}
interface Group {
  readonly name: string;
  readonly rules: readonly Rule[];
}

const SOURCE = 'prometheus/rules/swarmscope.rules.yaml';

/** Series that a Prometheus scrapes from the programs of the stack; all others are sent by swarms. */
const SCRAPED = /\b(?:up\{|otelcol_|tempo_|prometheus_|alertmanager_)|^vector\(/;

/** A cluster's monitoring watches these programs, all of them and not only ours, with alerts of its own. */
const OF_THE_CLUSTER: readonly string[] = ['RulesNotEvaluated', 'AlertsNotDelivered', 'Watchdog'];

/** On one machine everything that is scraped is the stack's; in a cluster it is what runs in our namespace. */
const NARROWED: readonly (readonly [alert: string, from: string, to: string])[] = [
  ['StackPartDown', 'up{job!="otel-collector"}', 'up{job!="otel-collector",namespace="swarmscope"}'],
];

export function ruleFiles(read: (path: string) => string): Files {
  return {
    'deploy/components/monitoring/generated/rules.yaml': () => prometheusRule('swarmscope-collectors', scraped(read(SOURCE))),
    'deploy/components/swarm-rules/generated/rules.yaml': () => prometheusRule('swarmscope-swarms', sent(read(SOURCE))),
    'deploy/components/mimir/generated/swarmscope.rules.yaml': () => generated(SOURCE, yaml({ groups: sent(read(SOURCE)) })),
    'deploy/components/thanos/generated/swarmscope.rules.yaml': () => generated(SOURCE, yaml({ groups: sent(read(SOURCE)) })),
  };
}

/** Groups on what is scraped, without what the cluster watches itself. Throws when a group reads both kinds of series. */
export function scraped(text: string): Group[] {
  return groupsOf(text, true).map(({ rules, ...group }) => ({
    ...group,
    rules: rules.filter(({ alert = '' }) => !OF_THE_CLUSTER.includes(alert)).map(narrow),
  }));
}

/** Groups on what swarms send. */
export function sent(text: string): Group[] {
  return groupsOf(text, false);
}

function groupsOf(text: string, isScraped: boolean): Group[] {
  const { groups } = parse(text) as { groups: Group[] };
  return groups.filter(({ name, rules }) => {
    const kinds = new Set(rules.map(({ expr }) => SCRAPED.test(expr)));
    if (kinds.size !== 1)
      throw new Error(`Group ${name} of ${SOURCE} reads series that are scraped beside ones that swarms send: part it.`);
    return kinds.has(isScraped);
  });
}

function narrow(rule: Rule): Rule {
  return NARROWED.filter(([alert]) => alert === rule.alert).reduce((before, [alert, from, to]) => {
    if (!before.expr.includes(from)) throw new Error(`${alert} no longer asks for ${from}: look at NARROWED in tools/deploy/rules.ts.`);
    return { ...before, expr: before.expr.replaceAll(from, to) };
  }, rule);
}

function prometheusRule(name: string, groups: readonly Group[]): string {
  return generated(SOURCE, yaml({ apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule', metadata: { name }, spec: { groups } }));
}

function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0 });
}
