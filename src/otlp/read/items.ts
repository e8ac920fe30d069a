/** Reads a request item by item: what it holds in memory is one span, metric or log record, however many there are. */
import type { Encoding } from '../request.ts';
import { OtlpError } from './error.ts';
import { outlineOfJson } from './json-outline.ts';
import { readJsonValue } from './json.ts';
import { levelsOf, outlineOfProtobuf, type Range, type RequestName } from './outline.ts';
import { ProtobufReader } from './protobuf.ts';
import type { MessageName } from './schema.ts';
import type { Tree } from './tree.ts';

export interface Item {
  /** With a member `resource`, if one was sent. The same object for all items of a resource. */
  readonly owner: Tree;
  /** With a member `scope`, if one was sent. The same object for all items of a scope. */
  readonly group: Tree;
  readonly item: Tree;
}

/** Nothing has been built when a request of too many parts is refused. @throws OtlpError */
export function* itemsOf(body: Uint8Array, encoding: Encoding, request: RequestName): Generator<Item> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const levels = levelsOf(request);
  const outline = encoding === 'protobuf' ? outlineOfProtobuf(bytes) : outlineOfJson(bytes, levels);
  const read = encoding === 'protobuf' ? protobufParts(bytes) : jsonParts(bytes);
  const only = (name: string, range: Range | undefined, message: MessageName): Tree =>
    range === undefined ? {} : { [name]: read(range, message) };
  for (const { resource, scopes } of outline) {
    const owner = only('resource', resource, 'Resource');
    for (const { scope, items } of scopes) {
      const group = only('scope', scope, 'Scope');
      for (let index = 0; index < items.length; index += 2)
        yield { owner, group, item: read([items[index] as number, items[index + 1] as number], levels.items.type as MessageName) };
    }
  }
}

type ReadPart = (range: Range, message: MessageName) => Tree;

/** Depth of an item below the request. */
const ITEM_DEPTH = 3;

function protobufParts(bytes: Buffer): ReadPart {
  const reader = new ProtobufReader(bytes);
  return ([start, end], message) => reader.readPart(message, { start, end, depth: ITEM_DEPTH });
}

function jsonParts(bytes: Buffer): ReadPart {
  return ([start, end], message) => {
    let value: unknown;
    try {
      value = JSON.parse(bytes.toString('utf8', start, end));
    } catch (cause) {
      throw new OtlpError('malformed', 'OTLP body is no JSON.', { cause });
    }
    return readJsonValue(value, message, ITEM_DEPTH);
  };
}
