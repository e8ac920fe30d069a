/** Reads one OTLP message in either encoding. */
import type { Encoding } from '../request.ts';
import { readJson } from './json.ts';
import { readProtobuf } from './protobuf.ts';
import type { MessageName } from './schema.ts';
import type { Tree } from './tree.ts';

/** @throws OtlpError `malformed`, `truncated`, `too_deep`, `too_many`. */
export function readMessage(body: Uint8Array, encoding: Encoding, message: MessageName): Tree {
  return encoding === 'protobuf'
    ? readProtobuf(body, message)
    : readJson(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'), message);
}
