/** Dashboards and alerts as data, and what is made of them. */
export { groups, recordings } from './alerts/index.ts';
export { boards } from './dashboards/index.ts';
export { dashboardsPage } from './page.ts';
export type { Board, MetricPanel, Panel, Query, TracePanel } from './panel.ts';
export { FOREIGN_METRICS } from './pipeline-metrics.ts';
export { ruleFile, ruleTests, runbookPage, RUNBOOKS } from './rules.ts';
export { toJson } from './to-json.ts';
