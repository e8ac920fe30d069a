/** The request of Bedrock's Converse: its body to facts. The model stands in the path. */
import { ATTR_GEN_AI_INPUT_MESSAGES, ATTR_GEN_AI_SYSTEM_INSTRUCTIONS, ATTR_GEN_AI_TOOL_DEFINITIONS } from '../../semconv/index.ts';
import type { Attributes } from '../../semconv/telemetry.ts';
import { inputMessages, stringifyBounded, toolDefinitions } from '../facts/content.ts';
import { offeredNames } from '../facts/offered-tools.ts';
import { samplingAttributes } from '../facts/sampling.ts';
import { toolHistory, type Turn } from '../facts/tool-results.ts';
import type { Asked, RequestFacts } from '../protocol.ts';
import { asArray, asObject, asText, type JsonObject } from '../read/json.ts';
import { partsOf } from './content.ts';

export function readRequest(body: JsonObject, { operation, isContentCaptured }: Asked): RequestFacts {
  return {
    stream: operation.isStream,
    toolsOffered: offeredTools(body),
    tools: toolHistory(body['messages'], turnOf),
    attributes: { ...requestAttributes(body), ...(isContentCaptured ? requestContent(body) : undefined) },
  };
}

function requestAttributes(body: JsonObject): Attributes {
  const config = asObject(body['inferenceConfig']);
  const ofModel = asObject(body['additionalModelRequestFields']);
  return {
    ...samplingAttributes({
      temperature: config?.['temperature'],
      topP: config?.['topP'],
      topK: ofModel?.['top_k'],
      maxTokens: config?.['maxTokens'],
      stop: config?.['stopSequences'],
    }),
  };
}

/** Of the program, and of the service itself (`systemTool`). */
function offeredTools(body: JsonObject): readonly string[] | undefined {
  const nameIn = (tool: unknown): string | undefined => asText(asObject(tool)?.['name']);
  return offeredNames(asObject(body['toolConfig'])?.['tools'], (tool) => nameIn(tool['toolSpec']) ?? nameIn(tool['systemTool']));
}

function turnOf({ role, content }: JsonObject): Turn {
  const calls: Turn['calls'][number][] = [];
  const results: Turn['results'][number][] = [];
  const failed: string[] = [];
  const texts: string[] = [];
  for (const item of asArray(content)) {
    const block = asObject(item);
    const call = asObject(block?.['toolUse']);
    const callId = asText(call?.['toolUseId']);
    const result = asObject(block?.['toolResult']);
    const resultId = asText(result?.['toolUseId']);
    const text = callId ?? resultId ?? asText(block?.['text']);
    if (text !== undefined) texts.push(text);
    if (callId !== undefined) calls.push({ id: callId, name: asText(call?.['name']) });
    if (resultId === undefined) continue;
    results.push({ id: resultId, content: result?.['content'] });
    if (result?.['status'] === 'error') failed.push(resultId);
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
