/** Looks at the spans of one row's calls and says which facts of which mode are there, and what is wrong about the others. */
import type { SpanRow } from '../../src/analysis/model.ts';
import { priceOf } from '../../src/pricing/index.ts';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_GEN_AI_USAGE_INPUT_TOKENS,
  ATTR_GEN_AI_USAGE_OUTPUT_TOKENS,
  ATTR_HTTP_REQUEST_RESEND_COUNT,
  ATTR_SWARMSCOPE_COST_AMOUNT,
  ATTR_SWARMSCOPE_INFERENCE_ENDING,
  ATTR_SWARMSCOPE_TOOL_CALLED_NAMES,
} from '../../src/semconv/index.ts';
import { INPUT_TOKENS, OUTPUT_TOKENS } from './answers.ts';
import type { Row } from './matrix.ts';
import { FACTS, type ExpectedCall, type Fact, type Mode } from './modes.ts';

const INFERENCES: readonly unknown[] = ['chat', 'text_completion', 'embeddings', 'generate_content', 'rerank'];
/** Endings that are a fault of the call. */
const FAULTS: readonly string[] = ['error', 'cut', 'aborted', 'timeout'];
const TOOL = 'look_up';

export function isInference({ attributes }: SpanRow): boolean {
  return INFERENCES.includes(attributes[ATTR_GEN_AI_OPERATION_NAME]);
}

/** What a mode should tell of a row's calls. */
export function expectedFacts(row: Row, mode: Mode): Fact[] {
  const { untold = {} } = row;
  const { name } = mode;
  const calls = callsOf(row, mode);
  const concerns: Record<Fact, boolean> = {
    span: true,
    tokens: calls.some(isComplete),
    chunk: calls.some(({ isStream }) => isStream === true),
    ending: true,
    tools: calls.some(({ asksForTool }) => asksForTool === true),
    cost: calls.some(isComplete),
    resend: calls.some(({ isResend }) => isResend === true),
  };
  return FACTS.map(({ fact }) => fact).filter((fact) => concerns[fact] && !(fact in untold) && !(`${name}.${fact}` in untold));
}

/** Of each fact that does not hold, what came instead; none when all is well. `spans` are all of the process. */
export function faultsOf(row: Row, mode: Mode, calls: readonly SpanRow[], spans: readonly SpanRow[]): Map<Fact, string> {
  const faults = new Map<Fact, string>();
  for (const fact of expectedFacts(row, mode)) {
    const fault = looks[fact]({ row, mode, expected: callsOf(row, mode), calls, spans });
    if (fault !== undefined) faults.set(fact, fault);
  }
  return faults;
}

/** A library with spans of its own makes one for a call, whatever becomes of its first attempts. */
function callsOf({ hasSpans }: Row, { calls }: Mode): readonly ExpectedCall[] {
  return hasSpans === true && calls.some(({ isResend }) => isResend === true) ? calls.slice(-1) : calls;
}

interface Look {
  readonly row: Row;
  readonly mode: Mode;
  readonly expected: readonly ExpectedCall[];
  /** In the order in which they began. */
  readonly calls: readonly SpanRow[];
  readonly spans: readonly SpanRow[];
}

const looks: Readonly<Record<Fact, (look: Look) => string | undefined>> = {
  span: ({ row, mode, expected, calls, spans }) =>
    (row.hasSpans === true ? attemptsDiffer(mode, calls, spans) : undefined) ??
    differs(
      calls.map(
        ({ name, attributes }) =>
          `${name} of ${String(attributes[ATTR_GEN_AI_PROVIDER_NAME])}, ${String(attributes[ATTR_GEN_AI_REQUEST_MODEL])}`,
      ),
      expected.map((call) => {
        const { operation, model } = asked(row, call);
        return `${operation} ${model} of ${row.provider}, ${model}`;
      }),
    ),
  tokens: (look) =>
    ofEach(look, isComplete, ({ attributes }, call) =>
      differs(
        [attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS], attributes[ATTR_GEN_AI_USAGE_OUTPUT_TOKENS] ?? 0],
        [INPUT_TOKENS, call.isEmbedding === true ? 0 : OUTPUT_TOKENS],
      ),
    ),
  chunk: (look) =>
    ofEach(
      look,
      ({ isStream }) => isStream === true,
      ({ attributes, startMs, endMs = Infinity }) => {
        const seconds = attributes[ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK];
        const isPlausible = typeof seconds === 'number' && seconds > 0 && seconds * 1000 <= endMs - startMs;
        return isPlausible ? undefined : `time to first chunk ${String(seconds)}`;
      },
    ),
  ending: (look) =>
    ofEach(
      look,
      () => true,
      ({ attributes, isError }, { ending }) => {
        // Whether a library's own span calls an abort a fault is the library's to say.
        const isFault = look.row.hasSpans === true && ending === 'aborted' ? isError : FAULTS.includes(ending);
        const said = [attributes[ATTR_SWARMSCOPE_INFERENCE_ENDING], attributes[ATTR_ERROR_TYPE] !== undefined, isError];
        return differs([...said, attributes[ATTR_ERROR_TYPE]], [ending, isFault, isFault, attributes[ATTR_ERROR_TYPE]]);
      },
    ),
  tools: ({ row, calls, expected, spans }) => {
    const called = calls.map(({ attributes }) => attributes[ATTR_SWARMSCOPE_TOOL_CALLED_NAMES]);
    const run = spans.filter(({ attributes }) => attributes[ATTR_GEN_AI_TOOL_NAME] === TOOL).map(({ name }) => name);
    const [first, second] = calls;
    // A library's own span lasts a little longer than the exchange below it.
    const [after, before] = row.hasSpans === true ? [first?.startMs, second?.endMs] : [first?.endMs, second?.startMs];
    const isBetween = spans.some(
      ({ name, startMs, endMs = Infinity }) =>
        name === `execute_tool ${TOOL}` && startMs >= (after ?? Infinity) - 1 && endMs <= (before ?? 0) + 1,
    );
    return differs(
      [called, run, isBetween],
      [expected.map(({ asksForTool }) => (asksForTool === true ? [TOOL] : undefined)), [`execute_tool ${TOOL}`], true],
    );
  },
  cost: (look) =>
    ofEach(look, isComplete, ({ attributes, startMs }, call) => {
      const input = Number(attributes[ATTR_GEN_AI_USAGE_INPUT_TOKENS]);
      const output = call.isEmbedding === true ? 0 : OUTPUT_TOKENS;
      const { provider } = look.row;
      const price = priceOf({
        provider,
        model: asked(look.row, call).model,
        usage: { inputTokens: input, outputTokens: output },
        time: startMs,
      } as never);
      const amount = attributes[ATTR_SWARMSCOPE_COST_AMOUNT];
      const isRight = typeof amount === 'number' && amount > 0 && Math.abs(amount - Number(price?.amount)) < amount * 1e-6;
      return isRight ? undefined : `cost ${String(amount)}, not ${String(price?.amount)}`;
    }),
  resend: (look) =>
    ofEach(
      look,
      ({ isResend }) => isResend === true,
      ({ attributes }) => differs(attributes[ATTR_HTTP_REQUEST_RESEND_COUNT], 1),
    ),
};

/** Each attempt is an HTTP span below the library's own. */
function attemptsDiffer({ calls: attempts }: Mode, calls: readonly SpanRow[], spans: readonly SpanRow[]): string | undefined {
  const own = new Set(calls.map(({ spanId }) => spanId));
  const sent = spans.filter(({ name, parentSpanId = '' }) => name === 'POST' && own.has(parentSpanId));
  return differs(sent.length, attempts.length);
}

function isComplete({ ending }: ExpectedCall): boolean {
  return ending === 'complete';
}

function asked({ operation, model, embedder = '' }: Row, { isEmbedding }: ExpectedCall): { operation: string; model: string } {
  return isEmbedding === true ? { operation: 'embeddings', model: embedder } : { operation, model };
}

function ofEach(
  { expected, calls }: Look,
  concerns: (call: ExpectedCall) => boolean,
  fault: (span: SpanRow, call: ExpectedCall) => string | undefined,
): string | undefined {
  for (const [index, call] of expected.entries()) {
    if (!concerns(call)) continue;
    const span = calls[index];
    const found = span === undefined ? 'no span' : fault(span, call);
    if (found !== undefined) return `call ${index + 1}: ${found}`;
  }
  return undefined;
}

function differs(actual: unknown, expected: unknown): string | undefined {
  const [is, wanted] = [actual, expected].map((value) => JSON.stringify(value, (_key, part: unknown) => part ?? null));
  return is === wanted ? undefined : `${String(is)}, not ${String(wanted)}`;
}
