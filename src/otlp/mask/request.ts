/** Takes content out of a request that is passed on while its capture is off, by the rules of the store. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { MAX_UNPACKED_BYTES } from '../read/index.ts';
import { encodingOf, type OtlpRequest } from '../request.ts';
import { maskJson } from './json.ts';
import { maskProtobuf } from './protobuf.ts';

/** The request without what may be content; itself where it has none or is ours. Throws on bytes that are not OTLP. */
export function maskRequest(request: OtlpRequest): OtlpRequest {
  const { body, signal, contentType, contentEncoding } = request;
  const plain = contentEncoding === 'gzip' ? gunzipSync(body, { maxOutputLength: MAX_UNPACKED_BYTES }) : body;
  const masked = encodingOf(contentType) === 'json' ? maskJson(plain, signal) : maskProtobuf(plain, signal);
  if (masked === plain) return request;
  return { ...request, body: contentEncoding === 'gzip' ? gzipSync(masked) : masked };
}
