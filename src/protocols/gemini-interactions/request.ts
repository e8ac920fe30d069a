/** The request of a Gemini interaction: its body to facts. */
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '../../semconv/index.ts';
import type { Attributes } from '../../semconv/telemetry.ts';
import { inputMessages, stringifyBounded, toolDefinitions } from '../facts/content.ts';
import { offeredNames } from '../facts/offered-tools.ts';
import { openaiSampling } from '../facts/openai-sampling.ts';
import { historyOf, type Turn } from '../facts/tool-results.ts';
import type { Asked, RequestFacts } from '../protocol.ts';
import { asObject, asText, asTexts, type JsonObject } from '../read/json.ts';
import { callIn, partsOf, roleOf, stepsIn, textsIn } from './steps.ts';

/** Steps that are read; the newest of a longer conversation. */
const MAX_STEPS = 4_096;

export function readRequest(body: JsonObject, { isContentCaptured }: Asked): RequestFacts {
  const previous = asText(body['previous_interaction_id']);
  return {
    // An agent stands in the place of a model: `deep-research-pro-preview-12-2025`.
    requestModel: asText(body['model']) ?? asText(body['agent']),
    stream: body['stream'] === true ? true : undefined,
    toolsOffered: offeredTools(body),
    tools: historyOf(stepsIn(body['input']).slice(-MAX_STEPS).map(turnOf), previous),
    attributes: {
      ...requestAttributes(body),
      [ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID]: previous,
      ...(isContentCaptured ? requestContent(body) : undefined),
    },
  };
}

function requestAttributes(body: JsonObject): Attributes {
  const config = asObject(body['generation_config']) ?? {};
  return {
    ...openaiSampling(config),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: asTexts(config['stop_sequences'])?.slice(0, 16),
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: asText(config['thinking_level']),
    [ATTR_GEN_AI_OUTPUT_TYPE]: outputType(body),
  };
}

function outputType(body: JsonObject): string | undefined {
  const kinds = asTexts(body['response_modalities']) ?? [];
  if (kinds.includes('image')) return 'image';
  if (kinds.includes('audio')) return 'speech';
  const type = asText(body['response_mime_type']) ?? asText(asObject(body['response_format'])?.['mime_type']);
  return type === 'application/json' ? 'json' : undefined;
}

/** A function goes by its name, an MCP server by its own, another tool of Gemini's by its type. */
function offeredTools(body: JsonObject): readonly string[] | undefined {
  return offeredNames(body['tools'], (tool) => asText(tool['name']) ?? asText(tool['type']));
}

function turnOf(step: JsonObject): Turn {
  const call = callIn(step);
  const id = asText(step['id']);
  const result = step['type'] === 'function_result' ? asText(step['call_id']) : undefined;
  const calls = call !== undefined && !call.isProvidersOwn && id !== undefined ? [{ id, name: call.name }] : [];
  return {
    isAnswer: roleOf(step) === 'assistant',
    calls,
    results: result === undefined ? [] : [{ id: result, content: step['result'] }],
    texts: result === undefined ? [...textsIn(step), ...calls.map((each) => each.id)] : [result],
  };
}

function requestContent(body: JsonObject): Attributes {
  const instruction = asText(body['system_instruction']);
  const steps = stepsIn(body['input']).map((step) => ({ ...step, role: roleOf(step) }));
  return {
    [ATTR_GEN_AI_INPUT_MESSAGES]: inputMessages(steps, partsOf),
    [ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]: instruction === undefined ? undefined : stringifyBounded([{ type: 'text', content: instruction }]),
    [ATTR_GEN_AI_TOOL_DEFINITIONS]: toolDefinitions(offeredTools(body)),
  };
}
