/** What is told of a tool call by what it was given and gave back: keyed hashes always, the content where it is captured. */
import { isOnSpans } from '../config/settings/capture.ts';
import {
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_SWARMSCOPE_TOOL_CALL_ARGUMENTS_HASH,
  ATTR_SWARMSCOPE_TOOL_CALL_RESULT_HASH,
} from '../semconv/index.ts';
import type { Attributes } from '../semconv/telemetry.ts';
import type { Core } from './core.ts';
import { digestOf } from '../config/keyed-hash.ts';
import { plainCopy } from './plain-copy.ts';
import type { ToolContent } from './types.ts';

export function toolFacts(core: Core, content: ToolContent): Attributes {
  const given = plainCopy(content.arguments);
  const result = plainCopy(content.result);
  return {
    [ATTR_SWARMSCOPE_TOOL_CALL_ARGUMENTS_HASH]: digestOf(core.assembly(), given),
    [ATTR_SWARMSCOPE_TOOL_CALL_RESULT_HASH]: digestOf(core.assembly(), result),
    ...(isOnSpans(core.captureContent)
      ? { [ATTR_GEN_AI_TOOL_CALL_ARGUMENTS]: textOf(given), [ATTR_GEN_AI_TOOL_CALL_RESULT]: textOf(result) }
      : undefined),
  };
}

/** As the attribute has it: JSON, or the text that it is. */
function textOf(value: unknown): string | undefined {
  return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
}
