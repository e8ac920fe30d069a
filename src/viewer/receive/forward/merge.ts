/** Joins requests that wait: each costs its receiver a write to disk, and a busy swarm makes hundreds a second. */
import { encodingOf, type OtlpRequest } from '../../../otlp/request.ts';

export interface Waiting {
  readonly request: OtlpRequest;
  readonly items: number;
  readonly parts?: readonly Waiting[];
  /** Was refused together with others: which of them was meant is only seen apart. */
  readonly isAlone?: true;
}

/** Well below what any receiver takes, so large that what a request costs by itself no longer counts. */
const MAX_JOINED_BYTES = 1_048_576;

/** Takes the first request, with those behind it that can join: protobuf messages concatenate, JSON and gzip do not. */
export function mergeNext(waiting: Waiting[]): Waiting | undefined {
  const first = waiting.shift();
  if (first === undefined || !canJoin(first)) return first;
  let count = 0;
  let bytes = first.request.body.length;
  for (; count < waiting.length; count++) {
    const next = waiting[count] as Waiting;
    bytes += next.request.body.length;
    if (bytes > MAX_JOINED_BYTES || !canJoin(next) || next.request.contentType !== first.request.contentType) break;
  }
  if (count === 0) return first;
  const parts = [first, ...waiting.splice(0, count)];
  const body = Buffer.concat(parts.map(({ request }) => request.body));
  return { request: { ...first.request, body }, items: parts.reduce((sum, { items }) => sum + items, 0), parts };
}

/** What a refused request was joined from, to be sent one by one; empty: it was not joined. */
export const partsOf = ({ parts = [] }: Waiting): Waiting[] => parts.map((part) => ({ ...part, isAlone: true }));

const canJoin = ({ request, isAlone }: Waiting): boolean =>
  isAlone !== true && request.contentEncoding === undefined && encodingOf(request.contentType) !== 'json';
