/** The request of an Anthropic message: its body to facts. */
import {
  ATTR_GEN_AI_CONVERSATION_COMPACTED,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '../../semconv/index.ts';
import type { Attributes } from '../../semconv/telemetry.ts';
import { isCompacted } from '../facts/compaction.ts';
import { inputMessages, stringifyBounded, toolDefinitions } from '../facts/content.ts';
import { offeredNames } from '../facts/offered-tools.ts';
import { samplingAttributes } from '../facts/sampling.ts';
import { toolHistory, type Turn } from '../facts/tool-results.ts';
import type { Asked, RequestFacts } from '../protocol.ts';
import { asArray, asObject, asText, type JsonObject } from '../read/json.ts';
import { partsOf } from './content.ts';

export function readRequest(body: JsonObject, { isContentCaptured }: Asked): RequestFacts {
  return {
    requestModel: asText(body['model']),
    stream: body['stream'] === true ? true : undefined,
    toolsOffered: offeredTools(body),
    tools: toolHistory(body['messages'], turnOf),
    attributes: { ...requestAttributes(body), ...(isContentCaptured ? requestContent(body) : undefined) },
  };
}

function requestAttributes(body: JsonObject): Attributes {
  return {
    ...samplingAttributes({
      temperature: body['temperature'],
      topP: body['top_p'],
      topK: body['top_k'],
      maxTokens: body['max_tokens'],
      stop: body['stop_sequences'],
    }),
    [ATTR_GEN_AI_CONVERSATION_COMPACTED]: isCompacted(body['messages']),
    [ATTR_GEN_AI_OUTPUT_TYPE]: hasSchema(body) ? 'json' : undefined,
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: asText(asObject(body['output_config'])?.['effort']),
  };
}

/** The format stood beside the other members before it moved into `output_config`. */
function hasSchema(body: JsonObject): boolean {
  const format = asObject(asObject(body['output_config'])?.['format']) ?? asObject(body['output_format']);
  return format?.['type'] === 'json_schema';
}

/** Tools have a name, the tools of an MCP server have that of the server. */
function offeredTools(body: JsonObject): readonly string[] | undefined {
  return offeredNames(body['tools'], (tool) => asText(tool['name']) ?? asText(tool['mcp_server_name']));
}

function turnOf({ role, content }: JsonObject): Turn {
  const calls: Turn['calls'][number][] = [];
  const results: Turn['results'][number][] = [];
  const failed: string[] = [];
  const texts: string[] = typeof content === 'string' ? [content] : [];
  for (const item of asArray(content)) {
    const block = asObject(item);
    const isCall = block?.['type'] === 'tool_use';
    const id = isCall ? asText(block['id']) : block?.['type'] === 'tool_result' ? asText(block['tool_use_id']) : undefined;
    const text = id ?? asText(block?.['text']);
    if (text !== undefined) texts.push(text);
    if (id === undefined) continue;
    if (isCall) calls.push({ id, name: asText(block['name']) });
    else {
      results.push({ id, content: block?.['content'] });
      if (block?.['is_error'] === true) failed.push(id);
    }
  }
  return { isAnswer: role === 'assistant', calls, results, failed, texts };
}

function requestContent(body: JsonObject): Attributes {
  const system = partsOf(body['system']);
  return {
    [ATTR_GEN_AI_INPUT_MESSAGES]: inputMessages(body['messages'], ({ content }) => partsOf(content)),
    [ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]: system.length === 0 ? undefined : stringifyBounded(system),
    [ATTR_GEN_AI_TOOL_DEFINITIONS]: toolDefinitions(offeredTools(body)),
  };
}
