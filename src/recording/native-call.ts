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
import { reckonNative } from './native-facts.ts';
import type { OpenActivity } from './open-activity.ts';
import type { ActivityEnd, NativeInference } from './types.ts';
import type { Attributes, EpochMs } from '../semconv/telemetry.ts';

/** Attributes remembered of one call: there are about forty. */
const MAX_NOTED = 128;
const TIMEOUT = /time_?out/i;
const OTHER_ERROR = '_OTHER';

export class NativeCall implements NativeInference {
  readonly #core: Core;
  readonly #noted: Record<string, unknown> = {};
  #notedCount = 0;
  #activity: OpenActivity | undefined;
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

  /** At the end of the span. Metrics were counted by the wire, attempt by attempt, if it saw any. */
  reckon(end: ActivityEnd, seconds: number): Attributes | undefined {
    if (this.#attempts > 0 || this.#activity === undefined) return undefined;
    const errorType = this.#noted[ATTR_ERROR_TYPE];
    const failure = typeof errorType === 'string' ? errorType : this.#isFailed ? OTHER_ERROR : end.errorType;
    return reckonNative(this.#core, this.#activity, this.#noted, { seconds, errorType: failure });
  }
}
