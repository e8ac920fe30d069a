/** The answer to an OpenAI chat completion: its body, or its stream's events, to facts. */
import { ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT } from '../../semconv/index.ts';
import type { AnswerFacts } from '../facts/answer.ts';
import { OTHER } from '../facts/error-type.ts';
import { failedEnd, namedFailure, toldFailure } from '../facts/failure.ts';
import type { AnswerReader } from '../protocol.ts';
import type { EventMatcher } from '../read/event-matcher.ts';
import { hasValue, isData, parseEvent } from '../read/event-text.ts';
import { utf8Of } from '../read/latin1.ts';
import { SameShape } from '../read/same-shape.ts';
import { asArray, asCount, asObject, asText, valueIn, type JsonObject } from '../read/json.ts';
import { toolName } from './request.ts';
import { FinishReasons } from '../facts/finish-reasons.ts';
import { OpenaiUsage } from '../facts/openai-usage.ts';
import { serverIn } from '../facts/server.ts';

/** Why a choice ended: OpenAI's words where the conventions have another. */
const FINISH_REASONS: Readonly<Record<string, string>> = { tool_calls: 'tool_call', function_call: 'tool_call' };

export class OpenaiAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;
  readonly #usage: OpenaiUsage;
  readonly #reasons: FinishReasons;
  /** Events that bring nothing but more text. */
  #texts = new SameShape();
  /** The choice that their text belongs to, where content is captured. */
  #textChoice = 0;
  #hasOutput = false;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
    this.#usage = new OpenaiUsage(facts);
    this.#reasons = new FinishReasons(facts);
  }

  readBody(body: JsonObject): void {
    this.#readCommon(body);
    for (const item of asArray(body['choices'])) {
      const choice = asObject(item);
      const message = asObject(choice?.['message']);
      this.#readChoice(choice, message ?? asObject(choice?.['delta']), message !== undefined);
    }
    if (this.#facts.errorType === undefined) this.#facts.isComplete = true;
  }

  get moreOutput(): EventMatcher | undefined {
    return this.#hasOutput && this.#facts.output === undefined ? this.#texts : undefined;
  }

  readEvent(event: string): boolean {
    const { output } = this.#facts;
    if (this.#hasOutput && output === undefined) {
      if (this.#texts.has(event)) return true;
      if (!carriesFacts(event)) {
        this.#texts.learn(event, TEXT_MEMBERS);
        return true;
      }
    }
    const text = output === undefined ? undefined : this.#texts.textIn(event);
    if (text !== undefined) {
      output?.addText(this.#textChoice, NOT_ASCII.test(text) ? utf8Of(text) : text);
      return text !== '';
    }
    const chunk = parseEvent(event);
    if (isNamedError(event)) {
      this.#facts.fail(namedFailure(chunk));
      return false;
    }
    if (chunk === undefined) {
      if (event.includes('[DONE]')) this.#facts.isComplete = this.#facts.isOver = true;
      return false;
    }
    this.#readCommon(chunk);
    let isOutput = false;
    for (const item of asArray(chunk['choices'])) {
      const choice = asObject(item);
      const delta = asObject(choice?.['delta']);
      if (this.#readChoice(choice, delta, false)) isOutput = true;
    }
    this.#hasOutput ||= isOutput;
    if (output !== undefined && isOutput) this.#learnText(event, asArray(chunk['choices']));
    return isOutput;
  }

  /** Where content is captured the text of the next events like this one is taken without parsing them. */
  #learnText(event: string, choices: readonly unknown[]): void {
    const choice = choices.length === 1 ? asObject(choices[0]) : undefined;
    const delta = asObject(choice?.['delta']) ?? {};
    const told = OUTPUT_KEYS.filter((key) => holdsSomething(delta[key]));
    if (told.length !== 1 || told[0] !== 'content' || carriesFacts(event)) return;
    const shape = new SameShape();
    shape.learn(event, CONTENT_MEMBER);
    const text = shape.textIn(event);
    if (text === undefined || utf8Of(text) !== delta['content']) return;
    this.#texts = shape;
    this.#textChoice = asCount(choice?.['index']) ?? 0;
  }

  #readCommon(body: JsonObject): void {
    const facts = this.#facts;
    facts.responseId ??= asText(body['id']);
    facts.responseModel ??= asText(body['model']);
    const fingerprint = asText(body['system_fingerprint'])?.slice(0, 128);
    if (fingerprint !== undefined) facts.attributes[ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT] ??= fingerprint;
    facts.server ??= serverIn(body);
    this.#usage.readBody(body);
    const failure = toldFailure(body);
    if (failure !== undefined) facts.fail(failure);
  }

  /** True when the message (or its delta) holds output of the model. */
  #readChoice(choice: JsonObject | undefined, message: JsonObject | undefined, isWhole: boolean): boolean {
    if (choice?.['usage'] !== undefined) this.#usage.readChoice(choice);
    const index = asCount(choice?.['index']) ?? 0;
    const reason = asText(choice?.['finish_reason']);
    if (reason !== undefined) {
      const isFailed = this.#readFailure(choice, reason);
      this.#reasons.add(index, isFailed ? 'error' : (valueIn(FINISH_REASONS, reason) ?? reason));
      this.#facts.isComplete = true;
    }
    if (message === undefined) return false;
    const calls = asArray(message['tool_calls']).map(asObject);
    const legacy = asObject(message['function_call']);
    for (const call of calls) this.#readCall({ choice: index, index: asCount(call?.['index']) }, call, isWhole);
    if (legacy !== undefined) this.#readCall({ choice: index, index: 'function_call' }, legacy, isWhole);
    const { output } = this.#facts;
    if (output !== undefined) {
      for (const text of textsIn(message)) output.addText(index, text);
      output.addReasoning(index, asText(message['reasoning_content']) ?? asText(message['reasoning']) ?? asText(message['thinking']) ?? '');
    }
    return OUTPUT_KEYS.some((key) => holdsSomething(message[key]));
  }

  /** OpenRouter writes the error into the choice, and the upstream's own word beside the reason. */
  #readFailure(choice: JsonObject | undefined, reason: string): boolean {
    const failure = toldFailure({ error: choice?.['error'] });
    if (failure !== undefined) this.#facts.fail(failure);
    const type = failedEnd(reason);
    if (type === undefined) return failure !== undefined;
    const native = type === OTHER ? failedEnd(asText(choice?.['native_finish_reason']) ?? '') : undefined;
    this.#facts.fail({ type: native ?? type, isOverflow: false });
    return true;
  }

  #readCall(at: { choice: number; index: number | string | undefined }, told: JsonObject | undefined, isWhole: boolean): void {
    const piece = { ...at, id: asText(told?.['id']), name: toolName(told) };
    const call = isWhole ? this.#facts.tools.whole(piece) : this.#facts.tools.piece(piece);
    if (call === undefined) return;
    const details = asObject(told?.['function']) ?? asObject(told?.['custom']) ?? told;
    this.#facts.tools.addInput(call, asText(details?.['arguments']) ?? asText(details?.['input']));
  }
}

/** Where the text of a piece stands, as servers write it that add no spaces. */
const CONTENT_MEMBER = ['"content":"'];
const TEXT_MEMBERS = [...CONTENT_MEMBER, '"reasoning_content":"', '"reasoning":"'];
const NOT_ASCII = /[\u0080-\u00ff]/;

/** What a model says, under every name that a provider gives it: text, reasoning (also encrypted), media, calls. */
const OUTPUT_KEYS = [
  'content',
  'refusal',
  'reasoning_content',
  'reasoning',
  'reasoning_details',
  'thinking',
  'audio',
  'images',
  'tool_calls',
  'function_call',
];

function holdsSomething(value: unknown): boolean {
  if (typeof value !== 'object') return asText(value) !== undefined;
  return value !== null && Object.keys(value).length > 0;
}

/** `content` is a text or a list of parts. */
function textsIn({ content, refusal }: JsonObject): readonly string[] {
  const parts = asArray(content).map((part) => asText(asObject(part)?.['text']));
  return [asText(content) ?? asText(refusal), ...parts].filter((text) => text !== undefined);
}

/** An event of text is never this short; `data: [DONE]` is. */
const SHORT_EVENT = 32;

/** False for an event that brings nothing but more text. */
function carriesFacts(event: string): boolean {
  return (
    event.length < SHORT_EVENT ||
    !isData(event) ||
    hasValue(event, 'finish_reason"') ||
    hasValue(event, 'usage"') ||
    hasValue(event, 'tool_calls"') ||
    hasValue(event, 'function_call"') ||
    hasValue(event, 'error"') ||
    !event.includes('delta"')
  );
}

function isNamedError(event: string): boolean {
  return !isData(event) && /^event:[ ]*error[ ]*$/m.test(event);
}
