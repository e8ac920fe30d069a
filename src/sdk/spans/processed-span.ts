/** A finished or open span as processors and the journal read it: one of OpenTelemetry's SDK, or one of ours. */
import type { FinishedSpan, Scope } from '../../otlp/write/index.ts';

export type ProcessedSpan = FinishedSpan & { readonly instrumentationScope: Scope };
