/** The spans of a run as trees: each has a class and is clipped to the run, and cycles of parents are cut. */
import * as names from '../semconv/index.ts';
import { tokenCount } from '../semconv/usage.ts';
import { interruptionOf, withoutInterrupted } from './interruption.ts';
import { endsOfProcesses } from './lifetimes.ts';
import type { Attributes, RunData, SpanRow } from './model.ts';

export type SpanClass = 'run' | 'phase' | 'batch' | 'task' | 'agent' | 'llm' | 'tool' | 'git' | 'process' | 'wait' | 'other';

export interface SpanNode {
  /** Of a call that several senders told: with what the others know besides. */
  row: SpanRow;
  class: SpanClass;
  /** Clipped to the run; an open span ends with its process, where that was seen to end, else with the run. */
  readonly startMs: number;
  readonly endMs: number;
  readonly isOpen: boolean;
  /** How long it took, also outside of the run. Undefined where its end is not known. */
  readonly durationMs: number | undefined;
  parent: SpanNode | undefined;
  children: SpanNode[];
  /** Whether an LLM call, a tool call, an agent, a task or a wait is somewhere below it. */
  hasDeeperWork: boolean;
}

export interface SpanTree {
  readonly startMs: number;
  readonly endMs: number;
  /** Every parent stands before its children. */
  readonly topDown: readonly SpanNode[];
}

/** `gen_ai.operation.name` to class. */
const GEN_AI_CLASSES: Readonly<Record<string, SpanClass>> = {
  [names.GEN_AI_OPERATION_NAME_VALUE_CHAT]: 'llm',
  [names.GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT]: 'llm',
  [names.GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION]: 'llm',
  [names.GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS]: 'llm',
  [names.GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL]: 'tool',
  [names.GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT]: 'agent',
  [names.GEN_AI_OPERATION_NAME_VALUE_CREATE_AGENT]: 'agent',
  [names.GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW]: 'run',
};

/** `swarmscope.operation.name` to class. */
const OWN_CLASSES: Readonly<Record<string, SpanClass>> = {
  [names.SWARMSCOPE_OPERATION_NAME_VALUE_RUN_TASK]: 'task',
  [names.SWARMSCOPE_OPERATION_NAME_VALUE_RUN_BATCH]: 'batch',
  [names.SWARMSCOPE_OPERATION_NAME_VALUE_RUN_PHASE]: 'phase',
};

/** Work that explains the time of the spans around it; any build script starts git and plain processes. */
const DEEPER: ReadonlySet<SpanClass> = new Set(['llm', 'tool', 'agent', 'task', 'wait']);

export function textOf(attributes: Attributes, name: string): string | undefined {
  const value = attributes[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberOf(attributes: Attributes, name: string): number | undefined {
  const value = attributes[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A count of tokens. What is negative or no whole number is none, whoever sent it. */
export function tokensOf(attributes: Attributes, name: string): number | undefined {
  return tokenCount(attributes[name]);
}

/** The texts of a list attribute; `[]` when absent. */
export function textsOf(attributes: Attributes, name: string): string[] {
  const value = attributes[name];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

/** The model that answered a call, else the one that was asked. */
export function modelOf(attributes: Attributes): string | undefined {
  return textOf(attributes, names.ATTR_GEN_AI_RESPONSE_MODEL) ?? textOf(attributes, names.ATTR_GEN_AI_REQUEST_MODEL);
}

export function classify(attributes: Attributes): SpanClass {
  const own = OWN_CLASSES[textOf(attributes, names.ATTR_SWARMSCOPE_OPERATION_NAME) ?? ''];
  if (own !== undefined) return own;
  const genAi = GEN_AI_CLASSES[textOf(attributes, names.ATTR_GEN_AI_OPERATION_NAME) ?? ''];
  if (genAi !== undefined) return genAi;
  if (attributes[names.ATTR_SWARMSCOPE_WAIT_REASON] !== undefined) return 'wait';
  if (attributes[names.ATTR_SWARMSCOPE_GIT_OPERATION_NAME] !== undefined) return 'git';
  if (attributes[names.ATTR_PROCESS_EXECUTABLE_NAME] === undefined) return 'other';
  return attributes[names.ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND] === names.SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_GIT
    ? 'git'
    : 'process';
}

/** The start and the end of the run. A run that has not finished ends with the last thing that is known of it. */
export function runWindow(data: RunData): { startMs: number; endMs: number } {
  let first = Infinity;
  let last = -Infinity;
  for (const span of data.spans) {
    if (!Number.isFinite(span.startMs)) continue;
    first = Math.min(first, span.startMs);
    last = Math.max(last, span.startMs, Number.isFinite(span.endMs) ? (span.endMs ?? last) : last);
  }
  const heardOf = [...data.logs.map(({ timeMs }) => timeMs), ...data.series.map(({ points }) => points.at(-1)?.timeMs ?? NaN)];
  for (const timeMs of heardOf) if (Number.isFinite(timeMs)) last = Math.max(last, timeMs);
  const startMs = Number.isFinite(data.run.startMs) ? data.run.startMs : Number.isFinite(first) ? first : 0;
  const endMs = data.run.endMs !== undefined && Number.isFinite(data.run.endMs) ? data.run.endMs : last;
  return { startMs, endMs: Math.max(startMs, Number.isFinite(endMs) ? endMs : startMs) };
}

/** What `swarmscope run` records itself: the span of an agent that is the command is opened before that is started. */
const isOpenedAhead = ({ scopeName, pid }: SpanRow, { run }: RunData): boolean =>
  run.pid !== undefined && pid !== run.pid && scopeName === 'swarmscope';

export function buildTree(data: RunData): SpanTree {
  const { startMs, endMs } = runWindow(data);
  const clip = (ms: number): number => Math.min(Math.max(ms, startMs), endMs);
  /** By trace, then span: with 100,000 spans, joining both ids into one key costs more than all the rest here. */
  const traces = new Map<string, Map<string, SpanNode>>();
  const nodes: SpanNode[] = [];
  const interruption = interruptionOf(data);
  const endOfProcess = endsOfProcesses(data.spans);
  for (const given of data.spans) {
    if (!Number.isFinite(given.startMs) || Number.isNaN(given.endMs)) continue;
    const row = interruption.size === 0 ? given : withoutInterrupted(given, interruption);
    let spans = traces.get(row.traceId);
    if (spans === undefined) {
      spans = new Map<string, SpanNode>();
      traces.set(row.traceId, spans);
    }
    const known = spans.get(row.spanId);
    if (known !== undefined && (!known.isOpen || row.endMs === undefined)) continue;
    const start = clip(row.startMs);
    const end = Math.max(start, clip(row.endMs ?? endOfProcess(row) ?? endMs));
    const kind = classify(row.attributes);
    const node: SpanNode = {
      row,
      class: kind,
      startMs: start,
      endMs: end,
      isOpen: row.endMs === undefined,
      durationMs:
        row.endMs === undefined || isEndUnknown(kind, row)
          ? undefined
          : Math.max(0, row.endMs - (isOpenedAhead(row, data) ? start : row.startMs)),
      parent: undefined,
      children: [],
      hasDeeperWork: false,
    };
    spans.set(row.spanId, node);
  }
  for (const spans of traces.values()) for (const node of spans.values()) nodes.push(node);
  const roots: SpanNode[] = [];
  for (const node of nodes) {
    const { traceId, parentSpanId, parentTraceId = traceId } = node.row;
    const parent = parentSpanId === undefined ? undefined : traces.get(parentTraceId)?.get(parentSpanId);
    if (parent === undefined || parent === node) roots.push(node);
    else {
      node.parent = parent;
      parent.children.push(node);
    }
  }
  const topDown = order(roots, nodes);
  markDeeperWork(topDown);
  return { startMs, endMs, topDown };
}

/** To be called again when classes have changed. */
export function markDeeperWork(topDown: readonly SpanNode[]): void {
  for (const node of topDown) node.hasDeeperWork = false;
  for (let index = topDown.length - 1; index >= 0; index--) {
    const { parent, hasDeeperWork, class: kind } = topDown[index] as SpanNode;
    if (parent !== undefined && (hasDeeperWork || DEEPER.has(kind))) parent.hasDeeperWork = true;
  }
}

/** The innermost span above `node` of which `isIt` holds. */
export function innermostAbove(node: SpanNode, isIt: (above: SpanNode) => boolean): SpanNode | undefined {
  let at = node.parent;
  while (at !== undefined && !isIt(at)) at = at.parent;
  return at;
}

/** All spans below `root`, without it. */
export function descendantsOf(root: SpanNode): SpanNode[] {
  const found: SpanNode[] = [];
  const stack = [...root.children];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    found.push(node);
    for (const child of node.children) stack.push(child);
  }
  return found;
}

export function isAgentCli({ row }: SpanNode): boolean {
  return row.attributes[names.ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND] === names.SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT;
}

/** A process may outlive the process that started it, which then could not tell its end. */
function isEndUnknown(kind: SpanClass, { attributes, endMs }: SpanRow): boolean {
  return !Number.isFinite(endMs) || (kind === 'process' && attributes[names.ATTR_ERROR_TYPE] === names.ERROR_TYPE_VALUE_PROCESS_EXIT);
}

/** Sorts parents before children. A cycle of parents, which no root reaches, is cut at the first span met. */
function order(roots: readonly SpanNode[], all: Iterable<SpanNode>): SpanNode[] {
  const seen = new Set<SpanNode>();
  const ordered: SpanNode[] = [];
  const visit = (root: SpanNode): void => {
    const stack = [root];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      seen.add(node);
      ordered.push(node);
      for (const child of node.children) stack.push(child);
    }
  };
  for (const root of roots) visit(root);
  for (const node of all) {
    if (seen.has(node)) continue;
    if (node.parent !== undefined) node.parent.children = node.parent.children.filter((child) => child !== node);
    node.parent = undefined;
    visit(node);
  }
  return ordered;
}
