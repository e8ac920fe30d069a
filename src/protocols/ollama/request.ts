/** The request of Ollama's chat, generate and embed: its body to facts. */
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '../../semconv/index.ts';
import type { Attributes } from '../../semconv/telemetry.ts';
import { CallIds } from '../facts/call-ids.ts';
import { inputMessages, stringifyBounded, toolDefinitions } from '../facts/content.ts';
import { toolHistory, type Turn } from '../facts/tool-results.ts';
import type { Asked, RequestFacts } from '../protocol.ts';
import { asArray, asCount, asNumber, asObject, asText, asTexts, type JsonObject } from '../read/json.ts';
import { partsOf } from './content.ts';

export function readRequest(body: JsonObject, { operation, isContentCaptured }: Asked): RequestFacts {
  const answersInStream = operation.name !== 'embeddings' && body['stream'] !== false;
  return {
    requestModel: asText(body['model']),
    // Without a word about it the answer is a stream.
    stream: answersInStream ? true : undefined,
    toolsOffered: offeredTools(body),
    tools: toolHistory(body['messages'], turnReader()),
    attributes: { ...requestAttributes(body), ...(isContentCaptured ? requestContent(body) : undefined) },
  };
}

function requestAttributes(body: JsonObject): Attributes {
  const options = asObject(body['options']);
  const limit = asCount(options?.['num_predict']);
  return {
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: asNumber(options?.['temperature']),
    [ATTR_GEN_AI_REQUEST_TOP_P]: asNumber(options?.['top_p']),
    [ATTR_GEN_AI_REQUEST_TOP_K]: asCount(options?.['top_k']),
    [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY]: asNumber(options?.['frequency_penalty']),
    [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY]: asNumber(options?.['presence_penalty']),
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: limit,
    [ATTR_GEN_AI_REQUEST_SEED]: asNumber(options?.['seed']),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: asTexts(options?.['stop'])?.slice(0, 16),
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: asText(body['think']),
    [ATTR_GEN_AI_OUTPUT_TYPE]: body['format'] === 'json' || asObject(body['format']) !== undefined ? 'json' : undefined,
  };
}

function offeredTools(body: JsonObject): readonly string[] | undefined {
  const names = asArray(body['tools']).flatMap((tool) => asText(asObject(asObject(tool)?.['function'])?.['name']) ?? []);
  return names.length === 0 ? undefined : names;
}

/** Reads the messages in their order: a result names its tool at best, and may name nothing. */
function turnReader(): (message: JsonObject) => Turn {
  let resultIds = new CallIds();
  let unanswered: string[] = [];
  return (message) => {
    const role = asText(message['role']);
    const content = asText(message['content']);
    if (role === 'tool') {
      const name = asText(message['tool_name']) ?? asText(message['name']);
      const id = asText(message['tool_call_id']);
      const callId = name === undefined && id === undefined ? (unanswered[0] ?? '') : resultIds.of(name, id);
      unanswered = unanswered.filter((each) => each !== callId);
      return { isAnswer: false, calls: [], results: callId === '' ? [] : [{ id: callId, content }], texts: [callId] };
    }
    const calls = callsIn(message);
    if (role === 'assistant') {
      resultIds = new CallIds();
      unanswered = calls.map(({ id }) => id);
    }
    const texts = role === 'system' ? [] : [...(content === undefined ? [] : [content]), ...calls.map(({ id }) => id)];
    return { isAnswer: role === 'assistant', calls, results: [], texts };
  };
}

function callsIn(message: JsonObject): Turn['calls'] {
  const ids = new CallIds();
  return asArray(message['tool_calls']).map((item) => {
    const call = asObject(item);
    const name = asText(asObject(call?.['function'])?.['name']);
    return { id: ids.of(name, asText(call?.['id'])), name };
  });
}

function requestContent(body: JsonObject): Attributes {
  const system = asText(body['system']);
  const prompt = asText(body['prompt']);
  const messages = prompt === undefined ? body['messages'] : [{ role: 'user', content: prompt, images: body['images'] }];
  return {
    [ATTR_GEN_AI_INPUT_MESSAGES]: inputMessages(messages, partsOf),
    [ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]: system === undefined ? undefined : stringifyBounded([{ type: 'text', content: system }]),
    [ATTR_GEN_AI_TOOL_DEFINITIONS]: toolDefinitions(offeredTools(body)),
  };
}
