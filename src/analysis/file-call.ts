/** A call that a session file tells, as a span of the run: it is joined with what others told of the same call. Pure. */
import * as names from '../semconv/index.ts';
import { SESSION_FILE_SCOPE } from './call-tellers.ts';
import type { Attributes, SpanRow } from './model.ts';

export interface FileCall {
  readonly spanId: string;
  /** The span of the agent's process. */
  readonly place: { readonly traceId: string; readonly spanId: string };
  readonly serviceName: string;
  readonly pid: number;
  readonly sessionId: string;
  /** A value of `swarmscope.agent.session.evidence`. */
  readonly by: string;
  /** Epoch ms. */
  readonly startMs: number;
  readonly endMs: number;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly responseId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly tokens: {
    readonly inputTokens?: number | undefined;
    readonly outputTokens?: number | undefined;
    readonly cacheReadTokens?: number | undefined;
    readonly cacheWriteTokens?: number | undefined;
    readonly reasoningTokens?: number | undefined;
  };
  /** US dollars. */
  readonly cost: number | undefined;
}

const CLIENT = 3;

export function spanOfFileCall(call: FileCall): SpanRow {
  const { place, tokens, cost, spanId, startMs, endMs, serviceName, pid } = call;
  const operation = names.GEN_AI_OPERATION_NAME_VALUE_CHAT;
  const isPriced = cost !== undefined;
  return {
    ...{ traceId: place.traceId, spanId, parentSpanId: place.spanId, name: `${operation} ${call.model ?? ''}`.trim() },
    ...{ kind: CLIENT, startMs, endMs, isError: false, links: [], scopeName: SESSION_FILE_SCOPE, serviceName, pid },
    attributes: withoutUnknown({
      [names.ATTR_GEN_AI_OPERATION_NAME]: operation,
      [names.ATTR_GEN_AI_PROVIDER_NAME]: call.provider,
      [names.ATTR_GEN_AI_REQUEST_MODEL]: call.model,
      [names.ATTR_GEN_AI_RESPONSE_MODEL]: call.model,
      [names.ATTR_GEN_AI_RESPONSE_ID]: call.responseId,
      [names.ATTR_SWARMSCOPE_INFERENCE_REQUEST_ID]: call.requestId,
      [names.ATTR_GEN_AI_CONVERSATION_ID]: call.sessionId,
      [names.ATTR_SWARMSCOPE_AGENT_SESSION_EVIDENCE]: call.by,
      [names.ATTR_GEN_AI_USAGE_INPUT_TOKENS]: tokens.inputTokens,
      [names.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: tokens.outputTokens,
      [names.ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS]: tokens.cacheReadTokens,
      [names.ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS]: tokens.cacheWriteTokens,
      [names.ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS]: tokens.reasoningTokens,
      [names.ATTR_SWARMSCOPE_COST_AMOUNT]: cost,
      [names.ATTR_SWARMSCOPE_COST_CURRENCY]: isPriced ? 'USD' : undefined,
      [names.ATTR_SWARMSCOPE_COST_SOURCE]: isPriced ? names.SWARMSCOPE_COST_SOURCE_VALUE_LOCAL : undefined,
    }),
  };
}

function withoutUnknown(attributes: Readonly<Record<string, Attributes[string] | undefined>>): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter((entry): entry is [string, Attributes[string]] => entry[1] !== undefined));
}
