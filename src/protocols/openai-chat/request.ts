/** The request of an OpenAI chat completion: its body to facts. */
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  ATTR_OPENAI_API_TYPE,
  OPENAI_API_TYPE_VALUE_CHAT_COMPLETIONS,
} from '../../semconv/index.ts';
import type { Attributes } from '../../semconv/telemetry.ts';
import { inputMessages, toolDefinitions } from '../facts/content.ts';
import { offeredNames } from '../facts/offered-tools.ts';
import { openaiSampling } from '../facts/openai-sampling.ts';
import { toolHistory, type Turn } from '../facts/tool-results.ts';
import type { Asked, RequestFacts } from '../protocol.ts';
import { asArray, asObject, asText, valueIn, type JsonObject } from '../read/json.ts';
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

const OUTPUT_TYPES: Readonly<Record<string, string>> = { text: 'text', json_object: 'json', json_schema: 'json' };

function requestAttributes(body: JsonObject): Attributes {
  return {
    ...openaiSampling(body),
    [ATTR_OPENAI_API_TYPE]: OPENAI_API_TYPE_VALUE_CHAT_COMPLETIONS,
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: asText(body['reasoning_effort']) ?? asText(asObject(body['reasoning'])?.['effort']),
    [ATTR_GEN_AI_OUTPUT_TYPE]: valueIn(OUTPUT_TYPES, asText(asObject(body['response_format'])?.['type'])),
  };
}

function offeredTools(body: JsonObject): readonly string[] | undefined {
  return offeredNames([...asArray(body['tools']), ...asArray(body['functions'])], toolName);
}

/** What a message says of tools; Cohere writes its messages alike. */
export function turnOf(message: JsonObject): Turn {
  const role = asText(message['role']);
  const { content } = message;
  const result = role === 'tool' ? asText(message['tool_call_id']) : undefined;
  const calls = asArray(message['tool_calls']).flatMap((item) => {
    const call = asObject(item);
    const id = asText(call?.['id']);
    return id === undefined ? [] : [{ id, name: toolName(call) }];
  });
  const ids = result === undefined ? calls.map(({ id }) => id) : [result];
  const said = typeof content === 'string' ? [content] : asArray(content).flatMap((part) => asText(asObject(part)?.['text']) ?? []);
  return {
    isAnswer: role === 'assistant',
    calls,
    results: result === undefined ? [] : [{ id: result, content }],
    // What a tool said may be shortened later.
    texts: role === 'system' || role === 'developer' ? [] : result === undefined ? [...said, ...ids] : ids,
  };
}

/** `{type: 'function', function: {name}}`, `{type: 'custom', custom: {name}}`, or the old `functions` entry. */
export function toolName(tool: JsonObject | undefined): string | undefined {
  return asText(asObject(tool?.['function'])?.['name']) ?? asText(asObject(tool?.['custom'])?.['name']) ?? asText(tool?.['name']);
}

function requestContent(body: JsonObject): Attributes {
  return {
    [ATTR_GEN_AI_INPUT_MESSAGES]: inputMessages(body['messages'], partsOf),
    [ATTR_GEN_AI_TOOL_DEFINITIONS]: toolDefinitions(offeredTools(body)),
  };
}
