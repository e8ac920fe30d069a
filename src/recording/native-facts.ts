/** An LLM call known only from the library's own span: the same metrics, cost and roll-ups as one seen on the wire. */
import * as names from '../semconv/index.ts';
import type { Core } from './core.ts';
import { finishLlmCall } from './llm-call-end.ts';
import type { OpenActivity } from './open-activity.ts';
import type { LlmCallStart } from './types.ts';
import type { Attributes } from '../semconv/telemetry.ts';
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
  const text = (name: string): string | undefined => (typeof noted[name] === 'string' ? noted[name] : undefined);
  const number = (name: string): number | undefined => (typeof noted[name] === 'number' ? noted[name] : undefined);
  const operation = OPERATIONS.find((each) => each === noted[names.ATTR_GEN_AI_OPERATION_NAME]) ?? 'chat';
  const reasons = noted[names.ATTR_GEN_AI_RESPONSE_FINISH_REASONS];
  return finishLlmCall(core, {
    activity,
    seconds,
    start: {
      operation,
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
