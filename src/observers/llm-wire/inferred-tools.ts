/** Between the tool calls that an answer asks for and what is recorded of them once their results are sent. */
import type { ToolResult } from '../../protocols/facts/tool-results.ts';
import type { Frame, Recorder } from '../../recording/types.ts';
import { ATTR_SWARMSCOPE_TOOL_CALL_ARGUMENTS_HASH, ATTR_SWARMSCOPE_TOOL_CALLED_HASHES } from '../../semconv/index.ts';
import type { EpochMs, LlmAnswer } from '../../semconv/telemetry.ts';
import type { ContextSize } from './compaction.ts';
import type { AskedTool, ToolGaps } from './tool-gaps.ts';

/** The calls of `answer`; `callIds` as `ExchangeOptions.onEnd` has them. */
export function askedTools(
  answer: LlmAnswer,
  callIds: readonly string[],
  about: Pick<AskedTool, 'at' | 'frame' | 'history' | 'responseId' | 'context'>,
): AskedTool[] {
  const hashes = answer.attributes?.[ATTR_SWARMSCOPE_TOOL_CALLED_HASHES] as readonly string[] | undefined;
  return callIds.map((callId, index) => ({
    callId,
    name: answer.toolsCalled?.[index] ?? '',
    hash: hashes?.[index] || undefined,
    input: textOf(answer.toolInputs?.[index]),
    ...about,
  }));
}

interface Brought {
  readonly recorder: Recorder;
  readonly tools: ToolGaps;
  readonly frame: Frame | undefined;
  /** When the results were sent. */
  readonly endTime: EpochMs;
}

/**
 * The tools whose results come back ran since the answer that asked for them. Returns how large the conversation was when the
 * newest of them was asked for.
 */
export function recordResults({ recorder, tools, frame, endTime }: Brought, results: readonly ToolResult[]): ContextSize | undefined {
  let before: ContextSize | undefined;
  for (const result of results) {
    const tool = tools.answered(result, frame);
    if (tool === undefined) continue;
    const { input, hash, context, ...call } = tool;
    before = context;
    const facts = recorder.toolFacts({ result: result.content(), ...(input === undefined ? undefined : { arguments: input }) });
    const attributes = { ...facts, [ATTR_SWARMSCOPE_TOOL_CALL_ARGUMENTS_HASH]: hash ?? facts[ATTR_SWARMSCOPE_TOOL_CALL_ARGUMENTS_HASH] };
    const { isError } = result;
    recorder.recordInferredTool({ ...call, attributes, isError, startTime: tool.at, endTime: Math.max(tool.at, endTime) });
  }
  return before;
}

function textOf(input: unknown): string | undefined {
  return input === undefined || typeof input === 'string' ? input : JSON.stringify(input);
}
