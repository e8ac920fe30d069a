/** OpenAI chat completions, and the many servers that speak the same: bodies and stream events to facts. */
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_TYPE,
  ATTR_GEN_AI_REQUEST_CHOICE_COUNT,
  ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_SEED,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '../../../semconv/index.ts';
import type { Attributes, LlmUsage } from '../../../semconv/telemetry.ts';
import { OutputText, stringifyBounded } from './content.ts';
import { errorTypeOf } from './error-type.ts';
import { hasValue, isData, parseEvent } from './event-text.ts';
import { asArray, asCount, asNumber, asObject, asText, asTexts, type JsonObject } from './json.ts';
import { openaiMessages } from './openai-content.ts';
import { type AnswerFacts, type AnswerReader, MAX_TOOLS_CALLED, type Protocol } from './protocol.ts';

export const openaiChat: Protocol = {
  name: 'openai-chat',
  readRequest: (body, isContentCaptured) => ({
    requestModel: asText(body['model']),
    stream: body['stream'] === true ? true : undefined,
    toolsOffered: offeredTools(body),
    toolResults: toolResults(body),
    attributes: { ...requestAttributes(body), ...(isContentCaptured ? requestContent(body) : undefined) },
  }),
  openAnswer: (isContentCaptured) => new OpenaiAnswer(isContentCaptured),
};

const OUTPUT_TYPES: Readonly<Record<string, string>> = { text: 'text', json_object: 'json', json_schema: 'json' };

/** OpenAI's words for why a choice ended, in the conventions' words; others stay as they are. */
const FINISH_REASONS: Readonly<Record<string, string>> = { tool_calls: 'tool_call', function_call: 'tool_call' };

function requestAttributes(body: JsonObject): Attributes {
  const choices = asCount(body['n']);
  const format = asText(asObject(body['response_format'])?.['type']);
  return {
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: asNumber(body['temperature']),
    [ATTR_GEN_AI_REQUEST_TOP_P]: asNumber(body['top_p']),
    [ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY]: asNumber(body['frequency_penalty']),
    [ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY]: asNumber(body['presence_penalty']),
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: asCount(body['max_completion_tokens']) ?? asCount(body['max_tokens']),
    [ATTR_GEN_AI_REQUEST_SEED]: asNumber(body['seed']),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: asTexts(body['stop'])?.slice(0, 16),
    [ATTR_GEN_AI_REQUEST_CHOICE_COUNT]: choices === 1 ? undefined : choices,
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: asText(body['reasoning_effort']) ?? asText(asObject(body['reasoning'])?.['effort']),
    [ATTR_GEN_AI_OUTPUT_TYPE]: format !== undefined && Object.hasOwn(OUTPUT_TYPES, format) ? OUTPUT_TYPES[format] : undefined,
  };
}

function offeredTools(body: JsonObject): readonly string[] | undefined {
  const listed = [...asArray(body['tools']), ...asArray(body['functions'])];
  const names = listed.map((tool) => toolName(asObject(tool))).filter((name) => name !== undefined);
  return names.length === 0 ? undefined : names;
}

/** The results at the end of the history: earlier ones were brought by earlier requests. */
function toolResults(body: JsonObject): string[] {
  const ids: string[] = [];
  const messages = asArray(body['messages']);
  for (let at = messages.length - 1; at >= 0 && ids.length < MAX_TOOLS_CALLED; at -= 1) {
    const message = asObject(messages[at]);
    if (message?.['role'] !== 'tool') break;
    const id = asText(message['tool_call_id']);
    if (id !== undefined) ids.push(id);
  }
  return ids.reverse();
}

/** `{type: 'function', function: {name}}`, `{type: 'custom', custom: {name}}`, or the old `functions` entry. */
function toolName(tool: JsonObject | undefined): string | undefined {
  return asText(asObject(tool?.['function'])?.['name']) ?? asText(asObject(tool?.['custom'])?.['name']) ?? asText(tool?.['name']);
}

function requestContent(body: JsonObject): Attributes {
  const tools = offeredTools(body);
  return {
    [ATTR_GEN_AI_INPUT_MESSAGES]: stringifyBounded(openaiMessages(asArray(body['messages']))),
    [ATTR_GEN_AI_TOOL_DEFINITIONS]: tools === undefined ? undefined : stringifyBounded(tools.map((name) => ({ type: 'function', name }))),
  };
}

/** `usage` of a body or of a stream's last chunk. The prompt count already includes what the cache gave. */
export function openaiUsage(value: unknown): LlmUsage | undefined {
  const usage = asObject(value);
  if (usage === undefined) return undefined;
  const prompt = asObject(usage['prompt_tokens_details']);
  const completion = asObject(usage['completion_tokens_details']);
  return {
    inputTokens: asCount(usage['prompt_tokens']),
    outputTokens: asCount(usage['completion_tokens']),
    cacheReadTokens: asCount(prompt?.['cached_tokens']) ?? asCount(usage['prompt_cache_hit_tokens']),
    cacheWriteTokens: asCount(prompt?.['cache_write_tokens']),
    reasoningTokens: asCount(completion?.['reasoning_tokens']),
  };
}

class OpenaiAnswer implements AnswerReader {
  readonly facts: AnswerFacts = { toolsCalled: [], toolCallIds: [], isComplete: false, attributes: {} };
  readonly #output: OutputText | undefined;
  readonly #finishReasons: string[] = [];
  #hasOutput = false;

  constructor(isContentCaptured: boolean) {
    this.#output = isContentCaptured ? new OutputText() : undefined;
  }

  readBody(body: JsonObject): void {
    this.#readCommon(body);
    for (const item of asArray(body['choices'])) {
      const choice = asObject(item);
      this.#readChoice(choice, asObject(choice?.['message']));
    }
    if (this.facts.errorType === undefined) this.facts.isComplete = true;
  }

  readEvent(event: string): boolean {
    if (this.#hasOutput && this.#output === undefined && !carriesFacts(event)) return true;
    const chunk = parseEvent(event);
    if (chunk === undefined) {
      if (event.includes('[DONE]')) this.facts.isComplete = true;
      return false;
    }
    this.#readCommon(chunk);
    let isOutput = false;
    for (const item of asArray(chunk['choices'])) {
      const choice = asObject(item);
      const delta = asObject(choice?.['delta']);
      if (this.#readChoice(choice, delta)) isOutput = true;
    }
    this.#hasOutput ||= isOutput;
    return isOutput;
  }

  finish(): void {
    if (this.#output !== undefined) this.facts.attributes[ATTR_GEN_AI_OUTPUT_MESSAGES] = this.#output.toJson();
  }

  #readCommon(body: JsonObject): void {
    const { facts } = this;
    facts.responseId ??= asText(body['id']);
    facts.responseModel ??= asText(body['model']);
    facts.usage = openaiUsage(body['usage']) ?? facts.usage;
    facts.providerCost = asNumber(asObject(body['usage'])?.['cost']) ?? facts.providerCost;
    if (body['error'] !== undefined && body['error'] !== null) facts.errorType = errorTypeOf(body['error']);
  }

  /** True when the message (or its delta) holds output of the model. */
  #readChoice(choice: JsonObject | undefined, message: JsonObject | undefined): boolean {
    const index = asCount(choice?.['index']) ?? 0;
    const reason = asText(choice?.['finish_reason']);
    if (reason !== undefined && index < MAX_CHOICES) {
      this.#finishReasons[index] = (Object.hasOwn(FINISH_REASONS, reason) ? FINISH_REASONS[reason] : reason) as string;
      this.facts.finishReasons = this.#finishReasons.filter((known) => known !== undefined);
      this.facts.isComplete = true;
    }
    if (message === undefined) return false;
    const calls = asArray(message['tool_calls']).map(asObject);
    const legacy = asObject(message['function_call']);
    for (const call of legacy === undefined ? calls : [...calls, legacy]) this.#readCall(index, call);
    const text = asText(message['content']) ?? asText(message['refusal']);
    if (text !== undefined) this.#output?.addText(index, text);
    const reasoning = asText(message['reasoning_content']) ?? asText(message['reasoning']);
    return text !== undefined || reasoning !== undefined || calls.length > 0 || legacy !== undefined;
  }

  #readCall(choice: number, call: JsonObject | undefined): void {
    const name = toolName(call);
    if (name !== undefined && this.facts.toolsCalled.length < MAX_TOOLS_CALLED) {
      this.facts.toolsCalled.push(name);
      this.facts.toolCallIds.push(asText(call?.['id']) ?? '');
    }
    const details = asObject(call?.['function']) ?? asObject(call?.['custom']) ?? call;
    this.#output?.addCall(choice, {
      key: asCount(call?.['index']) ?? asText(call?.['id']) ?? 0,
      id: asText(call?.['id']),
      name,
      text: asText(details?.['arguments']) ?? asText(details?.['input']),
    });
  }
}

/** Choices remembered of one answer; protects from an absurd index. */
const MAX_CHOICES = 128;

/** Shorter than any chunk of text; `data: [DONE]` is. */
const SHORT_EVENT = 32;

function carriesFacts(event: string): boolean {
  return (
    event.length < SHORT_EVENT ||
    !isData(event) ||
    hasValue(event, 'finish_reason"') ||
    hasValue(event, 'usage"') ||
    (event.includes('name"') && (event.includes('"tool_calls"') || event.includes('"function_call"'))) ||
    hasValue(event, 'error"')
  );
}
