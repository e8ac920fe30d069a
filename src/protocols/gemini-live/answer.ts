/** One turn of the model in a Live session, by the server's messages, to facts. */
import type { AnswerFacts } from '../facts/answer.ts';
import { toldFailure } from '../facts/failure.ts';
import { member } from '../gemini/parts.ts';
import { GeminiAnswer } from '../gemini/answer.ts';
import type { AnswerReader } from '../protocol.ts';
import { asArray, asObject, asText, type JsonObject } from '../read/json.ts';

export class LiveAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;
  readonly #turn: GeminiAnswer;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
    this.#turn = new GeminiAnswer(facts);
  }

  readBody(body: JsonObject): void {
    this.readPart(body);
  }

  readPart(body: JsonObject): boolean {
    const failure = toldFailure(body);
    if (failure !== undefined) this.#facts.fail(failure);
    const content = asObject(member(body, 'serverContent'));
    const calls = asArray(member(asObject(member(body, 'toolCall')), 'functionCalls'));
    const parts = calls.map((call) => ({ functionCall: call }));
    const turn = parts.length > 0 ? { parts } : member(content, 'modelTurn');
    const isOutput = this.#turn.readPart({
      usageMetadata: member(body, 'usageMetadata'),
      candidates: turn === undefined ? [] : [{ content: turn }],
    });
    const said = asText(asObject(member(content, 'outputTranscription'))?.['text']);
    if (said !== undefined) this.#facts.output?.addText(0, said);
    this.#readEnd(content, parts.length > 0);
    return isOutput || said !== undefined || body['type'] === 'response.delta';
  }

  #readEnd(content: JsonObject | undefined, hasCalls: boolean): void {
    const facts = this.#facts;
    // The turn waits for the results; nothing is missing of what the model said.
    if (hasCalls) [facts.finishReasons, facts.isComplete] = [['tool_call'], true];
    if (member(content, 'interrupted') === true) [facts.finishReasons, facts.isComplete] = [['interrupted'], true];
    if (member(content, 'turnComplete') !== true) return;
    facts.finishReasons ??= ['stop'];
    facts.isComplete = facts.isOver = true;
  }
}
