/** A logs request as log rows; records of started spans become open spans instead. */
import type { SpanRow } from '../../../analysis/model.ts';
import { runClock } from '../../../config/run-clock.ts';
import { withoutContent } from '../../../otlp/mask/index.ts';
import {
  addLoss,
  cut,
  eventNameOf,
  isNameOf,
  MAX_NAME_LENGTH,
  numberIn,
  readAttributes,
  readText,
  stringIn,
  treeIn,
  type Item,
  type Tree,
} from '../../../otlp/read/index.ts';
import * as names from '../../../semconv/index.ts';
import { normaliseSpan } from '../../../semconv/index.ts';
import { readSenders, type Origin } from './origin.ts';
import { spanIdOf, traceIdOf, type LogRows, type Steps, type RowReading } from './rows.ts';
import { timeOf } from './times.ts';
import { inOurWords } from './traces.ts';

/** A name under which a record's body is judged like an attribute. */
const BODY = 'body';

type Sender = Origin & { scopeName: string; reading: RowReading };

export function* logSteps(items: Iterable<Item>, reading: RowReading): Steps<LogRows> {
  const rows: LogRows = { logs: [], openSpans: [], spans: [], losses: {} };
  const senderOf = readSenders();
  for (const item of items) {
    const sender = senderOf(item);
    if (!sender.isOurs) rows.isForeign = true;
    addRecord(rows, item.item, { ...sender, reading });
    yield;
  }
  return rows;
}

function addRecord(rows: LogRows, record: Tree, origin: Sender): void {
  const attributes = readAttributes(record, rows.losses);
  const eventName = eventNameOf(record, attributes);
  const timeMs = numberIn(record, 'timeUnixNano') || numberIn(record, 'observedTimeUnixNano') || 0;
  const traceId = traceIdOf(stringIn(record, 'traceId'));
  const spanId = spanIdOf(stringIn(record, 'spanId'));
  if (eventName === names.EVENT_SWARMSCOPE_SPAN_STARTED) {
    const startMs = timeOf(origin, timeMs, rows.losses);
    if (traceId === undefined || spanId === undefined || startMs === undefined) return addLoss(rows.losses, 'span-start.incomplete');
    const open = openSpan({ traceId, spanId, startMs, attributes, origin });
    if (open !== undefined) rows.openSpans.push(open);
    return;
  }
  // A record may come without a time: then it is as old as its arrival. One in a file has none.
  const at = timeMs > 0 || origin.reading.isRecord === true ? timeOf(origin, timeMs, rows.losses) : runClock.now();
  if (at === undefined) return addLoss(rows.losses, 'log.bad-time');
  const sent = { name: eventName, scopeName: origin.scopeName, attributes };
  const body = readText(treeIn(record, 'body'));
  rows.logs.push({
    timeMs: at,
    eventName,
    body: body === undefined || isNameOf(body, eventName) ? body : withoutContent(sent, { [BODY]: body }, origin.reading)[BODY],
    severity: numberIn(record, 'severityNumber') ?? 0,
    traceId,
    spanId,
    attributes: withoutContent(sent, normaliseSpan(sent).attributes, origin.reading),
    serviceName: origin.serviceName,
    ...(origin.pid === undefined ? {} : { pid: origin.pid }),
  });
}

function openSpan(start: Pick<SpanRow, 'traceId' | 'spanId' | 'startMs' | 'attributes'> & { origin: Sender }): SpanRow | undefined {
  const { origin, attributes: all, ...ids } = start;
  const {
    [names.ATTR_SWARMSCOPE_SPAN_NAME]: name,
    [names.ATTR_SWARMSCOPE_SPAN_KIND]: kind,
    [names.ATTR_SWARMSCOPE_SPAN_PARENT_ID]: parentId,
    ...attributes
  } = all;
  return inOurWords(
    {
      ...ids,
      parentSpanId: typeof parentId === 'string' ? spanIdOf(parentId) : undefined,
      name: typeof name === 'string' ? cut(name, MAX_NAME_LENGTH) : '',
      kind: typeof kind === 'number' ? kind : 1,
      endMs: undefined,
      isError: false,
      attributes,
      links: [],
      scopeName: origin.scopeName,
      serviceName: origin.serviceName,
      pid: origin.pid,
    },
    origin,
  );
}
