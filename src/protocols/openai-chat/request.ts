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
import { putKnown } from '../facts/sampling.ts';
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
    attributes: isContentCaptured ? { ...requestAttributes(body), ...requestContent(body) } : requestAttributes(body),
  };
}

const OUTPUT_TYPES: Readonly<Record<string, string>> = { text: 'text', json_object: 'json', json_schema: 'json' };

function requestAttributes(body: JsonObject): Attributes {
  const told = openaiSampling(body);
  told[ATTR_OPENAI_API_TYPE] = OPENAI_API_TYPE_VALUE_CHAT_COMPLETIONS;
  putKnown(told, ATTR_GEN_AI_REQUEST_REASONING_LEVEL, asText(body['reasoning_effort']) ?? asText(asObject(body['reasoning'])?.['effort']));
  putKnown(told, ATTR_GEN_AI_OUTPUT_TYPE, valueIn(OUTPUT_TYPES, asText(asObject(body['response_format'])?.['type'])));
  return told;
}

function offeredTools(body: JsonObject): readonly string[] | undefined {
  const { tools, functions } = body;
  return offeredNames(functions === undefined ? tools : [...asArray(tools), ...asArray(functions)], toolName);
}

/** What a message says of tools; Cohere writes its messages alike. */
export function turnOf(message: JsonObject): Turn {
  const { role, content } = message;
  const result = role === 'tool' ? asText(message['tool_call_id']) : undefined;
  // What a tool said may be shortened later.
  if (result !== undefined) return { isAnswer: false, calls: NONE, results: [{ id: result, content }], texts: [result] };
  const calls = callsIn(message['tool_calls']);
  const isAnswer = role === 'assistant';
  if (role === 'system' || role === 'developer') return { isAnswer, calls, results: NONE, texts: NONE };
  const said = typeof content === 'string' ? [content] : textsIn(content);
  return { isAnswer, calls, results: NONE, texts: calls.length === 0 ? said : [...said, ...calls.map(({ id }) => id)] };
}

const NONE: readonly never[] = [];

function callsIn(given: unknown): Turn['calls'] {
  if (given === undefined) return NONE;
  return asArray(given).flatMap((item) => {
    const call = asObject(item);
    const id = asText(call?.['id']);
    return id === undefined ? [] : [{ id, name: toolName(call) }];
  });
}

function textsIn(content: unknown): readonly string[] {
  return asArray(content).flatMap((part) => asText(asObject(part)?.['text']) ?? []);
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
