/** What is told of a tool call by what it was given and gave back: keyed hashes always, the content where it is captured. */
import { ATTR_SWARMSCOPE_TOOL_CALL_ARGUMENTS_HASH, ATTR_SWARMSCOPE_TOOL_CALL_RESULT_HASH } from '../semconv/index.ts';
import type { Attributes } from '../semconv/telemetry.ts';
import type { Core } from './core.ts';
import { keyedHash } from './keyed-hash.ts';
import { plainCopy } from './plain-copy.ts';
import type { ToolContent } from './types.ts';

export function digestOf(core: Core, content: unknown): string | undefined {
  const key = core.assembly().hashKey?.();
  return key === undefined ? undefined : keyedHash(key, content);
}

export function toolFacts(core: Core, content: ToolContent): Attributes {
  return {
    [ATTR_SWARMSCOPE_TOOL_CALL_ARGUMENTS_HASH]: digestOf(core, plainCopy(content.arguments)),
    [ATTR_SWARMSCOPE_TOOL_CALL_RESULT_HASH]: digestOf(core, plainCopy(content.result)),
  };
}
