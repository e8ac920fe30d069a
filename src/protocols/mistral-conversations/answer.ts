/** The answer of a Mistral conversation: its body, or the events of its stream, to facts. */
import { ATTR_GEN_AI_CONVERSATION_ID } from '../../semconv/index.ts';
import type { AnswerFacts } from '../facts/answer.ts';
import { namedFailure, toldFailure } from '../facts/failure.ts';
import { OpenaiUsage } from '../facts/openai-usage.ts';
import type { AnswerReader } from '../protocol.ts';
import { asArray, asObject, asText, valueIn, type JsonObject } from '../read/json.ts';
import { textsIn } from './content.ts';

export class ConversationAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;
  readonly #usage: OpenaiUsage;
  #hasClientCall = false;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
    this.#usage = new OpenaiUsage(facts);
  }

  readBody(body: JsonObject): void {
    this.readPart(body);
  }

  readPart(part: JsonObject, name?: string): boolean {
    const type = asText(part['type']) ?? name;
    this.#readCommon(part);
    if (type === undefined) {
      const isOutput = asArray(part['outputs']).map((item) => this.#readEntry(asObject(item) ?? {}, true));
      if (this.#facts.errorType === undefined) this.#end();
      return isOutput.includes(true);
    }
    if (type === 'conversation.response.error') this.#facts.fail(namedFailure({ code: part['code'], message: part['message'] }));
    if (type === 'conversation.response.done') {
      this.#end();
      this.#facts.isOver = true;
    }
    return this.#readEntry({ ...part, type: valueIn(ENTRIES, type) }, false);
  }

  #end(): void {
    this.#facts.isComplete = true;
    // Nothing else tells why the model stopped.
    this.#facts.finishReasons = [this.#hasClientCall ? 'tool_call' : 'stop'];
  }

  #readCommon(body: JsonObject): void {
    const facts = this.#facts;
    facts.responseModel ??= asText(body['model']);
    facts.attributes[ATTR_GEN_AI_CONVERSATION_ID] ??= asText(body['conversation_id']);
    this.#usage.readBody(body);
    const failure = toldFailure(body);
    if (failure !== undefined) facts.fail(failure);
  }

  /** True when it is output of the model. */
  #readEntry(entry: JsonObject, isWhole: boolean): boolean {
    this.#facts.responseModel ??= asText(entry['model']);
    const type = entry['type'];
    if (type === 'function.call' || type === 'tool.execution') return this.#readCall(entry, type === 'tool.execution', isWhole);
    if (type !== 'message.output') return false;
    for (const text of textsIn(entry)) this.#facts.output?.addText(0, text);
    return entry['content'] !== '';
  }

  #readCall(entry: JsonObject, isProvidersOwn: boolean, isWhole: boolean): boolean {
    const id = isProvidersOwn ? asText(entry['id']) : asText(entry['tool_call_id']);
    const piece = { choice: 0, id, name: asText(entry['name']) };
    const call = isWhole ? this.#facts.tools.whole(piece) : this.#facts.tools.piece(piece);
    this.#hasClientCall ||= !isProvidersOwn;
    if (call === undefined) return true;
    call.isProvidersOwn = isProvidersOwn;
    this.#facts.tools.addInput(call, asText(entry['arguments']));
    return true;
  }
}

/** The entries that events bring pieces of. What a tool of Mistral's own does meanwhile, and to which agent the work goes, is no output. */
const ENTRIES: Readonly<Record<string, string>> = {
  'message.output.delta': 'message.output',
  'function.call.delta': 'function.call',
  'tool.execution.started': 'tool.execution',
};
