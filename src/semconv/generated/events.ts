// Generated from src/semconv by tools/generate-semconv.ts. Do not edit.
/** Everything known of one inference; carries the attributes of its span. */
export const EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS = 'gen_ai.client.inference.operation.details' as const;
/** An operation of a client failed. */
export const EVENT_GEN_AI_CLIENT_OPERATION_EXCEPTION = 'gen_ai.client.operation.exception' as const;
/** A task holds up its batch. */
export const EVENT_SWARMSCOPE_BATCH_STRAGGLER_DETECTED = 'swarmscope.batch.straggler.detected' as const;
/** The marked log record of swarmscope doctor --stack; its trace and span id are those of the marked span. */
export const EVENT_SWARMSCOPE_DOCTOR_CHECKED = 'swarmscope.doctor.checked' as const;
/** A policy was evaluated. */
export const EVENT_SWARMSCOPE_POLICY_DECISION_MADE = 'swarmscope.policy.decision.made' as const;
/** A model was chosen. */
export const EVENT_SWARMSCOPE_ROUTING_DECISION_MADE = 'swarmscope.routing.decision.made' as const;
/** A span has started; its trace and span id are those of the record. The start attributes of the span stand beside these. */
export const EVENT_SWARMSCOPE_SPAN_STARTED = 'swarmscope.span.started' as const;
/** A task went into another state. */
export const EVENT_SWARMSCOPE_TASK_STATE_CHANGED = 'swarmscope.task.state.changed' as const;
