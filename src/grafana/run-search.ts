/** TraceQL that finds runs in a Tempo, and the attributes by which an answer names them. */
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_WORKFLOW_NAME,
  ATTR_SERVICE_NAME,
  ATTR_SWARMSCOPE_RUN_ID,
} from '../semconv/index.ts';

export const RUN = { id: ATTR_SWARMSCOPE_RUN_ID, name: ATTR_GEN_AI_WORKFLOW_NAME, service: ATTR_SERVICE_NAME, error: ATTR_ERROR_TYPE } as const;

const ID = `resource.${RUN.id}`;

/** Runs by their own spans, which come with their ends. */
export const OWN_SPANS = `{ ${ID} != "" && span.${ATTR_GEN_AI_OPERATION_NAME} = "invoke_workflow" } | select(${ID}, resource.${RUN.service}, span.${RUN.name}, span.${RUN.error})`;
/** Also those whose own span is not there. */
export const ANY_SPANS = `{ ${ID} != "" } | select(${ID}, resource.${RUN.service})`;

/** Whatever belongs to one run; `id` holds no quote. */
export const spansOfRun = (id: string): string => `{ ${ID} = "${id}" }`;
