/** The answer to an OpenAI response: the response itself, or the events of its stream, to facts. */
import { ATTR_GEN_AI_CONVERSATION_ID } from '../../semconv/index.ts';
import type { AnswerFacts } from '../facts/answer.ts';
import { tellCompaction } from '../facts/compaction.ts';
import { namedFailure, toldFailure } from '../facts/failure.ts';
import { OpenaiUsage } from '../facts/openai-usage.ts';
import type { AnswerReader } from '../protocol.ts';
import type { EventMatcher } from '../read/event-matcher.ts';
import { nameOf, parseEvent } from '../read/event-text.ts';
import { asArray, asCount, asObject, asText, valueIn, type JsonObject } from '../read/json.ts';
import { SameStart } from '../read/same-start.ts';
import { reasoningIn } from './content.ts';
import { billedToolIn, callIn } from './items.ts';

/** Why a response is not whole: OpenAI's words where the conventions have another. */
const FINISH_REASONS: Readonly<Record<string, string>> = { max_output_tokens: 'length', max_tokens: 'length' };
/** What a response can be; the last four change no more. */
const STATUSES: ReadonlySet<string> = new Set(['queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled']);
const PENDING: ReadonlySet<string> = new Set(['queued', 'in_progress']);
/** The events that end a stream, each with the whole response. */
const ENDS: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'response.failed', 'response.cancelled']);

export class ResponseAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;
  readonly #usage: OpenaiUsage;
  /** Items that were billed, by their place or id: each is told several times. */
  readonly #billed = new Set<number | string>();
  /** Events that bring nothing but more output. */
  readonly #deltas = new SameStart();
  #hasClientCall = false;
  /** What was said came in pieces: the whole response at the end repeats it. */
  #hasText = false;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
    this.#usage = new OpenaiUsage(facts);
  }

  readBody(body: JsonObject): void {
    const type = asText(body['type']) ?? '';
    if (type.startsWith('response.') || type === 'error') return void this.#readEvent(body, type);
    this.#readResponse(body, true);
    const isSettled = this.#facts.responseStatus === undefined || !PENDING.has(this.#facts.responseStatus);
    if (this.#facts.errorType === undefined && isSettled) this.#facts.isComplete = true;
  }

  get moreOutput(): EventMatcher | undefined {
    return this.#facts.output === undefined ? this.#deltas : undefined;
  }

  readEvent(event: string): boolean {
    const type = typeOf(event);
    if (type.endsWith('.delta') && this.#facts.output === undefined) {
      if (event.startsWith(NAME) && event.startsWith('\ndata:', NAME.length + type.length))
        this.#deltas.learn(event.slice(0, NAME.length + type.length + 1));
      return true;
    }
    if (PASSED_OVER.has(type) || (type.endsWith('.done') && type !== ITEM_DONE)) return false;
    const body = parseEvent(event);
    return body !== undefined && this.#readEvent(body, asText(body['type']) ?? type);
  }

  /** True for output of the model. */
  #readEvent(body: JsonObject, type: string): boolean {
    const response = asObject(body['response']);
    if (response !== undefined) {
      this.#readResponse(response, ENDS.has(type));
      if (ENDS.has(type)) this.#facts.isComplete = this.#facts.isOver = true;
      return false;
    }
    const index = asCount(body['output_index']) ?? 0;
    const item = asObject(body['item']);
    if (item !== undefined) return this.#readItem(item, index, type === ITEM_DONE) && type !== ITEM_DONE;
    if (type.endsWith('.delta')) return this.#readDelta(body, type, index);
    if (type.endsWith('.partial_image')) return true;
    if (type === 'error' || body['error'] !== undefined) this.#facts.fail(namedFailure(body));
    return false;
  }

  #readDelta(body: JsonObject, type: string, index: number): boolean {
    const { output } = this.#facts;
    const delta = asText(body['delta']);
    if (delta === undefined || output === undefined) return true;
    if (TEXT_DELTAS.has(type)) {
      this.#hasText = true;
      output.addText(0, delta);
    } else if (type.startsWith('response.reasoning')) {
      this.#hasText = true;
      output.addReasoning(0, delta);
    } else if (INPUT_DELTAS.has(type)) {
      this.#facts.tools.addInput(this.#facts.tools.piece({ choice: 0, index }), delta);
    }
    return true;
  }

  #readResponse(response: JsonObject, isLast: boolean): void {
    const facts = this.#facts;
    facts.responseId ??= asText(response['id']);
    facts.responseModel ??= asText(response['model']);
    facts.attributes[ATTR_GEN_AI_CONVERSATION_ID] ??= asText(asObject(response['conversation'])?.['id']);
    const status = asText(response['status']);
    facts.responseStatus = status !== undefined && STATUSES.has(status) ? status : facts.responseStatus;
    this.#usage.readBody(response);
    if (response['object'] === 'response.compaction') tellCompaction(facts, 'request');
    const failure = toldFailure(response);
    if (failure !== undefined) facts.fail(failure);
    if (!isLast) return;
    asArray(response['output']).forEach((item, index) => {
      const object = asObject(item);
      if (object !== undefined) this.#readItem(object, index, true);
    });
    this.#readEnd(response, status);
  }

  #readEnd(response: JsonObject, status: string | undefined): void {
    const facts = this.#facts;
    const reason = asText(asObject(response['incomplete_details'])?.['reason']);
    if (status === 'failed' || status === 'cancelled') {
      facts.fail({ type: facts.errorType ?? status, isOverflow: false });
      facts.finishReasons = ['error'];
    } else if (reason !== undefined) facts.finishReasons = [valueIn(FINISH_REASONS, reason) ?? reason];
    else if (status === 'completed') facts.finishReasons = [this.#hasClientCall ? 'tool_call' : 'stop'];
  }

  /** True when it begins with output of the model. */
  #readItem(item: JsonObject, index: number, isDone: boolean): boolean {
    const { tools, output } = this.#facts;
    if (item['type'] === 'compaction') tellCompaction(this.#facts, 'provider');
    const call = callIn(item);
    if (call === undefined) {
      if (isDone && output !== undefined && !this.#hasText) this.#readText(item);
      return asText(item['encrypted_content']) !== undefined;
    }
    const known = tools.piece({ choice: 0, index, id: call.id, name: call.name });
    if (known === undefined) return true;
    known.isProvidersOwn = call.isProvidersOwn;
    this.#hasClientCall ||= !call.isProvidersOwn;
    if (isDone) this.#bill(item, call.id ?? index);
    tools.setInput(known, call.input);
    return true;
  }

  #readText(item: JsonObject): void {
    const { output } = this.#facts;
    for (const text of item['type'] === 'reasoning' ? reasoningIn(item) : []) output?.addReasoning(0, text);
    if (item['type'] !== 'message') return;
    for (const part of asArray(item['content']).map(asObject)) {
      const text = asText(part?.['text']) ?? asText(part?.['refusal']);
      if (text !== undefined) output?.addText(0, text);
    }
  }

  #bill(item: JsonObject, key: number | string): void {
    const name = billedToolIn(item);
    if (name === undefined || this.#billed.has(key) || this.#billed.size >= MAX_BILLED) return;
    this.#billed.add(key);
    const { billing } = this.#facts;
    billing.providerTools = { ...billing.providerTools, [name]: (billing.providerTools?.[name] ?? 0) + 1 };
  }
}

/** How an event begins that says its name. */
const NAME = 'event: ';
const ITEM_DONE = 'response.output_item.done';
/** Runs of built-in tools counted of one answer; protects from an endless stream. */
const MAX_BILLED = 1_024;
const TEXT_DELTAS: ReadonlySet<string> = new Set([
  'response.output_text.delta',
  'response.refusal.delta',
  'response.audio.transcript.delta',
]);
const INPUT_DELTAS: ReadonlySet<string> = new Set([
  'response.function_call_arguments.delta',
  'response.custom_tool_call_input.delta',
  'response.mcp_call_arguments.delta',
  'response.code_interpreter_call_code.delta',
]);
/** They repeat what `response.created` said, which holds all instructions and tools. */
export const PASSED_OVER: ReadonlySet<string> = new Set(['response.in_progress', 'keepalive', 'ping']);

/** From the `event:` line; else from the data, whose first `"type"` is the event's. */
function typeOf(event: string): string {
  return nameOf(event) ?? /"type"\s*:\s*"([\w.]+)"/.exec(event)?.[1] ?? '';
}
