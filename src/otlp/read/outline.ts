/** Where the parts of a request lie in its bytes: known and counted before any value of it is built. */
import { OtlpError } from './error.ts';
import { schema, type Field, type MessageName } from './schema.ts';
import { MAX_ITEMS } from './tree.ts';
import { BYTES, WireReader } from './wire-reader.ts';

export type RequestName = 'TracesRequest' | 'MetricsRequest' | 'LogsRequest';

/** From the first byte to the one after the last. */
export type Range = readonly [start: number, end: number];

export interface ScopeOutline {
  scope: Range | undefined;
  /** Start and end of each item in turn: a hundred thousand pairs would be as many objects. */
  items: number[];
}

export interface ResourceOutline {
  resource: Range | undefined;
  scopes: ScopeOutline[];
}

/** The fields of a request's upper messages; all signals number them alike. */
export interface Levels {
  readonly groups: Field;
  readonly resource: Field;
  readonly scopes: Field;
  readonly scope: Field;
  readonly items: Field;
}

export function levelsOf(request: RequestName): Levels {
  const groups = fieldOf(request, 1);
  const scopes = fieldOf(groups.type as MessageName, 2);
  return {
    groups,
    resource: fieldOf(groups.type as MessageName, 1),
    scopes,
    scope: fieldOf(scopes.type as MessageName, 1),
    items: fieldOf(scopes.type as MessageName, 2),
  };
}

function fieldOf(message: MessageName, number: number): Field {
  return schema[message].fields[number] as Field;
}

/** Counts groups and items, which cost memory also where they are empty. */
export function itemCounter(): () => void {
  let count = 0;
  return () => {
    if (++count > MAX_ITEMS) throw new OtlpError('too_many', `OTLP request with more than ${MAX_ITEMS} items.`);
  };
}

/** @throws OtlpError `truncated`, `malformed`, `too_many` */
export function outlineOfProtobuf(bytes: Buffer): ResourceOutline[] {
  const reader = new WireReader(bytes);
  const count = itemCounter();
  const groups: ResourceOutline[] = [];
  eachPart(reader, bytes.length, (level, _start, end) => {
    if (level !== 1) return;
    count();
    const group: ResourceOutline = { resource: undefined, scopes: [] };
    groups.push(group);
    eachPart(reader, end, (field, from, to) => {
      if (field === 1) group.resource = [from, to];
      else group.scopes.push(scopeOf(reader, to, count));
    });
  });
  return groups;
}

function scopeOf(reader: WireReader, end: number, count: () => void): ScopeOutline {
  count();
  const outline: ScopeOutline = { scope: undefined, items: [] };
  eachPart(reader, end, (field, from, to) => {
    if (field === 1) outline.scope = [from, to];
    else {
      count();
      outline.items.push(from, to);
    }
  });
  return outline;
}

/** Hands on fields 1 and 2 of the message at the reader, and skips the others. */
function eachPart(reader: WireReader, end: number, onPart: (field: number, start: number, end: number) => void): void {
  while (reader.at < end) {
    const tag = reader.varint(end);
    const field = Math.floor(tag / 8);
    if (field === 0) throw new OtlpError('malformed', 'OTLP message with field number 0.');
    if (field > 2) {
      reader.skip(tag % 8, end);
      continue;
    }
    if (tag % 8 !== BYTES) throw new OtlpError('malformed', `OTLP request whose field ${field} has wire type ${tag % 8}.`);
    const stop = reader.length(end);
    onPart(field, reader.at, stop);
    reader.at = stop;
  }
}
