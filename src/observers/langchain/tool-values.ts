/** What a tool of LangChain was given and gave back, as the model sees it, and the agent that it hands over to. */
import { ATTR_SWARMSCOPE_HANDOFF_SOURCE_NAME, ATTR_SWARMSCOPE_HANDOFF_TARGET_NAME } from '../../semconv/index.ts';
import type { Attributes } from '../../semconv/telemetry.ts';

/** Callbacks get the arguments as JSON, or as the text that a tool of one text takes. */
export function inputOf(input: unknown): unknown {
  if (typeof input !== 'string') return input;
  try {
    return JSON.parse(input);
  } catch {
    // A text.
    return input;
  }
}

/** A message of a tool is its content. */
export function resultOf(output: unknown): unknown {
  const content = typeof output === 'object' && output !== null ? (output as { content?: unknown }).content : undefined;
  return content ?? output;
}

/** A tool hands over by a `Command` that goes to one node of the graph around its agent. */
export function handoffIn(output: unknown, source: string | undefined): Attributes {
  if (typeof output !== 'object' || output === null) return {};
  const { lg_name: kind, graph, goto } = output as { lg_name?: unknown; graph?: unknown; goto?: unknown };
  const target: unknown = Array.isArray(goto) && goto.length === 1 ? goto[0] : goto;
  if (kind !== 'Command' || graph !== '__parent__' || typeof target !== 'string') return {};
  return { [ATTR_SWARMSCOPE_HANDOFF_SOURCE_NAME]: source, [ATTR_SWARMSCOPE_HANDOFF_TARGET_NAME]: target };
}
