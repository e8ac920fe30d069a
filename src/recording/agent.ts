/** One invocation of an agent, and the tool calls it makes. */
import { SpanKind } from '@opentelemetry/api';
import { placeOf } from './asked-tools.ts';
import { boundedName } from './content.ts';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_TOOL_CALL_ID,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_TOOL_TYPE,
  ATTR_SWARMSCOPE_TOOL_INFERRED,
  GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT,
  METRIC_GEN_AI_EXECUTE_TOOL_DURATION,
  METRIC_SWARMSCOPE_TOOL_UNTIMED,
  METRIC_SWARMSCOPE_TOOL_USED,
  METRIC_GEN_AI_INVOKE_AGENT_DURATION,
  METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS,
  METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS,
} from '../semconv/index.ts';
import type { Core } from './core.ts';
import { addNames, rollUp } from './rollup.ts';
import { toolFacts } from './tool-facts.ts';
import type { Activity, AgentProcess, AgentState, Frame, InferredToolCall, ToolCallStart } from './types.ts';
import type { Attributes, EpochMs } from '../semconv/telemetry.ts';

const OTHER_ERROR = '_OTHER';

export interface AgentStart {
  name: string;
  attributes?: Attributes | undefined;
  startTime?: EpochMs | undefined;
  frame?: Frame | undefined;
  /** It works in a process of its own, which tells its calls itself. Default: false. */
  isElsewhere?: boolean;
  process?: AgentProcess | undefined;
}

export function startAgent(core: Core, start: AgentStart): Activity {
  const name = boundedName(start.name);
  const agent: AgentState = { name, inferenceCalls: 0, toolCalls: 0, toolsUsed: new Set(), process: start.process };
  const act = core.askedTools.act(start.frame, 'work', start.startTime);
  const by = { [ATTR_GEN_AI_AGENT_NAME]: name };
  return core.start({
    name: `invoke_agent ${name}`,
    kind: SpanKind.INTERNAL,
    startTime: start.startTime,
    parent: act.frame,
    carries: { agent },
    attributes: { ...start.attributes, ...by, [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT },
    onEnd(end, seconds) {
      act.ended(end.endTime);
      core.measure(METRIC_GEN_AI_INVOKE_AGENT_DURATION, seconds, { ...by, [ATTR_ERROR_TYPE]: end.errorType });
      if (start.isElsewhere === true) return undefined;
      core.measure(METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS, agent.inferenceCalls, by);
      core.measure(METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS, agent.toolCalls, by);
      core.measure(METRIC_SWARMSCOPE_TOOL_USED, agent.toolsUsed.size, by);
      return undefined;
    },
  });
}

export function startTool(core: Core, start: ToolCallStart): Activity {
  const parent = start.frame ?? core.frames.current();
  core.toolClaims.claim(start);
  return core.start({
    name: toolName(start),
    kind: SpanKind.INTERNAL,
    startTime: start.startTime,
    parent,
    carries: { isInTool: true },
    attributes: { ...(start.arguments === undefined ? undefined : toolFacts(core, start)), ...toolAttributes(start, parent) },
    onEnd({ errorType }, seconds) {
      countTool(core, { start, parent, seconds, errorType });
      return undefined;
    },
  });
}

/**
 * A tool that only the wire tells of, unless the app recorded the call itself: as long as what ran inside, else from
 * being asked for until its result goes back. Of several tools that share such a gap no duration is measured.
 */
export function recordInferredTool(core: Core, call: InferredToolCall): void {
  const { name, callId, startTime, endTime } = call;
  // Beside the calls, also where a library's span of the second one is current.
  const frame = call.frame ?? placeOf(core.frames.current()) ?? core.emptyFrame();
  const verdict = core.askedTools.verdictOf(call);
  if (core.toolClaims.isClaimed({ name, callId, since: startTime })) {
    if (verdict.kind === 'seen') verdict.activity.end({ endTime: verdict.endTime });
    return;
  }
  const start = { name, callId, startTime, frame, attributes: { ...call.attributes, [ATTR_SWARMSCOPE_TOOL_INFERRED]: true } };
  // Why it failed is said in words, which are content.
  const errorType = call.isError === true ? OTHER_ERROR : undefined;
  if (verdict.kind === 'gap') return startTool(core, start).end({ endTime, errorType });
  const activity =
    verdict.kind === 'seen' ? verdict.activity : core.start({ name, kind: SpanKind.INTERNAL, startTime, parent: frame, attributes: {} });
  activity.rename(toolName(start));
  activity.set(toolAttributes(start, frame));
  const end = (verdict.kind === 'seen' ? verdict.endTime : undefined) ?? endTime;
  activity.end({ endTime: end, errorType });
  const seconds = Math.max(0, end - activity.startTime) / 1000;
  countTool(core, {
    start,
    parent: frame,
    seconds,
    errorType,
    isShared: verdict.kind === 'shared',
    isFirst: verdict.kind !== 'shared' || verdict.isFirst,
  });
}

function toolName({ name }: ToolCallStart): string {
  return `execute_tool ${name}`;
}

function toolAttributes({ name, callId, toolType, attributes }: ToolCallStart, parent: Frame | undefined): Attributes {
  return {
    ...attributes,
    [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
    [ATTR_GEN_AI_TOOL_NAME]: name,
    [ATTR_GEN_AI_TOOL_TYPE]: toolType,
    [ATTR_GEN_AI_TOOL_CALL_ID]: callId,
    [ATTR_GEN_AI_AGENT_NAME]: parent?.agent?.name,
  };
}

interface RanTool {
  readonly start: ToolCallStart;
  readonly parent: Frame | undefined;
  readonly seconds: number;
  readonly errorType?: string | undefined;
  /** Its time is that of other tools, too; `isFirst` of them counts for the task. */
  readonly isShared?: boolean;
  readonly isFirst?: boolean;
}

function countTool(core: Core, { start: { name, toolType }, parent, seconds, errorType, isShared = false, isFirst = true }: RanTool): void {
  if (parent?.agent !== undefined) {
    parent.agent.toolCalls += 1;
    addNames(parent.agent.toolsUsed, [name]);
  }
  rollUp(parent?.task, (rollup) => {
    // A tool inside a tool is part of the same time.
    if (parent?.isInTool !== true && isFirst) rollup.toolSeconds += seconds;
    addNames(rollup.toolsUsed, [name]);
  });
  const of = { [ATTR_GEN_AI_TOOL_NAME]: name, [ATTR_GEN_AI_TOOL_TYPE]: toolType, [ATTR_GEN_AI_AGENT_NAME]: parent?.agent?.name };
  if (isShared) core.measure(METRIC_SWARMSCOPE_TOOL_UNTIMED, 1, of);
  else core.measure(METRIC_GEN_AI_EXECUTE_TOOL_DURATION, seconds, { ...of, [ATTR_ERROR_TYPE]: errorType });
}
