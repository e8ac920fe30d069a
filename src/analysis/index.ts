/** Names of the analysis room. */
export * from './model.ts';
export { CATEGORIES, CATEGORY_RULE, type Category, type Segment } from './categories.ts';
export { WALL_RULE, type WallPath } from './wall-path.ts';
export { analyse, type RunReport } from './summary.ts';
export type { BatchReport } from './batches.ts';
export type { GpuReport } from './gpu.ts';
export type { Distribution } from './statistics.ts';
export type { CategoryTime, NamedDistribution, SlowTask } from './tasks.ts';
export type { Timeline } from './timeline.ts';
export type { Cost, ModelUsage, Tokens, Usage } from './usage.ts';
