/** A trace request as span rows, spoken in our names whatever dialect the sender speaks. */
import { hostname } from 'node:os';
import type { SpanRow } from '../../../analysis/model.ts';
import { withoutContent } from '../../../otlp/mask/index.ts';
import {
  addLoss,
  cut,
  MAX_NAME_LENGTH,
  numberIn,
  readAttributes,
  stringIn,
  treeIn,
  treesIn,
  type Item,
  type Tree,
} from '../../../otlp/read/index.ts';
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_PROCESS_PID,
  ATTR_SWARMSCOPE_DIALECT,
  normaliseSpan,
  observerOf,
  STANDARD_DIALECT,
} from '../../../semconv/index.ts';
import { readSenders, type Origin } from './origin.ts';
import { timesOf } from './times.ts';
import { spanIdOf, traceIdOf, type Steps, type TraceRows, type RowReading } from './rows.ts';

const STATUS_ERROR = 2;
const KIND_INTERNAL = 1;
/** Of our spans, also where they come out of a provider of the app's. */
const OUR_SCOPE = 'swarmscope';
const MAX_LINKS = 1_000;

/** Spans without valid ids or with times that cannot be are left out and counted. */
export function* traceSteps(items: Iterable<Item>, reading: RowReading): Steps<TraceRows> {
  const rows: TraceRows = { spans: [], losses: {} };
  const senderOf = readSenders();
  for (const item of items) {
    addSpan(rows, item.item, { ...senderOf(item), reading });
    yield;
  }
  return rows;
}

function addSpan(rows: TraceRows, span: Tree, origin: Origin & { scopeName: string; reading: RowReading }): void {
  const traceId = traceIdOf(stringIn(span, 'traceId'));
  const spanId = spanIdOf(stringIn(span, 'spanId'));
  const startMs = numberIn(span, 'startTimeUnixNano') ?? 0;
  if (traceId === undefined || spanId === undefined) return addLoss(rows.losses, 'span.bad-id');
  if (startMs <= 0) return addLoss(rows.losses, 'span.no-start-time');
  const times = timesOf(origin, { startMs, endMs: numberIn(span, 'endTimeUnixNano') || startMs }, rows.losses);
  if (times === undefined) return addLoss(rows.losses, 'span.bad-time');
  const sent: SpanRow = {
    traceId,
    spanId,
    parentSpanId: spanIdOf(stringIn(span, 'parentSpanId')),
    name: cut(stringIn(span, 'name'), MAX_NAME_LENGTH),
    kind: numberIn(span, 'kind') || KIND_INTERNAL,
    ...times,
    isError: numberIn(treeIn(span, 'status') ?? {}, 'code') === STATUS_ERROR,
    attributes: readAttributes(span, rows.losses),
    links: readLinks(span),
    scopeName: origin.scopeName,
    serviceName: origin.serviceName,
    pid: origin.pid,
    ...(origin.sender === undefined ? {} : { sender: origin.sender }),
  };
  const ours = inOurWords(sent, origin);
  if (ours !== undefined) rows.spans.push(ofItsProcess(ours, origin));
}

/** Translates by the dialect tables. undefined for internals of a program: hundreds a session, with nothing below. */
export function inOurWords(span: SpanRow, { isOurs, reading }: { isOurs: boolean; reading: RowReading }): SpanRow | undefined {
  const { name, attributes, kind, isNoise } = normaliseSpan({ name: span.name, scopeName: span.scopeName, attributes: span.attributes });
  if (isNoise) return undefined;
  if (!isOurs && span.scopeName !== OUR_SCOPE && attributes[ATTR_GEN_AI_OPERATION_NAME] !== undefined)
    attributes[ATTR_SWARMSCOPE_DIALECT] ??= STANDARD_DIALECT;
  return { ...span, name: name ?? span.name, attributes: withoutContent(span, attributes, reading), kind: kind ?? span.kind };
}

/**
 * A reader in the kernel is one process that tells of many: which one stands in the resource, as `process.pid` or as the end of
 * `service.instance.id` behind the name of this machine.
 * https://opentelemetry.io/docs/zero-code/obi/configure/metrics-traces-attributes/
 */
function ofItsProcess(span: SpanRow, { pid, instanceId }: Origin): SpanRow {
  const dialect = span.attributes[ATTR_SWARMSCOPE_DIALECT];
  if (typeof dialect !== 'string' || observerOf(dialect) !== 'kernel' || span.attributes[ATTR_PROCESS_PID] !== undefined) return span;
  const told = instanceId.startsWith(`${hostname()}:`) ? /:(\d{1,10})$/.exec(instanceId)?.[1] : undefined;
  const process = pid ?? (told === undefined ? undefined : Number(told));
  return process === undefined ? span : { ...span, attributes: { ...span.attributes, [ATTR_PROCESS_PID]: process } };
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
