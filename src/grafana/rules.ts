/** Turns alerts into Prometheus' rule file, the cases of `promtool test rules`, and the runbook pages. */
import type { Alert, Case } from './alerts/alert.ts';
import { groups, RECORDING_GROUP, recordings } from './alerts/index.ts';

/** Where the pages of the repository are read; `docs/runbooks/NAME.md` beside it in a checkout. */
export const RUNBOOKS = 'docs/runbooks';

/** Where docker-compose.yml puts Grafana. */
export const GRAFANA = 'http://localhost:3000';

/** prometheus/rules/swarmscope.rules.yaml as plain data. What is not on this machine is named by the external labels `grafana` and `runbooks`. */
export function ruleFile(): unknown {
  return {
    groups: [
      { name: RECORDING_GROUP, rules: recordings.map(({ record, expr }) => ({ record, expr })) },
      ...groups.map(({ name, alerts }) => ({ name, rules: alerts.map(toRule) })),
    ],
  };
}

function toRule(alert: Alert): unknown {
  return {
    alert: alert.name,
    expr: alert.expr,
    ...(alert.for === undefined ? {} : { for: alert.for }),
    ...(alert.keepFiringFor === undefined ? {} : { keep_firing_for: alert.keepFiringFor }),
    labels: { severity: alert.severity, resource: alert.resource, stack: 'swarmscope' },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: `{{ with $externalLabels.runbooks }}{{ . }}{{ else }}${RUNBOOKS}{{ end }}/${alert.name}.md`,
      dashboard: `{{ with $externalLabels.grafana }}{{ . }}{{ else }}${GRAFANA}{{ end }}/d/${alert.board}{{ with $labels.service_name }}?var-service={{ . }}{{ end }}`,
    },
  };
}

/** prometheus/rules/tests/swarmscope.test.yaml as plain data; each case is one test. */
export function ruleTests(ruleFilePath: string): unknown {
  return {
    rule_files: [ruleFilePath],
    evaluation_interval: '1m',
    // Else promtool evaluates groups in random order, and alerts over recordings of another group flake.
    group_eval_order: [RECORDING_GROUP, ...groups.map(({ name }) => name)],
    tests: groups.flatMap(({ alerts }) => alerts.flatMap((alert) => alert.cases.map((each) => toTest(alert, each)))),
  };
}

function toTest(alert: Alert, { title, series, at, fires }: Case): unknown {
  const firing = `count(ALERTS{alertname="${alert.name}", alertstate="firing"})`;
  return {
    name: `${alert.name} ${fires ? 'fires' : 'is silent'}: ${title}`,
    interval: '1m',
    input_series: Object.entries(series).map(([name, values]) => ({ series: asPushed(name), values })),
    promql_expr_test: [{ expr: firing, eval_time: at, exp_samples: fires ? [{ labels: '{}', value: 1 }] : [] }],
  };
}

/** Labels that prometheus.yml makes of a resource: a rule that matches by all labels where it means some must not pass. */
const OF_A_RESOURCE = 'job="s",instance="i",host_name="h",service_version="1",deployment_environment_name="test"';

function asPushed(series: string): string {
  return series.replace('{service_name="s"', `{service_name="s",${OF_A_RESOURCE}`);
}

/** docs/runbooks/NAME.md. */
export function runbookPage(alert: Alert, boardTitle: string): string {
  const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
  const { meaning, causes, look, act } = alert.runbook;
  return [
    `# ${alert.name}`,
    `${alert.severity === 'none' ? 'Always fires' : `Severity: ${alert.severity}`}. Resource: ${alert.resource}. Board: ${boardTitle} (\`${alert.board}\`).`,
    `## What it means\n\n${meaning}`,
    `## Likely causes\n\n${list(causes)}`,
    `## What to look at\n\n${list(look)}`,
    `## What to do\n\n${list(act)}`,
    `## The rule\n\n\`\`\`promql\n${alert.expr}\n\`\`\`\n\n${alert.for === undefined ? 'Fires at once.' : `Fires when it has held for ${alert.for}.`}`,
    '',
  ].join('\n\n');
}
