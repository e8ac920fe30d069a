/** Names of the analysis room. */
export * from './model.ts';
export type { Category, Segment } from './categories.ts';
export type { WallPath, WallStep } from './wall-path.ts';
export { analyse, type RunReport } from './summary.ts';
export type { BatchReport } from './batches.ts';
export type { GpuReport } from './gpu.ts';
export type { Distribution } from './statistics.ts';
export type { SlowTask } from './slowest.ts';
export type { CategoryTime, NamedDistribution } from './tasks.ts';
export type { Timeline } from './timeline.ts';
export type { Cost, ModelUsage, Tokens, Usage } from './usage.ts';
