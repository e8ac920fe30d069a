/** The facts of one answer. They grow while it is read, so that a stream that breaks off has told what came before. */
import {
  ATTR_GEN_AI_OUTPUT_MESSAGES,
  ATTR_SWARMSCOPE_TOOL_CALLED_HASHES,
  ATTR_SWARMSCOPE_TOOL_PROVIDER_NAMES,
} from '../../semconv/index.ts';
import type { Attributes, LlmAnswer, LlmBilling } from '../../semconv/telemetry.ts';
import { CalledTools } from './called-tools.ts';
import { OutputText } from './content.ts';
import { OTHER } from './error-type.ts';
import type { Failure } from './failure.ts';
import type { Refused } from './rate-limits.ts';

type Answered = Pick<
  LlmAnswer,
  'responseModel' | 'responseId' | 'finishReasons' | 'usage' | 'providerCost' | 'errorType' | 'isContextOverflow'
>;

export class AnswerFacts implements Answered {
  responseModel: Answered['responseModel'];
  responseId: Answered['responseId'];
  finishReasons: Answered['finishReasons'];
  usage: Answered['usage'];
  providerCost: Answered['providerCost'];
  readonly billing: LlmBilling = {};
  /** An error that the provider told in the answer, also in the middle of a stream. */
  errorType: Answered['errorType'];
  isContextOverflow: Answered['isContextOverflow'];
  /** What the body of a refusal says of limits and waiting. */
  refused: Refused | undefined;
  /** Seconds that the server took to load the model. */
  loadDuration: number | undefined;
  /** The protocol said that the answer is whole, whatever happens to the connection afterwards. */
  isComplete = false;
  /** The last event has come: nothing of the answer follows. */
  isOver = false;
  /** Of an answer that goes on after its request (`queued`, `in_progress`), or has ended (`completed`, `failed`, ...). */
  responseStatus: string | undefined;
  /** The program that answers, where it is known by what it writes. */
  server: string | undefined;
  /** What else is known, by registry name. */
  readonly attributes: Attributes = {};
  readonly tools = new CalledTools();
  /** What the model said; `undefined` where content is neither captured nor measured. */
  readonly output: OutputText | undefined;

  readonly #isContentCaptured: boolean;

  /** `isMeasured`: how long the texts are is a fact, also where they are not captured. */
  constructor(isContentCaptured: boolean, isMeasured = false) {
    this.#isContentCaptured = isContentCaptured;
    this.output = isContentCaptured || isMeasured ? new OutputText() : undefined;
  }

  /** Adds to `attributes` what the model said, where that is captured. */
  tellOutput(): void {
    const messages = this.#isContentCaptured ? this.output?.toJson(this.tools.named()) : undefined;
    if (messages !== undefined) this.attributes[ATTR_GEN_AI_OUTPUT_MESSAGES] = messages;
  }

  /** Characters of all that the model said and gave to tools; 0 where nobody measures them. */
  get length(): number {
    const inputs = this.tools.named().map(({ input }) => (typeof input === 'string' ? input : (JSON.stringify(input) ?? '')).length);
    return this.output === undefined ? 0 : inputs.reduce((sum, length) => sum + length, this.output.length);
  }

  /** The first name for it counts, unless it says nothing. */
  fail({ type, isOverflow, refused }: Failure): void {
    this.refused ??= refused;
    if (type !== undefined && (this.errorType === undefined || this.errorType === OTHER)) this.errorType = type;
    if (isOverflow) this.isContextOverflow = true;
  }

  get toolsCalled(): string[] {
    return this.tools.named().map(({ name }) => name);
  }

  /** `toolInputs` only where content is captured. */
  get called(): Pick<LlmAnswer, 'toolsCalled' | 'toolInputs'> {
    const calls = this.tools.named();
    if (calls.length === 0) return {};
    const toolInputs = !this.#isContentCaptured ? undefined : calls.map(({ input }) => input);
    return { toolsCalled: calls.map(({ name }) => name), toolInputs };
  }

  /**
   * Adds to `attributes` which of `toolsCalled` the provider ran itself; and by `digest` the hashes of what each of all is
   * given, `''` for nothing.
   */
  tellTools(digest: (content: unknown) => string | undefined = () => undefined): void {
    const calls = this.tools.named();
    if (calls.length === 0) return;
    const own = calls.filter(({ isProvidersOwn }) => isProvidersOwn).map(({ name }) => name);
    if (own.length > 0) this.attributes[ATTR_SWARMSCOPE_TOOL_PROVIDER_NAMES] = own;
    const hashes = calls.map(({ input }) => digest(input) ?? '');
    if (hashes.some((hash) => hash !== '')) this.attributes[ATTR_SWARMSCOPE_TOOL_CALLED_HASHES] = hashes;
  }

  /** Ids of `toolsCalled`, same order; empty where the client does not execute it or no id came. */
  get toolCallIds(): readonly string[] {
    const calls = this.tools.named();
    return calls.length === 0 ? NO_IDS : calls.map(({ id, isProvidersOwn }) => (isProvidersOwn ? '' : (id ?? '')));
  }
}

const NO_IDS: readonly never[] = [];
