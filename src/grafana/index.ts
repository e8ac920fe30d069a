/** Dashboards and alerts as data, and what is made of them. */
export { groups, recordings } from './alerts/index.ts';
export { boards } from './dashboards/index.ts';
export type { Board, Panel } from './panel.ts';
export { FOREIGN_METRICS } from './pipeline-metrics.ts';
export { ruleFile, ruleTests, runbookPage, RUNBOOKS } from './rules.ts';
export { toJson } from './to-json.ts';
