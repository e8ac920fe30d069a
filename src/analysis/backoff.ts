/** Time between an LLM attempt refused with 429 and the attempt that repeats it: a wait nobody records. */
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_RESEND_COUNT,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_SWARMSCOPE_RETRY_AFTER,
} from '../semconv/index.ts';
import { numberOf, textOf, type SpanNode, type SpanTree } from './span-tree.ts';

export interface Backoff {
  /** The refused attempt. */
  readonly after: SpanNode;
  readonly startMs: number;
  readonly endMs: number;
}

/** One attempt on the wire: the call itself, or its HTTP children where a library's own span stands for the call. */
function isAttempt(node: SpanNode): boolean {
  return node.class === 'llm' ? !node.children.some(isHttpAttempt) : isHttpAttempt(node);
}

function isHttpAttempt({ class: kind, parent, row }: SpanNode): boolean {
  return kind === 'other' && parent?.class === 'llm' && textOf(row.attributes, ATTR_HTTP_REQUEST_METHOD) !== undefined;
}

/** The call that an attempt belongs to: a program may repeat the call, or its library the attempt. */
function callOf(attempt: SpanNode): SpanNode {
  return attempt.class === 'llm' ? attempt : (attempt.parent ?? attempt);
}

/** An attempt that the provider refused for its rate. */
export function isRefused(node: SpanNode): boolean {
  return isAttempt(node) && isRateLimited(node);
}

function isRateLimited(node: SpanNode): boolean {
  const { attributes } = node.row;
  if (numberOf(attributes, ATTR_HTTP_RESPONSE_STATUS_CODE) === 429) return true;
  const errorType = textOf(attributes, ATTR_ERROR_TYPE);
  return errorType === '429' || errorType === 'rate_limit_error' || errorType === 'rate_limit_exceeded';
}

/** A program that repeats a call this long after it was told to come back had given up on it in between. */
const LATEST_MS = 60_000;
/** Timers of programs fire a little early. */
const EARLY_MS = 50;

/**
 * One backoff per refused attempt that was repeated: same parent, same model, the next to start. An SDK that repeats by itself counts
 * (`resend_count` one higher); a program that does it is recognised by not starting before `Retry-After` is over.
 */
export function findBackoffs(tree: SpanTree): Backoff[] {
  const groups = new Map<string, SpanNode[]>();
  for (const node of tree.topDown) {
    if (!isAttempt(node)) continue;
    const { row } = callOf(node);
    const key = `${row.traceId}:${row.parentSpanId ?? ''}:${textOf(row.attributes, ATTR_GEN_AI_REQUEST_MODEL) ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]);
    else group.push(node);
  }
  return [...groups.values()].flatMap((group) => backoffsAmong(group.sort((a, b) => a.startMs - b.startMs)));
}

function backoffsAmong(attempts: readonly SpanNode[]): Backoff[] {
  const refused = attempts.filter((attempt) => isRateLimited(attempt) && !attempt.isOpen);
  if (refused.length === 0) return [];
  const repetitions = new Map<SpanNode, SpanNode>();
  /** `resend_count` of a repetition to the attempts it may repeat, oldest first. */
  const counted = new Pending(refused, (attempt) => resendCount(attempt) + 1);
  for (const attempt of attempts) {
    const resend = resendCount(attempt);
    const after = resend > 0 ? counted.take(resend, (each) => each.endMs <= attempt.startMs) : undefined;
    if (after !== undefined) repetitions.set(after, attempt);
  }
  const uncounted = new Pending(
    refused.filter((attempt) => !repetitions.has(attempt)),
    () => 0,
  );
  for (const attempt of attempts) {
    const after = resendCount(attempt) === 0 ? uncounted.take(0, (each) => isDue(each, attempt.startMs)) : undefined;
    if (after !== undefined) repetitions.set(after, attempt);
  }
  return [...repetitions].map(([after, repetition]) => ({ after, startMs: after.endMs, endMs: repetition.startMs }));
}

function resendCount(attempt: SpanNode): number {
  return numberOf(attempt.row.attributes, ATTR_HTTP_REQUEST_RESEND_COUNT) ?? 0;
}

function isDue(refused: SpanNode, startMs: number): boolean {
  const waitMs = startMs - refused.endMs;
  const askedMs = (numberOf(refused.row.attributes, ATTR_SWARMSCOPE_RETRY_AFTER) ?? 0) * 1000;
  return waitMs >= Math.max(0, askedMs - EARLY_MS) && waitMs <= askedMs + LATEST_MS;
}

/** Refused attempts that wait for their repetition, each taken once. */
class Pending {
  readonly #byCount = new Map<number, SpanNode[]>();

  constructor(refused: readonly SpanNode[], countOf: (attempt: SpanNode) => number) {
    for (const attempt of refused) {
      const count = countOf(attempt);
      const list = this.#byCount.get(count);
      if (list === undefined) this.#byCount.set(count, [attempt]);
      else list.push(attempt);
    }
  }

  take(count: number, isMatch: (attempt: SpanNode) => boolean): SpanNode | undefined {
    const list = this.#byCount.get(count);
    const index = list?.findIndex(isMatch) ?? -1;
    return index < 0 ? undefined : list?.splice(index, 1)[0];
  }
}
