/** Writes messages of an AWS event stream, with the checksums that AWS's own readers look at. */
import { crc32 } from 'node:zlib';

/** @example message('contentBlockDelta', { delta: { text: 'hi' } }) */
export function message(name: string, body: object, kind: 'event' | 'exception' = 'event'): Buffer {
  const payload = Buffer.from(JSON.stringify(body));
  const headers = Buffer.concat([
    header(`:${kind}-type`, name),
    header(':content-type', 'application/json'),
    header(':message-type', kind),
  ]);
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(12 + headers.length + payload.length + 4, 0);
  prelude.writeUInt32BE(headers.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const bytes = Buffer.concat([prelude, headers, payload, Buffer.alloc(4)]);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
  return bytes;
}

function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(3);
  length[0] = 7;
  length.writeUInt16BE(Buffer.byteLength(value), 1);
  return Buffer.concat([Buffer.of(name.length), Buffer.from(name), length, Buffer.from(value)]);
}
