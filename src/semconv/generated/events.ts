// Generated from src/semconv by tools/generate-semconv.ts. Do not edit.
/** Everything known of one inference; carries the attributes of its span. */
export const EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS = 'gen_ai.client.inference.operation.details' as const;
/** An agent handed its work over to another one. */
export const EVENT_SWARMSCOPE_AGENT_HANDOFF = 'swarmscope.agent.handoff' as const;
/** The parts of a budget are more than its limit. */
export const EVENT_SWARMSCOPE_BUDGET_OVERALLOCATED = 'swarmscope.budget.overallocated' as const;
/** A budget was used up to 50, 80 or 100 percent. The record has the trace and span id of the call that did it. */
export const EVENT_SWARMSCOPE_BUDGET_THRESHOLD_REACHED = 'swarmscope.budget.threshold.reached' as const;
/** A part of the program chose between ways to go on. */
export const EVENT_SWARMSCOPE_DECISION_MADE = 'swarmscope.decision.made' as const;
/** The marked log record of swarmscope doctor --stack; its trace and span id are those of the marked span. */
export const EVENT_SWARMSCOPE_DOCTOR_CHECKED = 'swarmscope.doctor.checked' as const;
/** A model was chosen. */
export const EVENT_SWARMSCOPE_ROUTING_DECISION_MADE = 'swarmscope.routing.decision.made' as const;
/** A span has started. The record has the trace and span id of that span and carries its start attributes. */
export const EVENT_SWARMSCOPE_SPAN_STARTED = 'swarmscope.span.started' as const;
