/** THE WORDS: every telemetry name, generated from registry.yaml. */
export * from './generated/attributes.ts';
export * from './generated/content-mask.ts';
export * from './generated/events.ts';
export * from './generated/metrics.ts';
export * from './generated/spans.ts';
export * from './generated/values.ts';
export { EVENT_PREFIX } from './event-kind.ts';
export {
  contentNames,
  normaliseSpan,
  observerOf,
  SCOPE_IN_RESOURCE,
  STANDARD_DIALECT,
  type DialectValue,
  type ForeignSpan,
  type NormalisedSpan,
} from './dialect.ts';
export type { ContentClass, Dialect, DialectAttributeRule, DialectSpanRule, MetricSpec, RequirementLevel, SpanSpec } from './types.ts';
