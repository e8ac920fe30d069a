// The repository's rules with their times made shorter: `for`, `keep_firing_for` and ranges. Names, labels, thresholds and operators stay.
import { parse, stringify } from 'yaml';

interface Rule {
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
}

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

interface Shorter {
  readonly for: number;
  /** Ranges by how they are written, in seconds: several exports fit into the shortest, and none outlives its swarm for long. */
  readonly ranges: Readonly<Record<string, number>>;
}

const SWARM: Shorter = { for: 1 / 60, ranges: { '5m': 15, '10m': 20, '15m': 20, '30m': 30, '1h': 40, '6h': 60 } };
/** Alerts on silence and on the stack: on a busy machine a scrape or a push may be half a minute late without anything being down. */
const SILENCE: Shorter = { for: 1 / 6, ranges: { '3m': 40, '5m': 50, '10m': 50, '15m': 50 } };
const SILENCE_GROUPS: readonly string[] = ['swarmscope-stack', 'swarmscope-telemetry'];
/** How long Prometheus takes a last value for the present: five minutes. */
export const LOOKBACK = '--query.lookback-delta=75s';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** For `prometheus.rules` of a stack. */
export function shortened(text: string): string {
  const { groups } = parse(text) as RuleFile;
  const changed = {
    groups: groups.map(({ name, rules }) => {
      const by = SILENCE_GROUPS.includes(name) ? SILENCE : SWARM;
      return { name, rules: rules.map((rule) => shorter(rule, by)) };
    }),
  };
  return stringify(changed, { lineWidth: 0 });
}

function shorter(rule: Rule, by: Shorter): Rule {
  return {
    ...rule,
    expr: rule.expr.replaceAll(/(?<=\[|offset )\d+[smh]/g, (range) => {
      const seconds = by.ranges[range];
      if (seconds === undefined) throw new Error(`${rule.alert} has a range of ${range}: say in shorten.ts how short it may be`);
      return `${seconds}s`;
    }),
    ...(rule.for === undefined ? {} : { for: shortTime(rule.for, by.for) }),
    ...(rule.keep_firing_for === undefined ? {} : { keep_firing_for: shortTime(rule.keep_firing_for, SWARM.for) }),
  };
}

/** `10m` as the harness or the repository writes it. */
function shortTime(written: string, scale: number): string {
  const [, count, unit = ''] = /^(\d+)(ms|[smh])$/.exec(written) ?? [];
  return `${Math.round(Number(count) * (UNIT_MS[unit] ?? NaN) * scale)}ms`;
}
