/** Requests that wait behind one another travel as one: each costs its receiver a write to disk, and a busy swarm makes hundreds of small ones a second. */
import type { OtlpRequest } from '../otlp/request.ts';

export interface Waiting {
  readonly received: OtlpRequest;
  readonly items: number;
  /** What it was merged from. */
  readonly parts?: readonly Waiting[];
  /** Was refused together with others: which of them was meant is only seen apart. */
  readonly isAlone?: true;
}

/** Well below what any receiver takes, so large that what a request costs by itself no longer counts. */
const MAX_MERGED_BYTES = 1_048_576;

/**
 * Puts what can be merged with the first one into it, in order. Protobuf says that the fields of two messages one after the other are those of one message: lists are
 * joined, and an OTLP request is nothing but a list. JSON and compressed bodies travel as they came.
 */
export function mergeFirst(waiting: Waiting[]): void {
  const first = waiting[0];
  if (first === undefined || !canMerge(first)) return;
  let count = 1;
  let bytes = first.received.body.length;
  for (; count < waiting.length; count++) {
    const next = waiting[count] as Waiting;
    bytes += next.received.body.length;
    if (bytes > MAX_MERGED_BYTES || !canMerge(next) || next.received.contentType !== first.received.contentType) break;
  }
  if (count === 1) return;
  const parts = waiting.splice(0, count);
  const body = Buffer.concat(parts.map(({ received }) => received.body));
  waiting.unshift({ received: { ...first.received, body }, items: parts.reduce((sum, { items }) => sum + items, 0), parts });
}

/** Takes the first apart again. False: it is one request. */
export function splitFirst(waiting: Waiting[]): boolean {
  const parts = waiting[0]?.parts;
  if (parts === undefined) return false;
  waiting.splice(0, 1, ...parts.map((part): Waiting => ({ ...part, isAlone: true })));
  return true;
}

const canMerge = ({ received, isAlone, parts }: Waiting): boolean =>
  isAlone !== true && parts === undefined && received.contentEncoding === undefined && !received.contentType.startsWith('application/json');
