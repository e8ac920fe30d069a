/** The spans of a run that goes on, as they arrive: late, twice, in any order. What is below what is known at every moment. */
import * as names from '../semconv/index.ts';
import type { Attributes, SpanRow } from './model.ts';
import { isKnownFromOutside } from './looked-through.ts';
import { classify, type SpanNode } from './span-tree.ts';

/** A node whose parts change as more is told of its span. */
export type LiveNode = { -readonly [Name in keyof SpanNode]: SpanNode[Name] } & {
  /** Its row alone says that it changes no moment before it; undefined until somebody asked. */
  isPlain?: boolean | undefined;
};

/** Protects from a chain of parents without an end. */
const MAX_DEPTH = 1_000;

/** What lanes are made of; all else of a span, such as its prompts, is left out so that a long run fits into memory. */
const KEPT: ReadonlySet<string> = new Set([
  names.ATTR_SWARMSCOPE_OPERATION_NAME,
  names.ATTR_GEN_AI_OPERATION_NAME,
  names.ATTR_GEN_AI_AGENT_NAME,
  names.ATTR_GEN_AI_REQUEST_MODEL,
  names.ATTR_GEN_AI_TOOL_NAME,
  names.ATTR_SWARMSCOPE_WAIT_REASON,
  names.ATTR_SWARMSCOPE_GIT_OPERATION_NAME,
  names.ATTR_SWARMSCOPE_GIT_WORKTREE_NAME,
  names.ATTR_VCS_REPOSITORY_NAME,
  names.ATTR_VCS_REF_HEAD_NAME,
  names.ATTR_PROCESS_EXECUTABLE_NAME,
  names.ATTR_PROCESS_EXIT_CODE,
  names.ATTR_PROCESS_PID,
  names.ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND,
  names.ATTR_SWARMSCOPE_PROCESS_OBSERVER,
  names.ATTR_SWARMSCOPE_PROCESS_SIGNAL,
  names.ATTR_SWARMSCOPE_TASK_TYPE,
  names.ATTR_SWARMSCOPE_TASK_ID,
  names.ATTR_SWARMSCOPE_TASK_INFERRED,
  names.ATTR_SWARMSCOPE_TASK_QUEUE_WAIT_TIME,
  names.ATTR_SWARMSCOPE_TOOL_INFERRED,
  names.ATTR_SWARMSCOPE_BATCH_ID,
  names.ATTR_SWARMSCOPE_POOL_NAME,
  names.ATTR_SWARMSCOPE_QUEUE_NAME,
  names.ATTR_SWARMSCOPE_RETRY_AFTER,
  names.ATTR_HTTP_REQUEST_METHOD,
  names.ATTR_HTTP_REQUEST_RESEND_COUNT,
  names.ATTR_HTTP_RESPONSE_STATUS_CODE,
  names.ATTR_ERROR_TYPE,
]);
const MAX_TEXT = 200;

/** A row of its own, which the tree may change. */
export function slimRow(row: SpanRow): SpanRow {
  const attributes: Record<string, Attributes[string]> = {};
  for (const name in row.attributes) {
    if (!KEPT.has(name)) continue;
    const value = row.attributes[name] as Attributes[string];
    attributes[name] = typeof value === 'string' && value.length > MAX_TEXT ? value.slice(0, MAX_TEXT) : value;
  }
  return {
    traceId: row.traceId,
    spanId: row.spanId,
    parentSpanId: row.parentSpanId,
    parentTraceId: row.parentTraceId,
    name: row.name.length > MAX_TEXT ? row.name.slice(0, MAX_TEXT) : row.name,
    kind: row.kind,
    startMs: row.startMs,
    endMs: row.endMs,
    isError: row.isError,
    attributes,
    links: row.links,
    scopeName: row.scopeName,
    serviceName: row.serviceName,
    pid: row.pid,
  };
}

export class LiveTree {
  readonly #traces = new Map<string, Map<string, LiveNode>>();
  /** By what is not there yet: those that stand below it. */
  readonly #orphans = new Map<string, Set<LiveNode>>();
  size = 0;
  open = 0;
  /** The earliest moment of which the row that was added last tells something new. */
  fromMs = -Infinity;

  /** The node that a row is of, or undefined where it told nothing new. An ended row replaces that of the start. The row is ours from then on. */
  add(row: SpanRow): LiveNode | undefined {
    if (!Number.isFinite(row.startMs) || Number.isNaN(row.endMs)) return undefined;
    let spans = this.#traces.get(row.traceId);
    if (spans === undefined) this.#traces.set(row.traceId, (spans = new Map<string, LiveNode>()));
    const known = spans.get(row.spanId);
    if (known === undefined) {
      const node: LiveNode = {
        ...timesOf(row),
        row,
        class: classOf(row),
        parent: undefined,
        children: [],
        hasDeeperWork: false,
        isPlain: undefined,
      };
      spans.set(row.spanId, node);
      this.size += 1;
      if (node.isOpen) this.open += 1;
      this.#attach(node);
      if (this.#orphans.size > 0) this.#adopt(node);
      this.fromMs = node.children.length > 0 ? -Infinity : node.startMs;
      return node;
    }
    if (!known.isOpen || row.endMs === undefined) return undefined;
    this.open -= 1;
    const before = known.row;
    const parentSpanId = row.parentSpanId ?? before.parentSpanId;
    Object.assign(known, timesOf(row));
    row.parentSpanId = parentSpanId;
    row.parentTraceId ??= before.parentTraceId;
    row.pid ??= before.pid;
    known.row = row;
    const kind = classOf(row);
    const isOther = kind !== known.class || row.startMs !== before.startMs || parentSpanId !== before.parentSpanId;
    this.fromMs = isOther ? -Infinity : known.endMs;
    known.class = kind;
    known.isPlain = undefined;
    if (parentSpanId !== before.parentSpanId || known.row.parentTraceId !== before.parentTraceId) {
      this.#detach(known, before);
      this.#attach(known);
    }
    return known;
  }

  /** All rows, of which a whole analysis can be made. */
  rows(): SpanRow[] {
    return [...this.#traces.values()].flatMap((spans) => [...spans.values()].map(({ row }) => row));
  }

  /** Lets go of a span and all below it. */
  forget(root: SpanNode): void {
    const stack = [root];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      stack.push(...node.children);
      node.children = [];
      if (this.#traces.get(node.row.traceId)?.delete(node.row.spanId) === true) this.size -= 1;
    }
    const { parent } = root;
    if (parent !== undefined) parent.children = parent.children.filter((child) => child !== root);
  }

  #attach(node: LiveNode): void {
    const { traceId, parentSpanId, parentTraceId = traceId, spanId } = node.row;
    if (parentSpanId === undefined || (parentSpanId === spanId && parentTraceId === traceId)) return;
    const parent = this.#traces.get(parentTraceId)?.get(parentSpanId);
    if (parent !== undefined) return join(node, parent);
    const key = idOf(parentTraceId, parentSpanId);
    const waiting = this.#orphans.get(key) ?? new Set<LiveNode>();
    this.#orphans.set(key, waiting.add(node));
  }

  /** Takes in those that came before it. */
  #adopt(node: LiveNode): void {
    const id = idOf(node.row.traceId, node.row.spanId);
    for (const child of this.#orphans.get(id) ?? []) join(child, node);
    this.#orphans.delete(id);
  }

  #detach(node: LiveNode, { traceId, parentSpanId = '', parentTraceId = traceId }: SpanRow): void {
    this.#orphans.get(idOf(parentTraceId, parentSpanId))?.delete(node);
    if (node.parent !== undefined) node.parent.children = node.parent.children.filter((child) => child !== node);
    node.parent = undefined;
  }
}

/** Of a span in its run. */
export const keyOf = ({ row }: SpanNode): string => idOf(row.traceId, row.spanId);

const idOf = (trace: string, span: string): string => `${trace}/${span}`;

function join(child: LiveNode, parent: LiveNode): void {
  let depth = 0;
  // A cycle of parents is cut where it would close.
  for (let at: SpanNode | undefined = parent; at !== undefined; at = at.parent) if (at === child || ++depth > MAX_DEPTH) return;
  child.parent = parent;
  parent.children.push(child);
}

function timesOf({ startMs, endMs }: SpanRow): Pick<LiveNode, 'startMs' | 'endMs' | 'isOpen' | 'durationMs'> {
  const isOpen = endMs === undefined;
  return { startMs, endMs: Math.max(startMs, endMs ?? startMs), isOpen, durationMs: isOpen ? undefined : Math.max(0, endMs - startMs) };
}

/** What was seen from outside alone says nothing of what it did. */
function classOf(row: SpanRow): SpanNode['class'] {
  return isKnownFromOutside(row) ? 'other' : classify(row.attributes);
}

/** With all that is below it, parents first. What is open goes on until now. */
export function subtree(root: LiveNode, nowMs: number, startMs: number): LiveNode[] {
  const topDown: LiveNode[] = [];
  const stack: LiveNode[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.startMs < startMs) node.startMs = startMs;
    if (node.isOpen || node.endMs < node.startMs) node.endMs = Math.max(node.startMs, node.isOpen ? nowMs : node.startMs);
    topDown.push(node);
    for (const child of node.children) stack.push(child);
  }
  return topDown;
}
