// Generated from src/semconv by tools/generate-semconv.ts. Do not edit.
/** Mode of the CPU. (string, release_candidate) */
export const ATTR_CPU_MODE = 'cpu.mode' as const;
/** Name of the deployment environment. (string, stable) */
export const ATTR_DEPLOYMENT_ENVIRONMENT_NAME = 'deployment.environment.name' as const;
/** Direction of disk traffic. (string, release_candidate) */
export const ATTR_DISK_IO_DIRECTION = 'disk.io.direction' as const;
/** Class of error the operation ended with; low cardinality, an open list. (string, stable) */
export const ATTR_ERROR_TYPE = 'error.type' as const;
/** Name of an event, where a log record has none in its own field; read from other programs, never written. (string, development) */
export const ATTR_EVENT_NAME = 'event.name' as const;
/** Message of the exception. (string, stable) */
export const ATTR_EXCEPTION_MESSAGE = 'exception.message' as const;
/** Stack trace of the exception. (string, stable) */
export const ATTR_EXCEPTION_STACKTRACE = 'exception.stacktrace' as const;
/** Class of the exception. (string, stable) */
export const ATTR_EXCEPTION_TYPE = 'exception.type' as const;
/** Name of the agent. (string, development) */
export const ATTR_GEN_AI_AGENT_NAME = 'gen_ai.agent.name' as const;
/** Set to true when the conversation was compacted before the model answered. (boolean, development) */
export const ATTR_GEN_AI_CONVERSATION_COMPACTED = 'gen_ai.conversation.compacted' as const;
/** Id of the conversation, session or thread, where the provider or application has one. (string, development) */
export const ATTR_GEN_AI_CONVERSATION_ID = 'gen_ai.conversation.id' as const;
/** Dimensions of the embeddings. (int, development) */
export const ATTR_GEN_AI_EMBEDDINGS_DIMENSION_COUNT = 'gen_ai.embeddings.dimension.count' as const;
/** Messages sent to the model. (any, development) */
export const ATTR_GEN_AI_INPUT_MESSAGES = 'gen_ai.input.messages' as const;
/** The operation that is performed. (string, development) */
export const ATTR_GEN_AI_OPERATION_NAME = 'gen_ai.operation.name' as const;
/** Messages returned by the model. (any, development) */
export const ATTR_GEN_AI_OUTPUT_MESSAGES = 'gen_ai.output.messages' as const;
/** The kind of output that was asked for. (string, development) */
export const ATTR_GEN_AI_OUTPUT_TYPE = 'gen_ai.output.type' as const;
/** The provider, as identified by the client; an open list, for a local server its own short name. (string, development) */
export const ATTR_GEN_AI_PROVIDER_NAME = 'gen_ai.provider.name' as const;
/** Number of candidate answers asked for, when not 1. (int, development) */
export const ATTR_GEN_AI_REQUEST_CHOICE_COUNT = 'gen_ai.request.choice.count' as const;
/** Encoding formats asked for in an embeddings request. (string[], development) */
export const ATTR_GEN_AI_REQUEST_ENCODING_FORMATS = 'gen_ai.request.encoding_formats' as const;
/** Frequency penalty setting. (double, development) */
export const ATTR_GEN_AI_REQUEST_FREQUENCY_PENALTY = 'gen_ai.request.frequency_penalty' as const;
/** Largest number of tokens to generate. (int, development) */
export const ATTR_GEN_AI_REQUEST_MAX_TOKENS = 'gen_ai.request.max_tokens' as const;
/** Name of the model as requested. (string, development) */
export const ATTR_GEN_AI_REQUEST_MODEL = 'gen_ai.request.model' as const;
/** Presence penalty setting. (double, development) */
export const ATTR_GEN_AI_REQUEST_PRESENCE_PENALTY = 'gen_ai.request.presence_penalty' as const;
/** Id of the earlier response that this request continues. (string, development) */
export const ATTR_GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID = 'gen_ai.request.previous_response.id' as const;
/** Reasoning effort, exactly as sent. (string, development) */
export const ATTR_GEN_AI_REQUEST_REASONING_LEVEL = 'gen_ai.request.reasoning.level' as const;
/** Requested seed. (int, development) */
export const ATTR_GEN_AI_REQUEST_SEED = 'gen_ai.request.seed' as const;
/** Sequences at which generation stops. (string[], development) */
export const ATTR_GEN_AI_REQUEST_STOP_SEQUENCES = 'gen_ai.request.stop_sequences' as const;
/** True when the answer was asked for as a stream. (boolean, development) */
export const ATTR_GEN_AI_REQUEST_STREAM = 'gen_ai.request.stream' as const;
/** Temperature setting. (double, development) */
export const ATTR_GEN_AI_REQUEST_TEMPERATURE = 'gen_ai.request.temperature' as const;
/** Top-k sampling setting. (int, development) */
export const ATTR_GEN_AI_REQUEST_TOP_K = 'gen_ai.request.top_k' as const;
/** Top-p sampling setting. (double, development) */
export const ATTR_GEN_AI_REQUEST_TOP_P = 'gen_ai.request.top_p' as const;
/** Why generation stopped, one entry per choice; error when the stream broke. (string[], development) */
export const ATTR_GEN_AI_RESPONSE_FINISH_REASONS = 'gen_ai.response.finish_reasons' as const;
/** Id of the response. (string, development) */
export const ATTR_GEN_AI_RESPONSE_ID = 'gen_ai.response.id' as const;
/** Name of the model that answered. (string, development) */
export const ATTR_GEN_AI_RESPONSE_MODEL = 'gen_ai.response.model' as const;
/** Status of a stored response. (string, development) */
export const ATTR_GEN_AI_RESPONSE_STATUS = 'gen_ai.response.status' as const;
/** Seconds from the request to the first chunk of a streamed answer. (double, development) */
export const ATTR_GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK = 'gen_ai.response.time_to_first_chunk' as const;
/** Name of the skill that a tool call loads. (string, development) */
export const ATTR_GEN_AI_SKILL_NAME = 'gen_ai.skill.name' as const;
/** System instructions given to the model. (any, development) */
export const ATTR_GEN_AI_SYSTEM_INSTRUCTIONS = 'gen_ai.system_instructions' as const;
/** Modality of counted tokens. (string, development) */
export const ATTR_GEN_AI_TOKEN_MODALITY = 'gen_ai.token.modality' as const;
/** Arguments of the tool call. (any, development) */
export const ATTR_GEN_AI_TOOL_CALL_ARGUMENTS = 'gen_ai.tool.call.arguments' as const;
/** Id of the tool call. (string, development) */
export const ATTR_GEN_AI_TOOL_CALL_ID = 'gen_ai.tool.call.id' as const;
/** Result of the tool call. (any, development) */
export const ATTR_GEN_AI_TOOL_CALL_RESULT = 'gen_ai.tool.call.result' as const;
/** Tool definitions offered to the model. (any, development) */
export const ATTR_GEN_AI_TOOL_DEFINITIONS = 'gen_ai.tool.definitions' as const;
/** Description of the tool. (string, development) */
export const ATTR_GEN_AI_TOOL_DESCRIPTION = 'gen_ai.tool.description' as const;
/** Name of the tool. (string, development) */
export const ATTR_GEN_AI_TOOL_NAME = 'gen_ai.tool.name' as const;
/** Kind of tool. (string, development) */
export const ATTR_GEN_AI_TOOL_TYPE = 'gen_ai.tool.type' as const;
/** Audio input tokens. (int, development) */
export const ATTR_GEN_AI_USAGE_AUDIO_INPUT_TOKENS = 'gen_ai.usage.audio.input_tokens' as const;
/** Audio output tokens. (int, development) */
export const ATTR_GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS = 'gen_ai.usage.audio.output_tokens' as const;
/** Input tokens read from the provider's cache; part of the input tokens. (int, development) */
export const ATTR_GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS = 'gen_ai.usage.cache_read.input_tokens' as const;
/** Input tokens written to the provider's cache; part of the input tokens. (int, development) */
export const ATTR_GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS = 'gen_ai.usage.cache_write.input_tokens' as const;
/** Image input tokens. (int, development) */
export const ATTR_GEN_AI_USAGE_IMAGE_INPUT_TOKENS = 'gen_ai.usage.image.input_tokens' as const;
/** Image output tokens. (int, development) */
export const ATTR_GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS = 'gen_ai.usage.image.output_tokens' as const;
/** Input tokens in total, cached ones included. (int, development) */
export const ATTR_GEN_AI_USAGE_INPUT_TOKENS = 'gen_ai.usage.input_tokens' as const;
/** Output tokens in total, reasoning included. (int, development) */
export const ATTR_GEN_AI_USAGE_OUTPUT_TOKENS = 'gen_ai.usage.output_tokens' as const;
/** Output tokens spent on reasoning; part of the output tokens. (int, development) */
export const ATTR_GEN_AI_USAGE_REASONING_OUTPUT_TOKENS = 'gen_ai.usage.reasoning.output_tokens' as const;
/** Name of the workflow; low cardinality. (string, development) */
export const ATTR_GEN_AI_WORKFLOW_NAME = 'gen_ai.workflow.name' as const;
/** Name of the host. (string, development) */
export const ATTR_HOST_NAME = 'host.name' as const;
/** HTTP method. (string, stable) */
export const ATTR_HTTP_REQUEST_METHOD = 'http.request.method' as const;
/** Ordinal of the resent request; 0 or absent for the first attempt. (int, stable) */
export const ATTR_HTTP_REQUEST_RESEND_COUNT = 'http.request.resend_count' as const;
/** HTTP status code. (int, stable) */
export const ATTR_HTTP_RESPONSE_STATUS_CODE = 'http.response.status_code' as const;
/** Template of the path that a request met, where the framework tells it: `/users/:id`. (string, stable) */
export const ATTR_HTTP_ROUTE = 'http.route' as const;
/** Version of the driver. (string, development) */
export const ATTR_HW_DRIVER_VERSION = 'hw.driver_version' as const;
/** Engine of the GPU; unrelated to the tasks of a swarm. (string, development) */
export const ATTR_HW_GPU_TASK = 'hw.gpu.task' as const;
/** Id of the component, unique in the host; for a GPU its UUID. (string, development) */
export const ATTR_HW_ID = 'hw.id' as const;
/** Name of the component. (string, development) */
export const ATTR_HW_NAME = 'hw.name' as const;
/** Id of the component that contains this one; for a MIG slice the UUID of its GPU. (string, development) */
export const ATTR_HW_PARENT = 'hw.parent' as const;
/** Where the sensor sits: gpu, memory. (string, development) */
export const ATTR_HW_SENSOR_LOCATION = 'hw.sensor_location' as const;
/** Kind of component. (string, development) */
export const ATTR_HW_TYPE = 'hw.type' as const;
/** Vendor of the component. (string, development) */
export const ATTR_HW_VENDOR = 'hw.vendor' as const;
/** The method of the Model Context Protocol. (string, development) */
export const ATTR_MCP_METHOD_NAME = 'mcp.method.name' as const;
/** Name of the network interface. (string, development) */
export const ATTR_NETWORK_INTERFACE_NAME = 'network.interface.name' as const;
/** Direction of traffic. (string, release_candidate) */
export const ATTR_NETWORK_IO_DIRECTION = 'network.io.direction' as const;
/** What is spoken, where it is not HTTP: `websocket`. (string, stable) */
export const ATTR_NETWORK_PROTOCOL_NAME = 'network.protocol.name' as const;
/** Version of HTTP: 1.1, 2. (string, stable) */
export const ATTR_NETWORK_PROTOCOL_VERSION = 'network.protocol.version' as const;
/** State of the event loop. (string, development) */
export const ATTR_NODEJS_EVENTLOOP_STATE = 'nodejs.eventloop.state' as const;
/** The OpenAI API that was called. (string, development) */
export const ATTR_OPENAI_API_TYPE = 'openai.api.type' as const;
/** Service tier asked for. (string, development) */
export const ATTR_OPENAI_REQUEST_SERVICE_TIER = 'openai.request.service_tier' as const;
/** Service tier that answered. (string, development) */
export const ATTR_OPENAI_RESPONSE_SERVICE_TIER = 'openai.response.service_tier' as const;
/** Fingerprint of the configuration that answered. (string, development) */
export const ATTR_OPENAI_RESPONSE_SYSTEM_FINGERPRINT = 'openai.response.system_fingerprint' as const;
/** True on the point that adds up all attribute sets beyond the cardinality limit. (boolean, stable) */
export const ATTR_OTEL_METRIC_OVERFLOW = 'otel.metric.overflow' as const;
/** Arguments of the command, sanitised. (string[], release_candidate) */
export const ATTR_PROCESS_COMMAND_ARGS = 'process.command_args' as const;
/** Whether a context switch was asked for. (string, release_candidate) */
export const ATTR_PROCESS_CONTEXT_SWITCH_TYPE = 'process.context_switch.type' as const;
/** Name of the executable without its path. (string, release_candidate) */
export const ATTR_PROCESS_EXECUTABLE_NAME = 'process.executable.name' as const;
/** Exit code of the process. (int, release_candidate) */
export const ATTR_PROCESS_EXIT_CODE = 'process.exit.code' as const;
/** Process id. (int, release_candidate) */
export const ATTR_PROCESS_PID = 'process.pid' as const;
/** Name of the runtime. (string, development) */
export const ATTR_PROCESS_RUNTIME_NAME = 'process.runtime.name' as const;
/** Version of the runtime. (string, development) */
export const ATTR_PROCESS_RUNTIME_VERSION = 'process.runtime.version' as const;
/** Working directory of the process. (string, release_candidate) */
export const ATTR_PROCESS_WORKING_DIRECTORY = 'process.working_directory' as const;
/** Host name or address of the server. (string, stable) */
export const ATTR_SERVER_ADDRESS = 'server.address' as const;
/** Port of the server. (int, stable) */
export const ATTR_SERVER_PORT = 'server.port' as const;
/** Id of the service instance; never inherited by a child. (string, stable) */
export const ATTR_SERVICE_INSTANCE_ID = 'service.instance.id' as const;
/** Logical name of the service. (string, stable) */
export const ATTR_SERVICE_NAME = 'service.name' as const;
/** Namespace of the service. (string, stable) */
export const ATTR_SERVICE_NAMESPACE = 'service.namespace' as const;
/** Version of the service. (string, stable) */
export const ATTR_SERVICE_VERSION = 'service.version' as const;
/** Id of an agent instance inside a process. (string, development) */
export const ATTR_SWARMSCOPE_AGENT_INSTANCE_ID = 'swarmscope.agent.instance.id' as const;
/** How it is known that a session file is that of the process whose calls it tells. (string, development) */
export const ATTR_SWARMSCOPE_AGENT_SESSION_EVIDENCE = 'swarmscope.agent.session.evidence' as const;
/** Kind of scarce resource. (string, development) */
export const ATTR_SWARMSCOPE_ALLOCATION_RESOURCE_TYPE = 'swarmscope.allocation.resource.type' as const;
/** Id of the batch or superstep. (string, development) */
export const ATTR_SWARMSCOPE_BATCH_ID = 'swarmscope.batch.id' as const;
/** Ordinal of the batch in the run. (int, development) */
export const ATTR_SWARMSCOPE_BATCH_INDEX = 'swarmscope.batch.index' as const;
/** True when the batch was seen as a barrier and not declared. (boolean, development) */
export const ATTR_SWARMSCOPE_BATCH_INFERRED = 'swarmscope.batch.inferred' as const;
/** Sum of task durations divided by the duration of the batch. (double, development) */
export const ATTR_SWARMSCOPE_BATCH_PARALLELISM = 'swarmscope.batch.parallelism' as const;
/** Tasks in the batch. (int, development) */
export const ATTR_SWARMSCOPE_BATCH_SIZE = 'swarmscope.batch.size' as const;
/** Seconds from the median task end to the last task end. (double, development) */
export const ATTR_SWARMSCOPE_BATCH_STRAGGLER_DELAY = 'swarmscope.batch.straggler.delay' as const;
/** Task that released the barrier. (string, development) */
export const ATTR_SWARMSCOPE_BATCH_STRAGGLER_TASK_ID = 'swarmscope.batch.straggler.task.id' as const;
/** What was spent or set aside of the budget, in tokens, US dollars or seconds. (double, development) */
export const ATTR_SWARMSCOPE_BUDGET_AMOUNT = 'swarmscope.budget.amount' as const;
/** What the limit of a budget is counted in. (string, development) */
export const ATTR_SWARMSCOPE_BUDGET_KIND = 'swarmscope.budget.kind' as const;
/** What the budget was granted, in tokens, US dollars or seconds. (double, development) */
export const ATTR_SWARMSCOPE_BUDGET_LIMIT = 'swarmscope.budget.limit' as const;
/** Name of the budget. (string, development) */
export const ATTR_SWARMSCOPE_BUDGET_NAME = 'swarmscope.budget.name' as const;
/** Share of the limit that was reached, in percent: 50, 80 or 100 unless a policy says otherwise. (int, development) */
export const ATTR_SWARMSCOPE_BUDGET_THRESHOLD = 'swarmscope.budget.threshold' as const;
/** Characters that gen_ai.input.messages leaves out: of whole messages, and in the middle of the newest one. (int, development) */
export const ATTR_SWARMSCOPE_CONTENT_OMITTED_CHARACTERS = 'swarmscope.content.omitted.characters' as const;
/** Messages, the oldest ones, that gen_ai.input.messages leaves out since it is bounded. (int, development) */
export const ATTR_SWARMSCOPE_CONTENT_OMITTED_MESSAGES = 'swarmscope.content.omitted.messages' as const;
/** Why the context was compacted. (string, development) */
export const ATTR_SWARMSCOPE_CONTEXT_COMPACTION_TRIGGER = 'swarmscope.context.compaction.trigger' as const;
/** Context window of the model, in tokens. (int, development) */
export const ATTR_SWARMSCOPE_CONTEXT_LIMIT = 'swarmscope.context.limit' as const;
/** Whether tokens are those before or after the context was made smaller. (string, development) */
export const ATTR_SWARMSCOPE_CONTEXT_OPTIMIZATION_STATE = 'swarmscope.context.optimization.state' as const;
/** Tokens of the context after it was made smaller. (int, development) */
export const ATTR_SWARMSCOPE_CONTEXT_OPTIMIZATION_TOKENS_AFTER = 'swarmscope.context.optimization.tokens.after' as const;
/** Tokens of the context before it was made smaller. (int, development) */
export const ATTR_SWARMSCOPE_CONTEXT_OPTIMIZATION_TOKENS_BEFORE = 'swarmscope.context.optimization.tokens.before' as const;
/** What made the context smaller, as the program calls it: `trim-history`, `summary`. (string, development) */
export const ATTR_SWARMSCOPE_CONTEXT_OPTIMIZER_NAME = 'swarmscope.context.optimizer.name' as const;
/** Tokens sent in the context window. (int, development) */
export const ATTR_SWARMSCOPE_CONTEXT_USAGE = 'swarmscope.context.usage' as const;
/** Context usage divided by the context limit. (double, development) */
export const ATTR_SWARMSCOPE_CONTEXT_UTILIZATION = 'swarmscope.context.utilization' as const;
/** Cost of the call, frozen when recorded. (double, development) */
export const ATTR_SWARMSCOPE_COST_AMOUNT = 'swarmscope.cost.amount' as const;
/** Currency of the cost, ISO 4217. (string, development) */
export const ATTR_SWARMSCOPE_COST_CURRENCY = 'swarmscope.cost.currency' as const;
/** What a call would cost in USD if it had the estimated tokens. In no metric. (double, development) */
export const ATTR_SWARMSCOPE_COST_ESTIMATED = 'swarmscope.cost.estimated' as const;
/** Version of the price table. (string, development) */
export const ATTR_SWARMSCOPE_COST_PRICE_TABLE_VERSION = 'swarmscope.cost.price_table.version' as const;
/** Where the cost comes from. (string, development) */
export const ATTR_SWARMSCOPE_COST_SOURCE = 'swarmscope.cost.source' as const;
/** What the prices lack for this call, whose cost is therefore unknown: `priority tier`, `audio tokens`. (string, development) */
export const ATTR_SWARMSCOPE_COST_UNPRICED = 'swarmscope.cost.unpriced' as const;
/** What could have been chosen instead. (string[], development) */
export const ATTR_SWARMSCOPE_DECISION_ALTERNATIVES = 'swarmscope.decision.alternatives' as const;
/** What was chosen. (string, development) */
export const ATTR_SWARMSCOPE_DECISION_CHOSEN = 'swarmscope.decision.chosen' as const;
/** Part of the program that decided: planner, scheduler, judge. (string, development) */
export const ATTR_SWARMSCOPE_DECISION_COMPONENT = 'swarmscope.decision.component' as const;
/** Vocabulary in which a span, event or metric was sent before it was translated, such as claude_code or openinference. (string, development) */
export const ATTR_SWARMSCOPE_DIALECT = 'swarmscope.dialect' as const;
/** Why telemetry was dropped. (string, development) */
export const ATTR_SWARMSCOPE_DROP_REASON = 'swarmscope.drop.reason' as const;
/** Plain data that a program tells with an event, as JSON. (string, development) */
export const ATTR_SWARMSCOPE_EVENT_DATA = 'swarmscope.event.data' as const;
/** How something came out: one of a few words. (string, development) */
export const ATTR_SWARMSCOPE_EVENT_OUTCOME = 'swarmscope.event.outcome' as const;
/** Why something happened: one of a few words, no sentence. (string, development) */
export const ATTR_SWARMSCOPE_EVENT_REASON = 'swarmscope.event.reason' as const;
/** Of a live finding: the same when it is raised and when it is withdrawn. (string, development) */
export const ATTR_SWARMSCOPE_FINDING_ID = 'swarmscope.finding.id' as const;
/** What a live finding is about. (string, development) */
export const ATTR_SWARMSCOPE_FINDING_KIND = 'swarmscope.finding.kind' as const;
/** Whether a live finding begins or ends. (string, development) */
export const ATTR_SWARMSCOPE_FINDING_STATE = 'swarmscope.finding.state' as const;
/** From which value on it is told: milliseconds, refusals a minute, rounds, percent, or conflicts in ten minutes, by its kind. (double, development) */
export const ATTR_SWARMSCOPE_FINDING_THRESHOLD = 'swarmscope.finding.threshold' as const;
/** What was measured, in the unit of the threshold. (double, development) */
export const ATTR_SWARMSCOPE_FINDING_VALUE = 'swarmscope.finding.value' as const;
/** Kind of the process that started the command, a value of swarmscope.process.executable.kind, as the process table and git tell it. (string, development) */
export const ATTR_SWARMSCOPE_GIT_CALLER_KIND = 'swarmscope.git.caller.kind' as const;
/** Files in conflict. (int, development) */
export const ATTR_SWARMSCOPE_GIT_CONFLICT_COUNT = 'swarmscope.git.conflict.count' as const;
/** Outcome of a merge, rebase or cherry-pick. (string, development) */
export const ATTR_SWARMSCOPE_GIT_MERGE_RESULT = 'swarmscope.git.merge.result' as const;
/** git sub-command in snake case; the span name uses git's own spelling; an open list. (string, development) */
export const ATTR_SWARMSCOPE_GIT_OPERATION_NAME = 'swarmscope.git.operation.name' as const;
/** Name of the remote. (string, development) */
export const ATTR_SWARMSCOPE_GIT_REMOTE_NAME = 'swarmscope.git.remote.name' as const;
/** Name of the worktree. (string, development) */
export const ATTR_SWARMSCOPE_GIT_WORKTREE_NAME = 'swarmscope.git.worktree.name' as const;
/** Whether a guardrail stopped what it looked at; present on the task of a guardrail alone. (boolean, development) */
export const ATTR_SWARMSCOPE_GUARDRAIL_TRIGGERED = 'swarmscope.guardrail.triggered' as const;
/** Agent that hands over. (string, development) */
export const ATTR_SWARMSCOPE_HANDOFF_SOURCE_NAME = 'swarmscope.handoff.source.name' as const;
/** Agent that takes over. (string, development) */
export const ATTR_SWARMSCOPE_HANDOFF_TARGET_NAME = 'swarmscope.handoff.target.name' as const;
/** How the call ended, as seen on the wire. (string, development) */
export const ATTR_SWARMSCOPE_INFERENCE_ENDING = 'swarmscope.inference.ending' as const;
/** Seconds that the server took to load the model before it answered, as it says itself. (double, development) */
export const ATTR_SWARMSCOPE_INFERENCE_LOAD_DURATION = 'swarmscope.inference.load_duration' as const;
/** Id that the provider gave the request, as its answer's header and some agents tell it. (string, development) */
export const ATTR_SWARMSCOPE_INFERENCE_REQUEST_ID = 'swarmscope.inference.request.id' as const;
/** Program that serves models on this machine. (string, development) */
export const ATTR_SWARMSCOPE_MODEL_SERVER_NAME = 'swarmscope.model_server.name' as const;
/** Whether the server works at the request or it waits for room. (string, development) */
export const ATTR_SWARMSCOPE_MODEL_SERVER_REQUEST_STATE = 'swarmscope.model_server.request.state' as const;
/** Name of an observer of swarmscope; on the span of a call, gateway where the gateway saw it from outside the process. (string, development) */
export const ATTR_SWARMSCOPE_OBSERVER_NAME = 'swarmscope.observer.name' as const;
/** Action part of our span names. (string, development) */
export const ATTR_SWARMSCOPE_OPERATION_NAME = 'swarmscope.operation.name' as const;
/** Name of a phase of the run. (string, development) */
export const ATTR_SWARMSCOPE_PHASE_NAME = 'swarmscope.phase.name' as const;
/** What became of a change of the policies of the run. (string, development) */
export const ATTR_SWARMSCOPE_POLICY_CHANGE_OUTCOME = 'swarmscope.policy.change.outcome' as const;
/** The field that was wrong in a change of policies. (string, development) */
export const ATTR_SWARMSCOPE_POLICY_FIELD = 'swarmscope.policy.field' as const;
/** Name of a policy of the program, such as a guard of tools. (string, development) */
export const ATTR_SWARMSCOPE_POLICY_NAME = 'swarmscope.policy.name' as const;
/** Outcome of a policy decision. (string, development) */
export const ATTR_SWARMSCOPE_POLICY_OUTCOME = 'swarmscope.policy.outcome' as const;
/** Share of the pieces of work whose spans are recorded from now on. (double, development) */
export const ATTR_SWARMSCOPE_POLICY_SAMPLING = 'swarmscope.policy.sampling' as const;
/** Where a change of the policies of the run came from. (string, development) */
export const ATTR_SWARMSCOPE_POLICY_SOURCE = 'swarmscope.policy.source' as const;
/** Version of the policy, or of the policies of the run. (string, development) */
export const ATTR_SWARMSCOPE_POLICY_VERSION = 'swarmscope.policy.version' as const;
/** Name of the worker pool. (string, development) */
export const ATTR_SWARMSCOPE_POOL_NAME = 'swarmscope.pool.name' as const;
/** Processes below this one, at any depth, that were seen until its end. (int, development) */
export const ATTR_SWARMSCOPE_PROCESS_BELOW_COUNT = 'swarmscope.process.below.count' as const;
/** CPU time in seconds of the children that have ended and were waited for, with theirs: also of those too short to be seen. (double, development) */
export const ATTR_SWARMSCOPE_PROCESS_CHILDREN_CPU_TIME = 'swarmscope.process.children.cpu.time' as const;
/** Of the CPU time in seconds of a process and of its children that it waited for, what the kernel worked for them; the rest is user time. (double, development) */
export const ATTR_SWARMSCOPE_PROCESS_CPU_SYSTEM_TIME = 'swarmscope.process.cpu.system.time' as const;
/** CPU time of the process in seconds, its children excluded, as it was last seen. (double, development) */
export const ATTR_SWARMSCOPE_PROCESS_CPU_TIME = 'swarmscope.process.cpu.time' as const;
/** What sort of program the process is. (string, development) */
export const ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND = 'swarmscope.process.executable.kind' as const;
/** Bytes that the process read from disks, as it was last seen. (int, development) */
export const ATTR_SWARMSCOPE_PROCESS_IO_READ = 'swarmscope.process.io.read' as const;
/** Bytes that the process wrote to disks, as it was last seen. (int, development) */
export const ATTR_SWARMSCOPE_PROCESS_IO_WRITTEN = 'swarmscope.process.io.written' as const;
/** Most resident memory of the process in bytes, as it was last seen. (int, development) */
export const ATTR_SWARMSCOPE_PROCESS_MEMORY_PEAK = 'swarmscope.process.memory.peak' as const;
/** Who told of the process, where it was neither its caller nor itself. (string, development) */
export const ATTR_SWARMSCOPE_PROCESS_OBSERVER = 'swarmscope.process.observer' as const;
/** Name of the agent or the program that started it and has ended. (string, development) */
export const ATTR_SWARMSCOPE_PROCESS_ORPHAN_STARTER = 'swarmscope.process.orphan.starter' as const;
/** Seconds for which a process went on after whoever started it had ended, where they are 60 or more. (double, development) */
export const ATTR_SWARMSCOPE_PROCESS_ORPHAN_TIME = 'swarmscope.process.orphan.time' as const;
/** Signal that ended the process, such as SIGTERM; without an error.type it was stopped on purpose. (string, development) */
export const ATTR_SWARMSCOPE_PROCESS_SIGNAL = 'swarmscope.process.signal' as const;
/** Seconds after the start of the process at which its longest silence began. (double, development) */
export const ATTR_SWARMSCOPE_PROCESS_SILENT_AFTER = 'swarmscope.process.silent.after' as const;
/** Name of the program that a silent agent waits for. (string, development) */
export const ATTR_SWARMSCOPE_PROCESS_SILENT_CHILD = 'swarmscope.process.silent.child' as const;
/** What a silent agent waits for, as far as it can be said without a guess. (string, development) */
export const ATTR_SWARMSCOPE_PROCESS_SILENT_REASON = 'swarmscope.process.silent.reason' as const;
/** Longest time in seconds in which an agent and all that it started passed no bytes, used no CPU and started nothing. (double, development) */
export const ATTR_SWARMSCOPE_PROCESS_SILENT_TIME = 'swarmscope.process.silent.time' as const;
/** Tasks that are done, as the program gave it by hand. (int, development) */
export const ATTR_SWARMSCOPE_PROFILE_TASKS_COMPLETED = 'swarmscope.profile.tasks.completed' as const;
/** Tasks that wait, as the program gave it by hand. (int, development) */
export const ATTR_SWARMSCOPE_PROFILE_TASKS_PENDING = 'swarmscope.profile.tasks.pending' as const;
/** Workers at work, as the program gave it by hand. (int, development) */
export const ATTR_SWARMSCOPE_PROFILE_WORKERS_ACTIVE = 'swarmscope.profile.workers.active' as const;
/** Name of the queue. (string, development) */
export const ATTR_SWARMSCOPE_QUEUE_NAME = 'swarmscope.queue.name' as const;
/** What the rate limit counts. (string, development) */
export const ATTR_SWARMSCOPE_RATE_LIMIT_KIND = 'swarmscope.rate_limit.kind' as const;
/** The time that the limit is for, where the provider tells it: `minute`, `day`, `5h`. (string, development) */
export const ATTR_SWARMSCOPE_RATE_LIMIT_WINDOW = 'swarmscope.rate_limit.window' as const;
/** Seconds that the server asked to wait before the next attempt. (double, development) */
export const ATTR_SWARMSCOPE_RETRY_AFTER = 'swarmscope.retry.after' as const;
/** How hard the piece of work was judged to be when its model was chosen, on the scale of the program. (double, development) */
export const ATTR_SWARMSCOPE_ROUTING_COMPLEXITY = 'swarmscope.routing.complexity' as const;
/** Outcome of a routing decision. (string, development) */
export const ATTR_SWARMSCOPE_ROUTING_OUTCOME = 'swarmscope.routing.outcome' as const;
/** Reason of a routing decision; low cardinality. (string, development) */
export const ATTR_SWARMSCOPE_ROUTING_REASON = 'swarmscope.routing.reason' as const;
/** Tier of the chosen model, such as small or frontier. (string, development) */
export const ATTR_SWARMSCOPE_ROUTING_TIER = 'swarmscope.routing.tier' as const;
/** Id of one swarm run. (string, development) */
export const ATTR_SWARMSCOPE_RUN_ID = 'swarmscope.run.id' as const;
/** True when nobody declared the run, and its first process opened it. (boolean, development) */
export const ATTR_SWARMSCOPE_RUN_INFERRED = 'swarmscope.run.inferred' as const;
/** Name of the scheduler. (string, development) */
export const ATTR_SWARMSCOPE_SCHEDULER_NAME = 'swarmscope.scheduler.name' as const;
/** Strategy of the scheduler, such as fifo or critical_path. (string, development) */
export const ATTR_SWARMSCOPE_SCHEDULER_STRATEGY = 'swarmscope.scheduler.strategy' as const;
/** Code of the first close frame (RFC 6455). (int, development) */
export const ATTR_SWARMSCOPE_SESSION_CLOSE_CODE = 'swarmscope.session.close.code' as const;
/** Seconds from the start of the session until the service had agreed to it. (double, development) */
export const ATTR_SWARMSCOPE_SESSION_CONNECT_DURATION = 'swarmscope.session.connect.duration' as const;
/** How the session ended, as seen on the wire. (string, development) */
export const ATTR_SWARMSCOPE_SESSION_ENDING = 'swarmscope.session.ending' as const;
/** Id of a session over a WebSocket, as its service names it; else one that only this run knows. (string, development) */
export const ATTR_SWARMSCOPE_SESSION_ID = 'swarmscope.session.id' as const;
/** Messages that the service sent. (int, development) */
export const ATTR_SWARMSCOPE_SESSION_RECEIVED_MESSAGES = 'swarmscope.session.received.messages' as const;
/** Bytes of the messages that the service sent, as they came over the wire. (int, development) */
export const ATTR_SWARMSCOPE_SESSION_RECEIVED_SIZE = 'swarmscope.session.received.size' as const;
/** Responses of the model that began in the session. (int, development) */
export const ATTR_SWARMSCOPE_SESSION_RESPONSE_COUNT = 'swarmscope.session.response.count' as const;
/** Messages that the program sent. (int, development) */
export const ATTR_SWARMSCOPE_SESSION_SENT_MESSAGES = 'swarmscope.session.sent.messages' as const;
/** Bytes of the messages that the program sent, as they went over the wire. (int, development) */
export const ATTR_SWARMSCOPE_SESSION_SENT_SIZE = 'swarmscope.session.sent.size' as const;
/** What the program called the snapshot, or the name of the phase that had ended. (string, development) */
export const ATTR_SWARMSCOPE_SNAPSHOT_NAME = 'swarmscope.snapshot.name' as const;
/** Tasks and values of the state that were left out: too many, too long, or no plain data. (int, development) */
export const ATTR_SWARMSCOPE_SNAPSHOT_OMITTED = 'swarmscope.snapshot.omitted' as const;
/** What else was under way, as JSON: `phases`, `agents`, `batches`, `llmCalls`, `spans`. (string, development) */
export const ATTR_SWARMSCOPE_SNAPSHOT_OPEN = 'swarmscope.snapshot.open' as const;
/** What was still to be done, as JSON: `tasks` by type and pool, and the `queues` that are tracked. (string, development) */
export const ATTR_SWARMSCOPE_SNAPSHOT_PLANNED = 'swarmscope.snapshot.planned' as const;
/** The tasks at work, each as JSON: `id`, `type`, `pool`, `agent`, and `seconds` since its start. 2,000 at most. (string[], development) */
export const ATTR_SWARMSCOPE_SNAPSHOT_RUNNING = 'swarmscope.snapshot.running' as const;
/** What the LLM calls of the process had used up to then, as JSON: `llmCalls`, `inputTokens`, `outputTokens`, `usd`, and `budgets`. (string, development) */
export const ATTR_SWARMSCOPE_SNAPSHOT_SPENT = 'swarmscope.snapshot.spent' as const;
/** What the program handed over to be kept, as JSON of 64 KiB at most: whoever passes it has asked for it. Credentials are taken out. (string, development) */
export const ATTR_SWARMSCOPE_SNAPSHOT_STATE = 'swarmscope.snapshot.state' as const;
/** Tasks of the process that were accepted and had not started. (int, development) */
export const ATTR_SWARMSCOPE_SNAPSHOT_TASKS_QUEUED = 'swarmscope.snapshot.tasks.queued' as const;
/** Tasks of the process that were at work. (int, development) */
export const ATTR_SWARMSCOPE_SNAPSHOT_TASKS_RUNNING = 'swarmscope.snapshot.tasks.running' as const;
/** Why the snapshot was taken. (string, development) */
export const ATTR_SWARMSCOPE_SNAPSHOT_TRIGGER = 'swarmscope.snapshot.trigger' as const;
/** OTLP kind of the span that started: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. (int, development) */
export const ATTR_SWARMSCOPE_SPAN_KIND = 'swarmscope.span.kind' as const;
/** Name of the span that started. (string, development) */
export const ATTR_SWARMSCOPE_SPAN_NAME = 'swarmscope.span.name' as const;
/** Id of the parent span in hex; absent for a root span. (string, development) */
export const ATTR_SWARMSCOPE_SPAN_PARENT_ID = 'swarmscope.span.parent.id' as const;
/** Number of the attempt, from 1. (int, development) */
export const ATTR_SWARMSCOPE_TASK_ATTEMPT_NUMBER = 'swarmscope.task.attempt.number' as const;
/** Where a graph keeps the state of the task: the tasks around it and itself, each with its id. (string, development) */
export const ATTR_SWARMSCOPE_TASK_CHECKPOINT_NAMESPACE = 'swarmscope.task.checkpoint.namespace' as const;
/** Largest share of a context window that an LLM call inside the task used. (double, development) */
export const ATTR_SWARMSCOPE_TASK_CONTEXT_PEAK_UTILIZATION = 'swarmscope.task.context.peak_utilization' as const;
/** Cost in US dollars of all priced LLM calls inside the task; absent when none had a price. (double, development) */
export const ATTR_SWARMSCOPE_TASK_COST = 'swarmscope.task.cost' as const;
/** CPU seconds, user and system, children included. (double, development) */
export const ATTR_SWARMSCOPE_TASK_CPU_TIME = 'swarmscope.task.cpu.time' as const;
/** Number of prerequisites. (int, development) */
export const ATTR_SWARMSCOPE_TASK_DEPENDENCY_COUNT = 'swarmscope.task.dependency.count' as const;
/** Ids of the prerequisites. (string[], development) */
export const ATTR_SWARMSCOPE_TASK_DEPENDENCY_IDS = 'swarmscope.task.dependency.ids' as const;
/** CPU time that the task took, as a multiple of what was estimated. (double, development) */
export const ATTR_SWARMSCOPE_TASK_ESTIMATE_CPU_RATIO = 'swarmscope.task.estimate.cpu_ratio' as const;
/** CPU seconds that the task was estimated to take. (double, development) */
export const ATTR_SWARMSCOPE_TASK_ESTIMATE_CPU_TIME = 'swarmscope.task.estimate.cpu_time' as const;
/** Peak resident memory that the task was estimated to take, in bytes. (double, development) */
export const ATTR_SWARMSCOPE_TASK_ESTIMATE_MEMORY = 'swarmscope.task.estimate.memory' as const;
/** Peak memory of the process meanwhile, as a multiple of what was estimated. (double, development) */
export const ATTR_SWARMSCOPE_TASK_ESTIMATE_MEMORY_RATIO = 'swarmscope.task.estimate.memory_ratio' as const;
/** Seconds that the task took, as a multiple of those estimated. (double, development) */
export const ATTR_SWARMSCOPE_TASK_ESTIMATE_RATIO = 'swarmscope.task.estimate.ratio' as const;
/** Seconds that the task was estimated to take. (double, development) */
export const ATTR_SWARMSCOPE_TASK_ESTIMATE_WALL_TIME = 'swarmscope.task.estimate.wall_time' as const;
/** Seconds of git commands inside the task, summed; absent where git has not told of each before the end of the task. (double, development) */
export const ATTR_SWARMSCOPE_TASK_GIT_TIME = 'swarmscope.task.git.time' as const;
/** Id of the task. (string, development) */
export const ATTR_SWARMSCOPE_TASK_ID = 'swarmscope.task.id' as const;
/** True when the task is a job of a queue that was watched, and not declared by the program. (boolean, development) */
export const ATTR_SWARMSCOPE_TASK_INFERRED = 'swarmscope.task.inferred' as const;
/** Input tokens of all LLM calls inside the task that reported them; absent when none did. (int, development) */
export const ATTR_SWARMSCOPE_TASK_INPUT_TOKENS = 'swarmscope.task.input_tokens' as const;
/** LLM calls inside the task, failed attempts included. Like all sums of a task it is absent where a child process or a thread worked in it, or something is still under way at its end. (int, development) */
export const ATTR_SWARMSCOPE_TASK_LLM_CALLS = 'swarmscope.task.llm.calls' as const;
/** Seconds of LLM calls inside the task, summed. (double, development) */
export const ATTR_SWARMSCOPE_TASK_LLM_TIME = 'swarmscope.task.llm.time' as const;
/** Peak resident memory of the process tree, in bytes. (int, development) */
export const ATTR_SWARMSCOPE_TASK_MEMORY_PEAK_USAGE = 'swarmscope.task.memory.peak_usage' as const;
/** Output tokens of all LLM calls inside the task that reported them; absent when none did. (int, development) */
export const ATTR_SWARMSCOPE_TASK_OUTPUT_TOKENS = 'swarmscope.task.output_tokens' as const;
/** Priority given to the scheduler. (int, development) */
export const ATTR_SWARMSCOPE_TASK_PRIORITY = 'swarmscope.task.priority' as const;
/** Seconds from ready to start. (double, development) */
export const ATTR_SWARMSCOPE_TASK_QUEUE_WAIT_TIME = 'swarmscope.task.queue.wait_time' as const;
/** How a task attempt ended. (string, development) */
export const ATTR_SWARMSCOPE_TASK_RESULT = 'swarmscope.task.result' as const;
/** Measured tasks that were at work in the process at the same time, at most, this one included. (int, development) */
export const ATTR_SWARMSCOPE_TASK_SHARED_COUNT = 'swarmscope.task.shared.count' as const;
/** Stage that a task is in, such as plan, build or review. (string, development) */
export const ATTR_SWARMSCOPE_TASK_STAGE_NAME = 'swarmscope.task.stage.name' as const;
/** Stage that a task was in before. (string, development) */
export const ATTR_SWARMSCOPE_TASK_STAGE_PREVIOUS_NAME = 'swarmscope.task.stage.previous_name' as const;
/** State of an unfinished task. (string, development) */
export const ATTR_SWARMSCOPE_TASK_STATE = 'swarmscope.task.state' as const;
/** Seconds of tool calls inside the task, summed. (double, development) */
export const ATTR_SWARMSCOPE_TASK_TOOL_TIME = 'swarmscope.task.tool.time' as const;
/** Distinct tools offered to the model inside the task. (int, development) */
export const ATTR_SWARMSCOPE_TASK_TOOLS_OFFERED_COUNT = 'swarmscope.task.tools.offered.count' as const;
/** Tools that were offered inside the task and that it did not call. (string[], development) */
export const ATTR_SWARMSCOPE_TASK_TOOLS_UNUSED_NAMES = 'swarmscope.task.tools.unused.names' as const;
/** Distinct tools called inside the task. (int, development) */
export const ATTR_SWARMSCOPE_TASK_TOOLS_USED_COUNT = 'swarmscope.task.tools.used.count' as const;
/** Tools that the task called, as the program gave it by hand. (string[], development) */
export const ATTR_SWARMSCOPE_TASK_TOOLS_USED_NAMES = 'swarmscope.task.tools.used.names' as const;
/** What made a task of a graph ready: the channels that were written, as the graph calls them. (string[], development) */
export const ATTR_SWARMSCOPE_TASK_TRIGGERS = 'swarmscope.task.triggers' as const;
/** Kind of task; low cardinality, never an id. (string, development) */
export const ATTR_SWARMSCOPE_TASK_TYPE = 'swarmscope.task.type' as const;
/** Seconds of waits inside the task, summed. (double, development) */
export const ATTR_SWARMSCOPE_TASK_WAIT_TIME = 'swarmscope.task.wait.time' as const;
/** Kind of telemetry item. (string, development) */
export const ATTR_SWARMSCOPE_TELEMETRY_SIGNAL = 'swarmscope.telemetry.signal' as const;
/** Tools offered to the model. (int, development) */
export const ATTR_SWARMSCOPE_TOOL_AVAILABLE_COUNT = 'swarmscope.tool.available.count' as const;
/** Keyed hash of the arguments of the tool call: within a run, equal arguments have equal hashes. The key is never exported. (string, development) */
export const ATTR_SWARMSCOPE_TOOL_CALL_ARGUMENTS_HASH = 'swarmscope.tool.call.arguments.hash' as const;
/** Keyed hash of the result of the tool call: within a run, equal results have equal hashes. The key is never exported. (string, development) */
export const ATTR_SWARMSCOPE_TOOL_CALL_RESULT_HASH = 'swarmscope.tool.call.result.hash' as const;
/** Keyed hashes of the arguments of the tools in swarmscope.tool.called.names, one entry per call; empty where there were none. (string[], development) */
export const ATTR_SWARMSCOPE_TOOL_CALLED_HASHES = 'swarmscope.tool.called.hashes' as const;
/** Names of the tools that the answer asked for, one entry per call. (string[], development) */
export const ATTR_SWARMSCOPE_TOOL_CALLED_NAMES = 'swarmscope.tool.called.names' as const;
/** True when the tool call was inferred from the model asking for it and its result being sent back. (boolean, development) */
export const ATTR_SWARMSCOPE_TOOL_INFERRED = 'swarmscope.tool.inferred' as const;
/** Names of the tools offered to the model. (string[], development) */
export const ATTR_SWARMSCOPE_TOOL_OFFERED_NAMES = 'swarmscope.tool.offered.names' as const;
/** Of the tools that the answer called, those that the provider ran itself (web search, code interpreter, MCP), one entry per call. (string[], development) */
export const ATTR_SWARMSCOPE_TOOL_PROVIDER_NAMES = 'swarmscope.tool.provider.names' as const;
/** Seconds of sound that were heard or written down, as the provider counts them. (double, development) */
export const ATTR_SWARMSCOPE_USAGE_AUDIO_DURATION = 'swarmscope.usage.audio.duration' as const;
/** Characters of the text that was said. (int, development) */
export const ATTR_SWARMSCOPE_USAGE_CHARACTERS = 'swarmscope.usage.characters' as const;
/** Tokens of a request whose answer told none, estimated by the length of its body. In no metric. (int, development) */
export const ATTR_SWARMSCOPE_USAGE_ESTIMATED_INPUT_TOKENS = 'swarmscope.usage.estimated.input_tokens' as const;
/** Tokens of an answer that told none, estimated by the length of its texts. In no metric. (int, development) */
export const ATTR_SWARMSCOPE_USAGE_ESTIMATED_OUTPUT_TOKENS = 'swarmscope.usage.estimated.output_tokens' as const;
/** Pictures that the answer holds. (int, development) */
export const ATTR_SWARMSCOPE_USAGE_IMAGES = 'swarmscope.usage.images' as const;
/** Pages of a document that were read. (int, development) */
export const ATTR_SWARMSCOPE_USAGE_PAGES = 'swarmscope.usage.pages' as const;
/** What is waited for. (string, development) */
export const ATTR_SWARMSCOPE_WAIT_REASON = 'swarmscope.wait.reason' as const;
/** Slot of the worker; a bounded set. (string, development) */
export const ATTR_SWARMSCOPE_WORKER_ID = 'swarmscope.worker.id' as const;
/** State of a worker. (string, development) */
export const ATTR_SWARMSCOPE_WORKER_STATE = 'swarmscope.worker.state' as const;
/** Name of the device. (string, development) */
export const ATTR_SYSTEM_DEVICE_NAME = 'system.device.name' as const;
/** State of memory. (string, development) */
export const ATTR_SYSTEM_MEMORY_STATE = 'system.memory.state' as const;
/** Name of the telemetry distribution: swarmscope. (string, stable) */
export const ATTR_TELEMETRY_DISTRO_NAME = 'telemetry.distro.name' as const;
/** Version of the telemetry distribution. (string, stable) */
export const ATTR_TELEMETRY_DISTRO_VERSION = 'telemetry.distro.version' as const;
/** Language of the telemetry SDK. (string, stable) */
export const ATTR_TELEMETRY_SDK_LANGUAGE = 'telemetry.sdk.language' as const;
/** Name of the telemetry SDK. (string, stable) */
export const ATTR_TELEMETRY_SDK_NAME = 'telemetry.sdk.name' as const;
/** Version of the telemetry SDK. (string, stable) */
export const ATTR_TELEMETRY_SDK_VERSION = 'telemetry.sdk.version' as const;
/** Path of a request, without its query. (string, stable) */
export const ATTR_URL_PATH = 'url.path' as const;
/** http or https. (string, stable) */
export const ATTR_URL_SCHEME = 'url.scheme' as const;
/** Kind of garbage collection. (string, development) */
export const ATTR_V8JS_GC_TYPE = 'v8js.gc.type' as const;
/** Name of the V8 heap space. (string, development) */
export const ATTR_V8JS_HEAP_SPACE_NAME = 'v8js.heap.space.name' as const;
/** Kind of the resource that keeps the event loop alive. (string, development) */
export const ATTR_V8JS_RESOURCE_TYPE = 'v8js.resource.type' as const;
/** Branch or tag that the head started from. (string, release_candidate) */
export const ATTR_VCS_REF_BASE_NAME = 'vcs.ref.base.name' as const;
/** Branch or tag that is worked on. (string, release_candidate) */
export const ATTR_VCS_REF_HEAD_NAME = 'vcs.ref.head.name' as const;
/** Name of the repository. (string, release_candidate) */
export const ATTR_VCS_REPOSITORY_NAME = 'vcs.repository.name' as const;
