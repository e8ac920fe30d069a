/** Takes one message: as it is where it is as it should be, else as what other programs mean by it. What is neither is counted. */
import type { Signal } from '../../config/settings/index.ts';
import { addLoss, OtlpError, type Losses } from '../../otlp/read/index.ts';
import { LIST_NAMES, type Encoding } from '../../otlp/request.ts';
import { requestsIn, type Json, type JsonObject } from './lenient.ts';
import type { Message } from './messages.ts';
import { signalOfProtobuf, signalsInJson, SIGNALS } from './signal.ts';

/** Returns how many items were in it, those that are lost included. @throws OtlpError */
export type Take = (signal: Signal, bytes: Buffer, encoding: Encoding) => number;

/** Items of a request that is put together anew. */
const CHUNK = 5_000;

export function takeMessage({ bytes, encoding }: Message, take: Take, losses: Losses): void {
  if (encoding === 'protobuf') return takeProtobuf(bytes, take, losses);
  const left = signalsInJson(bytes).filter((signal) => !isTaken(signal, bytes, take));
  if (left.length > 0 || signalsInJson(bytes).length === 0)
    takeLeniently(bytes, { take, losses, signals: left.length > 0 ? left : SIGNALS });
}

function isTaken(signal: Signal, bytes: Buffer, take: Take): boolean {
  try {
    return take(signal, bytes, 'json') > 0;
  } catch (error) {
    if (error instanceof OtlpError) return false;
    throw error;
  }
}

function takeProtobuf(bytes: Buffer, take: Take, losses: Losses): void {
  try {
    const signal = signalOfProtobuf(bytes);
    if (signal !== undefined) take(signal, bytes, 'protobuf');
  } catch (error) {
    addLoss(losses, lossOf('message', error));
  }
}

/** By which an error is counted. @throws what is no fault of the bytes */
function lossOf(what: string, error: unknown): string {
  if (error instanceof OtlpError) return `${what}.${error.code === 'too_many' || error.code === 'too_deep' ? 'too-large' : 'damaged'}`;
  if (error instanceof SyntaxError || error instanceof RangeError) return `${what}.damaged`;
  throw error;
}

interface Lenient {
  readonly signals: readonly Signal[];
  readonly take: Take;
  readonly losses: Losses;
}

function takeLeniently(bytes: Buffer, { signals, take, losses }: Lenient): void {
  let requests: JsonObject[];
  try {
    requests = requestsIn(bytes.toString('utf8'));
  } catch (error) {
    return addLoss(losses, lossOf('line', error));
  }
  if (requests.length === 0) addLoss(losses, 'line.no-telemetry');
  for (const request of requests)
    for (const signal of signals) for (const part of partsOf(request, signal, CHUNK)) takePart(part, signal, { take, losses });
}

interface Part {
  readonly request: JsonObject;
  readonly items: number;
}

/** Where one item of many cannot be read, the others still can. */
function takePart({ request, items }: Part, signal: Signal, { take, losses }: Omit<Lenient, 'signals'>): void {
  try {
    take(signal, Buffer.from(JSON.stringify(request)), 'json');
  } catch (error) {
    const loss = lossOf(LOST[signal], error);
    if (items <= 1) addLoss(losses, loss);
    else for (const part of partsOf(request, signal, 1)) takePart(part, signal, { take, losses });
  }
}

const LOST: Readonly<Record<Signal, string>> = { traces: 'span', metrics: 'metric', logs: 'log' };

/** The items of a request in requests of so many at most, each with its resource and its scope. */
function* partsOf(request: JsonObject, signal: Signal, most: number): Generator<Part> {
  const [resources, scopes, items] = LIST_NAMES[signal];
  for (const resource of objectsIn(request[resources]))
    for (const scope of objectsIn(resource[scopes])) {
      const all = objectsIn(scope[items]);
      for (let from = 0; from < all.length; from += most) {
        const some = all.slice(from, from + most);
        yield { request: { [resources]: [{ ...resource, [scopes]: [{ ...scope, [items]: some }] }] }, items: some.length };
      }
    }
}

const objectsIn = (value: Json): JsonObject[] =>
  Array.isArray(value) ? value.filter((each): each is JsonObject => typeof each === 'object' && each !== null && !Array.isArray(each)) : [];
