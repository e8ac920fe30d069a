/** The LLM calls of a run, each once: one exchange may be told by the wire, by a library and by the agent itself. */
import * as names from '../semconv/index.ts';
import { numberOf, textOf, type SpanNode, type SpanTree } from './span-tree.ts';

export interface DistinctCalls {
  /** Of several spans of one call the one with a price, else with more attributes. The most telling one first. */
  readonly calls: ReadonlySet<SpanNode>;
  /** Spans left out because another span tells the same call. Calls around calls are not among them. */
  readonly duplicates: number;
}

/** Spans of one exchange, no two of them by one sender. */
type Witnesses = SpanNode[];

export function findCalls(tree: SpanTree): DistinctCalls {
  const groups = new Map<SpanNode, Witnesses>();
  const leaves = innermost(tree).sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  for (const { keyOf, isSame } of EVIDENCES) joinWitnesses(leaves, groups, { keyOf, isSame });
  const calls = new Set<SpanNode>();
  const byWorth = leaves.map((node) => ({ node, worth: worth(node) })).sort((a, b) => b.worth - a.worth);
  for (const { node } of byWorth) if (!groups.get(node)?.some((other) => calls.has(other))) calls.add(node);
  return { calls, duplicates: leaves.length - calls.size };
}

/** Of LLM spans inside each other the innermost: the outer ones tell the same call from further away. */
function innermost(tree: SpanTree): SpanNode[] {
  const calls = tree.topDown.filter((node) => node.class === 'llm');
  const outer = new Set<SpanNode>();
  const leave = (from: SpanNode | undefined): void => {
    for (let at = from; at !== undefined && !outer.has(at); at = at.parent) if (at.class === 'llm') outer.add(at);
  };
  const linked = linkedSpans(tree, calls);
  for (const node of calls) {
    leave(node.parent);
    // What the program's own SDK tells of the call is no parent of ours, but the span that the call took place in.
    for (const around of linked(node)) if (around.row.scopeName !== node.row.scopeName) leave(around);
  }
  return calls.filter((node) => !outer.has(node));
}

/** The spans that a call is linked to. */
function linkedSpans(tree: SpanTree, calls: readonly SpanNode[]): (call: SpanNode) => SpanNode[] {
  if (calls.every(({ row }) => row.links.length === 0)) return () => [];
  const keyOf = ({ traceId, spanId }: SpanNode['row']['links'][number]): string => `${traceId}${spanId}`;
  const byId = new Map(tree.topDown.map((node) => [keyOf(node.row), node]));
  return ({ row }) => row.links.flatMap((link) => byId.get(keyOf(link)) ?? []);
}

interface Evidence {
  /** Only spans of one key are compared. undefined: this span has no such evidence. */
  readonly keyOf: (node: SpanNode) => string | undefined;
  readonly isSame: (a: SpanNode, b: SpanNode) => boolean;
}

/**
 * The better evidence first. Neither an id nor equal counts prove anything alone (Ollama draws one of 999 ids, a cache
 * answers with one id for ever), so it takes two senders that saw an exchange at the same time, each of them once.
 */
const EVIDENCES: readonly Evidence[] = [
  { keyOf: responseId, isSame: (a, b) => isSeenByTwo(a, b) || isPassedOn(a, b) || isPassedOn(b, a) },
  { keyOf: agentAndOutput, isSame: (a, b) => isSeenByTwo(a, b) && !areIdsApart(responseId(a), responseId(b)) },
  { keyOf: processAndModel, isSame: (a, b) => isSeenByTwo(a, b) && isOneOurs(a, b) && !areAnswersApart(a, b) },
];

/** Scope of the spans that the preload makes: it sees every call of its process. */
const OUR_SCOPE = 'swarmscope';

function responseId({ row }: SpanNode): string | undefined {
  return textOf(row.attributes, names.ATTR_GEN_AI_RESPONSE_ID);
}

function agentAndOutput(node: SpanNode): string | undefined {
  const output = numberOf(node.row.attributes, names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS);
  let agent = node.parent;
  while (agent !== undefined && agent.class !== 'agent') agent = agent.parent;
  return output === undefined || agent === undefined ? undefined : `${agent.row.traceId}:${agent.row.spanId}:${output}`;
}

/** Embeddings and calls that fail have no id. What a library tells beside the preload, the preload has seen too. */
function processAndModel({ row: { pid, attributes } }: SpanNode): string | undefined {
  const model = textOf(attributes, names.ATTR_GEN_AI_REQUEST_MODEL);
  const operation = textOf(attributes, names.ATTR_GEN_AI_OPERATION_NAME);
  return pid === undefined || model === undefined ? undefined : `${pid}:${operation}:${model}`;
}

function isOneOurs(a: SpanNode, b: SpanNode): boolean {
  return (a.row.scopeName === OUR_SCOPE) !== (b.row.scopeName === OUR_SCOPE);
}

/** What both of them tell of the answer is not the same. */
function areAnswersApart(a: SpanNode, b: SpanNode): boolean {
  const outputOf = ({ row }: SpanNode): number | undefined => numberOf(row.attributes, names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS);
  return areIdsApart(responseId(a), responseId(b)) || isKnownToDiffer(outputOf(a), outputOf(b));
}

/** Two instruments of one process, as far as the processes are known. */
function isSeenByTwo(a: SpanNode, b: SpanNode): boolean {
  return a.row.scopeName !== b.row.scopeName && !isKnownToDiffer(a.row.pid, b.row.pid) && isAtOneTime(a, b);
}

/** A gateway of the run, a process of its own, passed the call `outer` on to another server as the call `inner`. */
function isPassedOn(outer: SpanNode, inner: SpanNode): boolean {
  const isInside = outer.startMs <= inner.startMs && inner.endMs <= outer.endMs;
  return isInside && isKnownToDiffer(outer.row.pid, inner.row.pid) && isOtherServer(outer, inner) && isSameUsage(outer, inner);
}

function isAtOneTime(a: SpanNode, b: SpanNode): boolean {
  const shorter = Math.min(a.endMs - a.startMs, b.endMs - b.startMs);
  const overlap = Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs);
  return shorter > 0 && overlap >= shorter / 2;
}

function isOtherServer(a: SpanNode, b: SpanNode): boolean {
  const [one, other] = [a.row.attributes, b.row.attributes];
  return (
    isKnownToDiffer(textOf(one, names.ATTR_SERVER_ADDRESS), textOf(other, names.ATTR_SERVER_ADDRESS)) ||
    isKnownToDiffer(numberOf(one, names.ATTR_SERVER_PORT), numberOf(other, names.ATTR_SERVER_PORT))
  );
}

function isSameUsage(a: SpanNode, b: SpanNode): boolean {
  const counts = [names.ATTR_GEN_AI_USAGE_INPUT_TOKENS, names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS];
  return counts.every((name) => numberOf(a.row.attributes, name) === numberOf(b.row.attributes, name));
}

/** `msg_1` and `msg_2` are two answers. `msg_1` and `req_1` may be one: Claude Code tells the id of its request. */
function areIdsApart(a: string | undefined, b: string | undefined): boolean {
  const kindOf = (id: string): string => id.split(/[-_]/, 1)[0] ?? '';
  return a !== undefined && b !== undefined && a !== b && kindOf(a) === kindOf(b);
}

function isKnownToDiffer<T>(a: T | undefined, b: T | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

/** Each span joins the nearest spans of its key that are under way and that it is the same call as, all of them. */
function joinWitnesses(byStart: readonly SpanNode[], groups: Map<SpanNode, Witnesses>, { keyOf, isSame }: Evidence): void {
  const underWay = new Map<string, Set<SpanNode>>();
  for (const node of byStart) {
    const key = keyOf(node);
    if (key === undefined) continue;
    const others = underWay.get(key) ?? new Set();
    underWay.set(key, others);
    const own = groups.get(node) ?? [node];
    let best: Witnesses | undefined;
    let bestMs = Infinity;
    for (const other of others) {
      if (other.endMs < node.startMs) {
        others.delete(other);
        continue;
      }
      const apartMs = Math.abs(other.startMs - node.startMs) + Math.abs(other.endMs - node.endMs);
      const group = groups.get(other) ?? [other];
      if (apartMs >= bestMs || group === own || !group.every((each) => own.every((mine) => isSame(mine, each)))) continue;
      [best, bestMs] = [group, apartMs];
    }
    others.add(node);
    if (best === undefined) continue;
    const joined = [...best, ...own];
    for (const each of joined) groups.set(each, joined);
  }
}

/** Who knows what was billed comes first: what the provider told, then that a price lacks something, then a price of the table. */
function worth({ row: { attributes } }: SpanNode): number {
  const isCounted = attributes[names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS] !== undefined;
  const isToldByProvider = attributes[names.ATTR_SWARMSCOPE_COST_SOURCE] === names.SWARMSCOPE_COST_SOURCE_VALUE_PROVIDER;
  const isKnownToLack = attributes[names.ATTR_SWARMSCOPE_COST_UNPRICED] !== undefined && isCounted;
  const tablePrice = attributes[names.ATTR_SWARMSCOPE_COST_AMOUNT] === undefined ? 0 : 1;
  const rank = isToldByProvider ? 3 : isKnownToLack ? 2 : tablePrice;
  return rank * 1000 + Object.keys(attributes).length;
}
