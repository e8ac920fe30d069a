/** Calls whose answer only says that the service works on: they go on until a later request tells how they ended. */
import type { LlmAnswer } from '../semconv/telemetry.ts';

/** Calls that wait, the newest ones; protects the memory from a program that never asks for what it began. */
const MAX_WAITING = 256;
const PENDING: ReadonlySet<string | undefined> = new Set(['queued', 'in_progress']);

export interface BackgroundCall {
  /** By what is known of it in the end; `toolCallIds` as `ExchangeOptions.onEnd` has them. */
  end(answer: LlmAnswer, toolCallIds: readonly string[]): void;
}

interface Waiting {
  readonly call: BackgroundCall;
  /** What the service answered at first. */
  readonly answer: LlmAnswer;
}

export class BackgroundCalls {
  readonly #waiting = new Map<string, Waiting>();

  /** False for an answer that is whole, or names no response. */
  keep(call: BackgroundCall, answer: LlmAnswer): boolean {
    const { responseId, responseStatus, errorType } = answer;
    if (responseId === undefined || errorType !== undefined || !PENDING.has(responseStatus)) return false;
    this.leave(responseId);
    this.#waiting.set(responseId, { call, answer });
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > MAX_WAITING && oldest !== undefined) this.leave(oldest);
    return true;
  }

  /** An answer to a request that asked for the response, or cancelled it. Its facts belong to the call, and are counted once. */
  learn(answer: LlmAnswer, toolCallIds: readonly string[]): void {
    const { responseId = '', responseStatus } = answer;
    const waiting = this.#waiting.get(responseId);
    if (waiting === undefined || responseStatus === undefined || PENDING.has(responseStatus)) return;
    this.#waiting.delete(responseId);
    waiting.call.end({ ...answer, statusCode: waiting.answer.statusCode }, toolCallIds);
  }

  /** Nobody will tell how it ends: the call ends with its own answer. */
  leave(responseId = ''): void {
    const waiting = this.#waiting.get(responseId);
    if (waiting === undefined) return;
    this.#waiting.delete(responseId);
    waiting.call.end(waiting.answer, []);
  }
}

/** What a request that only asks for a response has of it: the response was paid for by the call that began it. */
export function withoutInference({ endTime, responseModel, responseId, responseStatus, statusCode, errorType }: LlmAnswer): LlmAnswer {
  // That the response failed is no failure of the request for it.
  const isOwnFailure = statusCode === undefined || statusCode >= 400 || responseStatus === undefined;
  return { endTime, responseModel, responseId, responseStatus, statusCode, errorType: isOwnFailure ? errorType : undefined };
}
