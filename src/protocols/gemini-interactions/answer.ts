/** The answer of a Gemini interaction: the interaction itself, or the events of its stream, to facts. */
import type { AnswerFacts } from '../facts/answer.ts';
import { namedFailure, toldFailure } from '../facts/failure.ts';
import { asTokens, keepKnown, wordOf } from '../facts/usage.ts';
import type { AnswerReader } from '../protocol.ts';
import { asArray, asCount, asObject, asText, valueIn, type JsonObject } from '../read/json.ts';
import { callIn, textsIn } from './steps.ts';

const PENDING: ReadonlySet<string> = new Set(['queued', 'in_progress']);
/** Why a model stopped, by what became of the interaction. */
const REASONS: Readonly<Record<string, string>> = {
  completed: 'stop',
  requires_action: 'tool_call',
  incomplete: 'length',
  budget_exceeded: 'length',
  requires_continuation: 'length',
  failed: 'error',
  cancelled: 'error',
};
/** What the conventions call it: an interaction that waits for a result of the program's has been answered. */
const STATUSES: Readonly<Record<string, string>> = {
  queued: 'queued',
  in_progress: 'in_progress',
  completed: 'completed',
  requires_action: 'completed',
  incomplete: 'incomplete',
  budget_exceeded: 'incomplete',
  requires_continuation: 'incomplete',
  failed: 'failed',
  cancelled: 'cancelled',
};

export class InteractionAnswer implements AnswerReader {
  readonly #facts: AnswerFacts;
  #hasSteps = false;

  constructor(facts: AnswerFacts) {
    this.#facts = facts;
  }

  readBody(body: JsonObject): void {
    this.readPart(body);
  }

  readPart(part: JsonObject, name?: string): boolean {
    const type = asText(part['event_type']) ?? name;
    if (type === undefined) return this.#readInteraction(part, true);
    const interaction = asObject(part['interaction']);
    if (interaction !== undefined) {
      const isLast = !PENDING.has(asText(interaction['status']) ?? 'in_progress');
      this.#readInteraction(interaction, isLast);
      if (isLast) this.#facts.isOver = true;
      return false;
    }
    if (type === 'error') this.#facts.fail(namedFailure({ error: part['error'] ?? {}, ...part }));
    for (const usage of [part['usage'], asObject(part['metadata'])?.['total_usage']]) this.#readUsage(usage);
    const index = asCount(part['index']) ?? 0;
    const step = asObject(part['step']);
    if (step !== undefined) return this.#readStep(step, index);
    const delta = asObject(part['delta']);
    return delta !== undefined && this.#readDelta(delta, index);
  }

  #readInteraction(interaction: JsonObject, isLast: boolean): boolean {
    const facts = this.#facts;
    facts.responseId ??= asText(interaction['id']);
    facts.responseModel ??= asText(interaction['model']) ?? asText(interaction['agent']);
    facts.billing.serviceTier = wordOf(interaction['service_tier']) ?? facts.billing.serviceTier;
    const status = asText(interaction['status']);
    facts.responseStatus = valueIn(STATUSES, status) ?? facts.responseStatus;
    this.#readUsage(interaction['usage']);
    const [error] = asArray(interaction['errors']);
    const failure = toldFailure(error === undefined ? interaction : { error });
    if (failure !== undefined) facts.fail(failure);
    if (!isLast) return false;
    let isOutput = false;
    // At its end a stream may repeat them.
    if (!this.#hasSteps)
      asArray(interaction['steps']).forEach((item, index) => {
        if (this.#readStep(asObject(item) ?? {}, index)) isOutput = true;
      });
    this.#readEnd(status);
    return isOutput;
  }

  #readEnd(status: string | undefined): void {
    const facts = this.#facts;
    const reason = valueIn(REASONS, status);
    if (reason === 'error') facts.fail({ type: status, isOverflow: false });
    if (reason !== undefined) facts.finishReasons = [reason];
    if (facts.errorType === undefined && !PENDING.has(status ?? '')) facts.isComplete = true;
  }

  /** True when it holds output of the model. */
  #readStep(step: JsonObject, index: number): boolean {
    this.#hasSteps = true;
    const told = callIn(step);
    if (told !== undefined) return this.#readCall(step, told, index);
    const texts = step['type'] === 'model_output' ? textsIn(step) : [];
    for (const text of texts) this.#facts.output?.addText(0, text);
    const thoughts = step['type'] === 'thought' ? textsIn({ content: step['summary'] }) : [];
    for (const thought of thoughts) this.#facts.output?.addReasoning(0, thought);
    return texts.length + thoughts.length > 0;
  }

  #readCall(step: JsonObject, { name, isProvidersOwn }: { name: string | undefined; isProvidersOwn: boolean }, index: number): boolean {
    const call = this.#facts.tools.piece({ choice: 0, index, id: asText(step['id']), name });
    if (call === undefined) return true;
    call.isProvidersOwn = isProvidersOwn;
    this.#facts.tools.setInput(call, asObject(step['arguments']));
    if (name === 'google_search') this.#facts.billing.unpriceable ??= 'searches';
    return true;
  }

  #readDelta(delta: JsonObject, index: number): boolean {
    const { output, tools } = this.#facts;
    const type = asText(delta['type']);
    const text = asText(delta['text']);
    if (type === 'text' && text !== undefined) output?.addText(0, text);
    if (type === 'thought_summary') output?.addReasoning(0, asText(asObject(delta['content'])?.['text']) ?? '');
    if (type === 'arguments_delta') tools.addInput(tools.piece({ choice: 0, index }), asText(delta['arguments']));
    // What Google says of its own tools, and a signature, are no output of the model.
    return type !== undefined && !type.endsWith('_result') && type !== 'thought_signature' && type !== 'text_annotation';
  }

  /** Thoughts stand beside the output, and what tools of its own brought beside the input, as in `generateContent`. */
  #readUsage(value: unknown): void {
    const usage = asObject(value);
    if (usage === undefined) return;
    const of = (name: string): number | undefined => asTokens(usage[name]);
    const [input, output, thoughts] = [of('total_input_tokens'), of('total_output_tokens'), of('total_thought_tokens')];
    const told = {
      inputTokens: input === undefined ? undefined : input + (of('total_tool_use_tokens') ?? 0),
      outputTokens: output === undefined ? thoughts : output + (thoughts ?? 0),
      cacheReadTokens: of('total_cached_tokens'),
      reasoningTokens: thoughts,
    };
    if (Object.values(told).some((count) => count !== undefined)) this.#facts.usage = keepKnown(this.#facts.usage ?? {}, told);
  }
}
