/**
 * LLM calls that the wire saw while a library's or the program's own span of a call was open that is not around them: a span
 * that nobody made the current one. Such a span may tell one of these calls, and it is counted once.
 */
import type { LlmCallEnd, LlmCallStart } from './llm-call-types.ts';
import type { EpochMs } from '../semconv/telemetry.ts';

/** Calls remembered while spans are open; protects the app's memory from spans that never end. */
const MAX_CALLS = 1024;
/** Who writes a span by hand may start and end it with times of a clock in whole milliseconds. */
const CLOCK_SLACK_MS = 2;

/** A call on the wire, as far as it has come. */
export interface CallBeside {
  readonly start: Readonly<LlmCallStart>;
  readonly startTime: EpochMs;
  end?: LlmCallEnd;
}

/** What the span says of its call. */
export interface ToldCall {
  readonly operation: LlmCallStart['operation'];
  readonly models: readonly (string | undefined)[];
  readonly responseId: string | undefined;
  readonly outputTokens: number | undefined;
  readonly startTime: EpochMs;
  readonly endTime: EpochMs;
}

export class CallsBeside {
  readonly #calls = new Set<CallBeside>();
  #openSpans = 0;

  spanStarted(): void {
    this.#openSpans += 1;
  }

  /** After it was asked for its call. */
  spanEnded(): void {
    this.#openSpans -= 1;
    if (this.#openSpans === 0) this.#calls.clear();
  }

  /** `undefined` where no span is open that could tell it. */
  began(start: Readonly<LlmCallStart>, startTime: EpochMs): CallBeside | undefined {
    if (this.#openSpans === 0 || this.#calls.size >= MAX_CALLS) return undefined;
    const call: CallBeside = { start, startTime };
    this.#calls.add(call);
    return call;
  }

  /** Whether the wire saw the call that a span tells. Each call is told by one span; one that was answered before one that failed. */
  take(told: ToldCall): boolean {
    let found: CallBeside | undefined;
    for (const call of this.#calls) {
      if (!isSame(call, told)) continue;
      if (found === undefined || worthOf(call, told) > worthOf(found, told)) found = call;
    }
    return found !== undefined && this.#calls.delete(found);
  }
}

/** A call may still be under way when its span ends: the program is told of the last bytes before we are. */
function isSame({ start, startTime, end }: CallBeside, told: ToldCall): boolean {
  if (start.operation !== told.operation || startTime < told.startTime - CLOCK_SLACK_MS || startTime > told.endTime) return false;
  if (end?.endTime !== undefined && end.endTime > told.endTime + CLOCK_SLACK_MS) return false;
  const models = [start.requestModel, end?.responseModel];
  const isModelKnown = told.models.some((model) => model !== undefined) && models.some((model) => model !== undefined);
  if (isModelKnown && !told.models.some((model) => model !== undefined && models.includes(model))) return false;
  return !differ(end?.responseId, told.responseId) && !differ(end?.usage?.outputTokens, told.outputTokens);
}

function worthOf({ end }: CallBeside, told: ToldCall): number {
  if (end?.responseId !== undefined && end.responseId === told.responseId) return 3;
  if (end?.usage?.outputTokens !== undefined && end.usage.outputTokens === told.outputTokens) return 2;
  return end?.errorType === undefined ? 1 : 0;
}

function differ<T>(one: T | undefined, other: T | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}
