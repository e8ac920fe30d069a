/** Gemini's answer: its body, or the parts of its stream, to facts. */
import type { AnswerFacts } from '../facts/answer.ts';
import { CallIds } from '../facts/call-ids.ts';
import { failedEnd, toldFailure } from '../facts/failure.ts';
import type { AnswerReader } from '../protocol.ts';
import { asArray, asCount, asObject, asText, valueIn, type JsonObject } from '../read/json.ts';
import { member, partsIn, unwrapped } from './parts.ts';
import { GeminiUsage } from './usage.ts';

/** Why a candidate ended: the conventions' word, where there is one. */
const FINISH_REASONS: Readonly<Record<string, string>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content_filter',
  RECITATION: 'content_filter',
  BLOCKLIST: 'content_filter',
  PROHIBITED_CONTENT: 'content_filter',
  SPII: 'content_filter',
  LANGUAGE: 'content_filter',
  IMAGE_SAFETY: 'content_filter',
  IMAGE_PROHIBITED_CONTENT: 'content_filter',
  IMAGE_RECITATION: 'content_filter',
  MODEL_ARMOR: 'content_filter',
};

const UNSPECIFIED = 'FINISH_REASON_UNSPECIFIED';

/** Candidates of one answer; protects from an absurd index. */
const MAX_CANDIDATES = 128;

/** Tools of the service that leave no part in the answer, as requests name them. */
const SEARCH = 'google_search';
const URL_CONTEXT = 'url_context';
/** Tools that the service runs by itself, by the part of an answer that tells of a run. */
const OWN_TOOLS: Readonly<Record<string, string>> = { executableCode: 'code_execution', executable_code: 'code_execution' };

export class GeminiAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;
  readonly #usage: GeminiUsage;
  readonly #callIds = new CallIds();
  readonly #finishReasons: string[] = [];

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
    this.#usage = new GeminiUsage(facts);
  }

  readBody(body: JsonObject): void {
    this.readPart(body);
    if (this.#facts.errorType === undefined) this.#facts.isComplete = true;
  }

  /** Each part of a stream has the shape of a whole answer. */
  readPart(part: JsonObject): boolean {
    const failure = toldFailure(part);
    if (failure !== undefined) this.#facts.fail(failure);
    const answer = unwrapped(part, 'response');
    this.#facts.responseId ??= asText(answer['responseId']) ?? asText(part['traceId']);
    this.#facts.responseModel ??= asText(answer['modelVersion']);
    this.#usage.read(answer['usageMetadata']);
    this.#readBlock(asObject(answer['promptFeedback']));
    let isOutput = false;
    for (const item of asArray(answer['candidates']).slice(0, MAX_CANDIDATES)) {
      const candidate = asObject(item);
      if (candidate !== undefined && this.#readCandidate(candidate)) isOutput = true;
    }
    return isOutput;
  }

  /** A prompt that a filter stopped has no candidates. */
  #readBlock(feedback: JsonObject | undefined): void {
    if (asText(feedback?.['blockReason']) === undefined) return;
    this.#facts.finishReasons = ['content_filter'];
    this.#facts.isComplete = true;
  }

  /** True when it holds output of the model. */
  #readCandidate(candidate: JsonObject): boolean {
    const index = Math.min(asCount(candidate['index']) ?? 0, MAX_CANDIDATES - 1);
    this.#readReason(index, asText(candidate['finishReason']));
    const searches = asArray(asObject(candidate['groundingMetadata'])?.['webSearchQueries']).length;
    if (searches > 0) {
      this.#usage.readSearches(searches);
      this.#readOwnTool(SEARCH, true);
    }
    if (member(candidate, 'urlContextMetadata') !== undefined) this.#readOwnTool(URL_CONTEXT, true);
    let isOutput = false;
    for (const part of partsIn(candidate['content'])) if (this.#readContent(index, part)) isOutput = true;
    return isOutput;
  }

  #readReason(index: number, reason: string | undefined): void {
    if (reason === undefined || reason === UNSPECIFIED) return;
    const failure = failedEnd(reason);
    if (failure !== undefined) this.#facts.fail({ type: failure, isOverflow: false });
    this.#finishReasons[index] = failure === undefined ? (valueIn(FINISH_REASONS, reason) ?? reason.toLowerCase().slice(0, 64)) : 'error';
    this.#facts.finishReasons = this.#finishReasons.filter((known) => known !== undefined);
    this.#facts.isComplete = true;
  }

  #readContent(choice: number, part: JsonObject): boolean {
    const call = asObject(member(part, 'functionCall'));
    if (call !== undefined) return this.#readCall(choice, call);
    const kind = Object.keys(part).find((key) => valueIn(OWN_TOOLS, key) !== undefined);
    if (kind !== undefined) this.#readOwnTool(OWN_TOOLS[kind]);
    const text = asText(part['text']);
    if (text === undefined) return kind !== undefined || member(part, 'inlineData') !== undefined;
    if (part['thought'] === true) this.#facts.output?.addReasoning(choice, text);
    else this.#facts.output?.addText(choice, text);
    return true;
  }

  /** Arguments that come in pieces follow the call without its name. */
  #readCall(choice: number, told: JsonObject): boolean {
    const name = asText(told['name']);
    if (name === undefined) return true;
    const call = this.#facts.tools.whole({ choice, id: this.#callIds.of(name, asText(told['id'])), name });
    if (call === undefined) return true;
    call.hasNoId = asText(told['id']) === undefined;
    this.#facts.tools.setInput(call, asObject(told['args']));
    return true;
  }

  /** `isOnce`: what comes again with later parts of a stream. */
  #readOwnTool(name: string | undefined, isOnce = false): void {
    if (isOnce && this.#facts.toolsCalled.includes(name ?? '')) return;
    const call = this.#facts.tools.whole({ name });
    if (call !== undefined) call.isProvidersOwn = true;
  }
}
