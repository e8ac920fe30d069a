/** One WebSocket to an LLM service: the span that its responses, which are the calls, hang below. It has no usage itself. */
import { SpanKind } from '@opentelemetry/api';
import {
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_NETWORK_PROTOCOL_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_SWARMSCOPE_OPERATION_NAME,
  ATTR_SWARMSCOPE_SESSION_ID,
  SWARMSCOPE_OPERATION_NAME_VALUE_RUN_SESSION,
} from '../semconv/index.ts';
import type { Core } from './core.ts';
import type { LlmSession, LlmSessionStart } from './llm-session-types.ts';
import type { OpenActivity } from './open-activity.ts';

export function startLlmSession(core: Core, start: LlmSessionStart): LlmSession {
  let model = start.requestModel;
  const activity: OpenActivity = core.start({
    name: nameOf(model),
    kind: SpanKind.CLIENT,
    startTime: start.startTime,
    parent: start.frame,
    attributes: {
      [ATTR_SWARMSCOPE_OPERATION_NAME]: SWARMSCOPE_OPERATION_NAME_VALUE_RUN_SESSION,
      [ATTR_GEN_AI_PROVIDER_NAME]: start.provider,
      [ATTR_GEN_AI_REQUEST_MODEL]: model,
      [ATTR_NETWORK_PROTOCOL_NAME]: 'websocket',
      [ATTR_SERVER_ADDRESS]: start.serverAddress,
      [ATTR_SERVER_PORT]: start.serverPort,
    },
    onCut: (errorType) => start.onCut(errorType),
  });
  // Until the service names it.
  activity.set({ [ATTR_SWARMSCOPE_SESSION_ID]: activity.spanId });
  return {
    activity,
    learn({ provider, requestModel, attributes }) {
      if (requestModel !== undefined && requestModel !== model) activity.rename(nameOf((model = requestModel)));
      activity.set({
        ...attributes,
        ...(provider !== undefined && { [ATTR_GEN_AI_PROVIDER_NAME]: provider }),
        ...(requestModel !== undefined && { [ATTR_GEN_AI_REQUEST_MODEL]: requestModel }),
      });
    },
    end: (end) => activity.end(end),
  };
}

function nameOf(model: string | undefined): string {
  return model === undefined ? SWARMSCOPE_OPERATION_NAME_VALUE_RUN_SESSION : `${SWARMSCOPE_OPERATION_NAME_VALUE_RUN_SESSION} ${model}`;
}
