/** Ollama's answer: its body, or the lines of its stream, to facts. The last line has the counts and the times. */
import type { AnswerFacts } from '../facts/answer.ts';
import { CallIds } from '../facts/call-ids.ts';
import { givenId } from './call-id.ts';
import { toldFailure } from '../facts/failure.ts';
import { asTokens, keepKnown } from '../facts/usage.ts';
import type { AnswerReader } from '../protocol.ts';
import { asArray, asCount, asObject, asText, type JsonObject } from '../read/json.ts';

const NANOSECONDS = 1e9;

export class OllamaAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;
  readonly #callIds = new CallIds();

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
  }

  readBody(body: JsonObject): void {
    this.readPart(body);
    if (this.#facts.errorType === undefined) this.#facts.isComplete = true;
  }

  /** Each line of a stream has the shape of a whole answer. */
  readPart(part: JsonObject): boolean {
    const facts = this.#facts;
    const failure = toldFailure(part);
    if (failure !== undefined) facts.fail(failure);
    facts.responseModel ??= asText(part['model']);
    this.#readCounts(part);
    const message = asObject(part['message']);
    const text = asText(message?.['content']) ?? asText(part['response']);
    if (text !== undefined) facts.output?.addText(0, text);
    const calls = asArray(message?.['tool_calls']).map(asObject);
    for (const call of calls) this.#readCall(call);
    const thinking = asText(message?.['thinking']) ?? asText(part['thinking']);
    if (thinking !== undefined) facts.output?.addReasoning(0, thinking);
    if (part['done'] === true) this.#readEnd(part);
    return text !== undefined || thinking !== undefined || calls.length > 0;
  }

  #readEnd(part: JsonObject): void {
    const reason = asText(part['done_reason']);
    if (reason !== undefined) this.#facts.finishReasons = [reason.slice(0, 64)];
    this.#facts.isComplete = this.#facts.isOver = true;
  }

  #readCounts(part: JsonObject): void {
    const facts = this.#facts;
    const told = { inputTokens: asTokens(part['prompt_eval_count']), outputTokens: asTokens(part['eval_count']) };
    if (told.inputTokens !== undefined || told.outputTokens !== undefined) facts.usage = keepKnown(facts.usage ?? {}, told);
    const load = asCount(part['load_duration']);
    if (load !== undefined) facts.loadDuration = load / NANOSECONDS;
  }

  /** A call always comes whole. */
  #readCall(told: JsonObject | undefined): void {
    const details = asObject(told?.['function']);
    const name = asText(details?.['name']);
    if (name === undefined) return;
    const id = givenId(told?.['id']);
    const call = this.#facts.tools.whole({ id: this.#callIds.of(name, id), name });
    if (call === undefined) return;
    call.hasNoId = id === undefined;
    this.#facts.tools.setInput(call, details?.['arguments']);
  }
}
