/** A library's own span of an LLM call. The wire's facts go on it; where the wire saw nothing, its own are counted. */
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_SWARMSCOPE_INFERENCE_ENDING,
  SWARMSCOPE_INFERENCE_ENDING_VALUE_ABORTED,
  SWARMSCOPE_INFERENCE_ENDING_VALUE_TIMEOUT,
} from '../semconv/index.ts';
import type { Core } from './core.ts';
import { isToldBeside, reckonNative } from './native-facts.ts';
import type { OpenActivity } from './open-activity.ts';
import type { ActivityEnd, NativeInference } from './types.ts';
import type { Attributes, EpochMs } from '../semconv/telemetry.ts';

/** Attributes remembered of one call: there are about forty. */
const MAX_NOTED = 128;
const TIMEOUT = /time_?out/i;
const OTHER_ERROR = '_OTHER';
const USAGE = 'gen_ai.usage.';

export class NativeCall implements NativeInference {
  readonly #core: Core;
  readonly #noted: Record<string, unknown> = {};
  #notedCount = 0;
  #activity: OpenActivity | undefined;
  /** Usage stands on one span of a call: it is held back until it is known that this is the one. */
  #heldUsage: Record<string, unknown> | undefined;
  #attempts = 0;
  #openAttempts = 0;
  #isFailed = false;
  #lastError: string | undefined;
  #ending: Attributes[string];
  #end: { endTime: EpochMs } | undefined;

  constructor(core: Core, attributes: Readonly<Record<string, unknown>>) {
    this.#core = core;
    this.note(attributes);
  }

  get isOpen(): boolean {
    return this.#end === undefined && this.#activity?.isEnded === false;
  }

  get provider(): string | undefined {
    const provider = this.#noted[ATTR_GEN_AI_PROVIDER_NAME];
    return typeof provider === 'string' ? provider : undefined;
  }

  attach(activity: OpenActivity): void {
    this.#activity = activity;
    this.#core.callsBeside.spanStarted();
  }

  nameOf(model: unknown): string {
    const operation = String(this.#noted[ATTR_GEN_AI_OPERATION_NAME]);
    return typeof model === 'string' ? `${operation} ${model}` : operation;
  }

  /** What the library says, as it came: kept for the case that the wire says nothing. */
  note(attributes: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(attributes)) {
      if (!(name in this.#noted) && ++this.#notedCount > MAX_NOTED) return;
      this.#noted[name] = value;
    }
  }

  /** Notes them, and returns those that go on the span now. */
  written(attributes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    this.note(attributes);
    if (this.#attempts > 0 || !Object.keys(attributes).some((name) => name.startsWith(USAGE))) return attributes;
    const rest: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith(USAGE)) (this.#heldUsage ??= {})[name] = value;
      else rest[name] = value;
    }
    return rest;
  }

  failed(): void {
    this.#isFailed = true;
  }

  adopt(): boolean {
    this.#attempts += 1;
    this.#openAttempts += 1;
    return this.#attempts === 1;
  }

  learn(attributes: Attributes): void {
    this.#activity?.set(attributes);
    this.#ending = attributes[ATTR_SWARMSCOPE_INFERENCE_ENDING] ?? this.#ending;
    const model = attributes[ATTR_GEN_AI_REQUEST_MODEL];
    if (typeof model === 'string') this.#activity?.rename(this.nameOf(model));
  }

  release(errorType: string | undefined): void {
    this.#openAttempts -= 1;
    this.#lastError = errorType;
    this.#finish();
  }

  /** The library is done. The last bytes of the answer may still be on their way to us. */
  end({ endTime }: ActivityEnd): void {
    this.#end = { endTime: endTime ?? this.#core.now() };
    this.#finish();
  }

  /** A library may say nothing of a call that was given up, and which of its own limits was over it knows best. */
  #finish(): void {
    if (this.#openAttempts > 0 || this.#end === undefined) return;
    const told = this.#noted[ATTR_ERROR_TYPE];
    const isTold = typeof told === 'string';
    const isTimeout = this.#ending === SWARMSCOPE_INFERENCE_ENDING_VALUE_ABORTED && isTold && TIMEOUT.test(told);
    this.#activity?.end({
      ...this.#end,
      errorType: isTold ? undefined : this.#lastError,
      attributes: isTimeout ? { [ATTR_SWARMSCOPE_INFERENCE_ENDING]: SWARMSCOPE_INFERENCE_ENDING_VALUE_TIMEOUT } : undefined,
    });
  }

  /** At the end of the span. Metrics were counted by the wire, attempt by attempt, if it saw any, below this span or beside it. */
  reckon(end: ActivityEnd & { endTime: EpochMs }, seconds: number): Attributes | undefined {
    if (this.#activity === undefined) return undefined;
    const isSeen =
      this.#attempts > 0 || isToldBeside(this.#core, this.#noted, { startTime: this.#activity.startTime, endTime: end.endTime });
    this.#core.callsBeside.spanEnded();
    if (isSeen) return undefined;
    const errorType = this.#noted[ATTR_ERROR_TYPE];
    const failure = typeof errorType === 'string' ? errorType : this.#isFailed ? OTHER_ERROR : end.errorType;
    const facts = reckonNative(this.#core, this.#activity, this.#noted, { seconds, errorType: failure });
    return { ...(this.#heldUsage as Attributes | undefined), ...facts };
  }
}
