/** The wait between an LLM call refused with 429 and its repetition, computed because no span records it. */
import * as names from '../semconv/index.ts';
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
  return kind === 'other' && parent?.class === 'llm' && textOf(row.attributes, names.ATTR_HTTP_REQUEST_METHOD) !== undefined;
}

/** The call that an attempt belongs to: a program may repeat the call, or its library the attempt. */
function callOf(attempt: SpanNode): SpanNode {
  return attempt.class === 'llm' ? attempt : (attempt.parent ?? attempt);
}

export function isRefused(node: SpanNode): boolean {
  return isAttempt(node) && isRateLimited(node);
}

function isRateLimited(node: SpanNode): boolean {
  const { attributes } = node.row;
  if (numberOf(attributes, names.ATTR_HTTP_RESPONSE_STATUS_CODE) === 429) return true;
  const errorType = textOf(attributes, names.ATTR_ERROR_TYPE);
  return errorType === '429' || errorType === 'rate_limit_error' || errorType === 'rate_limit_exceeded';
}

/** A call that starts later than this after the time that `Retry-After` allowed is a new call, not a repetition. */
const LATEST_MS = 60_000;
/** Timers may fire a little early, so a repetition may start this long before `Retry-After` is over. */
const EARLY_MS = 50;

/**
 * Finds one backoff for each refused attempt that was repeated: by the next attempt of the same parent and model.
 * An SDK's repetition has a `resend_count` one higher; a program's does not start before `Retry-After` is over.
 */
export function findBackoffs(tree: SpanTree): Backoff[] {
  const groups = new Map<string, SpanNode[]>();
  for (const node of tree.topDown) {
    if (!isAttempt(node)) continue;
    const { row } = callOf(node);
    const key = `${row.traceId}:${row.parentSpanId ?? ''}:${textOf(row.attributes, names.ATTR_GEN_AI_REQUEST_MODEL) ?? ''}`;
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
  /** The attempts that a repetition may repeat, oldest first, by the `resend_count` of that repetition. */
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
  return numberOf(attempt.row.attributes, names.ATTR_HTTP_REQUEST_RESEND_COUNT) ?? 0;
}

function isDue(refused: SpanNode, startMs: number): boolean {
  const waitMs = startMs - refused.endMs;
  const askedMs = (numberOf(refused.row.attributes, names.ATTR_SWARMSCOPE_RETRY_AFTER) ?? 0) * 1000;
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
