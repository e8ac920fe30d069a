// Decodes what a sink accepted with the product's own receiver, so that writing and reading check each other.
import type { LogRow, SpanRow } from '../../src/analysis/model.ts';
import type { Encoding } from '../../src/otlp/request.ts';
import { readLogs, readMetrics, readTraces, type MetricPointRow } from '../../src/viewer/receive/rows/index.ts';
import type { Sink } from './sink.ts';

function encodingOf(contentType: string): Encoding {
  return contentType.startsWith('application/json') ? 'json' : 'protobuf';
}

/**
 * Spans in order of arrival, as they hang below the run: without the one that a preload opens where nobody declared a
 * run, which `test/e2e/own-run.test.ts` looks at. Throws when a body is no OTLP.
 */
export function spansOf(sink: Sink): SpanRow[] {
  const all = allSpansOf(sink);
  const runs = new Set(all.filter(isOwnRun).map(({ spanId }) => spanId));
  return all
    .filter((span) => !isOwnRun(span))
    .map((span) => (runs.has(span.parentSpanId ?? '') ? { ...span, parentSpanId: undefined } : span));
}

const isOwnRun = ({ attributes }: SpanRow): boolean => attributes['swarmscope.run.inferred'] === true;

/** With the run's own span. */
export function allSpansOf(sink: Sink): SpanRow[] {
  return sink.accepted('traces').flatMap(({ body, contentType }) => [...readTraces(body, encodingOf(contentType)).spans]);
}

export function logsOf(sink: Sink): LogRow[] {
  return sink.accepted('logs').flatMap(({ body, contentType }) => [...readLogs(body, encodingOf(contentType)).logs]);
}

/** Spans of which only the start is known so far. */
export function openSpansOf(sink: Sink): SpanRow[] {
  const ended = new Set(allSpansOf(sink).map(({ spanId }) => spanId));
  const started = sink.accepted('logs').flatMap(({ body, contentType }) => [...readLogs(body, encodingOf(contentType)).openSpans]);
  return started.filter((span) => !ended.has(span.spanId) && !isOwnRun(span));
}

export function metricPointsOf(sink: Sink): MetricPointRow[] {
  return sink.accepted('metrics').flatMap(({ body, contentType }) => [...readMetrics(body, encodingOf(contentType)).points]);
}

/** Resolves with all spans as soon as `isEnough` says so; see `Sink.arrived`. */
export async function spansArrived(sink: Sink, isEnough: (spans: readonly SpanRow[]) => boolean, timeoutMs?: number): Promise<SpanRow[]> {
  await sink.arrived(() => isEnough(spansOf(sink)), timeoutMs);
  return spansOf(sink);
}
