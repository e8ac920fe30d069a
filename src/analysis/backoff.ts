/** Time between an LLM attempt refused with 429 and the attempt that repeats it: a wait nobody records. */
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_HTTP_REQUEST_RESEND_COUNT,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
} from '../semconv/index.ts';
import { numberOf, textOf, type SpanNode, type SpanTree } from './span-tree.ts';

export interface Backoff {
  /** The refused attempt. */
  readonly after: SpanNode;
  readonly startMs: number;
  readonly endMs: number;
}

export function isRateLimited(node: SpanNode): boolean {
  const { attributes } = node.row;
  if (numberOf(attributes, ATTR_HTTP_RESPONSE_STATUS_CODE) === 429) return true;
  const errorType = textOf(attributes, ATTR_ERROR_TYPE);
  return errorType === '429' || errorType === 'rate_limit_error' || errorType === 'rate_limit_exceeded';
}

/** One backoff per refused attempt that was repeated: same parent, same model, `resend_count` one higher, the next to start. */
export function findBackoffs(tree: SpanTree): Backoff[] {
  const groups = new Map<string, SpanNode[]>();
  for (const node of tree.topDown) {
    if (node.class !== 'llm') continue;
    const model = textOf(node.row.attributes, ATTR_GEN_AI_REQUEST_MODEL) ?? '';
    const key = `${node.row.traceId}:${node.row.parentSpanId ?? ''}:${model}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]);
    else group.push(node);
  }
  return [...groups.values()].flatMap(backoffsAmong);
}

function backoffsAmong(attempts: readonly SpanNode[]): Backoff[] {
  const found: Backoff[] = [];
  /** Refused attempts that wait for their repetition, by the `resend_count` it will carry. */
  const refused = new Map<number, SpanNode[]>();
  for (const attempt of attempts.toSorted((a, b) => a.startMs - b.startMs)) {
    const resend = numberOf(attempt.row.attributes, ATTR_HTTP_REQUEST_RESEND_COUNT) ?? 0;
    const waiting = refused.get(resend);
    const index = waiting?.findIndex((each) => each.endMs <= attempt.startMs) ?? -1;
    if (waiting !== undefined && index >= 0) {
      const [after] = waiting.splice(index, 1);
      if (after !== undefined) found.push({ after, startMs: after.endMs, endMs: attempt.startMs });
    }
    if (!isRateLimited(attempt) || attempt.isOpen) continue;
    const later = refused.get(resend + 1);
    if (later === undefined) refused.set(resend + 1, [attempt]);
    else later.push(attempt);
  }
  return found;
}
