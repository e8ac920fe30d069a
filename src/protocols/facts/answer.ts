/** The facts of one answer. They grow while it is read, so that a stream that breaks off has told what came before. */
import type { LlmAnswer } from '../../semconv/telemetry.ts';
import { OutputText } from './content.ts';

/** Tool calls remembered of one answer; protects from an endless stream. */
export const MAX_TOOLS_CALLED = 128;

type Answered = Pick<LlmAnswer, 'responseModel' | 'responseId' | 'finishReasons' | 'usage' | 'providerCost' | 'errorType'>;

export class AnswerFacts implements Answered {
  responseModel: Answered['responseModel'];
  responseId: Answered['responseId'];
  finishReasons: Answered['finishReasons'];
  usage: Answered['usage'];
  providerCost: Answered['providerCost'];
  /** An error that the provider told in the answer, also in the middle of a stream. */
  errorType: Answered['errorType'];
  /** The protocol said that the answer is whole, whatever happens to the connection afterwards. */
  isComplete = false;
  readonly toolsCalled: string[] = [];
  /** Ids of `toolsCalled`, same order; empty where the client does not execute it or no id came. */
  readonly toolCallIds: string[] = [];
  /** What the model said; `undefined` where content is not captured. */
  readonly output: OutputText | undefined;

  constructor(isContentCaptured: boolean) {
    this.output = isContentCaptured ? new OutputText() : undefined;
  }

  addToolCall(name: string | undefined, id = ''): void {
    if (name === undefined || this.toolsCalled.length >= MAX_TOOLS_CALLED) return;
    this.toolsCalled.push(name);
    this.toolCallIds.push(id);
  }
}
