/** The request of Gemini's generateContent, embedContent and countTokens: its body to facts. */
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
import { asArray, asObject, asText, asTexts, type JsonObject } from '../read/json.ts';
import { partsOf, roleOf } from './content.ts';
import { member, partsIn, unwrapped } from './parts.ts';

export function readRequest(body: JsonObject, { operation, isContentCaptured }: Asked): RequestFacts {
  const request = unwrapped(body, 'request');
  return {
    requestModel: modelIn(body),
    stream: operation.isStream,
    toolsOffered: offeredTools(request),
    tools: toolHistory(request['contents'], turnOf),
    attributes: { ...requestAttributes(request), ...(isContentCaptured ? requestContent(request) : undefined) },
  };
}

/** Code Assist names the model in the body; elsewhere the path does. @example 'models/gemini-2.5-pro' */
function modelIn(body: JsonObject): string | undefined {
  return asText(body['model'])?.split('/').at(-1);
}

function requestAttributes(request: JsonObject): Attributes {
  const config = asObject(member(request, 'generationConfig'));
  return {
    ...samplingAttributes({
      temperature: config?.['temperature'],
      topP: member(config, 'topP'),
      topK: member(config, 'topK'),
      frequencyPenalty: member(config, 'frequencyPenalty'),
      presencePenalty: member(config, 'presencePenalty'),
      maxTokens: member(config, 'maxOutputTokens'),
      seed: config?.['seed'],
      stop: member(config, 'stopSequences'),
      choices: member(config, 'candidateCount'),
    }),
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: asText(member(asObject(member(config, 'thinkingConfig')), 'thinkingLevel')),
    [ATTR_GEN_AI_OUTPUT_TYPE]: outputType(config),
  };
}

/** What the answer is asked to be, by the conventions' word: media before the form of a text. */
function outputType(config: JsonObject | undefined): string | undefined {
  const kinds = asTexts(member(config, 'responseModalities'))?.map((kind) => kind.toLowerCase()) ?? [];
  if (kinds.includes('image')) return 'image';
  if (kinds.includes('audio')) return 'speech';
  const type = asText(member(config, 'responseMimeType'));
  return type === 'application/json' ? 'json' : type === 'text/plain' ? 'text' : undefined;
}

/** Declared functions by their names; the service's own tools by the name of theirs: `google_search`. */
function offeredTools(request: JsonObject): readonly string[] | undefined {
  return offeredNames(request['tools'], (tool) =>
    Object.keys(tool).flatMap((kind) => {
      if (!/^function_?declarations$/i.test(kind)) return snakeCase(kind);
      return asArray(tool[kind]).flatMap((each) => asText(asObject(each)?.['name']) ?? []);
    }),
  );
}

function snakeCase(name: string): string {
  return name.slice(0, 64).replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function turnOf(content: JsonObject): Turn {
  const calls: Turn['calls'][number][] = [];
  const results: Turn['results'][number][] = [];
  const failed: string[] = [];
  const texts: string[] = [];
  const callIds = new CallIds();
  const resultIds = new CallIds();
  const places = new CallIds();
  for (const part of partsIn(content)) {
    const call = asObject(member(part, 'functionCall'));
    const result = asObject(member(part, 'functionResponse'));
    const text = part['thought'] === true ? undefined : asText(part['text']);
    if (text !== undefined) texts.push(text);
    if (call !== undefined) calls.push({ id: idOf(callIds, call), name: asText(call['name']) });
    if (result === undefined) continue;
    const id = idOf(resultIds, result);
    // Clients give a call an id of their own where the service gave none: Vercel's AI SDK does.
    results.push({ id, content: result['response'], place: places.of(asText(result['name']), undefined) });
    // The key that Gemini's own documentation names for it.
    if (asObject(result['response'])?.['error'] !== undefined) failed.push(id);
  }
  const ids = [...calls, ...results].map(({ id }) => id);
  return { isAnswer: content['role'] === 'model', calls, results, failed, texts: [...texts, ...ids] };
}

function idOf(ids: CallIds, call: JsonObject): string {
  return ids.of(asText(call['name']), asText(call['id']));
}

function requestContent(request: JsonObject): Attributes {
  const system = partsOf(asObject(member(request, 'systemInstruction')) ?? {});
  const contents = asArray(request['contents']).map((item) => {
    const content = asObject(item);
    return content === undefined ? undefined : { ...content, role: roleOf(content) };
  });
  return {
    [ATTR_GEN_AI_INPUT_MESSAGES]: inputMessages(contents, partsOf),
    [ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]: system.length === 0 ? undefined : stringifyBounded(system),
    [ATTR_GEN_AI_TOOL_DEFINITIONS]: toolDefinitions(offeredTools(request)),
  };
}
