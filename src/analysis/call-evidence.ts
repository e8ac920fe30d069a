/** By what two spans are known to tell one call. Pure. */
import * as names from '../semconv/index.ts';
import { areTwoTellers, isByteReader, processOf, tellerOf } from './call-tellers.ts';
import { numberOf, textOf, type SpanNode } from './span-tree.ts';

export interface Evidence {
  /** Only spans of one key are compared. undefined: this span has no such evidence. */
  readonly keyOf: (node: SpanNode) => string | undefined;
  readonly isSame: (a: SpanNode, b: SpanNode) => boolean;
  /** It may hold of two spans of one teller, which are two calls otherwise. */
  readonly isAlsoOfOneTeller?: boolean;
}

/** A reader that has no time of the first byte may be this late. */
export const START_SLACK_MS = 2_000;
/** Two clocks of one machine differ by this: one may tell whole milliseconds, and the machine may be busy between two looks at it. */
const CLOCK_SLACK_MS = 5;

/**
 * The better evidence first. Neither an id nor equal counts prove anything alone (Ollama draws one of 999 ids, a cache
 * answers with one id for ever), so it takes two senders that saw an exchange at the same time, each of them once.
 */
export const EVIDENCES: readonly Evidence[] = [
  { keyOf: requestId, isSame: (a, b) => isSeenByTwo(a, b) },
  { keyOf: responseId, isSame: (a, b) => isSeenByTwo(a, b) || isPassedOn(a, b) || isPassedOn(b, a), isAlsoOfOneTeller: true },
  { keyOf: (node) => withOutput(node, processKey(node)), isSame: isLikelySame },
  { keyOf: (node) => withOutput(node, agentKey(node)), isSame: isLikelySame },
  { keyOf: processAndModel, isSame: (a, b) => isSeenByTwo(a, b) && (isByteReader(a) || isByteReader(b)) && !areAnswersApart(a, b) },
  // The file of an agent and whoever else told of its calls saw the same ones, also where they counted them differently.
  { keyOf: agentAndModel, isSame: (a, b) => isOneOfFile(a, b) && isSeenByTwo(a, b) && !areIdsApart(responseId(a), responseId(b)) },
  // It does not say whose call it read, and it reads those of every process.
  { keyOf: (node) => withOutput(node, 'any'), isSame: (a, b) => isOneOfKernel(a, b) && isLikelySame(a, b) },
];

function requestId({ row }: SpanNode): string | undefined {
  return textOf(row.attributes, names.ATTR_SWARMSCOPE_INFERENCE_REQUEST_ID);
}

function responseId({ row }: SpanNode): string | undefined {
  return textOf(row.attributes, names.ATTR_GEN_AI_RESPONSE_ID);
}

function outputOf({ row }: SpanNode): number | undefined {
  return numberOf(row.attributes, names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS);
}

function withOutput(node: SpanNode, key: string | undefined): string | undefined {
  const output = outputOf(node);
  return key === undefined || output === undefined ? undefined : `${key}:${output}`;
}

/** Where a process is not known, two instruments of one program still share its trace and its name. */
function processKey(node: SpanNode): string {
  const pid = processOf(node);
  return pid === undefined ? `${node.row.traceId}:${node.row.serviceName}` : String(pid);
}

function agentKey(node: SpanNode): string | undefined {
  let agent = node.parent;
  while (agent !== undefined && agent.class !== 'agent') agent = agent.parent;
  return agent === undefined ? undefined : `${agent.row.traceId}:${agent.row.spanId}`;
}

/** Embeddings and calls that fail have no id. What another tells beside a reader of bytes, the reader has seen too. */
function processAndModel(node: SpanNode): string | undefined {
  const pid = processOf(node);
  const model = modelOf(node);
  const operation = textOf(node.row.attributes, names.ATTR_GEN_AI_OPERATION_NAME);
  return pid === undefined || model === undefined ? undefined : `${pid}:${operation}:${model}`;
}

function agentAndModel(node: SpanNode): string | undefined {
  const agent = agentKey(node);
  const model = modelOf(node, names.ATTR_GEN_AI_RESPONSE_MODEL) ?? modelOf(node);
  return agent === undefined || model === undefined ? undefined : `${agent}:${model}`;
}

/** Two instruments of one process count the same tokens of the same model at the same time. */
function isLikelySame(a: SpanNode, b: SpanNode): boolean {
  return isSeenByTwo(a, b) && areModelsAlike(a, b) && !areIdsApart(responseId(a), responseId(b));
}

/** What both of them tell of the answer is not the same. */
function areAnswersApart(a: SpanNode, b: SpanNode): boolean {
  return areIdsApart(responseId(a), responseId(b)) || isKnownToDiffer(outputOf(a), outputOf(b));
}

/** Two senders of one process, as far as the processes are known. */
function isSeenByTwo(a: SpanNode, b: SpanNode): boolean {
  const areApart = areOfTwoSources(a, b) || areIdsApart(requestId(a), requestId(b));
  return areTwoTellers(a, b) && !areApart && isAtOneTime(a, b);
}

/** A session file is that of an agent, which may be a launcher and the process that makes the calls. */
function areOfTwoSources(a: SpanNode, b: SpanNode): boolean {
  return isOneOfFile(a, b) && agentKey(a) !== undefined
    ? isKnownToDiffer(agentKey(a), agentKey(b))
    : isKnownToDiffer(processOf(a), processOf(b));
}

function isOneOfFile(a: SpanNode, b: SpanNode): boolean {
  return (tellerOf(a) === 'session file') !== (tellerOf(b) === 'session file');
}

function isOneOfKernel(a: SpanNode, b: SpanNode): boolean {
  return (tellerOf(a) === 'kernel') !== (tellerOf(b) === 'kernel');
}

/** A gateway of the run, a process of its own, passed the call `outer` on to another server as the call `inner`. */
function isPassedOn(outer: SpanNode, inner: SpanNode): boolean {
  const isInside = outer.startMs <= inner.startMs && inner.endMs <= outer.endMs;
  return isInside && isKnownToDiffer(processOf(outer), processOf(inner)) && isOtherServer(outer, inner) && isSameUsage(outer, inner);
}

/** They overlap by half the shorter, as far as clocks tell. Of one that is told as a moment only the start can be compared. */
function isAtOneTime(a: SpanNode, b: SpanNode): boolean {
  const shorter = Math.min(a.endMs - a.startMs, b.endMs - b.startMs);
  const overlap = Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs);
  // The file tells when an answer was written down.
  if (shorter === 0 && isOneOfFile(a, b)) return overlap >= -START_SLACK_MS;
  if (shorter === 0) return overlap >= 0 && Math.abs(a.startMs - b.startMs) <= START_SLACK_MS;
  return overlap + CLOCK_SLACK_MS >= shorter / 2;
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

/** The model without what a program or a provider adds: `claude-opus-4-8[1m]`, `openai/gpt-5`, `gpt-4o-2024-08-06`. */
export function modelOf({ row: { attributes } }: SpanNode, name: string = names.ATTR_GEN_AI_REQUEST_MODEL): string | undefined {
  const model = textOf(attributes, name);
  return model
    ?.replace(/\[[^\]]*\]$/, '')
    .replace(/^.*\//, '')
    .replace(/-(?:\d{8}|\d{4}-\d{2}-\d{2})$/, '');
}

/** A library may tell the model that was asked for, another one the model that answered. */
function areModelsAlike(a: SpanNode, b: SpanNode): boolean {
  const both = [names.ATTR_GEN_AI_REQUEST_MODEL, names.ATTR_GEN_AI_RESPONSE_MODEL];
  const [one, other] = [a, b].map((node) => both.flatMap((name) => modelOf(node, name) ?? []));
  return one === undefined || other === undefined || one.length === 0 || other.length === 0 || one.some((model) => other.includes(model));
}

/** `msg_1` and `msg_2` are two answers. `msg_1` and `req_1` may be one: Claude Code tells the id of its request. */
function areIdsApart(a: string | undefined, b: string | undefined): boolean {
  const kindOf = (id: string): string => id.split(/[-_]/, 1)[0] ?? '';
  return a !== undefined && b !== undefined && a !== b && kindOf(a) === kindOf(b);
}

function isKnownToDiffer<T>(a: T | undefined, b: T | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}
