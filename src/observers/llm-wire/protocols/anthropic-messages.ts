/** Anthropic messages: bodies and stream events to facts. */
import {
  ATTR_GEN_AI_INPUT_MESSAGES,
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_GEN_AI_REQUEST_MAX_TOKENS,
  ATTR_GEN_AI_REQUEST_REASONING_LEVEL,
  ATTR_GEN_AI_REQUEST_STOP_SEQUENCES,
  ATTR_GEN_AI_REQUEST_TEMPERATURE,
  ATTR_GEN_AI_REQUEST_TOP_K,
  ATTR_GEN_AI_REQUEST_TOP_P,
  ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  ATTR_GEN_AI_TOOL_DEFINITIONS,
} from '../../../semconv/index.ts';
import type { Attributes } from '../../../semconv/telemetry.ts';
import { anthropicMessages as messagesContent, anthropicSystem } from './anthropic-content.ts';
import { AnthropicUsage } from './anthropic-usage.ts';
import { OutputText, stringifyBounded, stringifyValue } from './content.ts';
import { errorTypeOf } from './error-type.ts';
import { parseEvent } from './event-text.ts';
import { asArray, asCount, asNumber, asObject, asText, asTexts, type JsonObject } from './json.ts';
import { type AnswerFacts, type AnswerReader, MAX_TOOLS_CALLED, type Protocol } from './protocol.ts';

export const anthropicMessages: Protocol = {
  name: 'anthropic-messages',
  readRequest: (body, isContentCaptured) => ({
    requestModel: asText(body['model']),
    stream: body['stream'] === true ? true : undefined,
    toolsOffered: offeredTools(body),
    toolResults: toolResults(body),
    attributes: { ...requestAttributes(body), ...(isContentCaptured ? requestContent(body) : undefined) },
  }),
  openAnswer: (isContentCaptured) => new AnthropicAnswer(isContentCaptured),
};

/** Anthropic's words for why the answer ended, in the conventions' words; others (`pause_turn`) stay as they are. */
const FINISH_REASONS: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_call',
  refusal: 'content_filter',
};

const TOOL_BLOCKS: ReadonlySet<string> = new Set(['tool_use', 'server_tool_use', 'mcp_tool_use']);

function requestAttributes(body: JsonObject): Attributes {
  return {
    [ATTR_GEN_AI_REQUEST_TEMPERATURE]: asNumber(body['temperature']),
    [ATTR_GEN_AI_REQUEST_TOP_P]: asNumber(body['top_p']),
    [ATTR_GEN_AI_REQUEST_TOP_K]: asCount(body['top_k']),
    [ATTR_GEN_AI_REQUEST_MAX_TOKENS]: asCount(body['max_tokens']),
    [ATTR_GEN_AI_REQUEST_STOP_SEQUENCES]: asTexts(body['stop_sequences'])?.slice(0, 16),
    [ATTR_GEN_AI_REQUEST_REASONING_LEVEL]: asText(asObject(body['output_config'])?.['effort']),
  };
}

function offeredTools(body: JsonObject): readonly string[] | undefined {
  const names = asArray(body['tools'])
    .map((tool) => asText(asObject(tool)?.['name']))
    .filter((name) => name !== undefined);
  return names.length === 0 ? undefined : names;
}

/** The results in the last message: earlier ones were brought by earlier requests. */
function toolResults(body: JsonObject): string[] {
  const last = asObject(asArray(body['messages']).at(-1));
  return asArray(last?.['content'])
    .slice(0, MAX_TOOLS_CALLED)
    .map(asObject)
    .filter((block) => block?.['type'] === 'tool_result')
    .map((block) => asText(block?.['tool_use_id']))
    .filter((id) => id !== undefined);
}

function requestContent(body: JsonObject): Attributes {
  const tools = offeredTools(body);
  const system = anthropicSystem(body['system']);
  return {
    [ATTR_GEN_AI_INPUT_MESSAGES]: stringifyBounded(messagesContent(asArray(body['messages']))),
    [ATTR_GEN_AI_SYSTEM_INSTRUCTIONS]: system.length === 0 ? undefined : stringifyBounded(system),
    [ATTR_GEN_AI_TOOL_DEFINITIONS]: tools === undefined ? undefined : stringifyBounded(tools.map((name) => ({ type: 'function', name }))),
  };
}

class AnthropicAnswer implements AnswerReader {
  readonly facts: AnswerFacts = { toolsCalled: [], toolCallIds: [], isComplete: false, attributes: {} };
  readonly #output: OutputText | undefined;
  readonly #usage = new AnthropicUsage();

  constructor(isContentCaptured: boolean) {
    this.#output = isContentCaptured ? new OutputText() : undefined;
  }

  readBody(body: JsonObject): void {
    if (body['type'] === 'error') return this.#fail(body);
    this.#readMessage(body);
    asArray(body['content']).forEach((block, index) => this.#readBlock(index, asObject(block)));
    this.facts.isComplete = true;
  }

  readEvent(event: string): boolean {
    const type = typeOf(event);
    if (type === 'content_block_delta') {
      if (this.#output !== undefined) this.#readDelta(parseEvent(event));
      return true;
    }
    if (type === 'message_stop') this.facts.isComplete = true;
    const read = Object.hasOwn(this.#readers, type) ? this.#readers[type] : undefined;
    const body = read === undefined ? undefined : parseEvent(event);
    if (body !== undefined) read?.(body);
    return false;
  }

  finish(): void {
    if (this.#output !== undefined) this.facts.attributes[ATTR_GEN_AI_OUTPUT_MESSAGES] = this.#output.toJson();
  }

  /** What is done with the events that carry facts; the others are never parsed. */
  readonly #readers: Readonly<Record<string, (body: JsonObject) => void>> = {
    message_start: (body) => this.#readMessage(asObject(body['message'])),
    content_block_start: (body) => this.#readBlock(asCount(body['index']) ?? 0, asObject(body['content_block'])),
    message_delta: (body) => {
      this.#readReason(asObject(body['delta']));
      this.facts.usage = this.#usage.read(body['usage']);
    },
    error: (body) => this.#fail(body),
  };

  #fail(body: JsonObject): void {
    this.facts.errorType = errorTypeOf(body['error']);
    this.facts.responseId ??= asText(body['request_id']);
  }

  #readMessage(message: JsonObject | undefined): void {
    if (message === undefined) return;
    this.facts.responseId = asText(message['id']);
    this.facts.responseModel = asText(message['model']);
    this.facts.usage = this.#usage.read(message['usage']);
    this.#readReason(message);
  }

  #readReason(holder: JsonObject | undefined): void {
    const reason = asText(holder?.['stop_reason']);
    if (reason === undefined) return;
    this.facts.finishReasons = [(Object.hasOwn(FINISH_REASONS, reason) ? FINISH_REASONS[reason] : reason) as string];
    this.facts.isComplete = true;
  }

  #readBlock(index: number, block: JsonObject | undefined): void {
    const type = asText(block?.['type']);
    if (type === undefined) return;
    if (TOOL_BLOCKS.has(type)) {
      const name = asText(block?.['name']);
      if (name !== undefined && this.facts.toolsCalled.length < MAX_TOOLS_CALLED) {
        this.facts.toolsCalled.push(name);
        // The provider runs its own tools itself: no result of theirs will be sent.
        this.facts.toolCallIds.push(type === 'tool_use' ? (asText(block?.['id']) ?? '') : '');
      }
      if (this.#output === undefined) return;
      const input = asObject(block?.['input']);
      const text = input === undefined || Object.keys(input).length === 0 ? undefined : stringifyValue(input);
      this.#output.addCall(0, { key: index, id: asText(block?.['id']), name, text });
    } else if (type === 'text') {
      const text = asText(block?.['text']);
      if (text !== undefined) this.#output?.addText(0, text);
    }
  }

  #readDelta(body: JsonObject | undefined): void {
    const delta = asObject(body?.['delta']);
    const text = asText(delta?.['text']);
    if (text !== undefined) this.#output?.addText(0, text);
    const json = asText(delta?.['partial_json']);
    if (json !== undefined) this.#output?.addCall(0, { key: asCount(body?.['index']) ?? 0, id: undefined, name: undefined, text: json });
  }
}

/** From the `event:` line; else from the data, whose first `"type"` is the event's. */
function typeOf(event: string): string {
  if (event.startsWith('event: ')) {
    const newline = event.indexOf('\n');
    return event.slice(7, newline === -1 ? event.length : newline).trim();
  }
  return /^event:[ ]*(\w+)/m.exec(event)?.[1] ?? /"type"\s*:\s*"(\w+)"/.exec(event)?.[1] ?? '';
}
