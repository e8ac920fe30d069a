/** The request of Ollama's chat, generate and embed: its body to facts. */
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '../../semconv/index.ts';
import type { Attributes } from '../../semconv/telemetry.ts';
import { CallIds } from '../facts/call-ids.ts';
import { inputMessages, stringifyBounded, toolDefinitions } from '../facts/content.ts';
import { offeredNames } from '../facts/offered-tools.ts';
import { samplingAttributes } from '../facts/sampling.ts';
import { toolHistory, type Turn } from '../facts/tool-results.ts';
import type { Asked, RequestFacts } from '../protocol.ts';
import { asArray, asObject, asText, type JsonObject } from '../read/json.ts';
import { givenId } from './call-id.ts';
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
  return {
    ...samplingAttributes({
      temperature: options?.['temperature'],
      topP: options?.['top_p'],
      topK: options?.['top_k'],
      frequencyPenalty: options?.['frequency_penalty'],
      presencePenalty: options?.['presence_penalty'],
      maxTokens: options?.['num_predict'],
      seed: options?.['seed'],
      stop: options?.['stop'],
    }),
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: asText(body['think']),
    [ATTR_GEN_AI_OUTPUT_TYPE]: body['format'] === 'json' || asObject(body['format']) !== undefined ? 'json' : undefined,
  };
}

function offeredTools(body: JsonObject): readonly string[] | undefined {
  return offeredNames(body['tools'], (tool) => asText(asObject(tool['function'])?.['name']));
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
      const id = givenId(message['tool_call_id']);
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
    return { id: ids.of(name, givenId(call?.['id'])), name };
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
