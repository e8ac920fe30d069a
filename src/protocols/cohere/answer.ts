/** Cohere's answer: its body, or the events of its stream, to facts. */
import type { AnswerFacts } from '../facts/answer.ts';
import { toldFailure } from '../facts/failure.ts';
import { asTokens, keepKnown } from '../facts/usage.ts';
import type { AnswerReader } from '../protocol.ts';
import { asArray, asCount, asObject, asText, valueIn, type JsonObject } from '../read/json.ts';

/** Why the answer ended: the conventions' word. */
const FINISH_REASONS: Readonly<Record<string, string>> = {
  COMPLETE: 'stop',
  STOP_SEQUENCE: 'stop',
  MAX_TOKENS: 'length',
  TOOL_CALL: 'tool_call',
  ERROR: 'error',
  ERROR_TOXIC: 'content_filter',
  ERROR_LIMIT: 'length',
  TIMEOUT: 'error',
};

/** Ends that are no ends of the model's. */
const FAILURES: Readonly<Record<string, string>> = { ERROR: '_OTHER', TIMEOUT: 'timeout' };

/** What is billed beside tokens, and has no price of ours. */
const OTHER_UNITS = ['search_units', 'classifications', 'images'] as const;

export class CohereAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
  }

  readBody(body: JsonObject): void {
    this.readPart(body);
    if (asText(body['type']) === undefined && this.#facts.errorType === undefined) this.#facts.isComplete = true;
  }

  readPart(part: JsonObject, name?: string): boolean {
    const type = asText(part['type']) ?? name;
    const read = valueIn(this.#readers, type);
    return read === undefined ? this.#readWhole(part) : read(part);
  }

  /** An answer that is no stream, or says at once that it failed. */
  #readWhole(body: JsonObject): boolean {
    const failure = toldFailure(body);
    if (failure !== undefined) this.#facts.fail(failure);
    this.#facts.responseId ??= asText(body['id']);
    this.#readUsage(body['usage'] ?? body['meta']);
    this.#readReason(body['finish_reason']);
    return this.#readMessage(asObject(body['message']), true);
  }

  /** What is done with the events that carry facts. True for output of the model. */
  readonly #readers: Readonly<Record<string, (event: JsonObject) => boolean>> = {
    'message-start': (event) => {
      this.#facts.responseId ??= asText(event['id']);
      return false;
    },
    'content-start': (event) => this.#readMessage(messageIn(event), false),
    'content-delta': (event) => this.#readMessage(messageIn(event), false),
    'tool-plan-delta': (event) => {
      const plan = asText(messageIn(event)?.['tool_plan']);
      this.#facts.output?.addReasoning(0, plan ?? '');
      return plan !== undefined;
    },
    'tool-call-start': (event) => this.#readCall(asObject(messageIn(event)?.['tool_calls']), asCount(event['index']) ?? 0),
    'tool-call-delta': (event) => this.#readCall(asObject(messageIn(event)?.['tool_calls']), asCount(event['index']) ?? 0),
    'message-end': (event) => {
      const delta = asObject(event['delta']);
      const failure = toldFailure({ error: delta?.['error'] });
      if (failure !== undefined) this.#facts.fail(failure);
      this.#readUsage(delta?.['usage']);
      this.#readReason(delta?.['finish_reason']);
      this.#facts.isOver = true;
      return false;
    },
  };

  /** True when the message, or its piece, holds output of the model. */
  #readMessage(message: JsonObject | undefined, isWhole: boolean): boolean {
    const { content } = message ?? {};
    const blocks = Array.isArray(content) ? asArray(content).map(asObject) : [asObject(content)];
    const texts = blocks.map((block) => asText(block?.['text'])).filter((text) => text !== undefined);
    for (const text of texts) this.#facts.output?.addText(0, text);
    for (const block of blocks) this.#facts.output?.addReasoning(0, asText(block?.['thinking']) ?? '');
    this.#facts.output?.addReasoning(0, asText(message?.['tool_plan']) ?? '');
    const calls = isWhole ? asArray(message?.['tool_calls']) : [];
    for (const call of calls) this.#readCall(asObject(call), undefined);
    return texts.length + calls.length > 0 || blocks.some((block) => asText(block?.['thinking']) !== undefined);
  }

  /** `index` is the number of the call in a stream, and absent in a body, where each call is whole. */
  #readCall(told: JsonObject | undefined, index: number | undefined): boolean {
    const details = asObject(told?.['function']);
    const piece = { choice: 0, index, id: asText(told?.['id']), name: asText(details?.['name']) };
    const call = index === undefined ? this.#facts.tools.whole(piece) : this.#facts.tools.piece(piece);
    this.#facts.tools.addInput(call, asText(details?.['arguments']));
    return true;
  }

  #readReason(value: unknown): void {
    const reason = asText(value);
    if (reason === undefined) return;
    const type = valueIn(FAILURES, reason);
    if (type !== undefined) this.#facts.fail({ type, isOverflow: false });
    this.#facts.finishReasons = [valueIn(FINISH_REASONS, reason) ?? reason.toLowerCase().slice(0, 64)];
    this.#facts.isComplete = true;
  }

  /** What is billed, before what was counted: a prompt of Cohere's own around the messages is not billed. */
  #readUsage(value: unknown): void {
    const usage = asObject(value);
    const billed = asObject(usage?.['billed_units']);
    const counted = asObject(usage?.['tokens']);
    const told = {
      inputTokens: asTokens(billed?.['input_tokens']) ?? asTokens(counted?.['input_tokens']),
      outputTokens: asTokens(billed?.['output_tokens']) ?? asTokens(counted?.['output_tokens']),
      cacheReadTokens: asTokens(usage?.['cached_tokens']),
      imageInputTokens: asTokens(billed?.['image_tokens']),
    };
    if (Object.values(told).some((count) => count !== undefined)) this.#facts.usage = keepKnown(this.#facts.usage ?? {}, told);
    const unit = OTHER_UNITS.find((name) => (asCount(billed?.[name]) ?? 0) > 0);
    if (unit !== undefined) this.#facts.billing.unpriceable ??= unit.replace('_', ' ');
  }
}

function messageIn(event: JsonObject): JsonObject | undefined {
  return asObject(asObject(event['delta'])?.['message']);
}
