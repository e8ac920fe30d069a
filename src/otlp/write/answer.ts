/** Writes what a receiver answers: OTLP responses and google.rpc.Status bodies, in the encoding of the request. */
import type { Signal } from '../../config/settings/index.ts';
import { REJECTED_NAME, type Encoding } from '../request.ts';
import { WireWriter } from './wire-writer.ts';

// google.rpc.Code, https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
const RPC_CODES: Readonly<Record<number, number>> = { 400: 3, 403: 7, 404: 5, 405: 12, 408: 4, 413: 8, 415: 3, 500: 13, 503: 14 };
const UNKNOWN = 2;

/** An `Export…ServiceResponse`. A `message` makes a `partial_success`; with nothing rejected that is a warning. */
export function successBody(signal: Signal, encoding: Encoding, { rejected, message }: { rejected: number; message: string }): Buffer {
  if (encoding === 'json') {
    return Buffer.from(
      JSON.stringify(message === '' ? {} : { partialSuccess: { [REJECTED_NAME[signal]]: String(rejected), errorMessage: message } }),
    );
  }
  if (message === '') return Buffer.alloc(0);
  const writer = new WireWriter();
  const partial = writer.open(1);
  writer.varint(1, rejected);
  writer.string(2, message);
  writer.close(partial);
  return written(writer);
}

/** A google.rpc.Status. */
export function failureBody({ status, encoding, message }: { status: number; encoding: Encoding; message: string }): Buffer {
  const code = RPC_CODES[status] ?? UNKNOWN;
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }));
  const writer = new WireWriter();
  writer.varint(1, code);
  writer.string(2, message);
  return written(writer);
}

function written(writer: WireWriter): Buffer {
  writer.commit();
  return Buffer.concat(writer.takeChunks());
}
