/** The span of the app's own SDK that is current: spans of ours that tell the same work are linked to it. */
import { isSpanContextValid, trace, TraceFlags, type ContextAPI, type SpanContext } from '@opentelemetry/api';

/** Where every copy of major 1 of the API registers. */
const REGISTRY = Symbol.for('opentelemetry.js.api.1');

type Registry = Readonly<Partial<Record<'trace' | 'context', ContextAPI>>>;

/** undefined without an SDK of the app's, outside of its spans, and in spans that it does not record. */
export function currentAppSpan(): SpanContext | undefined {
  const registry = (globalThis as { [REGISTRY]?: Registry })[REGISTRY];
  if (registry?.trace === undefined || registry.context === undefined) return undefined;
  try {
    const span = trace.getSpanContext(registry.context.active());
    return span !== undefined && isSpanContextValid(span) && (span.traceFlags & TraceFlags.SAMPLED) !== 0 ? span : undefined;
  } catch {
    // A context manager of the app's own making.
    return undefined;
  }
}
