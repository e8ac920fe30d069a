/** The request of a Mistral conversation: its body to facts. */
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '../../semconv/index.ts';
import type { Attributes } from '../../semconv/telemetry.ts';
import { inputMessages, stringifyBounded, toolDefinitions } from '../facts/content.ts';
import { offeredNames } from '../facts/offered-tools.ts';
import { openaiSampling } from '../facts/openai-sampling.ts';
import { toolHistory, type Turn } from '../facts/tool-results.ts';
import type { Asked, RequestFacts } from '../protocol.ts';
import { asNumber, asObject, asText, valueIn, type JsonObject } from '../read/json.ts';
import { entriesIn, partsOf, roleOf, textsIn } from './content.ts';

export function readRequest(body: JsonObject, { isContentCaptured }: Asked): RequestFacts {
  return {
    // Of an agent, and of a conversation that goes on, the answer tells the model.
    requestModel: asText(body['model']),
    stream: body['stream'] === true ? true : undefined,
    toolsOffered: offeredTools(body),
    tools: toolHistory(entriesIn(body['inputs']), turnOf),
    attributes: { ...requestAttributes(body), ...(isContentCaptured ? requestContent(body) : undefined) },
  };
}

const OUTPUT_TYPES: Readonly<Record<string, string>> = { text: 'text', json_object: 'json', json_schema: 'json' };

function requestAttributes(body: JsonObject): Attributes {
  const given = asObject(body['completion_args']) ?? {};
  return {
    ...openaiSampling(given),
    [ATTR_GEN_AI_REQUEST_SEED]: asNumber(given['random_seed']),
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: asText(given['reasoning_effort']),
    [ATTR_GEN_AI_OUTPUT_TYPE]: valueIn(OUTPUT_TYPES, asText(asObject(given['response_format'])?.['type'])),
  };
}

/** A tool of Mistral's own goes by its type. */
function offeredTools(body: JsonObject): readonly string[] | undefined {
  return offeredNames(body['tools'], (tool) => asText(asObject(tool['function'])?.['name']) ?? asText(tool['type']));
}

function turnOf(entry: JsonObject): Turn {
  const id = asText(entry['tool_call_id']);
  const isCall = entry['type'] === 'function.call';
  const isResult = entry['type'] === 'function.result';
  return {
    isAnswer: isCall || roleOf(entry) === 'assistant',
    calls: isCall && id !== undefined ? [{ id, name: asText(entry['name']) }] : [],
    results: isResult && id !== undefined ? [{ id, content: entry['result'] }] : [],
    texts: id === undefined ? textsIn(entry) : [id],
  };
}

function requestContent(body: JsonObject): Attributes {
  const instructions = asText(body['instructions']);
  const entries = entriesIn(body['inputs']).map((entry) => ({ ...entry, role: roleOf(entry) }));
  return {
    [ATTR_GEN_AI_INPUT_MESSAGES]: inputMessages(entries, partsOf),
    [ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]: instructions === undefined ? undefined : stringifyBounded([{ type: 'text', content: instructions }]),
    [ATTR_GEN_AI_TOOL_DEFINITIONS]: toolDefinitions(offeredTools(body)),
  };
}
