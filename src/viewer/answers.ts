/** What the receiver answers: OTLP responses and google.rpc.Status bodies, in the encoding of the request. */
import { rejectedIn, type Encoding, type Losses } from './otlp/index.ts';

export type Signal = 'traces' | 'metrics' | 'logs';

const rejectedFields: Readonly<Record<Signal, string>> = {
  traces: 'rejectedSpans',
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
};

// google.rpc.Code, https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
const rpcCodes: Readonly<Record<number, number>> = { 400: 3, 403: 7, 404: 5, 405: 12, 408: 4, 413: 8, 415: 3, 500: 13, 503: 14 };

/** Export{Trace,Metrics,Logs}ServiceResponse; `partial_success` only when something was rejected or cut; none rejected is a warning. */
export function successBody({ signal, encoding, losses }: { signal: Signal; encoding: Encoding; losses: Readonly<Losses> }): Buffer {
  const rejected = rejectedIn(losses);
  const message = Object.entries(losses)
    .map(([what, count]) => `${what}: ${count}`)
    .join(', ');
  if (encoding === 'json')
    return Buffer.from(
      JSON.stringify(message === '' ? {} : { partialSuccess: { [rejectedFields[signal]]: String(rejected), errorMessage: message } }),
    );
  if (message === '') return Buffer.alloc(0);
  const partial = Buffer.concat([Buffer.from([0x08]), varint(rejected), textField(2, message)]);
  return Buffer.concat([Buffer.from([0x0a]), varint(partial.length), partial]);
}

export function failureBody({ status, encoding, message }: { status: number; encoding: Encoding; message: string }): Buffer {
  const code = rpcCodes[status] ?? 2;
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }));
  return Buffer.concat([Buffer.from([0x08]), varint(code), textField(2, message)]);
}

function textField(number: number, text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}
