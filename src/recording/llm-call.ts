/** One attempt of an LLM call on the wire: span, metrics, cost, context use, and its share in the tasks around it. */
import { SpanKind } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_REQUEST_STREAM,
  ATTR_GEN_AI_RESPONSE_FINISH_REASONS,
  ATTR_GEN_AI_RESPONSE_ID,
  ATTR_GEN_AI_RESPONSE_MODEL,
  ATTR_GEN_AI_RESPONSE_STATUS,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_RESEND_COUNT,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_OPENAI_RESPONSE_SERVICE_TIER,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_SWARMSCOPE_CONTEXT_LIMIT,
  ATTR_SWARMSCOPE_CONTEXT_USAGE,
  ATTR_SWARMSCOPE_CONTEXT_UTILIZATION,
  ATTR_SWARMSCOPE_COST_AMOUNT,
  ATTR_SWARMSCOPE_COST_CURRENCY,
  ATTR_SWARMSCOPE_COST_PRICE_TABLE_VERSION,
  ATTR_SWARMSCOPE_COST_SOURCE,
  ATTR_SWARMSCOPE_COST_UNPRICED,
  ATTR_SWARMSCOPE_RETRY_AFTER,
  ATTR_SWARMSCOPE_TOOL_AVAILABLE_COUNT,
  ATTR_SWARMSCOPE_TOOL_CALLED_NAMES,
  ATTR_SWARMSCOPE_TOOL_OFFERED_NAMES,
} from '../semconv/index.ts';
import type { Core } from './core.ts';
import { contextTokens, contextWindowOf, costOf, type Cost, type PricedCall } from './cost.ts';
import { measureLlmCall, type LlmFacts } from './llm-metrics.ts';
import type { OpenActivity } from './open-activity.ts';
import type { RateLimits } from './rate-limits.ts';
import { addNames, rollUp } from './rollup.ts';
import type { ActivityEnd, LlmCall, LlmCallEnd, LlmCallStart, NativeInference } from './types.ts';
import { isInference, type Attributes, type LlmHead } from '../semconv/telemetry.ts';

/** Of the HTTP request of nearly every call. */
const METHOD = 'POST';
/** What is true of one attempt, and not of the call. */
const OF_ATTEMPT: ReadonlySet<string> = new Set([ATTR_HTTP_RESPONSE_STATUS_CODE, ATTR_ERROR_TYPE, ATTR_SWARMSCOPE_RETRY_AFTER]);
/** Tool names put on one span. */
const MAX_TOOL_NAMES = 128;

export function startLlmCall(core: Core, given: LlmCallStart, rateLimits: RateLimits): LlmCall {
  // Before anything is asked: only the assembly knows the app's own spans, and the time that loading it takes is ours.
  core.assembly();
  const start: LlmCallStart = { ...given, frame: given.frame ?? core.frames.current() };
  const around = start.frame?.inference;
  if (around?.isOpen === true) return startAttempt(core, start, rateLimits, around);
  let ending: LlmCallEnd = {};
  const activity: OpenActivity = core.start({
    name: spanName(start),
    kind: SpanKind.CLIENT,
    startTime: start.startTime,
    parent: start.frame,
    attributes: startAttributes(start),
    onCut: start.onCut,
    onEnd: (end, seconds) => finishLlmCall(core, { start, activity, ending, end, seconds }),
  });
  return {
    activity,
    learn(facts) {
      const { requestModel, operation } = start;
      Object.assign(start, facts);
      if (start.requestModel !== requestModel || start.operation !== operation) activity.rename(spanName(start));
      const provider = { [ATTR_GEN_AI_PROVIDER_NAME]: start.provider };
      activity.set({ ...learntAttributes(facts), ...provider, ...repeatedAttempt(core, start, activity) });
    },
    learnHead: (head) => learnHead(head, { start, activity, rateLimits }),
    end(end) {
      if (activity.isEnded) return;
      ending = end;
      if (end.provider !== undefined && end.provider !== start.provider) {
        start.provider = end.provider;
        activity.set({ [ATTR_GEN_AI_PROVIDER_NAME]: start.provider });
      }
      if (end.requestModel !== undefined && start.requestModel === undefined) {
        start.requestModel = end.requestModel;
        activity.rename(spanName(start));
      }
      activity.end({ endTime: end.endTime, errorType: end.errorType });
    },
  };
}

/** Inside a library's own span of the call the facts go there; the attempt is an HTTP child. Metrics count as usual. */
function startAttempt(core: Core, start: LlmCallStart, rateLimits: RateLimits, around: NativeInference): LlmCall {
  let ending: LlmCallEnd = {};
  const { method = METHOD } = start;
  const activity: OpenActivity = core.start({
    name: method,
    kind: SpanKind.CLIENT,
    startTime: start.startTime,
    parent: start.frame,
    attributes: {
      [ATTR_HTTP_REQUEST_METHOD]: method,
      [ATTR_SERVER_ADDRESS]: start.serverAddress,
      [ATTR_SERVER_PORT]: start.serverPort,
      [ATTR_HTTP_REQUEST_RESEND_COUNT]: start.resendCount === 0 ? undefined : start.resendCount,
    },
    onCut: start.onCut,
    onEnd(end, seconds) {
      try {
        const all = Object.entries(finishLlmCall(core, { start, activity, ending, end, seconds, isRepetition }));
        around.learn(Object.fromEntries(all.filter(([name]) => !OF_ATTEMPT.has(name))));
        return Object.fromEntries(all.filter(([name]) => OF_ATTEMPT.has(name)));
      } finally {
        around.release();
      }
    },
  });
  const isRepetition = !around.adopt();
  return {
    activity,
    learn(facts) {
      Object.assign(start, facts);
      around.learn(learntAttributes(start));
      activity.set(repeatedAttempt(core, start, activity));
    },
    learnHead: (head) => learnHead(head, { start, activity, rateLimits }),
    end(end) {
      if (activity.isEnded) return;
      ending = end;
      start.provider = end.provider ?? start.provider;
      start.requestModel ??= end.requestModel;
      activity.end({ endTime: end.endTime, errorType: end.errorType });
    },
  };
}

/** Links an attempt to the failed one whose request it sends again. SDKs that count retries in a header count better. */
function repeatedAttempt(core: Core, start: LlmCallStart, activity: OpenActivity): Attributes {
  const failed = start.likeness === undefined ? undefined : core.resends.take(start.likeness, activity.startTime, activity.frame);
  if (failed === undefined) return {};
  activity.link(failed.span);
  start.resendCount = Math.max(start.resendCount ?? 0, failed.resendCount + 1);
  return { [ATTR_HTTP_REQUEST_RESEND_COUNT]: start.resendCount };
}

function rememberFailed(core: Core, { start, activity, ending, end }: Finished): void {
  if (start.likeness === undefined || end.errorType === undefined) return;
  const asked = ending.attributes?.[ATTR_SWARMSCOPE_RETRY_AFTER];
  core.resends.remember({
    likeness: start.likeness,
    span: activity.span.spanContext(),
    resendCount: start.resendCount ?? 0,
    endTime: end.endTime ?? core.now(),
    askedMs: typeof asked === 'number' ? asked * 1000 : 0,
    frame: activity.frame,
  });
}

/** At once: later answers may tell newer limits before this one has ended. */
function learnHead(head: LlmHead, call: { start: LlmCallStart; activity: OpenActivity; rateLimits: RateLimits }): void {
  call.activity.set({ [ATTR_HTTP_RESPONSE_STATUS_CODE]: head.statusCode });
  if (head.rateLimits !== undefined) call.rateLimits.learn(call.start.provider, call.start.requestModel, head.rateLimits);
}

function spanName(start: LlmCallStart): string {
  return start.requestModel === undefined ? start.operation : `${start.operation} ${start.requestModel}`;
}

function startAttributes(start: LlmCallStart): Attributes {
  return {
    ...learntAttributes(start),
    [ATTR_GEN_AI_PROVIDER_NAME]: start.provider,
    [ATTR_SERVER_ADDRESS]: start.serverAddress,
    [ATTR_SERVER_PORT]: start.serverPort,
    [ATTR_HTTP_REQUEST_RESEND_COUNT]: start.resendCount === undefined || start.resendCount === 0 ? undefined : start.resendCount,
  };
}

/** What is known only once the request was read. */
function learntAttributes(start: Partial<LlmCallStart>): Attributes {
  return {
    [ATTR_GEN_AI_OPERATION_NAME]: start.operation,
    [ATTR_GEN_AI_REQUEST_MODEL]: start.requestModel,
    [ATTR_GEN_AI_REQUEST_STREAM]: start.stream === true ? true : undefined,
    [ATTR_SWARMSCOPE_TOOL_AVAILABLE_COUNT]: start.toolsOffered?.length,
    [ATTR_SWARMSCOPE_TOOL_OFFERED_NAMES]: start.toolsOffered?.slice(0, MAX_TOOL_NAMES),
    ...start.attributes,
  };
}

interface Finished {
  start: LlmCallStart;
  activity: OpenActivity;
  ending: LlmCallEnd;
  end: ActivityEnd;
  seconds: number;
  /** One more attempt of a call that a library's own span stands for. Default: false. */
  isRepetition?: boolean;
}

/** Counts the call, once, and returns what its span gains. */
export function finishLlmCall(core: Core, finished: Finished): Attributes {
  const { start, activity, ending, end, seconds, isRepetition = false } = finished;
  rememberFailed(core, finished);
  const { agent, task } = activity.frame;
  const facts = describe(core, start, { ...ending, errorType: end.errorType }, seconds);
  facts.agentName = agent?.name;
  facts.taskType = task?.type;
  measureLlmCall(core, facts);
  if (isInference(start.operation)) {
    if (agent !== undefined) agent.inferenceCalls += 1;
    addToTasks(facts, activity, isRepetition);
  }
  return endAttributes(facts);
}

function describe(core: Core, start: LlmCallStart, end: LlmCallEnd, seconds: number): LlmFacts {
  const call: PricedCall = {
    operation: start.operation,
    provider: start.provider,
    models: [end.responseModel, start.requestModel],
    usage: end.usage,
    billing: end.billing,
    region: start.region,
    providerCost: end.providerCost,
    time: core.now(),
  };
  // The texts of one embeddings call stand in no window together.
  const contextUsed = start.operation === 'embeddings' ? undefined : contextTokens(end.usage, end.billing);
  let cost: Cost | undefined;
  let unpriced: string | undefined;
  let contextWindow: number | undefined;
  if (!isInference(start.operation)) {
    return { start, end, seconds, cost, unpriced, contextUsed, contextWindow, agentName: undefined, taskType: undefined };
  }
  try {
    const priced = costOf(core.pricing, call);
    if (priced.amount === undefined) unpriced = priced.lacks;
    else cost = priced;
    contextWindow = contextUsed === undefined ? undefined : contextWindowOf(core.pricing, call);
  } catch {
    // The price table could not be loaded: the call stays unpriced and the count tells.
    core.count('pricing.unavailable');
  }
  const isBilled = end.errorType === undefined || end.usage?.inputTokens !== undefined || end.usage?.outputTokens !== undefined;
  if (cost === undefined && isBilled) core.count('pricing.unpriced-calls');
  return {
    ...{ start, end, seconds, cost, contextUsed, contextWindow, agentName: undefined, taskType: undefined },
    unpriced: cost === undefined && isBilled ? unpriced : undefined,
  };
}

function endAttributes({ start, end, cost, unpriced, contextUsed, contextWindow }: LlmFacts): Attributes {
  const { usage } = end;
  return {
    [ATTR_GEN_AI_REQUEST_MODEL]: start.requestModel,
    [ATTR_GEN_AI_RESPONSE_MODEL]: end.responseModel,
    [ATTR_GEN_AI_RESPONSE_ID]: end.responseId,
    // An inference that has ended in good order is nothing else.
    [ATTR_GEN_AI_RESPONSE_STATUS]: isInference(start.operation) && end.responseStatus === 'completed' ? undefined : end.responseStatus,
    [ATTR_GEN_AI_RESPONSE_FINISH_REASONS]: end.finishReasons,
    [ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK]: end.timeToFirstChunk,
    [ATTR_GEN_AI_USAGE_INPUT_TOKENS]: usage?.inputTokens,
    [ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: usage?.outputTokens,
    [ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: usage?.cacheReadTokens,
    [ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS]: usage?.cacheWriteTokens,
    [ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]: usage?.reasoningTokens,
    [ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS]: someOf(usage?.audioInputTokens),
    [ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS]: someOf(usage?.audioOutputTokens),
    [ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS]: someOf(usage?.imageInputTokens),
    [ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS]: someOf(usage?.imageOutputTokens),
    // The conventions have a name for it at OpenAI alone.
    [ATTR_OPENAI_RESPONSE_SERVICE_TIER]: start.provider === 'openai' ? end.billing?.serviceTier : undefined,
    [ATTR_HTTP_RESPONSE_STATUS_CODE]: end.statusCode,
    [ATTR_ERROR_TYPE]: end.errorType,
    [ATTR_SWARMSCOPE_TOOL_CALLED_NAMES]: end.toolsCalled?.slice(0, MAX_TOOL_NAMES),
    [ATTR_SWARMSCOPE_COST_AMOUNT]: cost?.amount,
    [ATTR_SWARMSCOPE_COST_CURRENCY]: cost === undefined ? undefined : 'USD',
    [ATTR_SWARMSCOPE_COST_SOURCE]: cost?.source,
    [ATTR_SWARMSCOPE_COST_PRICE_TABLE_VERSION]: cost?.tableVersion,
    [ATTR_SWARMSCOPE_COST_UNPRICED]: unpriced,
    [ATTR_SWARMSCOPE_CONTEXT_USAGE]: contextUsed,
    [ATTR_SWARMSCOPE_CONTEXT_LIMIT]: contextWindow,
    [ATTR_SWARMSCOPE_CONTEXT_UTILIZATION]:
      contextUsed === undefined || contextWindow === undefined ? undefined : contextUsed / contextWindow,
    ...end.attributes,
  };
}

/** Most answers name a kind of token only to say that there was none. */
function someOf(tokens: number | undefined): number | undefined {
  return tokens === 0 ? undefined : tokens;
}

function addToTasks(
  { start, end, seconds, cost, contextUsed, contextWindow }: LlmFacts,
  activity: OpenActivity,
  isRepetition: boolean,
): void {
  rollUp(activity.frame.task, (rollup) => {
    if (!isRepetition) rollup.llmCalls += 1;
    rollup.llmSeconds += seconds;
    rollup.inputTokens = plus(rollup.inputTokens, end.usage?.inputTokens);
    rollup.outputTokens = plus(rollup.outputTokens, end.usage?.outputTokens);
    rollup.cost = plus(rollup.cost, cost?.amount);
    if (contextUsed !== undefined && contextWindow !== undefined) {
      rollup.contextPeakUtilization = Math.max(rollup.contextPeakUtilization ?? 0, contextUsed / contextWindow);
    }
    addNames(rollup.toolsOffered, start.toolsOffered ?? []);
    addNames(rollup.toolsUsed, end.toolsCalled ?? []);
  });
}

function plus(sum: number | undefined, value: number | undefined): number | undefined {
  return value === undefined ? sum : (sum ?? 0) + value;
}
