/** The answer to an Anthropic message: its body, or its stream's events, to facts. */
import type { AnswerFacts } from '../facts/answer.ts';
import { readAppliedEdits, tellCompaction } from '../facts/compaction.ts';
import { namedFailure, toldFailure, type Failure } from '../facts/failure.ts';
import type { AnswerReader } from '../protocol.ts';
import type { EventMatcher } from '../read/event-matcher.ts';
import { parseEvent } from '../read/event-text.ts';
import { asArray, asCount, asObject, asText, valueIn, type JsonObject } from '../read/json.ts';
import { SameShape } from '../read/same-shape.ts';
import { AnthropicUsage } from './usage.ts';

/** Why the answer ended: Anthropic's words where the conventions have another (`pause_turn` has none). */
const FINISH_REASONS: Readonly<Record<string, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_call',
  refusal: 'content_filter',
};

const TOOL_BLOCKS: ReadonlySet<string> = new Set(['tool_use', 'server_tool_use', 'mcp_tool_use']);

/** Events that carry no fact; any other unknown one may be an error, of a gateway that has its own way to say it. */
const PASSED_OVER: ReadonlySet<string> = new Set(['ping', 'content_block_stop', 'message_stop']);

export class AnthropicAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;
  readonly #usage: AnthropicUsage;
  /** Events that bring nothing but more text. */
  readonly #texts = new SameShape();

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
    this.#usage = new AnthropicUsage(facts);
  }

  readBody(body: JsonObject): void {
    const failure = toldFailure(body);
    if (failure !== undefined) return this.#fail(failure, body);
    const type = asText(body['type']);
    if (type === 'message_stop') this.#facts.isComplete = true;
    if (PASSED_OVER.has(type ?? '')) return;
    if (valueIn(this.#readers, type) !== undefined) return void this.#read(body);
    this.#readMessage(body);
    for (const block of asArray(body['content'])) this.#readBlock(undefined, asObject(block));
    this.#facts.isComplete = true;
  }

  get moreOutput(): EventMatcher | undefined {
    return this.#facts.output === undefined ? this.#texts : undefined;
  }

  readEvent(event: string): boolean {
    const type = typeOf(event);
    if (type === 'content_block_delta' && this.#facts.output === undefined && !event.includes('input_json_delta')) {
      this.#texts.learn(event, TEXT_MEMBERS);
      return true;
    }
    if (type === 'message_stop') this.#facts.isComplete = this.#facts.isOver = true;
    return !PASSED_OVER.has(type) && this.#read(parseEvent(event), type);
  }

  /** What is done with the events that carry facts. */
  readonly #readers: Readonly<Record<string, (body: JsonObject) => void>> = {
    message_start: (body) => this.#readMessage(asObject(body['message']), true),
    content_block_start: (body) => this.#readBlock(asCount(body['index']) ?? 0, asObject(body['content_block'])),
    content_block_delta: (body) => this.#readDelta(body),
    message_delta: (body) => {
      this.#readReason(asObject(body['delta']));
      this.#usage.read(body['usage']);
      readAppliedEdits(this.#facts, body);
    },
  };

  /** The data says what it is; the name of the event, where it does not. True for output of the model. */
  #read(body: JsonObject | undefined, name?: string): boolean {
    const type = asText(body?.['type']) ?? name;
    const read = valueIn(this.#readers, type);
    if (read !== undefined && body !== undefined) read(body);
    else {
      const failure = type === 'error' || name === 'error' ? namedFailure(body) : toldFailure(body ?? {});
      if (failure !== undefined) this.#fail(failure, body);
    }
    return type === 'content_block_delta' || (type === 'content_block_start' && isOutput(asObject(body?.['content_block'])));
  }

  #fail(failure: Failure, body: JsonObject | undefined): void {
    this.#facts.fail(failure);
    this.#facts.responseId ??= asText(body?.['request_id']);
  }

  #readMessage(message: JsonObject | undefined, isBeginning = false): void {
    if (message === undefined) return;
    this.#facts.responseId ??= asText(message['id']);
    this.#facts.responseModel ??= asText(message['model']);
    this.#usage.read(message['usage'], isBeginning);
    this.#readReason(message);
    readAppliedEdits(this.#facts, message);
  }

  #readReason(holder: JsonObject | undefined): void {
    const reason = asText(holder?.['stop_reason']);
    if (reason === undefined) return;
    this.#facts.finishReasons = [valueIn(FINISH_REASONS, reason) ?? reason];
    this.#facts.isComplete = true;
  }

  /** `index` is the number of the block in a stream, and absent in a body, where each block is whole. */
  #readBlock(index: number | undefined, block: JsonObject | undefined): void {
    const type = asText(block?.['type']);
    if (type === undefined) return;
    if (type === 'compaction') tellCompaction(this.#facts, 'provider');
    if (TOOL_BLOCKS.has(type)) {
      const piece = { choice: 0, index, id: asText(block?.['id']), name: asText(block?.['name']) };
      const call = index === undefined ? this.#facts.tools.whole(piece) : this.#facts.tools.piece(piece);
      if (call === undefined) return;
      // The provider runs its own tools itself: no result of theirs will be sent.
      call.isProvidersOwn = type !== 'tool_use';
      if (type === 'server_tool_use') this.#usage.readToolBlock(piece.name);
      const input = asObject(block?.['input']);
      // In a stream the block begins with `{}`, and the pieces of its text follow.
      if (index === undefined || (input !== undefined && Object.keys(input).length > 0)) this.#facts.tools.setInput(call, input);
    } else if (type === 'text') {
      const text = asText(block?.['text']);
      if (text !== undefined) this.#facts.output?.addText(0, text);
    } else if (type === 'thinking') this.#facts.output?.addReasoning(0, asText(block?.['thinking']) ?? '');
  }

  #readDelta(body: JsonObject | undefined): void {
    const delta = asObject(body?.['delta']);
    const text = asText(delta?.['text']);
    if (text !== undefined) this.#facts.output?.addText(0, text);
    const thought = asText(delta?.['thinking']);
    if (thought !== undefined) this.#facts.output?.addReasoning(0, thought);
    const json = asText(delta?.['partial_json']);
    if (json === undefined) return;
    this.#facts.tools.addInput(this.#facts.tools.piece({ choice: 0, index: asCount(body?.['index']) ?? 0 }), json);
  }
}

/** Where the text of a piece stands, as the service writes it. */
const TEXT_MEMBERS = ['"text":"', '"thinking":"'];

/** A block of text is empty when it begins; a call begins with its name, and encrypted reasoning comes at once. */
function isOutput(block: JsonObject | undefined): boolean {
  const holders = [block?.['text'], block?.['thinking'], block?.['data']];
  return TOOL_BLOCKS.has(asText(block?.['type']) ?? '') || holders.some((value) => asText(value) !== undefined);
}

/** From the `event:` line; else from the data, whose first `"type"` is the event's. */
function typeOf(event: string): string {
  if (event.startsWith('event: ')) {
    const newline = event.indexOf('\n');
    return event.slice(7, newline === -1 ? event.length : newline).trim();
  }
  return /^event:[ ]*(\w+)/m.exec(event)?.[1] ?? /"type"\s*:\s*"(\w+)"/.exec(event)?.[1] ?? '';
}
