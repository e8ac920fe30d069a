/** The request of LM Studio's own chat: its body to facts. */
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '../../semconv/index.ts';
import type { Attributes } from '../../semconv/telemetry.ts';
import { uriPart } from '../../semconv/media.ts';
import { inputMessages, stringifyBounded, toolDefinitions, type Part } from '../facts/content.ts';
import { offeredNames } from '../facts/offered-tools.ts';
import { samplingAttributes } from '../facts/sampling.ts';
import type { Asked, RequestFacts } from '../protocol.ts';
import { asArray, asObject, asText, valueIn, type JsonObject } from '../read/json.ts';

/** How much the model is to think; another word may be anything. */
const LEVELS: Readonly<Record<string, string>> = { off: 'off', low: 'low', medium: 'medium', high: 'high', on: 'on' };

/** It holds no earlier messages and no results of tools: the server keeps the conversation, and runs the tools. */
export function readRequest(body: JsonObject, { isContentCaptured }: Asked): RequestFacts {
  return {
    requestModel: asText(body['model']),
    stream: body['stream'] === true ? true : undefined,
    toolsOffered: offeredTools(body),
    attributes: { ...requestAttributes(body), ...(isContentCaptured ? requestContent(body) : undefined) },
  };
}

function requestAttributes(body: JsonObject): Attributes {
  return {
    ...samplingAttributes({
      temperature: body['temperature'],
      topP: body['top_p'],
      topK: body['top_k'],
      maxTokens: body['max_output_tokens'],
    }),
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: valueIn(LEVELS, asText(body['reasoning'])),
  };
}

/** `undefined` where a server's tools are all allowed: their names are not told. */
function offeredTools(body: JsonObject): readonly string[] | undefined {
  const integrations = asArray(body['integrations']).map(asObject);
  const isNamed = integrations.every((each) => Array.isArray(each?.['allowed_tools']));
  if (integrations.length === 0 || !isNamed) return undefined;
  const allowed = integrations.flatMap((each) => asArray(each?.['allowed_tools'])).map((name) => ({ name }));
  return offeredNames(allowed, ({ name }) => asText(name));
}

function requestContent(body: JsonObject): Attributes {
  const system = asText(body['system_prompt']);
  const { input } = body;
  const items = typeof input === 'string' ? [{ type: 'text', content: input }] : input;
  return {
    [ATTR_GEN_AI_INPUT_MESSAGES]: inputMessages([{ role: 'user', items }], partsOf),
    [ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]: system === undefined ? undefined : stringifyBounded([{ type: 'text', content: system }]),
    [ATTR_GEN_AI_TOOL_DEFINITIONS]: toolDefinitions(offeredTools(body)),
  };
}

function partsOf({ items }: JsonObject): Part[] {
  return asArray(items).map((item) => {
    const given = asObject(item);
    const type = asText(given?.['type']) ?? 'unknown';
    const content = asText(given?.['content']);
    if (content !== undefined) return { type: 'text', content };
    // Only the type of another kind is kept: it may hold media or names of files.
    return type === 'image' ? uriPart('image', given?.['data_url']) : { type };
  });
}
