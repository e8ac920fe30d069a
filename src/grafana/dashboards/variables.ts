/** The variables that all boards share, and the function that makes a board's own. Every query's scope uses them by name. */
import { METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION, type MetricSpec } from '../../semconv/index.ts';
import type { Variable } from '../panel.ts';
import { labelOf, onDashboard } from '../query.ts';

const alive = `${METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION.prometheus}_count`;

/** `target_info` is there for every process that reports; the run's own metric only after a run. */
export const environment: Variable = {
  name: 'environment',
  label: 'Environment',
  query: 'label_values(target_info, deployment_environment_name)',
};
export const service: Variable = {
  name: 'service',
  label: 'Swarm',
  // The collector tells its own name too, when it is scraped.
  query: `label_values({__name__=~"target_info|${alive}", job!="otel-collector", deployment_environment_name=~"$environment"}, service_name)`,
};

export const common: readonly Variable[] = [environment, service];

/** What `attribute` of a metric can be in the chosen swarms. */
export function valuesOf(name: string, label: string, metric: MetricSpec, attribute: string): Variable {
  const series = `${metric.prometheus}${metric.instrument === 'histogram' ? '_count' : ''}{${onDashboard.matchers.join(', ')}}`;
  return { name, label, query: `label_values(${series}, ${labelOf(attribute)})` };
}
