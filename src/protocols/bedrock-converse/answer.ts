/** The answer of Bedrock's Converse: its body, or the messages of its event stream, to facts. */
import type { AnswerFacts } from '../facts/answer.ts';
import { namedFailure, toldFailure } from '../facts/failure.ts';
import type { AnswerReader } from '../protocol.ts';
import { asArray, asCount, asObject, asText, valueIn, type JsonObject } from '../read/json.ts';
import { readUsage } from './usage.ts';

/** Why the answer ended: the conventions' word. */
const FINISH_REASONS: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_call',
  guardrail_intervened: 'content_filter',
  content_filtered: 'content_filter',
};

/** Ends that are no ends of the model's: what it was to say cannot be read. */
const FAILURES: ReadonlySet<string> = new Set(['malformed_model_output', 'malformed_tool_use']);

export class ConverseAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
  }

  readBody(body: JsonObject): void {
    this.readPart(body);
    if (this.#facts.errorType === undefined) this.#facts.isComplete = true;
  }

  readPart(part: JsonObject, name = nameByShape(part)): boolean {
    const read = valueIn(this.#readers, name);
    if (read !== undefined) return read(part);
    return name?.endsWith('Exception') === true ? this.#fail(part) : this.#readWhole(part);
  }

  /** What is done with the events of a stream, by their names. True for output of the model. */
  readonly #readers: Readonly<Record<string, (event: JsonObject) => boolean>> = {
    messageStart: () => false,
    contentBlockStart: (event) => this.#readStart(asCount(event['contentBlockIndex']) ?? 0, asObject(event['start'])),
    contentBlockDelta: (event) => this.#readDelta(asCount(event['contentBlockIndex']) ?? 0, asObject(event['delta'])),
    contentBlockStop: () => false,
    messageStop: (event) => this.#readReason(event['stopReason']),
    metadata: (event) => {
      readUsage(this.#facts, event);
      // The last event: nothing follows it.
      this.#facts.isOver = this.#facts.isComplete;
      return false;
    },
  };

  #fail(event: JsonObject): boolean {
    this.#facts.fail(namedFailure(event));
    return false;
  }

  #readWhole(body: JsonObject): boolean {
    const failure = toldFailure(body);
    if (failure !== undefined) this.#facts.fail(failure);
    readUsage(this.#facts, body);
    this.#readReason(body['stopReason']);
    const blocks = asArray(asObject(asObject(body['output'])?.['message'])?.['content']).map(asObject);
    for (const block of blocks) this.#readBlock(block);
    return blocks.length > 0;
  }

  #readReason(value: unknown): boolean {
    const reason = asText(value);
    if (reason === undefined) return false;
    const isFailed = FAILURES.has(reason);
    if (isFailed) this.#facts.fail({ type: reason, isOverflow: false });
    this.#facts.finishReasons = [isFailed ? 'error' : (valueIn(FINISH_REASONS, reason) ?? reason.slice(0, 64))];
    this.#facts.isComplete = true;
    return false;
  }

  #readBlock(block: JsonObject | undefined): void {
    const text = asText(block?.['text']);
    if (text !== undefined) this.#facts.output?.addText(0, text);
    const thought = asText(asObject(asObject(block?.['reasoningContent'])?.['reasoningText'])?.['text']);
    if (thought !== undefined) this.#facts.output?.addReasoning(0, thought);
    const told = asObject(block?.['toolUse']);
    if (told === undefined) return;
    const call = this.#facts.tools.whole({ id: asText(told['toolUseId']), name: asText(told['name']) });
    if (call === undefined) return;
    call.isProvidersOwn = isProvidersOwn(told);
    this.#facts.tools.setInput(call, asObject(told['input']));
  }

  /** Only a call of a tool has a start that says something. */
  #readStart(index: number, start: JsonObject | undefined): boolean {
    const told = asObject(start?.['toolUse']);
    if (told === undefined) return false;
    const call = this.#facts.tools.piece({ choice: 0, index, id: asText(told['toolUseId']), name: asText(told['name']) });
    if (call === undefined) return true;
    call.isProvidersOwn = isProvidersOwn(told);
    return true;
  }

  #readDelta(index: number, delta: JsonObject | undefined): boolean {
    const text = asText(delta?.['text']);
    if (text !== undefined) this.#facts.output?.addText(0, text);
    const thought = asText(asObject(delta?.['reasoningContent'])?.['text']);
    if (thought !== undefined) this.#facts.output?.addReasoning(0, thought);
    const input = asText(asObject(delta?.['toolUse'])?.['input']);
    if (input !== undefined) this.#facts.tools.addInput(this.#facts.tools.piece({ choice: 0, index }), input);
    return delta !== undefined;
  }
}

/** Of a part without a name, as a gateway may hand it on. */
function nameByShape(part: JsonObject): string | undefined {
  if (part['contentBlockIndex'] === undefined) return undefined;
  return part['delta'] === undefined ? 'contentBlockStart' : 'contentBlockDelta';
}

/** The service runs the tool itself: no result of it will be sent. */
function isProvidersOwn(call: JsonObject): boolean {
  return call['type'] === 'server_tool_use';
}
