/** The request of an OpenAI response: its body to facts. */
import {
  ATTR_GEN_AI_CONVERSATION_COMPACTED,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
  ATTR_OPENAI_API_TYPE,
} from '../../semconv/index.ts';
import type { Attributes } from '../../semconv/telemetry.ts';
import { isCompacted } from '../facts/compaction.ts';
import { inputMessages, stringifyBounded, toolDefinitions } from '../facts/content.ts';
import { offeredNames } from '../facts/offered-tools.ts';
import { openaiSampling } from '../facts/openai-sampling.ts';
import { historyOf, type Turn } from '../facts/tool-results.ts';
import type { Asked, RequestFacts } from '../protocol.ts';
import { asArray, asObject, asText, valueIn, type JsonObject } from '../read/json.ts';
import { messagesIn, partsOf } from './content.ts';
import { callIn, resultIn } from './items.ts';

export function readRequest(body: JsonObject, { isContentCaptured }: Asked): RequestFacts {
  const previous = asText(body['previous_response_id']);
  return {
    requestModel: asText(body['model']),
    stream: body['stream'] === true ? true : undefined,
    toolsOffered: offeredTools(body),
    tools: historyOf(turnsIn(body['input']).slice(-MAX_TURNS), previous),
    attributes: {
      ...openaiSampling(body),
      [ATTR_OPENAI_API_TYPE]: 'responses',
      [ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID]: previous,
      [ATTR_GEN_AI_CONVERSATION_ID]: asText(body['conversation']) ?? asText(asObject(body['conversation'])?.['id']),
      [ATTR_GEN_AI_CONVERSATION_COMPACTED]: isCompacted(body['input']),
      [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: asText(asObject(body['reasoning'])?.['effort']),
      [ATTR_GEN_AI_OUTPUT_TYPE]: valueIn(OUTPUT_TYPES, asText(asObject(asObject(body['text'])?.['format'])?.['type'])),
      ...(isContentCaptured ? requestContent(body) : undefined),
    },
  };
}

const OUTPUT_TYPES: Readonly<Record<string, string>> = { text: 'text', json_object: 'json', json_schema: 'json' };

/** A tool of OpenAI's goes by its type, an MCP server by its label. */
function offeredTools(body: JsonObject): readonly string[] | undefined {
  return offeredNames(body['tools'], (tool) => {
    const type = asText(tool['type']);
    return asText(tool['name']) ?? asText(tool['server_label']) ?? (type === undefined ? undefined : (BUILT_IN[type] ?? type));
  });
}

/** Turns that are read; the newest of a longer conversation. */
const MAX_TURNS = 4_096;

/** Versions of a tool are one tool. */
const BUILT_IN: Readonly<Record<string, string | undefined>> = {
  web_search_preview: 'web_search',
  web_search_preview_2025_03_11: 'web_search',
  web_search_2025_08_26: 'web_search',
  computer_use_preview: 'computer',
};

/** What one answer consists of is one turn, however many items it has. */
function turnsIn(input: unknown): Turn[] {
  const turns: Turn[] = [];
  let answer: { isAnswer: true; calls: Turn['calls'][number][]; results: Turn['results']; texts: string[] } | undefined;
  for (const item of messagesIn(input)) {
    const result = resultIn(item);
    const call = callIn(item);
    const isAnswer = result === undefined && item['role'] === 'assistant';
    const texts = textsIn(item);
    if (isAnswer) {
      if (answer === undefined) turns.push((answer = { isAnswer, calls: [], results: [], texts: [] }));
      if (call?.id !== undefined && !call.isProvidersOwn) answer.calls.push({ id: call.id, name: call.name });
      answer.texts.push(...(call?.id === undefined ? texts : [call.id]));
      continue;
    }
    answer = undefined;
    const isInstruction = item['role'] === 'system' || item['role'] === 'developer';
    turns.push({
      isAnswer,
      calls: [],
      results: result === undefined ? [] : [{ id: result, content: item['output'] }],
      // A patch that could not be applied says so; other results are texts.
      failed: result !== undefined && item['status'] === 'failed' ? [result] : [],
      texts: isInstruction ? [] : result === undefined ? texts : [result],
    });
  }
  return turns;
}

function textsIn({ content }: JsonObject): readonly string[] {
  return typeof content === 'string' ? [content] : asArray(content).flatMap((part) => asText(asObject(part)?.['text']) ?? []);
}

function requestContent(body: JsonObject): Attributes {
  const instructions = asText(body['instructions']);
  return {
    [ATTR_GEN_AI_INPUT_MESSAGES]: inputMessages(messagesIn(body['input']), partsOf),
    [ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]: instructions === undefined ? undefined : stringifyBounded([{ type: 'text', content: instructions }]),
    [ATTR_GEN_AI_TOOL_DEFINITIONS]: toolDefinitions(offeredTools(body)),
  };
}
