/** Takes content out of an OTLP request in protobuf, field by field: what is not looked at keeps its bytes. */
import type { Signal } from '../../config/settings/index.ts';
import { eventNameOf, fieldsOf, readAttributes, readProtobuf, readText, stringIn, treeIn, type Tree } from '../read/index.ts';
import { delimiter } from '../write/index.ts';
import { hiddenNames, isBodyHidden, OWN_SCOPE, type Sender } from './hidden.ts';

/** Gets the payload of a length-delimited field; returns it, another in its place, or undefined to leave it out. */
type Edit = (field: number, payload: Buffer) => Buffer | undefined;

/** Field numbers of opentelemetry-proto. */
const NAME = 5;
const SPAN = { attributes: 9, events: 11, status: 15 } as const;
const EVENT_ATTRIBUTES = 3;
const STATUS_MESSAGE = 2;
const RECORD = { body: 5, attributes: 6 } as const;
const POINTS = 1;
/** Field of a metric's data to the field of its points' attributes. */
const POINT_ATTRIBUTES: Readonly<Record<number, number>> = { 5: 7, 7: 7, 9: 9, 10: 1, 11: 7 };

/** `body` itself where nothing had to go. */
export function maskProtobuf(body: Buffer, signal: Signal): Buffer {
  return rewrite(body, (_, resource) =>
    rewrite(resource, (field, payload) => {
      if (field === 1) return withoutHidden(payload, 1, { name: '', scopeName: '' });
      return field === 2 ? scope(payload, signal) : payload;
    }),
  );
}

function scope(bytes: Buffer, signal: Signal): Buffer {
  const head = payloads(bytes, 1)[0];
  const scopeName = head === undefined ? '' : stringIn(readProtobuf(head, 'Scope'), 'name');
  if (scopeName === OWN_SCOPE) return bytes;
  return rewrite(bytes, (field, payload) => (field === 2 ? maskers[signal](payload, scopeName) : payload));
}

const maskers: Readonly<Record<Signal, (record: Buffer, scopeName: string) => Buffer>> = {
  traces(span, scopeName) {
    const sender: Sender = { name: payloads(span, NAME)[0]?.toString('utf8') ?? '', scopeName, pairs: pairsOf(span, SPAN.attributes) };
    const isHidden = hiddenNames(sender);
    return rewrite(span, (field, payload) => {
      if (field === SPAN.attributes) return isHidden(keyOf(payload)) ? undefined : payload;
      if (field === SPAN.status) return rewrite(payload, (part, value) => (part === STATUS_MESSAGE ? undefined : value));
      if (field !== SPAN.events) return payload;
      const isEventHidden = hiddenNames(sender, pairsOf(payload, EVENT_ATTRIBUTES));
      return rewrite(payload, (part, value) => (part === EVENT_ATTRIBUTES && isEventHidden(keyOf(value)) ? undefined : value));
    });
  },
  metrics(metric, scopeName) {
    const name = payloads(metric, 1)[0]?.toString('utf8') ?? '';
    return rewrite(metric, (kind, data) => {
      const attributes = POINT_ATTRIBUTES[kind];
      if (attributes === undefined) return data;
      return rewrite(data, (field, point) => (field === POINTS ? withoutHidden(point, attributes, { name, scopeName }) : point));
    });
  },
  logs(record, scopeName) {
    const tree = readProtobuf(record, 'LogRecord');
    const sender: Sender = { name: eventNameOf(tree, readAttributes(tree)), scopeName, pairs: pairsOf(record, RECORD.attributes) };
    const isHidden = hiddenNames(sender);
    const said = readText(treeIn(tree, 'body'));
    const hasContent = said !== undefined && isBodyHidden(sender, said);
    return rewrite(record, (field, payload) => {
      if (field === RECORD.body) return hasContent ? undefined : payload;
      return field === RECORD.attributes && isHidden(keyOf(payload)) ? undefined : payload;
    });
  },
};

function withoutHidden(owner: Buffer, attributes: number, sender: Omit<Sender, 'pairs'>): Buffer {
  const isHidden = hiddenNames({ ...sender, pairs: pairsOf(owner, attributes) });
  return rewrite(owner, (field, payload) => (field === attributes && isHidden(keyOf(payload)) ? undefined : payload));
}

const pairsOf = (owner: Buffer, field: number): Tree[] => payloads(owner, field).map((payload) => readProtobuf(payload, 'KeyValue'));
const keyOf = (pair: Buffer): string => payloads(pair, 1)[0]?.toString('utf8') ?? '';

/** A message with its length-delimited fields edited; itself when none changed. */
function rewrite(message: Buffer, edit: Edit): Buffer {
  const parts: Buffer[] = [];
  let keptFrom = 0;
  let isChanged = false;
  for (const { field, start, payload, end } of fieldsOf(message)) {
    if (payload === undefined) continue;
    const edited = edit(field, payload);
    if (edited === payload) continue;
    isChanged = true;
    parts.push(message.subarray(keptFrom, start));
    if (edited !== undefined) parts.push(delimiter(field, edited.length), edited);
    keptFrom = end;
  }
  return isChanged ? Buffer.concat([...parts, message.subarray(keptFrom)]) : message;
}

function payloads(message: Buffer, wanted: number): Buffer[] {
  const found: Buffer[] = [];
  for (const { field, payload } of fieldsOf(message)) if (field === wanted && payload !== undefined) found.push(payload);
  return found;
}
