/** A trace request as span rows, spoken in our names whatever dialect the sender speaks. */
import type { SpanRow } from '../../analysis/model.ts';
import { normaliseSpan } from '../../semconv/index.ts';
import { MAX_NAME_LENGTH, readAttributes } from './attributes.ts';
import { withoutContent, type Reading } from './content.ts';
import { readOrigin, readScopeName, type Origin } from './origin.ts';
import { addLoss, isPlausible, spanIdOf, traceIdOf, type TraceRows } from './rows.ts';
import { numberIn, stringIn, treeIn, treesIn, type Tree } from './tree.ts';

const STATUS_ERROR = 2;
const KIND_INTERNAL = 1;
const MAX_LINKS = 1_000;

/** Spans without valid ids or with times that cannot be are left out and counted. */
export function tracesToRows(request: Tree, reading: Reading): TraceRows {
  const rows: TraceRows = { spans: [], losses: {} };
  for (const resourceSpans of treesIn(request, 'resourceSpans')) {
    const origin = readOrigin(resourceSpans);
    for (const scopeSpans of treesIn(resourceSpans, 'scopeSpans')) {
      const scopeName = readScopeName(scopeSpans);
      for (const span of treesIn(scopeSpans, 'spans')) addSpan(rows, span, { ...origin, scopeName, reading });
    }
  }
  return rows;
}

function addSpan(rows: TraceRows, span: Tree, origin: Origin & { scopeName: string; reading: Reading }): void {
  const traceId = traceIdOf(stringIn(span, 'traceId'));
  const spanId = spanIdOf(stringIn(span, 'spanId'));
  const startMs = numberIn(span, 'startTimeUnixNano') ?? 0;
  const endMs = numberIn(span, 'endTimeUnixNano') ?? 0;
  if (traceId === undefined || spanId === undefined) return addLoss(rows.losses, 'span.bad-id');
  if (startMs <= 0) return addLoss(rows.losses, 'span.no-start-time');
  if (!isPlausible(startMs) || (endMs > 0 && !isPlausible(endMs))) return addLoss(rows.losses, 'span.bad-time');
  const name = stringIn(span, 'name').slice(0, MAX_NAME_LENGTH);
  const attributes = readAttributes(span, rows.losses);
  // Hundreds a session, and nothing else hangs below them.
  if (normaliseSpan({ name, scopeName: origin.scopeName, attributes }).isNoise) return;
  rows.spans.push(
    inOurWords(
      {
        traceId,
        spanId,
        parentSpanId: spanIdOf(stringIn(span, 'parentSpanId')),
        name,
        kind: numberIn(span, 'kind') || KIND_INTERNAL,
        startMs,
        // Clocks may step back while a span runs.
        endMs: Math.max(startMs, endMs),
        isError: numberIn(treeIn(span, 'status') ?? {}, 'code') === STATUS_ERROR,
        attributes,
        links: readLinks(span),
        scopeName: origin.scopeName,
        serviceName: origin.serviceName,
        pid: origin.pid,
      },
      origin.reading,
    ),
  );
}

/** Name, attributes and kind by the dialect tables, so that other tools' spans read like ours. */
export function inOurWords(span: SpanRow, reading: Reading): SpanRow {
  const { name, attributes, kind } = normaliseSpan({ name: span.name, scopeName: span.scopeName, attributes: span.attributes });
  return { ...span, name: name ?? span.name, attributes: withoutContent(span, attributes, reading), kind: kind ?? span.kind };
}

function readLinks(span: Tree): SpanRow['links'] {
  const links: { traceId: string; spanId: string }[] = [];
  for (const link of treesIn(span, 'links').slice(0, MAX_LINKS)) {
    const traceId = traceIdOf(stringIn(link, 'traceId'));
    const spanId = spanIdOf(stringIn(link, 'spanId'));
    if (traceId !== undefined && spanId !== undefined) links.push({ traceId, spanId });
  }
  return links;
}
