/** Durations that the collector counts from spans. Their exemplars are the dots that lead from a panel to a trace. */
import { SPAN_METRICS } from '../pipeline-metrics.ts';
import type { Query } from '../panel.ts';
import { queries, type Scope, type Where } from '../query.ts';

/** For the descriptions of panels that draw it. */
export const DOTS = 'The dots are single ones: each opens its trace.';

/** The p95 of all spans that fulfil `where`, whatever else the panel tells apart: one line, so that its dots do not hide the others. */
export function fromSpans(scope: Scope, where: Where): Query {
  return { expr: queries(scope).quantile(0.95, SPAN_METRICS.duration, { where }), legend: 'all, from spans', hasExemplars: true };
}
