/**
 * Takes content out of a request that is passed on to another endpoint while its capture is off, by the rules of the
 * store.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { MAX_UNPACKED_BYTES } from '../read/index.ts';
import { encodingOf, type OtlpRequest } from '../request.ts';
import { maskJson } from './json.ts';
import { maskProtobuf } from './protobuf.ts';

/**
 * The request without attributes, bodies, status texts that may be content; the very same one where it holds none, and
 * always for our own scope, which was masked where it was made. Pure. The request must have been read before: throws on
 * bytes that are not OTLP.
 * @example forwarder.forward(maskRequest(received), count)
 */
export function maskRequest(request: OtlpRequest): OtlpRequest {
  const { body, signal, contentType, contentEncoding } = request;
  const plain = contentEncoding === 'gzip' ? gunzipSync(body, { maxOutputLength: MAX_UNPACKED_BYTES }) : body;
  const masked = encodingOf(contentType) === 'json' ? maskJson(plain, signal) : maskProtobuf(plain, signal);
  if (masked === plain) return request;
  return { ...request, body: contentEncoding === 'gzip' ? gzipSync(masked) : masked };
}
