/** The answer of LM Studio's own chat: its body, or the events of its stream, to facts. The last event holds the body. */
import type { AnswerFacts } from '../facts/answer.ts';
import type { CalledTool } from '../facts/called-tools.ts';
import { toldFailure } from '../facts/failure.ts';
import { asTokens, keepKnown } from '../facts/usage.ts';
import type { AnswerReader } from '../protocol.ts';
import { asArray, asNumber, asObject, asText, type JsonObject } from '../read/json.ts';

/** A second copy of a model that is loaded has a number behind its name. */
const COPY = /:\d+$/;

export class LmStudioAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;
  /** The call that events tell of. */
  #call: CalledTool | undefined;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
  }

  readBody(body: JsonObject): void {
    const failure = toldFailure(body);
    if (failure !== undefined) this.#facts.fail(failure);
    for (const item of asArray(body['output'])) this.#readItem(asObject(item) ?? {});
    this.#readResult(body);
  }

  readPart(part: JsonObject, name?: string): boolean {
    const type = asText(part['type']) ?? name;
    // A whole answer, where a gateway writes it as a line of JSON.
    if (type === undefined) {
      this.readBody(part);
      return asArray(part['output']).length > 0;
    }
    if (type === 'error') {
      const failure = toldFailure(part);
      if (failure !== undefined) this.#facts.fail(failure);
      return false;
    }
    if (type === 'chat.end') {
      this.#readResult(asObject(part['result']) ?? {});
      this.#facts.isOver = true;
      return false;
    }
    this.#facts.responseModel ??= modelOf(part);
    if (type === 'model_load.end') this.#loaded(part['load_time_seconds']);
    if (type.startsWith('tool_call.')) return this.#readCall(type, part);
    const text = type === 'message.delta' || type === 'reasoning.delta' ? asText(part['content']) : undefined;
    if (text === undefined) return false;
    if (type === 'message.delta') this.#facts.output?.addText(0, text);
    else this.#facts.output?.addReasoning(0, text);
    return true;
  }

  /** What stands beside the output, which a stream has brought already. */
  #readResult(result: JsonObject): void {
    const facts = this.#facts;
    facts.responseModel = modelOf(result) ?? facts.responseModel;
    facts.responseId ??= asText(result['response_id']);
    const stats = asObject(result['stats']);
    const told = {
      inputTokens: asTokens(stats?.['input_tokens']),
      outputTokens: asTokens(stats?.['total_output_tokens']),
      reasoningTokens: asTokens(stats?.['reasoning_output_tokens']),
    };
    if (told.inputTokens !== undefined || told.outputTokens !== undefined) facts.usage = keepKnown(facts.usage ?? {}, told);
    this.#loaded(stats?.['model_load_time_seconds']);
    if (facts.errorType === undefined) facts.isComplete = true;
  }

  #readItem(item: JsonObject): void {
    const content = asText(item['content']);
    const { type } = item;
    if (type === 'tool_call') this.#called(item['tool'], item['arguments']);
    // The model asked for a tool that does not exist, or gave it what it does not take.
    if (type === 'invalid_tool_call') this.#calledInVain(item);
    if (content !== undefined && type === 'message') this.#facts.output?.addText(0, content);
    if (content !== undefined && type === 'reasoning') this.#facts.output?.addReasoning(0, content);
  }

  /** True when it is output of the model: what the tool gives back is none. */
  #readCall(type: string, part: JsonObject): boolean {
    if (type === 'tool_call.start') this.#call = this.#called(part['tool'], undefined);
    if (type === 'tool_call.arguments') {
      if (this.#call === undefined) this.#call = this.#called(part['tool'], part['arguments']);
      else this.#facts.tools.setInput(this.#call, part['arguments']);
    }
    if (type === 'tool_call.failure' && this.#call === undefined) this.#calledInVain(part);
    if (type === 'tool_call.success' || type === 'tool_call.failure') {
      this.#call = undefined;
      return false;
    }
    return true;
  }

  #calledInVain(item: JsonObject): void {
    const about = asObject(item['metadata']);
    this.#called(about?.['tool_name'], about?.['arguments']);
  }

  /** LM Studio runs every tool itself. */
  #called(name: unknown, input: unknown): CalledTool | undefined {
    const call = this.#facts.tools.whole({ name: asText(name) });
    if (call === undefined) return undefined;
    call.isProvidersOwn = true;
    this.#facts.tools.setInput(call, input);
    return call;
  }

  #loaded(seconds: unknown): void {
    const told = asNumber(seconds);
    if (told !== undefined && told >= 0) this.#facts.loadDuration = told;
  }
}

function modelOf(told: JsonObject): string | undefined {
  return asText(told['model_instance_id'])?.replace(COPY, '');
}
