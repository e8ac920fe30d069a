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

/** An hour is two minutes. */
const SCALE = 1 / 30;
/** For alerts on silence: on a busy machine a scrape or a push may be seconds late without anything being down. */
const SILENCE_SCALE = 1 / 10;
const SILENCE_GROUPS: readonly string[] = ['swarmscope-stack', 'swarmscope-telemetry'];
/** How long Prometheus takes a last value for the present: five minutes. */
export const LOOKBACK = `--query.lookback-delta=${300 * SILENCE_SCALE}s`;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** For `prometheus.rules` of a stack. */
export function shortened(text: string): string {
  const { groups } = parse(text) as RuleFile;
  const changed = {
    groups: groups.map(({ name, rules }) => {
      const scale = SILENCE_GROUPS.includes(name) ? SILENCE_SCALE : SCALE;
      return { name, rules: rules.map((rule) => shorter(rule, scale)) };
    }),
  };
  return stringify(changed, { lineWidth: 0 });
}

function shorter(rule: Rule, scale: number): Rule {
  return {
    ...rule,
    expr: rule.expr.replaceAll(/\[(\d+[smh])\]/g, (_, range: string) => `[${shortTime(range, scale)}]`),
    ...(rule.for === undefined ? {} : { for: shortTime(rule.for, scale) }),
    ...(rule.keep_firing_for === undefined ? {} : { keep_firing_for: shortTime(rule.keep_firing_for, SCALE) }),
  };
}

/** `10m` as the harness or the repository writes it. */
function shortTime(written: string, scale: number): string {
  const [, count, unit = ''] = /^(\d+)(ms|[smh])$/.exec(written) ?? [];
  return `${Math.round(Number(count) * (UNIT_MS[unit] ?? NaN) * scale)}ms`;
}
