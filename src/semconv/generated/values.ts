// Generated from src/semconv by tools/generate-semconv.ts. Do not edit.
export const CPU_MODE_VALUE_USER = 'user' as const;
export const CPU_MODE_VALUE_SYSTEM = 'system' as const;
export const CPU_MODE_VALUE_NICE = 'nice' as const;
export const CPU_MODE_VALUE_IDLE = 'idle' as const;
export const CPU_MODE_VALUE_INTERRUPT = 'interrupt' as const;
/** Well-known values of `cpu.mode`. */
export type CpuMode = 'user' | 'system' | 'nice' | 'idle' | 'interrupt';
export const DISK_IO_DIRECTION_VALUE_READ = 'read' as const;
export const DISK_IO_DIRECTION_VALUE_WRITE = 'write' as const;
/** Well-known values of `disk.io.direction`. */
export type DiskIoDirection = 'read' | 'write';
/** No better name is known. */
export const ERROR_TYPE_VALUE_OTHER = '_OTHER' as const;
/** The time limit passed. */
export const ERROR_TYPE_VALUE_TIMEOUT = 'timeout' as const;
/** The caller gave up before an answer. */
export const ERROR_TYPE_VALUE_ABORTED = 'AbortError' as const;
/** The stream ended before the answer did. */
export const ERROR_TYPE_VALUE_INCOMPLETE_STREAM = 'incomplete_stream' as const;
/** The process ended while the operation was open. */
export const ERROR_TYPE_VALUE_PROCESS_EXIT = 'process_exit' as const;
/** A signal ended git. */
export const ERROR_TYPE_VALUE_SIGNAL = 'signal' as const;
/** git was gone without having said how it ended. */
export const ERROR_TYPE_VALUE_KILLED = 'killed' as const;
/** git left files in conflict. */
export const ERROR_TYPE_VALUE_MERGE_CONFLICT = 'merge_conflict' as const;
/** git refused because files of an earlier conflict are not resolved. */
export const ERROR_TYPE_VALUE_UNRESOLVED_CONFLICT = 'unresolved_conflict' as const;
/** A git hook said no. */
export const ERROR_TYPE_VALUE_HOOK_FAILED = 'hook_failed' as const;
/** git found a lock file of another process. */
export const ERROR_TYPE_VALUE_LOCK_HELD = 'lock_held' as const;
/** git could not authenticate. */
export const ERROR_TYPE_VALUE_AUTH_FAILED = 'auth_failed' as const;
/** git refused an update. */
export const ERROR_TYPE_VALUE_NON_FAST_FORWARD = 'non_fast_forward' as const;
/** Well-known values of `error.type`. */
export type ErrorType =
  | '_OTHER'
  | 'timeout'
  | 'AbortError'
  | 'incomplete_stream'
  | 'process_exit'
  | 'signal'
  | 'killed'
  | 'merge_conflict'
  | 'unresolved_conflict'
  | 'hook_failed'
  | 'lock_held'
  | 'auth_failed'
  | 'non_fast_forward';
/** Cancel a response that is worked on. */
export const GEN_AI_OPERATION_NAME_VALUE_CANCEL_RESPONSE = 'cancel_response' as const;
/** Chat completion. */
export const GEN_AI_OPERATION_NAME_VALUE_CHAT = 'chat' as const;
/** Count the tokens of a prompt. */
export const GEN_AI_OPERATION_NAME_VALUE_COUNT_TOKENS = 'count_tokens' as const;
/** Create an agent. */
export const GEN_AI_OPERATION_NAME_VALUE_CREATE_AGENT = 'create_agent' as const;
/** Submit calls that are made later. */
export const GEN_AI_OPERATION_NAME_VALUE_CREATE_BATCH = 'create_batch' as const;
/** Compute embeddings. */
export const GEN_AI_OPERATION_NAME_VALUE_EMBEDDINGS = 'embeddings' as const;
/** Run a tool. */
export const GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL = 'execute_tool' as const;
/** Fetch a stored response. */
export const GEN_AI_OPERATION_NAME_VALUE_FETCH_RESPONSE = 'fetch_response' as const;
/** Multimodal generation. */
export const GEN_AI_OPERATION_NAME_VALUE_GENERATE_CONTENT = 'generate_content' as const;
/** Order documents by how well they fit a query. */
export const GEN_AI_OPERATION_NAME_VALUE_RERANK = 'rerank' as const;
/** Invoke an agent. */
export const GEN_AI_OPERATION_NAME_VALUE_INVOKE_AGENT = 'invoke_agent' as const;
/** Invoke a workflow of several agents. */
export const GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW = 'invoke_workflow' as const;
/** Retrieve documents. */
export const GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL = 'retrieval' as const;
/** Text completion. */
export const GEN_AI_OPERATION_NAME_VALUE_TEXT_COMPLETION = 'text_completion' as const;
/** Well-known values of `gen_ai.operation.name`. */
export type GenAiOperationName =
  | 'cancel_response'
  | 'chat'
  | 'count_tokens'
  | 'create_agent'
  | 'create_batch'
  | 'embeddings'
  | 'execute_tool'
  | 'fetch_response'
  | 'generate_content'
  | 'rerank'
  | 'invoke_agent'
  | 'invoke_workflow'
  | 'retrieval'
  | 'text_completion';
export const GEN_AI_OUTPUT_TYPE_VALUE_TEXT = 'text' as const;
export const GEN_AI_OUTPUT_TYPE_VALUE_JSON = 'json' as const;
export const GEN_AI_OUTPUT_TYPE_VALUE_IMAGE = 'image' as const;
export const GEN_AI_OUTPUT_TYPE_VALUE_SPEECH = 'speech' as const;
/** Well-known values of `gen_ai.output.type`. */
export type GenAiOutputType = 'text' | 'json' | 'image' | 'speech';
export const GEN_AI_PROVIDER_NAME_VALUE_ANTHROPIC = 'anthropic' as const;
export const GEN_AI_PROVIDER_NAME_VALUE_AWS_BEDROCK = 'aws.bedrock' as const;
export const GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_INFERENCE = 'azure.ai.inference' as const;
export const GEN_AI_PROVIDER_NAME_VALUE_AZURE_AI_OPENAI = 'azure.ai.openai' as const;
export const GEN_AI_PROVIDER_NAME_VALUE_COHERE = 'cohere' as const;
export const GEN_AI_PROVIDER_NAME_VALUE_DEEPSEEK = 'deepseek' as const;
export const GEN_AI_PROVIDER_NAME_VALUE_GCP_GEMINI = 'gcp.gemini' as const;
export const GEN_AI_PROVIDER_NAME_VALUE_GCP_VERTEX_AI = 'gcp.vertex_ai' as const;
export const GEN_AI_PROVIDER_NAME_VALUE_GROQ = 'groq' as const;
export const GEN_AI_PROVIDER_NAME_VALUE_IBM_WATSONX_AI = 'ibm.watsonx.ai' as const;
export const GEN_AI_PROVIDER_NAME_VALUE_MISTRAL_AI = 'mistral_ai' as const;
export const GEN_AI_PROVIDER_NAME_VALUE_MOONSHOT_AI = 'moonshot_ai' as const;
export const GEN_AI_PROVIDER_NAME_VALUE_OPENAI = 'openai' as const;
export const GEN_AI_PROVIDER_NAME_VALUE_PERPLEXITY = 'perplexity' as const;
export const GEN_AI_PROVIDER_NAME_VALUE_X_AI = 'x_ai' as const;
/** Well-known values of `gen_ai.provider.name`. */
export type GenAiProviderName =
  | 'anthropic'
  | 'aws.bedrock'
  | 'azure.ai.inference'
  | 'azure.ai.openai'
  | 'cohere'
  | 'deepseek'
  | 'gcp.gemini'
  | 'gcp.vertex_ai'
  | 'groq'
  | 'ibm.watsonx.ai'
  | 'mistral_ai'
  | 'moonshot_ai'
  | 'openai'
  | 'perplexity'
  | 'x_ai';
export const GEN_AI_RESPONSE_STATUS_VALUE_QUEUED = 'queued' as const;
export const GEN_AI_RESPONSE_STATUS_VALUE_IN_PROGRESS = 'in_progress' as const;
export const GEN_AI_RESPONSE_STATUS_VALUE_COMPLETED = 'completed' as const;
export const GEN_AI_RESPONSE_STATUS_VALUE_INCOMPLETE = 'incomplete' as const;
export const GEN_AI_RESPONSE_STATUS_VALUE_FAILED = 'failed' as const;
export const GEN_AI_RESPONSE_STATUS_VALUE_CANCELLED = 'cancelled' as const;
/** Well-known values of `gen_ai.response.status`. */
export type GenAiResponseStatus = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';
export const GEN_AI_TOKEN_MODALITY_VALUE_TEXT = 'text' as const;
export const GEN_AI_TOKEN_MODALITY_VALUE_UNKNOWN = 'unknown' as const;
/** Well-known values of `gen_ai.token.modality`. */
export type GenAiTokenModality = 'text' | 'unknown';
/** Run by the client. */
export const GEN_AI_TOOL_TYPE_VALUE_FUNCTION = 'function' as const;
/** Run by the agent's side. */
export const GEN_AI_TOOL_TYPE_VALUE_EXTENSION = 'extension' as const;
/** Reads data for the agent. */
export const GEN_AI_TOOL_TYPE_VALUE_DATASTORE = 'datastore' as const;
/** Well-known values of `gen_ai.tool.type`. */
export type GenAiToolType = 'function' | 'extension' | 'datastore';
export const HW_GPU_TASK_VALUE_GENERAL = 'general' as const;
export const HW_GPU_TASK_VALUE_ENCODER = 'encoder' as const;
export const HW_GPU_TASK_VALUE_DECODER = 'decoder' as const;
/** Well-known values of `hw.gpu.task`. */
export type HwGpuTask = 'general' | 'encoder' | 'decoder';
export const HW_TYPE_VALUE_GPU = 'gpu' as const;
/** Well-known values of `hw.type`. */
export type HwType = 'gpu';
export const NETWORK_IO_DIRECTION_VALUE_TRANSMIT = 'transmit' as const;
export const NETWORK_IO_DIRECTION_VALUE_RECEIVE = 'receive' as const;
/** Well-known values of `network.io.direction`. */
export type NetworkIoDirection = 'transmit' | 'receive';
export const NODEJS_EVENTLOOP_STATE_VALUE_ACTIVE = 'active' as const;
export const NODEJS_EVENTLOOP_STATE_VALUE_IDLE = 'idle' as const;
/** Well-known values of `nodejs.eventloop.state`. */
export type NodejsEventloopState = 'active' | 'idle';
export const OPENAI_API_TYPE_VALUE_CHAT_COMPLETIONS = 'chat_completions' as const;
export const OPENAI_API_TYPE_VALUE_RESPONSES = 'responses' as const;
/** Well-known values of `openai.api.type`. */
export type OpenaiApiType = 'chat_completions' | 'responses';
export const OPENAI_REQUEST_SERVICE_TIER_VALUE_AUTO = 'auto' as const;
export const OPENAI_REQUEST_SERVICE_TIER_VALUE_DEFAULT = 'default' as const;
/** Well-known values of `openai.request.service_tier`. */
export type OpenaiRequestServiceTier = 'auto' | 'default';
export const PROCESS_CONTEXT_SWITCH_TYPE_VALUE_VOLUNTARY = 'voluntary' as const;
export const PROCESS_CONTEXT_SWITCH_TYPE_VALUE_INVOLUNTARY = 'involuntary' as const;
/** Well-known values of `process.context_switch.type`. */
export type ProcessContextSwitchType = 'voluntary' | 'involuntary';
/** Its process holds the file open to write to it. */
export const SWARMSCOPE_AGENT_SESSION_EVIDENCE_VALUE_FILE = 'file' as const;
/** The environment of what its process started names the session. */
export const SWARMSCOPE_AGENT_SESSION_EVIDENCE_VALUE_CHILD = 'child' as const;
/** The agent keeps a file that names its process and its session. */
export const SWARMSCOPE_AGENT_SESSION_EVIDENCE_VALUE_PID_FILE = 'pid-file' as const;
/** The arguments of its process name the session. */
export const SWARMSCOPE_AGENT_SESSION_EVIDENCE_VALUE_ARGUMENT = 'argument' as const;
/** A conclusion: the only agent and the only session of that time in one folder. */
export const SWARMSCOPE_AGENT_SESSION_EVIDENCE_VALUE_FOLDER = 'folder' as const;
/** Well-known values of `swarmscope.agent.session.evidence`. */
export type SwarmscopeAgentSessionEvidence = 'file' | 'child' | 'pid-file' | 'argument' | 'folder';
export const SWARMSCOPE_ALLOCATION_RESOURCE_TYPE_VALUE_WORKER = 'worker' as const;
export const SWARMSCOPE_ALLOCATION_RESOURCE_TYPE_VALUE_GPU = 'gpu' as const;
export const SWARMSCOPE_ALLOCATION_RESOURCE_TYPE_VALUE_RATE_LIMIT = 'rate_limit' as const;
/** Well-known values of `swarmscope.allocation.resource.type`. */
export type SwarmscopeAllocationResourceType = 'worker' | 'gpu' | 'rate_limit';
/** Input and output tokens. */
export const SWARMSCOPE_BUDGET_KIND_VALUE_TOKEN = 'token' as const;
/** US dollars. */
export const SWARMSCOPE_BUDGET_KIND_VALUE_COST = 'cost' as const;
/** Seconds of LLM calls. */
export const SWARMSCOPE_BUDGET_KIND_VALUE_TIME = 'time' as const;
/** Well-known values of `swarmscope.budget.kind`. */
export type SwarmscopeBudgetKind = 'token' | 'cost' | 'time';
/** The call asked for it. */
export const SWARMSCOPE_CONTEXT_COMPACTION_TRIGGER_VALUE_MANUAL = 'manual' as const;
/** The provider did it by itself within a call. */
export const SWARMSCOPE_CONTEXT_COMPACTION_TRIGGER_VALUE_PROVIDER = 'provider' as const;
/** The call has far fewer input tokens than the one whose tool results it brings; who did it is not known. */
export const SWARMSCOPE_CONTEXT_COMPACTION_TRIGGER_VALUE_INFERRED = 'inferred' as const;
/** Well-known values of `swarmscope.context.compaction.trigger`. */
export type SwarmscopeContextCompactionTrigger = 'manual' | 'provider' | 'inferred';
export const SWARMSCOPE_CONTEXT_OPTIMIZATION_STATE_VALUE_BEFORE = 'before' as const;
export const SWARMSCOPE_CONTEXT_OPTIMIZATION_STATE_VALUE_AFTER = 'after' as const;
/** Well-known values of `swarmscope.context.optimization.state`. */
export type SwarmscopeContextOptimizationState = 'before' | 'after';
/** The response carried it. */
export const SWARMSCOPE_COST_SOURCE_VALUE_PROVIDER = 'provider' as const;
/** Computed from a price table. */
export const SWARMSCOPE_COST_SOURCE_VALUE_LOCAL = 'local' as const;
/** Well-known values of `swarmscope.cost.source`. */
export type SwarmscopeCostSource = 'provider' | 'local';
/** The bounded queue, or the bounded place on disk, was full. */
export const SWARMSCOPE_DROP_REASON_VALUE_QUEUE_FULL = 'queue_full' as const;
/** The endpoint could not be reached, or took nothing at that time. */
export const SWARMSCOPE_DROP_REASON_VALUE_REFUSED = 'refused' as const;
/** The endpoint did not answer in time. */
export const SWARMSCOPE_DROP_REASON_VALUE_TIMEOUT = 'timeout' as const;
/** The endpoint answered with a final error. */
export const SWARMSCOPE_DROP_REASON_VALUE_REJECTED = 'rejected' as const;
/** The item was larger than allowed. */
export const SWARMSCOPE_DROP_REASON_VALUE_TOO_LARGE = 'too_large' as const;
/** The process ended before it could be sent. */
export const SWARMSCOPE_DROP_REASON_VALUE_EXIT = 'exit' as const;
/** The item could not be read. */
export const SWARMSCOPE_DROP_REASON_VALUE_INVALID = 'invalid' as const;
/** The item had waited on disk for longer than allowed. */
export const SWARMSCOPE_DROP_REASON_VALUE_EXPIRED = 'expired' as const;
/** Well-known values of `swarmscope.drop.reason`. */
export type SwarmscopeDropReason = 'queue_full' | 'refused' | 'timeout' | 'rejected' | 'too_large' | 'exit' | 'invalid' | 'expired';
/** An agent or a step of one that gives no sign. */
export const SWARMSCOPE_FINDING_KIND_VALUE_HUNG_AGENT = 'hung_agent' as const;
/** Somebody was asked and has not answered. */
export const SWARMSCOPE_FINDING_KIND_VALUE_HUMAN_WAIT = 'human_wait' as const;
/** A storm of calls refused for a rate limit. */
export const SWARMSCOPE_FINDING_KIND_VALUE_RATE_LIMIT = 'rate_limit' as const;
/** A storm of calls refused by a provider that is overloaded. */
export const SWARMSCOPE_FINDING_KIND_VALUE_OVERLOAD = 'overload' as const;
/** The same tool calls with the same results. */
export const SWARMSCOPE_FINDING_KIND_VALUE_TOOL_LOOP = 'tool_loop' as const;
/** A budget that is used up. */
export const SWARMSCOPE_FINDING_KIND_VALUE_BUDGET_BURN = 'budget_burn' as const;
/** Merges that leave conflicts one after the other. */
export const SWARMSCOPE_FINDING_KIND_VALUE_MERGE_CONFLICT = 'merge_conflict' as const;
/** A process whose starter has ended. */
export const SWARMSCOPE_FINDING_KIND_VALUE_ORPHAN = 'orphan' as const;
/** Well-known values of `swarmscope.finding.kind`. */
export type SwarmscopeFindingKind =
  'hung_agent' | 'human_wait' | 'rate_limit' | 'overload' | 'tool_loop' | 'budget_burn' | 'merge_conflict' | 'orphan';
export const SWARMSCOPE_FINDING_STATE_VALUE_RAISED = 'raised' as const;
/** It is over, or the run has ended. */
export const SWARMSCOPE_FINDING_STATE_VALUE_WITHDRAWN = 'withdrawn' as const;
/** Well-known values of `swarmscope.finding.state`. */
export type SwarmscopeFindingState = 'raised' | 'withdrawn';
export const SWARMSCOPE_GIT_MERGE_RESULT_VALUE_UP_TO_DATE = 'up_to_date' as const;
export const SWARMSCOPE_GIT_MERGE_RESULT_VALUE_FAST_FORWARD = 'fast_forward' as const;
export const SWARMSCOPE_GIT_MERGE_RESULT_VALUE_MERGED = 'merged' as const;
export const SWARMSCOPE_GIT_MERGE_RESULT_VALUE_CONFLICT = 'conflict' as const;
/** Well-known values of `swarmscope.git.merge.result`. */
export type SwarmscopeGitMergeResult = 'up_to_date' | 'fast_forward' | 'merged' | 'conflict';
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_CLONE = 'clone' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_FETCH = 'fetch' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_PULL = 'pull' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_PUSH = 'push' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_COMMIT = 'commit' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_MERGE = 'merge' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_REBASE = 'rebase' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_CHERRY_PICK = 'cherry_pick' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_REVERT = 'revert' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_RESET = 'reset' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_RESTORE = 'restore' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_STASH = 'stash' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_CHECKOUT = 'checkout' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_SWITCH = 'switch' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_BRANCH = 'branch' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_TAG = 'tag' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_ADD = 'add' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_DIFF = 'diff' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_LOG = 'log' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_SHOW = 'show' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_STATUS = 'status' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_APPLY = 'apply' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_AM = 'am' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_GC = 'gc' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_MAINTENANCE_RUN = 'maintenance_run' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_CONFIG = 'config' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_INIT = 'init' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_REMOTE = 'remote' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_REV_PARSE = 'rev_parse' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_LS_FILES = 'ls_files' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_LS_REMOTE = 'ls_remote' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_SUBMODULE_UPDATE = 'submodule_update' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_WORKTREE_ADD = 'worktree_add' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_WORKTREE_REMOVE = 'worktree_remove' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_WORKTREE_LIST = 'worktree_list' as const;
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_WORKTREE_PRUNE = 'worktree_prune' as const;
/** Any other sub-command or alias. */
export const SWARMSCOPE_GIT_OPERATION_NAME_VALUE_OTHER = 'other' as const;
/** Well-known values of `swarmscope.git.operation.name`. */
export type SwarmscopeGitOperationName =
  | 'clone'
  | 'fetch'
  | 'pull'
  | 'push'
  | 'commit'
  | 'merge'
  | 'rebase'
  | 'cherry_pick'
  | 'revert'
  | 'reset'
  | 'restore'
  | 'stash'
  | 'checkout'
  | 'switch'
  | 'branch'
  | 'tag'
  | 'add'
  | 'diff'
  | 'log'
  | 'show'
  | 'status'
  | 'apply'
  | 'am'
  | 'gc'
  | 'maintenance_run'
  | 'config'
  | 'init'
  | 'remote'
  | 'rev_parse'
  | 'ls_files'
  | 'ls_remote'
  | 'submodule_update'
  | 'worktree_add'
  | 'worktree_remove'
  | 'worktree_list'
  | 'worktree_prune'
  | 'other';
/** The answer came to its end. */
export const SWARMSCOPE_INFERENCE_ENDING_VALUE_COMPLETE = 'complete' as const;
/** The service told a failure, or could not be reached. */
export const SWARMSCOPE_INFERENCE_ENDING_VALUE_ERROR = 'error' as const;
/** The connection ended in the middle of the answer. */
export const SWARMSCOPE_INFERENCE_ENDING_VALUE_CUT = 'cut' as const;
/** The program stopped reading in the middle of the answer. */
export const SWARMSCOPE_INFERENCE_ENDING_VALUE_LEFT = 'left' as const;
/** The program gave up before there was an answer that it could use. */
export const SWARMSCOPE_INFERENCE_ENDING_VALUE_ABORTED = 'aborted' as const;
/** A time limit of the client was over. */
export const SWARMSCOPE_INFERENCE_ENDING_VALUE_TIMEOUT = 'timeout' as const;
/** The process or its thread ended first. */
export const SWARMSCOPE_INFERENCE_ENDING_VALUE_PROCESS_EXIT = 'process_exit' as const;
/** Well-known values of `swarmscope.inference.ending`. */
export type SwarmscopeInferenceEnding = 'complete' | 'error' | 'cut' | 'left' | 'aborted' | 'timeout' | 'process_exit';
export const SWARMSCOPE_MODEL_SERVER_NAME_VALUE_VLLM = 'vllm' as const;
export const SWARMSCOPE_MODEL_SERVER_NAME_VALUE_SGLANG = 'sglang' as const;
export const SWARMSCOPE_MODEL_SERVER_NAME_VALUE_LLAMA_CPP = 'llama.cpp' as const;
export const SWARMSCOPE_MODEL_SERVER_NAME_VALUE_LMSTUDIO = 'lmstudio' as const;
export const SWARMSCOPE_MODEL_SERVER_NAME_VALUE_OLLAMA = 'ollama' as const;
/** Well-known values of `swarmscope.model_server.name`. */
export type SwarmscopeModelServerName = 'vllm' | 'sglang' | 'llama.cpp' | 'lmstudio' | 'ollama';
export const SWARMSCOPE_MODEL_SERVER_REQUEST_STATE_VALUE_RUNNING = 'running' as const;
export const SWARMSCOPE_MODEL_SERVER_REQUEST_STATE_VALUE_WAITING = 'waiting' as const;
/** Well-known values of `swarmscope.model_server.request.state`. */
export type SwarmscopeModelServerRequestState = 'running' | 'waiting';
export const SWARMSCOPE_OPERATION_NAME_VALUE_RUN_PHASE = 'run_phase' as const;
export const SWARMSCOPE_OPERATION_NAME_VALUE_RUN_BATCH = 'run_batch' as const;
export const SWARMSCOPE_OPERATION_NAME_VALUE_RUN_TASK = 'run_task' as const;
export const SWARMSCOPE_OPERATION_NAME_VALUE_RUN_SESSION = 'run_session' as const;
export const SWARMSCOPE_OPERATION_NAME_VALUE_WAIT = 'wait' as const;
export const SWARMSCOPE_OPERATION_NAME_VALUE_CHECK_STACK = 'check_stack' as const;
/** Well-known values of `swarmscope.operation.name`. */
export type SwarmscopeOperationName = 'run_phase' | 'run_batch' | 'run_task' | 'run_session' | 'wait' | 'check_stack';
/** In force in all processes of the run. */
export const SWARMSCOPE_POLICY_CHANGE_OUTCOME_VALUE_ACCEPTED = 'accepted' as const;
/** Nothing of it is in force. */
export const SWARMSCOPE_POLICY_CHANGE_OUTCOME_VALUE_REFUSED = 'refused' as const;
/** Well-known values of `swarmscope.policy.change.outcome`. */
export type SwarmscopePolicyChangeOutcome = 'accepted' | 'refused';
export const SWARMSCOPE_POLICY_OUTCOME_VALUE_ALLOW = 'allow' as const;
export const SWARMSCOPE_POLICY_OUTCOME_VALUE_DENY = 'deny' as const;
export const SWARMSCOPE_POLICY_OUTCOME_VALUE_REQUIRE_APPROVAL = 'require_approval' as const;
/** Well-known values of `swarmscope.policy.outcome`. */
export type SwarmscopePolicyOutcome = 'allow' | 'deny' | 'require_approval';
/** The config file was changed. */
export const SWARMSCOPE_POLICY_SOURCE_VALUE_FILE = 'file' as const;
/** A signal asked for the file to be read again. */
export const SWARMSCOPE_POLICY_SOURCE_VALUE_SIGNAL = 'signal' as const;
/** A program of the run asked for it. */
export const SWARMSCOPE_POLICY_SOURCE_VALUE_API = 'api' as const;
/** An earlier version was asked for. */
export const SWARMSCOPE_POLICY_SOURCE_VALUE_ROLLBACK = 'rollback' as const;
/** Well-known values of `swarmscope.policy.source`. */
export type SwarmscopePolicySource = 'file' | 'signal' | 'api' | 'rollback';
/** An agent command line such as claude or codex. */
export const SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_AGENT = 'agent' as const;
export const SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_GIT = 'git' as const;
/** npm, pnpm, yarn and their like. */
export const SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_PACKAGE_MANAGER = 'package_manager' as const;
export const SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_SHELL = 'shell' as const;
export const SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_NODE = 'node' as const;
/** A runner of tests: pytest, jest, go test and their like. */
export const SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_TEST = 'test' as const;
/** A compiler or builder: make, cargo build, tsc and their like. */
export const SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_BUILD = 'build' as const;
/** A server of models: ollama serve, vllm serve and their like. */
export const SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_MODEL_SERVER = 'model_server' as const;
export const SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_OTHER = 'other' as const;
/** Well-known values of `swarmscope.process.executable.kind`. */
export type SwarmscopeProcessExecutableKind =
  'agent' | 'git' | 'package_manager' | 'shell' | 'node' | 'test' | 'build' | 'model_server' | 'other';
/** The supervisor of the run saw it in the process table. */
export const SWARMSCOPE_PROCESS_OBSERVER_VALUE_PROCESS_TABLE = 'process_table' as const;
/** Well-known values of `swarmscope.process.observer`. */
export type SwarmscopeProcessObserver = 'process_table';
/** A signal stopped it. */
export const SWARMSCOPE_PROCESS_SILENT_REASON_VALUE_STOPPED = 'stopped' as const;
/** A child lives, and is as silent. */
export const SWARMSCOPE_PROCESS_SILENT_REASON_VALUE_WAITS_FOR_CHILD = 'waits_for_child' as const;
/** It holds a connection to another machine, and no child lives. */
export const SWARMSCOPE_PROCESS_SILENT_REASON_VALUE_CONNECTED = 'connected' as const;
/** Nothing is known of what it waits for. */
export const SWARMSCOPE_PROCESS_SILENT_REASON_VALUE_QUIET = 'quiet' as const;
/** Well-known values of `swarmscope.process.silent.reason`. */
export type SwarmscopeProcessSilentReason = 'stopped' | 'waits_for_child' | 'connected' | 'quiet';
export const SWARMSCOPE_RATE_LIMIT_KIND_VALUE_REQUESTS = 'requests' as const;
export const SWARMSCOPE_RATE_LIMIT_KIND_VALUE_TOKENS = 'tokens' as const;
export const SWARMSCOPE_RATE_LIMIT_KIND_VALUE_INPUT_TOKENS = 'input_tokens' as const;
export const SWARMSCOPE_RATE_LIMIT_KIND_VALUE_OUTPUT_TOKENS = 'output_tokens' as const;
/** What a subscription includes. Only its used share is told. */
export const SWARMSCOPE_RATE_LIMIT_KIND_VALUE_SUBSCRIPTION = 'subscription' as const;
/** Well-known values of `swarmscope.rate_limit.kind`. */
export type SwarmscopeRateLimitKind = 'requests' | 'tokens' | 'input_tokens' | 'output_tokens' | 'subscription';
export const SWARMSCOPE_ROUTING_OUTCOME_VALUE_SELECTED = 'selected' as const;
export const SWARMSCOPE_ROUTING_OUTCOME_VALUE_FALLBACK = 'fallback' as const;
export const SWARMSCOPE_ROUTING_OUTCOME_VALUE_REJECTED = 'rejected' as const;
/** Well-known values of `swarmscope.routing.outcome`. */
export type SwarmscopeRoutingOutcome = 'selected' | 'fallback' | 'rejected';
/** Program and service closed it in good order. */
export const SWARMSCOPE_SESSION_ENDING_VALUE_COMPLETE = 'complete' as const;
/** The service refused it, closed it for a fault, or could not be reached. */
export const SWARMSCOPE_SESSION_ENDING_VALUE_ERROR = 'error' as const;
/** The connection broke. */
export const SWARMSCOPE_SESSION_ENDING_VALUE_CUT = 'cut' as const;
/** The program dropped the connection without closing it. */
export const SWARMSCOPE_SESSION_ENDING_VALUE_LEFT = 'left' as const;
/** The process or its thread ended first. */
export const SWARMSCOPE_SESSION_ENDING_VALUE_PROCESS_EXIT = 'process_exit' as const;
/** Well-known values of `swarmscope.session.ending`. */
export type SwarmscopeSessionEnding = 'complete' | 'error' | 'cut' | 'left' | 'process_exit';
/** The program took it. */
export const SWARMSCOPE_SNAPSHOT_TRIGGER_VALUE_CALL = 'call' as const;
/** A phase ended. */
export const SWARMSCOPE_SNAPSHOT_TRIGGER_VALUE_PHASE_END = 'phase_end' as const;
/** Well-known values of `swarmscope.snapshot.trigger`. */
export type SwarmscopeSnapshotTrigger = 'call' | 'phase_end';
export const SWARMSCOPE_TASK_RESULT_VALUE_SUCCESS = 'success' as const;
export const SWARMSCOPE_TASK_RESULT_VALUE_ERROR = 'error' as const;
export const SWARMSCOPE_TASK_RESULT_VALUE_TIMEOUT = 'timeout' as const;
export const SWARMSCOPE_TASK_RESULT_VALUE_CANCELLATION = 'cancellation' as const;
/** Well-known values of `swarmscope.task.result`. */
export type SwarmscopeTaskResult = 'success' | 'error' | 'timeout' | 'cancellation';
/** Ready and waiting for a worker. */
export const SWARMSCOPE_TASK_STATE_VALUE_QUEUED = 'queued' as const;
/** A worker has it. */
export const SWARMSCOPE_TASK_STATE_VALUE_RUNNING = 'running' as const;
/** Well-known values of `swarmscope.task.state`. */
export type SwarmscopeTaskState = 'queued' | 'running';
export const SWARMSCOPE_TELEMETRY_SIGNAL_VALUE_SPAN = 'span' as const;
export const SWARMSCOPE_TELEMETRY_SIGNAL_VALUE_SPAN_START = 'span_start' as const;
export const SWARMSCOPE_TELEMETRY_SIGNAL_VALUE_LOG = 'log' as const;
export const SWARMSCOPE_TELEMETRY_SIGNAL_VALUE_METRIC = 'metric' as const;
/** Well-known values of `swarmscope.telemetry.signal`. */
export type SwarmscopeTelemetrySignal = 'span' | 'span_start' | 'log' | 'metric';
/** Another task's result. */
export const SWARMSCOPE_WAIT_REASON_VALUE_DEPENDENCY = 'dependency' as const;
/** A free worker. */
export const SWARMSCOPE_WAIT_REASON_VALUE_WORKER = 'worker' as const;
/** A lock, of git or another. */
export const SWARMSCOPE_WAIT_REASON_VALUE_LOCK = 'lock' as const;
/** A provider's rate limit. */
export const SWARMSCOPE_WAIT_REASON_VALUE_RATE_LIMIT = 'rate_limit' as const;
/** A free GPU or its memory. */
export const SWARMSCOPE_WAIT_REASON_VALUE_GPU = 'gpu' as const;
/** An answer of a person. */
export const SWARMSCOPE_WAIT_REASON_VALUE_HUMAN = 'human' as const;
/** The other tasks of the batch. */
export const SWARMSCOPE_WAIT_REASON_VALUE_BARRIER = 'barrier' as const;
/** The program that hands out the work. */
export const SWARMSCOPE_WAIT_REASON_VALUE_ORCHESTRATOR = 'orchestrator' as const;
/** Well-known values of `swarmscope.wait.reason`. */
export type SwarmscopeWaitReason = 'dependency' | 'worker' | 'lock' | 'rate_limit' | 'gpu' | 'human' | 'barrier' | 'orchestrator';
/** Running a task. */
export const SWARMSCOPE_WORKER_STATE_VALUE_ACTIVE = 'active' as const;
/** Waiting for work. */
export const SWARMSCOPE_WORKER_STATE_VALUE_IDLE = 'idle' as const;
/** Well-known values of `swarmscope.worker.state`. */
export type SwarmscopeWorkerState = 'active' | 'idle';
export const SYSTEM_MEMORY_STATE_VALUE_USED = 'used' as const;
export const SYSTEM_MEMORY_STATE_VALUE_FREE = 'free' as const;
/** Well-known values of `system.memory.state`. */
export type SystemMemoryState = 'used' | 'free';
export const V8JS_GC_TYPE_VALUE_MAJOR = 'major' as const;
export const V8JS_GC_TYPE_VALUE_MINOR = 'minor' as const;
export const V8JS_GC_TYPE_VALUE_INCREMENTAL = 'incremental' as const;
export const V8JS_GC_TYPE_VALUE_WEAKCB = 'weakcb' as const;
/** Well-known values of `v8js.gc.type`. */
export type V8jsGcType = 'major' | 'minor' | 'incremental' | 'weakcb';
