/** An LLM call known only from the library's own span: the same metrics, cost and roll-ups as one seen on the wire. */
import * as names from '../semconv/index.ts';
import type { Core } from './core.ts';
import { finishLlmCall } from './llm-call-end.ts';
import type { OpenActivity } from './open-activity.ts';
import type { LlmCallStart } from './types.ts';
import type { Attributes, EpochMs } from '../semconv/telemetry.ts';
import { tokenCount, usageBy } from '../semconv/usage.ts';

const OPERATIONS: readonly LlmCallStart['operation'][] = ['chat', 'embeddings', 'generate_content', 'text_completion'];
const UNKNOWN_PROVIDER = '_OTHER';

/** Returns what is added to the span: cost and use of the context window. */
export function reckonNative(
  core: Core,
  activity: OpenActivity,
  noted: Readonly<Record<string, unknown>>,
  { seconds, errorType }: { seconds: number; errorType: string | undefined },
): Attributes {
  const { text, number } = readersOf(noted);
  const reasons = noted[names.ATTR_GEN_AI_RESPONSE_FINISH_REASONS];
  return finishLlmCall(core, {
    activity,
    seconds,
    start: {
      operation: operationOf(noted),
      provider: text(names.ATTR_GEN_AI_PROVIDER_NAME) ?? UNKNOWN_PROVIDER,
      requestModel: text(names.ATTR_GEN_AI_REQUEST_MODEL),
      serverAddress: text(names.ATTR_SERVER_ADDRESS),
      serverPort: number(names.ATTR_SERVER_PORT),
    },
    ending: {
      responseModel: text(names.ATTR_GEN_AI_RESPONSE_MODEL),
      responseId: text(names.ATTR_GEN_AI_RESPONSE_ID),
      finishReasons: Array.isArray(reasons) ? reasons.filter((reason) => typeof reason === 'string') : undefined,
      timeToFirstChunk: number(names.ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK),
      statusCode: number(names.ATTR_HTTP_RESPONSE_STATUS_CODE),
      usage: usageBy((name) => tokenCount(noted[name])),
      billing: { serviceTier: text(names.ATTR_OPENAI_RESPONSE_SERVICE_TIER)?.toLowerCase() },
    },
    end: { errorType },
  });
}

/** The wire saw the call as well, but not below the library's span. */
export function isToldBeside(
  core: Core,
  noted: Readonly<Record<string, unknown>>,
  times: { readonly startTime: EpochMs; readonly endTime: EpochMs },
): boolean {
  const { text } = readersOf(noted);
  return core.callsBeside.take({
    ...times,
    operation: operationOf(noted),
    models: [text(names.ATTR_GEN_AI_REQUEST_MODEL), text(names.ATTR_GEN_AI_RESPONSE_MODEL)],
    responseId: text(names.ATTR_GEN_AI_RESPONSE_ID),
    outputTokens: tokenCount(noted[names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]),
  });
}

function operationOf(noted: Readonly<Record<string, unknown>>): LlmCallStart['operation'] {
  return OPERATIONS.find((each) => each === noted[names.ATTR_GEN_AI_OPERATION_NAME]) ?? 'chat';
}

interface FactReaders {
  readonly text: (name: string) => string | undefined;
  readonly number: (name: string) => number | undefined;
}

function readersOf(noted: Readonly<Record<string, unknown>>): FactReaders {
  return {
    text: (name) => (typeof noted[name] === 'string' ? noted[name] : undefined),
    number: (name) => (typeof noted[name] === 'number' ? noted[name] : undefined),
  };
}
