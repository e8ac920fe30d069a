// Generated from src/semconv by tools/generate-semconv.ts. Do not edit.
/** Everything known of one inference; carries the attributes of its span. */
export const EVENT_GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS = 'gen_ai.client.inference.operation.details' as const;
/** An agent came to its end. */
export const EVENT_SWARMSCOPE_AGENT_COMPLETED = 'swarmscope.agent.completed' as const;
/** An agent failed. */
export const EVENT_SWARMSCOPE_AGENT_FAILED = 'swarmscope.agent.failed' as const;
/** An agent handed its work over to another one. */
export const EVENT_SWARMSCOPE_AGENT_HANDOFF = 'swarmscope.agent.handoff' as const;
/** An agent was invoked. */
export const EVENT_SWARMSCOPE_AGENT_INVOKED = 'swarmscope.agent.invoked' as const;
/** An agent took too long. */
export const EVENT_SWARMSCOPE_AGENT_TIMEOUT = 'swarmscope.agent.timeout' as const;
/** Somebody has refused. */
export const EVENT_SWARMSCOPE_APPROVAL_DENIED = 'swarmscope.approval.denied' as const;
/** Somebody has approved. */
export const EVENT_SWARMSCOPE_APPROVAL_GRANTED = 'swarmscope.approval.granted' as const;
/** Somebody has to approve. */
export const EVENT_SWARMSCOPE_APPROVAL_REQUIRED = 'swarmscope.approval.required' as const;
/** The parts of a budget are more than its limit. */
export const EVENT_SWARMSCOPE_BUDGET_OVERALLOCATED = 'swarmscope.budget.overallocated' as const;
/** A budget was used up to 50, 80 or 100 percent, or to what a policy names. The record has the trace and span id of the call that did it. */
export const EVENT_SWARMSCOPE_BUDGET_THRESHOLD_REACHED = 'swarmscope.budget.threshold.reached' as const;
/** The program made a context smaller. */
export const EVENT_SWARMSCOPE_CONTEXT_OPTIMIZED = 'swarmscope.context.optimized' as const;
/** A context window is nearly full. */
export const EVENT_SWARMSCOPE_CONTEXT_WARNING = 'swarmscope.context.warning' as const;
/** Money was spent that no LLM call tells. */
export const EVENT_SWARMSCOPE_COST_RECORDED = 'swarmscope.cost.recorded' as const;
/** A part of the program chose between ways to go on. */
export const EVENT_SWARMSCOPE_DECISION_MADE = 'swarmscope.decision.made' as const;
/** The marked log record of swarmscope doctor --stack; its trace and span id are those of the marked span. */
export const EVENT_SWARMSCOPE_DOCTOR_CHECKED = 'swarmscope.doctor.checked' as const;
/** Something is wrong with the run while it goes on, or is so no longer. The record has the trace and span id of the most telling span. */
export const EVENT_SWARMSCOPE_FINDING = 'swarmscope.finding' as const;
/** Other policies are in force in the run. */
export const EVENT_SWARMSCOPE_POLICY_CHANGED = 'swarmscope.policy.changed' as const;
/** A policy of the program has decided. */
export const EVENT_SWARMSCOPE_POLICY_DECISION_MADE = 'swarmscope.policy.decision.made' as const;
/** A change of the policies of the run was wrong; those before stay in force. */
export const EVENT_SWARMSCOPE_POLICY_REFUSED = 'swarmscope.policy.refused' as const;
/** The program gave by hand what a task had and used, or how many workers are at work; of a task, all that was given up to then. */
export const EVENT_SWARMSCOPE_PROFILE_RECORDED = 'swarmscope.profile.recorded' as const;
/** A model was chosen. */
export const EVENT_SWARMSCOPE_ROUTING_DECISION_MADE = 'swarmscope.routing.decision.made' as const;
/** A session cannot go on and must be handed over. */
export const EVENT_SWARMSCOPE_SESSION_HANDOFF_REQUIRED = 'swarmscope.session.handoff_required' as const;
/** A session has used most of its tokens. */
export const EVENT_SWARMSCOPE_SESSION_TOKEN_WARNING = 'swarmscope.session.token_warning' as const;
/** What was running, open, spent and planned in one process, and the state that the program gave. */
export const EVENT_SWARMSCOPE_SNAPSHOT = 'swarmscope.snapshot' as const;
/** A span has started. The record has the trace and span id of that span and carries its start attributes. */
export const EVENT_SWARMSCOPE_SPAN_STARTED = 'swarmscope.span.started' as const;
/** A task went into another stage. */
export const EVENT_SWARMSCOPE_TASK_STAGE_CHANGED = 'swarmscope.task.stage_changed' as const;
/** A tool failed. */
export const EVENT_SWARMSCOPE_TOOL_ERROR = 'swarmscope.tool.error' as const;
/** A tool was refused since its quota is used up. */
export const EVENT_SWARMSCOPE_TOOL_QUOTA_EXCEEDED = 'swarmscope.tool.quota_exceeded' as const;
/** A tool was used. */
export const EVENT_SWARMSCOPE_TOOL_USED = 'swarmscope.tool.used' as const;
/** A result was checked. */
export const EVENT_SWARMSCOPE_VALIDATION_COMPLETED = 'swarmscope.validation.completed' as const;
