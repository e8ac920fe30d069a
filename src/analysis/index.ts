/** The answers: a run as plain data goes in, a report as plain data comes out. */
export type { Attributes, AttributeValue, LogRow, MetricSeries, RunData, RunRow, SpanRow } from './model.ts';
export { analyse, findFacts, reportOf } from './summary.ts';
export type { RunFacts } from './facts.ts';
export type { Language } from './languages.ts';
export { findNeeds, type LaneNow, type Need, type NeedKind } from './needs.ts';
export { judge, type Standing, type Verdict } from './verdict.ts';
export { createPricer } from './price.ts';
export { spanOfFileCall } from './file-call.ts';
export {
  compare,
  conditionsIn,
  judgeConditions,
  sideOf,
  type Comparison,
  type Condition,
  type Figured,
  type Judgement,
  type Side,
} from './compare/index.ts';
export { silenceText } from './silence.ts';
export { onlyPhase, phasesIn, review, type RepositoryFacts, type Review } from './review/index.ts';
export type { RunReport } from './sections/index.ts';
export type { Missing } from './missing.ts';
export type { RefusalCount } from './backoff.ts';
export type { Category } from './categories.ts';
export {
  findingRecord,
  readThresholds,
  watchFindings,
  type LeftProcess,
  type LiveChange,
  type LiveFinding,
  type LiveFindings,
  type SilentProcess,
  type Surroundings,
} from './live/index.ts';
export { FINDING_KINDS, type Finding, type FindingKind } from './findings/index.ts';
export type { CategoryTime, NamedDistribution } from './tasks.ts';
export type { SilentAgent } from './sections/silent.ts';
export type { SlowTask } from './sections/slowest.ts';
export type { Money } from './sections/money.ts';
export type { Cost, ToolUse, Usage } from './sections/usage.ts';
export type { WallStep } from './sections/wall-path.ts';
