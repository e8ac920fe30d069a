/** Ids that a span is to have: threads may hang below the run before its span is opened. */
import type { SpanContext } from '@opentelemetry/api';

/** Asked of the context in which a span without a parent is started. One for all bundles. */
export const PLANNED_IDS = Symbol.for('swarmscope.planned-ids.1');

export type PlannedIds = Pick<SpanContext, 'traceId' | 'spanId'>;
