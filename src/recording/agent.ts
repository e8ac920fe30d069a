/** One invocation of an agent, and the tool calls it makes. */
import { SpanKind } from '@opentelemetry/api';
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
  METRIC_GEN_AI_INVOKE_AGENT_DURATION,
  METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS,
  METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS,
} from '../semconv/index.ts';
import type { Core } from './core.ts';
import { addNames, rollUp } from './rollup.ts';
import type { Activity, AgentState, Frame, InferredToolCall, ToolCallStart } from './types.ts';
import type { Attributes, EpochMs } from '../semconv/telemetry.ts';

export interface AgentStart {
  name: string;
  attributes?: Attributes | undefined;
  startTime?: EpochMs | undefined;
  frame?: Frame | undefined;
  /** It works in a process of its own, which tells its calls itself. Default: false. */
  isElsewhere?: boolean;
}

export function startAgent(core: Core, start: AgentStart): Activity {
  const agent: AgentState = { name: start.name, inferenceCalls: 0, toolCalls: 0 };
  const by = { [ATTR_GEN_AI_AGENT_NAME]: start.name };
  return core.start({
    name: `invoke_agent ${start.name}`,
    kind: SpanKind.INTERNAL,
    startTime: start.startTime,
    parent: start.frame,
    carries: { agent },
    attributes: { ...start.attributes, ...by, [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT },
    onEnd(end, seconds) {
      core.measure(METRIC_GEN_AI_INVOKE_AGENT_DURATION, seconds, { ...by, [ATTR_ERROR_TYPE]: end.errorType });
      if (start.isElsewhere === true) return undefined;
      core.measure(METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS, agent.inferenceCalls, by);
      core.measure(METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS, agent.toolCalls, by);
      return undefined;
    },
  });
}

export function startTool(core: Core, start: ToolCallStart): Activity {
  const parent = start.frame ?? core.frames.current();
  const agentName = parent?.agent?.name;
  core.toolClaims.claim(start);
  return core.start({
    name: `execute_tool ${start.name}`,
    kind: SpanKind.INTERNAL,
    startTime: start.startTime,
    parent,
    carries: { isInTool: true },
    attributes: {
      ...start.attributes,
      [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL,
      [ATTR_GEN_AI_TOOL_NAME]: start.name,
      [ATTR_GEN_AI_TOOL_TYPE]: start.toolType,
      [ATTR_GEN_AI_TOOL_CALL_ID]: start.callId,
      [ATTR_GEN_AI_AGENT_NAME]: agentName,
    },
    onEnd(end, seconds) {
      if (parent?.agent !== undefined) parent.agent.toolCalls += 1;
      rollUp(parent?.task, (rollup) => {
        // A tool inside a tool is part of the same time.
        if (parent?.isInTool !== true) rollup.toolSeconds += seconds;
        addNames(rollup.toolsUsed, [start.name]);
      });
      core.measure(METRIC_GEN_AI_EXECUTE_TOOL_DURATION, seconds, {
        [ATTR_GEN_AI_TOOL_NAME]: start.name,
        [ATTR_GEN_AI_TOOL_TYPE]: start.toolType,
        [ATTR_GEN_AI_AGENT_NAME]: agentName,
        [ATTR_ERROR_TYPE]: end.errorType,
      });
      return undefined;
    },
  });
}

/** The gap between being asked for a tool and sending its result back, unless the app recorded the call itself. */
export function recordInferredTool(core: Core, { name, callId, startTime, endTime, frame }: InferredToolCall): void {
  if (core.toolClaims.isClaimed({ name, callId, since: startTime })) return;
  startTool(core, { name, callId, startTime, frame, attributes: { [ATTR_SWARMSCOPE_TOOL_INFERRED]: true } }).end({ endTime });
}
