/** The metrics of one LLM call, counted once each. Attributes and buckets follow the GenAI conventions. */
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_TOKEN_MODALITY,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_SWARMSCOPE_CONTEXT_COMPACTION_TRIGGER,
  ATTR_SWARMSCOPE_COST_SOURCE,
  ATTR_SWARMSCOPE_TASK_TYPE,
  METRIC_GEN_AI_CLIENT_INFERENCE_DURATION,
  METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK,
  METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_OPERATION_DURATION,
  METRIC_SWARMSCOPE_CONTEXT_COMPACTIONS,
  METRIC_SWARMSCOPE_CONTEXT_USAGE,
  METRIC_SWARMSCOPE_CONTEXT_UTILIZATION,
  METRIC_SWARMSCOPE_CONTEXT_OVERFLOWS,
  METRIC_SWARMSCOPE_INFERENCE_COST,
  METRIC_SWARMSCOPE_RATE_LIMIT_REJECTIONS,
  METRIC_SWARMSCOPE_TOOL_AVAILABLE,
} from '../semconv/index.ts';
import { isOverflowCode } from '../semconv/context-overflow.ts';
import { refusalOf } from '../semconv/refusal.ts';
import { remembered } from './attribute-sets.ts';
import type { Core } from './core.ts';
import type { Cost } from './cost.ts';
import type { LlmCallEnd, LlmCallStart } from './types.ts';
import { internedLabels } from './instruments.ts';
import { isInference, type Attributes, type AttributeValue, type LlmUsage } from '../semconv/telemetry.ts';

export interface LlmFacts {
  start: LlmCallStart;
  end: LlmCallEnd;
  seconds: number;
  cost: Cost | undefined;
  /** USD, of tokens that are estimated. */
  estimatedCost?: number | undefined;
  /** Why there is no cost; absent where only the model is unknown, or nothing was billed. */
  unpriced: string | undefined;
  contextUsed: number | undefined;
  contextWindow: number | undefined;
  agentName: string | undefined;
  taskType: string | undefined;
}

/** The labels of all points of one call. */
interface Labels {
  readonly base: Attributes;
  readonly timed: Attributes;
  readonly counted: Attributes;
  readonly model: Attributes;
  readonly cost: Attributes;
}

export function measureLlmCall(core: Core, facts: LlmFacts): void {
  const { start, end } = facts;
  const labels = labelsOfCall(facts);
  if (!isInference(start.operation)) return core.measure(METRIC_GEN_AI_CLIENT_OPERATION_DURATION, facts.seconds, labels.timed);
  core.measure(METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, facts.seconds, labels.timed);
  if (end.timeToFirstChunk !== undefined)
    core.measure(METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK, end.timeToFirstChunk, labels.base);
  if (end.timePerChunk !== undefined)
    core.measure(METRIC_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK, end.timePerChunk.mean, labels.base);
  measureTokens(core, end.usage, labels);
  measureContext(core, facts, labels.model);
  measureRefusal(core, facts);
  if (facts.cost !== undefined) core.measure(METRIC_SWARMSCOPE_INFERENCE_COST, facts.cost.amount, labels.cost);
}

/** Those of the last call, by all that they are made of: the next one is most often alike. */
let last: { readonly values: readonly (AttributeValue | undefined)[]; readonly labels: Labels } | undefined;

/** Found by all that they are made of at once: looked up one by one they cost as much as the points themselves. */
function labelsOfCall(facts: LlmFacts): Labels {
  const { start, end, agentName, taskType } = facts;
  const values = [
    start.operation,
    start.provider,
    start.requestModel,
    end.responseModel,
    start.serverAddress,
    start.serverPort,
    end.errorType,
    hasTokens(end.usage),
    agentName,
    taskType,
    facts.cost?.source,
  ];
  if (last !== undefined && isSame(last.values, values)) return last.labels;
  const labels = remembered('llm-call', values, () => makeLabels(facts));
  if (labels === undefined) return makeLabels(facts);
  last = { values, labels };
  return labels;
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}

function makeLabels({ start, end, cost, agentName, taskType }: LlmFacts): Labels {
  const all: Attributes = {
    [ATTR_GEN_AI_OPERATION_NAME]: start.operation,
    [ATTR_GEN_AI_PROVIDER_NAME]: start.provider,
    [ATTR_GEN_AI_REQUEST_MODEL]: start.requestModel,
    [ATTR_GEN_AI_RESPONSE_MODEL]: end.responseModel,
    [ATTR_SERVER_ADDRESS]: start.serverAddress,
    [ATTR_SERVER_PORT]: start.serverPort,
  };
  const base = internedLabels(all);
  return {
    base,
    timed: end.errorType === undefined ? base : internedLabels({ ...all, [ATTR_ERROR_TYPE]: end.errorType }),
    counted: internedLabels({
      ...all,
      [ATTR_GEN_AI_TOKEN_MODALITY]: hasTokens(end.usage) ? 'text' : 'unknown',
      [ATTR_GEN_AI_AGENT_NAME]: agentName,
      [ATTR_SWARMSCOPE_TASK_TYPE]: taskType,
    }),
    model: internedLabels({ [ATTR_GEN_AI_REQUEST_MODEL]: start.requestModel ?? end.responseModel, [ATTR_GEN_AI_AGENT_NAME]: agentName }),
    cost: internedLabels({
      [ATTR_GEN_AI_PROVIDER_NAME]: start.provider,
      [ATTR_GEN_AI_REQUEST_MODEL]: start.requestModel ?? end.responseModel,
      [ATTR_SWARMSCOPE_COST_SOURCE]: cost?.source,
      [ATTR_GEN_AI_AGENT_NAME]: agentName,
      [ATTR_SWARMSCOPE_TASK_TYPE]: taskType,
    }),
  };
}

function hasTokens(usage: LlmUsage | undefined): boolean {
  return usage?.inputTokens !== undefined || usage?.outputTokens !== undefined;
}

/** Usage counters run for every operation: 0 with modality `unknown` where no usage came, as the conventions ask. */
function measureTokens(core: Core, usage: LlmUsage | undefined, { counted, timed }: Labels): void {
  core.measure(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS, usage?.inputTokens ?? 0, counted);
  core.measure(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS, usage?.outputTokens ?? 0, counted);
  if (usage === undefined) return;
  const { cacheReadTokens, cacheWriteTokens, reasoningTokens } = usage;
  if (cacheReadTokens !== undefined) core.measure(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS, cacheReadTokens, counted);
  if (cacheWriteTokens !== undefined)
    core.measure(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS, cacheWriteTokens, counted);
  if (reasoningTokens !== undefined) core.measure(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS, reasoningTokens, counted);
  if (usage.inputTokens !== undefined) core.measure(METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS, usage.inputTokens, timed);
  if (usage.outputTokens !== undefined) core.measure(METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS, usage.outputTokens, timed);
}

function measureContext(core: Core, { start, end, contextUsed: used, contextWindow, agentName }: LlmFacts, model: Attributes): void {
  if (start.toolsOffered !== undefined) core.measure(METRIC_SWARMSCOPE_TOOL_AVAILABLE, start.toolsOffered.length, model);
  const trigger = end.attributes?.[ATTR_SWARMSCOPE_CONTEXT_COMPACTION_TRIGGER];
  if (trigger !== undefined) {
    const compacted = { [ATTR_GEN_AI_AGENT_NAME]: agentName, [ATTR_SWARMSCOPE_CONTEXT_COMPACTION_TRIGGER]: trigger };
    core.measure(METRIC_SWARMSCOPE_CONTEXT_COMPACTIONS, 1, compacted);
  }
  if (used === undefined) return;
  core.measure(METRIC_SWARMSCOPE_CONTEXT_USAGE, used, model);
  if (contextWindow !== undefined) core.measure(METRIC_SWARMSCOPE_CONTEXT_UTILIZATION, used / contextWindow, model);
}

function measureRefusal(core: Core, { start, end, agentName, taskType }: LlmFacts): void {
  const model = { [ATTR_GEN_AI_REQUEST_MODEL]: start.requestModel, [ATTR_GEN_AI_AGENT_NAME]: agentName };
  if (refusalOf(end) === 'rate_limit') {
    core.measure(METRIC_SWARMSCOPE_RATE_LIMIT_REJECTIONS, 1, {
      ...model,
      [ATTR_GEN_AI_PROVIDER_NAME]: start.provider,
      [ATTR_SWARMSCOPE_TASK_TYPE]: taskType,
    });
  }
  // Of a call that only a library saw the code is known alone.
  const isOverflow = end.isContextOverflow ?? (end.errorType !== undefined && isOverflowCode(end.errorType));
  if (isOverflow) core.measure(METRIC_SWARMSCOPE_CONTEXT_OVERFLOWS, 1, model);
}
