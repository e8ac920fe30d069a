/** The end of one attempt of an LLM call: its cost and context use, its metrics, its share in the tasks around it. */
import { ATTR_SWARMSCOPE_RETRY_AFTER } from '../semconv/index.ts';
import { isInference, type Attributes } from '../semconv/telemetry.ts';
import type { ActivityEnd } from './activity-types.ts';
import { chargeCall } from './budgets/index.ts';
import type { Core } from './core.ts';
import { contextTokens, contextWindowOf, costOf, type Cost, type PricedCall } from './cost.ts';
import { endAttributes } from './llm-attributes.ts';
import type { LlmCallEnd, LlmCallStart } from './llm-call-types.ts';
import { measureLlmCall, type LlmFacts } from './llm-metrics.ts';
import type { OpenActivity } from './open-activity.ts';
import { addNames, rollUp } from './rollup.ts';
import { measureRouted } from './routing.ts';
import { addSpent } from './snapshots/index.ts';

export interface Finished {
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
  const facts = describe(core, start, ending.errorType === end.errorType ? ending : { ...ending, errorType: end.errorType }, seconds);
  facts.agentName = agent?.name;
  facts.taskType = task?.type;
  measureLlmCall(core, facts);
  if (isInference(start.operation)) {
    if (agent !== undefined) agent.inferenceCalls += 1;
    addToTasks(facts, activity, isRepetition);
    addSpent(core, { usage: ending.usage, usd: facts.cost?.amount, isRepetition });
    chargeCall(core, activity, { usage: ending.usage, usd: facts.cost?.amount, endTime: end.endTime ?? core.now(), seconds });
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
  let estimatedCost: number | undefined;
  if (!isInference(start.operation)) {
    return { start, end, seconds, cost, unpriced, contextUsed, contextWindow, agentName: undefined, taskType: undefined };
  }
  try {
    const priced = costOf(core.pricing, call);
    if (priced.amount === undefined) unpriced = priced.lacks;
    else cost = priced;
    if (cost !== undefined) measureRouted(core, call, cost.amount);
    if (end.estimate !== undefined) estimatedCost = costOf(core.pricing, { ...call, usage: end.estimate }).amount;
    contextWindow = contextUsed === undefined ? undefined : contextWindowOf(core.pricing, call);
  } catch {
    // The price table could not be loaded: the call stays unpriced and the count tells.
    core.count('pricing.unavailable');
  }
  const isBilled = end.errorType === undefined || end.usage?.inputTokens !== undefined || end.usage?.outputTokens !== undefined;
  if (cost === undefined && isBilled) core.count('pricing.unpriced-calls');
  if (cost !== undefined || !isBilled) unpriced = undefined;
  return { start, end, seconds, cost, estimatedCost, unpriced, contextUsed, contextWindow, agentName: undefined, taskType: undefined };
}

function rememberFailed(core: Core, { start, activity, ending, end }: Finished): void {
  if (start.likeness === undefined || end.errorType === undefined) return;
  const asked = ending.attributes?.[ATTR_SWARMSCOPE_RETRY_AFTER];
  core.resends.remember({
    likeness: start.likeness(),
    span: activity.span.spanContext(),
    resendCount: start.resendCount ?? 0,
    endTime: end.endTime ?? core.now(),
    askedMs: typeof asked === 'number' ? asked * 1000 : 0,
    frame: activity.frame,
  });
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
