/** The wait between a refused LLM call and its repetition, computed because no span records it. */
import * as names from '../semconv/index.ts';
import { refusalOf } from '../semconv/refusal.ts';
import { numberOf, textOf, type SpanNode, type SpanTree } from './span-tree.ts';
import { groupBy } from './group-by.ts';

export interface Backoff {
  /** The refused attempt. */
  readonly after: SpanNode;
  /** The attempt that repeats it. */
  readonly before: SpanNode;
  readonly startMs: number;
  readonly endMs: number;
}

/** One attempt on the wire: the call itself, or its HTTP children where a library's own span stands for the call. */
function isAttempt(node: SpanNode): boolean {
  return node.class === 'llm' ? !hasInnerCall(node) : isHttpAttempt(node);
}

/** One of the attempts below a library's own span of a call. */
export function isHttpAttempt({ class: kind, parent, row }: SpanNode): boolean {
  return kind === 'other' && parent?.class === 'llm' && textOf(row.attributes, names.ATTR_HTTP_REQUEST_METHOD) !== undefined;
}

/** Whether a library's span of a call has the call itself, as the wire saw it, somewhere below. */
function hasInnerCall(node: SpanNode): boolean {
  return node.children.some(
    (child) => isHttpAttempt(child) || child.class === 'llm' || (child.hasDeeperWork && child.class === 'other' && hasInnerCall(child)),
  );
}

/** The call that an attempt belongs to: a program may repeat the call, or its library the attempt. */
function callOf(attempt: SpanNode): SpanNode {
  return attempt.class === 'llm' ? attempt : (attempt.parent ?? attempt);
}

/** Why an attempt was refused: its status, else its `error.type`. `undefined` for any other span. */
export function refusalReason(node: SpanNode): string | undefined {
  if (!isAttempt(node)) return undefined;
  const { attributes } = node.row;
  const statusCode = numberOf(attributes, names.ATTR_HTTP_RESPONSE_STATUS_CODE);
  const errorType = textOf(attributes, names.ATTR_ERROR_TYPE);
  if (refusalOf({ statusCode }) !== undefined) return String(statusCode);
  return refusalOf({ errorType }) === undefined ? undefined : errorType;
}

/** How many attempts were refused for one reason: a status, else an `error.type`. */
export interface RefusalCount {
  readonly reason: string;
  readonly count: number;
}

/** The most frequent first. */
export function countReasons(reasons: readonly string[]): RefusalCount[] {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason));
}

/** A call that starts later than this after the time that `Retry-After` allowed is a new call, not a repetition. */
const LATEST_MS = 60_000;
/** Timers may fire a little early, so a repetition may start this long before `Retry-After` is over. */
const EARLY_MS = 50;

/**
 * Finds one backoff for each refused attempt that was repeated, as long as it really was, whatever `Retry-After` said.
 * The repetition is the attempt that is linked to the refused one, since the request was the same; else the one whose
 * `resend_count` is one higher; else the next attempt of the same place and model, if nothing else began in between.
 */
export function findBackoffs(tree: SpanTree): Backoff[] {
  const attempts = tree.topDown.filter(isAttempt).sort((a, b) => a.startMs - b.startMs);
  const refused = attempts.filter((attempt) => !attempt.isOpen && refusalReason(attempt) !== undefined);
  if (refused.length === 0) return [];
  const pairs = new Pairs(refused);
  pairByLink(pairs, attempts);
  const workOf = workFinder();
  for (const keyOf of [callKey, placeKey]) {
    const groups = [...groupBy(attempts, keyOf).values()];
    for (const group of groups) pairByCount(pairs, group);
    for (const group of groups) pairByOrder(pairs, group, workOf);
  }
  return pairs.backoffs();
}

/** Each refused attempt has at most one repetition, and each attempt repeats at most one. */
class Pairs {
  readonly #waiting: Set<SpanNode>;
  readonly #repetitions = new Map<SpanNode, SpanNode>();

  constructor(refused: readonly SpanNode[]) {
    this.#waiting = new Set(refused);
  }

  isWaiting(refused: SpanNode): boolean {
    return this.#waiting.has(refused);
  }

  isRepetition(attempt: SpanNode): boolean {
    return this.#repetitions.has(attempt);
  }

  add(refused: SpanNode, repetition: SpanNode): void {
    this.#waiting.delete(refused);
    this.#repetitions.set(repetition, refused);
  }

  backoffs(): Backoff[] {
    return [...this.#repetitions].map(([before, after]) => ({ after, before, startMs: after.endMs, endMs: before.startMs }));
  }
}

function pairByLink(pairs: Pairs, attempts: readonly SpanNode[]): void {
  const byId = new Map(attempts.map((attempt) => [attempt.row.spanId, attempt]));
  for (const attempt of attempts) {
    for (const { traceId, spanId } of attempt.row.links) {
      const refused = byId.get(spanId);
      if (refused?.row.traceId !== traceId || !pairs.isWaiting(refused) || refused.endMs > attempt.startMs) continue;
      pairs.add(refused, attempt);
      break;
    }
  }
}

/** Attempts of one library's span of a call. */
function callKey(attempt: SpanNode): string | undefined {
  return attempt.class === 'llm' ? undefined : `${attempt.row.traceId}:${attempt.row.parentSpanId ?? ''}`;
}

function placeKey(attempt: SpanNode): string {
  const { row } = callOf(attempt);
  return `${row.traceId}:${row.parentSpanId ?? ''}:${textOf(row.attributes, names.ATTR_GEN_AI_REQUEST_MODEL) ?? ''}`;
}

function resendCount(attempt: SpanNode): number {
  return numberOf(attempt.row.attributes, names.ATTR_HTTP_REQUEST_RESEND_COUNT) ?? 0;
}

function pairByCount(pairs: Pairs, group: readonly SpanNode[]): void {
  /** Refused attempts by the count of their repetition, oldest first. */
  const waiting = new Map<number, SpanNode[]>();
  for (const attempt of group) {
    const count = resendCount(attempt);
    if (count > 0 && !pairs.isRepetition(attempt)) {
      const list = waiting.get(count);
      const index = list?.findIndex((refused) => refused.endMs <= attempt.startMs) ?? -1;
      const [refused] = index < 0 ? [] : (list?.splice(index, 1) ?? []);
      if (refused !== undefined) pairs.add(refused, attempt);
    }
    if (!pairs.isWaiting(attempt)) continue;
    const list = waiting.get(count + 1);
    if (list === undefined) waiting.set(count + 1, [attempt]);
    else list.push(attempt);
  }
}

/** Attempts looked at for one repetition; keeps a storm of refusals side by side from costing their square. */
const MAX_CANDIDATES = 1_000;

/** Without a count. Where several calls run side by side, the one that comes when it was told to is the likeliest. */
function pairByOrder(pairs: Pairs, group: readonly SpanNode[], workOf: WorkOf): void {
  let latestEndMs = -Infinity;
  group.forEach((refused, index) => {
    const isAlone = latestEndMs <= refused.startMs && (group[index + 1]?.startMs ?? Infinity) >= refused.endMs;
    latestEndMs = Math.max(latestEndMs, refused.endMs);
    if (!pairs.isWaiting(refused)) return;
    const dueMs = refused.endMs + (numberOf(refused.row.attributes, names.ATTR_SWARMSCOPE_RETRY_AFTER) ?? 0) * 1000;
    let next: SpanNode | undefined;
    for (const attempt of group.slice(index + 1, index + 1 + MAX_CANDIDATES)) {
      if (attempt.startMs > dueMs + LATEST_MS) break;
      if (attempt.startMs < refused.endMs || resendCount(attempt) > 0 || pairs.isRepetition(attempt)) continue;
      const isDue = isAlone || attempt.startMs >= dueMs - EARLY_MS;
      if (isDue) next = attempt;
      next ??= attempt;
      if (isDue) break;
    }
    if (next !== undefined && !(isAlone && isBusyBetween(refused, next, workOf))) pairs.add(refused, next);
  });
}

/** The work directly below a span, in order of start. */
type WorkOf = (parent: SpanNode) => readonly SpanNode[];

/** What begins after a refusal says that the program went on to something else. */
const WORK: ReadonlySet<SpanNode['class']> = new Set(['llm', 'tool', 'git', 'process', 'task', 'agent']);

function workFinder(): WorkOf {
  const known = new Map<SpanNode, readonly SpanNode[]>();
  return (parent) => {
    const found = known.get(parent) ?? parent.children.filter((each) => WORK.has(each.class)).sort((a, b) => a.startMs - b.startMs);
    known.set(parent, found);
    return found;
  };
}

function isBusyBetween(refused: SpanNode, next: SpanNode, workOf: WorkOf): boolean {
  const own: readonly SpanNode[] = [callOf(refused), callOf(next)];
  const { parent } = callOf(refused);
  const work = parent === undefined ? [] : workOf(parent);
  let low = 0;
  let high = work.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((work[middle]?.startMs ?? Infinity) < refused.endMs) low = middle + 1;
    else high = middle;
  }
  for (let each = work[low]; each !== undefined && each.startMs < next.startMs; each = work[++low]) if (!own.includes(each)) return true;
  return false;
}
