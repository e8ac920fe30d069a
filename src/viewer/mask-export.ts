/** Takes content out of what is handed on to another endpoint while its capture is off: what other programs sent, by the rules of the store. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { MAX_UNPACKED_BYTES } from './body.ts';
import { maskJson } from './mask-json.ts';
import { maskProtobuf } from './mask-protobuf.ts';
import type { Received } from './receiver.ts';

/**
 * The request without attributes, bodies, status texts that may be content; the very same one where it holds none, and always for our own
 * scope, which was masked where it was made. Pure. The request must have been read before: throws on bytes that are no OTLP.
 * @example forwarder.forward(maskExport(received), count)
 */
export function maskExport(received: Received): Received {
  const { body, signal, contentType, contentEncoding } = received;
  const plain = contentEncoding === 'gzip' ? gunzipSync(body, { maxOutputLength: MAX_UNPACKED_BYTES }) : body;
  const masked = contentType === 'application/json' ? maskJson(plain, signal) : maskProtobuf(plain, signal);
  if (masked === plain) return received;
  return { ...received, body: contentEncoding === 'gzip' ? gzipSync(masked) : masked };
}
