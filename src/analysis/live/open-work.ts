/** The spans that are under way, as they are told: what is below what, and when each gave its last sign. Its memory is bounded. */
import * as names from '../../semconv/index.ts';
import type { SpanRow } from '../model.ts';
import { classify, textOf, type SpanClass } from '../span-tree.ts';
import type { LiveEvidence } from './types.ts';

export interface Work extends LiveEvidence {
  readonly class: SpanClass;
  readonly name: string;
  readonly startMs: number;
  readonly pid: number | undefined;
  readonly task: string | undefined;
  readonly agent: string | undefined;
  readonly tool: string | undefined;
  readonly model: string | undefined;
  readonly waitReason: string | undefined;
  /** Of a task: its type. */
  readonly type: string | undefined;
  /** Also one that has ended: what it started may go on. */
  parent: Work | undefined;
  /** Of all that is below it, in any depth. */
  openBelow: number;
  /** The last thing that is known of it and of all below. */
  signMs: number;
  isOpen: boolean;
}

/** Open spans, ids of ended ones whose start may come late, and children that wait for their parent: 30 MB at most. */
const MAX_OPEN = 50_000;
const MAX_ENDED = 20_000;
const MAX_WAITING = 5_000;
/** Protects from a chain of parents without an end. */
const MAX_DEPTH = 64;
/** Longest name that is kept. */
const MAX_TEXT = 80;

export class OpenWork {
  readonly #open = new Map<string, Work>();
  /** In two halves: to look for the oldest one in a set that is always full takes longer than all else here. */
  #ended = new Set<string>();
  #endedBefore = new Set<string>();
  /** By what is not there yet. */
  readonly #waiting = new Map<string, Work[]>();

  get size(): number {
    return this.#open.size;
  }

  /** What runs now, the oldest told first. */
  all(): IterableIterator<Work> {
    return this.#open.values();
  }

  /** undefined: known already, has ended, or is one too many. */
  started(row: SpanRow): Work | undefined {
    const key = row.traceId + row.spanId;
    if (this.#open.has(key) || this.#hasEnded(key) || this.#open.size >= MAX_OPEN || !Number.isFinite(row.startMs)) return undefined;
    const work = workOf(row);
    this.#open.set(key, work);
    if (row.parentSpanId !== undefined) this.#attach(work, (row.parentTraceId ?? row.traceId) + row.parentSpanId);
    for (const child of this.#waiting.get(key) ?? []) if (child.isOpen && child.parent === undefined) join(child, work);
    this.#waiting.delete(key);
    return work;
  }

  /** What was told of it when it started; undefined where nothing was. `isNews`: told for the first time. */
  ended(row: SpanRow): { readonly work: Work | undefined; readonly parent: Work | undefined; readonly isNews: boolean } {
    const key = row.traceId + row.spanId;
    const work = this.#open.get(key);
    if (work === undefined) {
      const isNews = !this.#hasEnded(key);
      if (isNews) this.#remember(key);
      const parent = row.parentSpanId === undefined ? undefined : this.#open.get((row.parentTraceId ?? row.traceId) + row.parentSpanId);
      if (parent !== undefined && row.endMs !== undefined) signal(parent, row.endMs);
      return { work, parent, isNews };
    }
    this.#remember(key);
    this.#end(work, key, row.endMs ?? work.startMs);
    return { work, parent: work.parent, isNews: true };
  }

  /** It will never be told to end: its process is gone. */
  drop(work: Work): void {
    this.#end(work, work.traceId + work.spanId, work.signMs);
  }

  #end(work: Work, key: string, endMs: number): void {
    this.#open.delete(key);
    work.isOpen = false;
    let depth = 0;
    for (let at = work.parent; at !== undefined && depth < MAX_DEPTH; at = at.parent, depth += 1) {
      at.openBelow -= 1;
      if (endMs > at.signMs) at.signMs = endMs;
    }
  }

  #attach(work: Work, parentKey: string): void {
    const parent = this.#open.get(parentKey);
    if (parent !== undefined) return join(work, parent);
    if (this.#hasEnded(parentKey) || this.#waiting.size >= MAX_WAITING) return;
    const others = this.#waiting.get(parentKey);
    if (others === undefined) this.#waiting.set(parentKey, [work]);
    else if (others.length < MAX_WAITING) others.push(work);
  }

  #hasEnded(key: string): boolean {
    return this.#ended.has(key) || this.#endedBefore.has(key);
  }

  #remember(key: string): void {
    this.#ended.add(key);
    if (this.#ended.size < MAX_ENDED / 2) return;
    this.#endedBefore = this.#ended;
    this.#ended = new Set();
  }
}

/** The nearest at or above that is a task or an agent. */
export function placeOf(work: Work | undefined): { readonly task: Work | undefined; readonly agent: Work | undefined } {
  let task: Work | undefined;
  let agent: Work | undefined;
  let depth = 0;
  for (let at = work; at !== undefined && depth < MAX_DEPTH; at = at.parent, depth += 1) {
    if (at.class === 'task') task ??= at;
    else if (at.class === 'agent') agent ??= at;
  }
  return { task, agent };
}

function join(child: Work, parent: Work): void {
  let depth = 0;
  // A cycle of parents is cut where it would close; a chain is not followed for ever.
  for (let at: Work | undefined = parent; at !== undefined; at = at.parent) if (at === child || ++depth >= MAX_DEPTH) return;
  child.parent = parent;
  depth = 0;
  for (let at: Work | undefined = parent; at !== undefined && depth < MAX_DEPTH; at = at.parent, depth += 1) {
    at.openBelow += child.openBelow + 1;
    if (child.signMs > at.signMs) at.signMs = child.signMs;
  }
}

function signal(work: Work, atMs: number): void {
  let depth = 0;
  for (let at: Work | undefined = work; at !== undefined && depth < MAX_DEPTH; at = at.parent, depth += 1)
    if (atMs > at.signMs) at.signMs = atMs;
}

function workOf({ traceId, spanId, name, startMs, pid, attributes }: SpanRow): Work {
  const text = (key: string): string | undefined => textOf(attributes, key)?.slice(0, MAX_TEXT);
  return {
    traceId,
    spanId,
    class: classify(attributes),
    name: name.slice(0, MAX_TEXT),
    startMs,
    pid,
    task: text(names.ATTR_SWARMSCOPE_TASK_ID),
    agent: text(names.ATTR_GEN_AI_AGENT_NAME),
    tool: text(names.ATTR_GEN_AI_TOOL_NAME),
    model: text(names.ATTR_GEN_AI_REQUEST_MODEL),
    waitReason: text(names.ATTR_SWARMSCOPE_WAIT_REASON),
    type: text(names.ATTR_SWARMSCOPE_TASK_TYPE),
    parent: undefined,
    openBelow: 0,
    signMs: startMs,
    isOpen: true,
  };
}
