// Generated from src/semconv by tools/generate-semconv.ts. Do not edit.
import type { SpanSpec } from '../types.ts';

/** One child process, seen by its caller. */
export const SPAN_CLI_CLIENT = {
  type: 'cli.client',
  kind: 'client',
  name: '{process.executable.name}',
  attributes: {
    'process.executable.name': 'required',
    'process.pid': 'required',
    'process.exit.code': 'required',
    'error.type': 'conditionally_required',
    'swarmscope.process.signal': 'conditionally_required',
    'swarmscope.process.executable.kind': 'recommended',
    'process.command_args': 'opt_in',
    'process.working_directory': 'opt_in',
  },
} as const satisfies SpanSpec;
/** One attempt of an embeddings call. */
export const SPAN_GEN_AI_CLIENT_EMBEDDINGS = {
  type: 'gen_ai.client.embeddings',
  kind: 'client',
  name: 'embeddings {gen_ai.request.model}',
  attributes: {
    'gen_ai.operation.name': 'required',
    'gen_ai.provider.name': 'required',
    'gen_ai.request.model': 'conditionally_required',
    'error.type': 'conditionally_required',
    'server.port': 'conditionally_required',
    'http.response.status_code': 'recommended',
    'gen_ai.request.encoding_formats': 'recommended',
    'gen_ai.usage.input_tokens': 'recommended',
    'gen_ai.embeddings.dimension.count': 'recommended',
    'gen_ai.response.model': 'recommended',
    'server.address': 'recommended',
    'swarmscope.cost.amount': 'recommended',
    'swarmscope.cost.currency': 'conditionally_required',
    'swarmscope.cost.source': 'conditionally_required',
    'swarmscope.cost.price_table.version': 'conditionally_required',
    'swarmscope.cost.unpriced': 'conditionally_required',
  },
} as const satisfies SpanSpec;
/** One attempt of an LLM call on the wire, until its stream is read or left. */
export const SPAN_GEN_AI_CLIENT_INFERENCE = {
  type: 'gen_ai.client.inference',
  kind: 'client',
  name: '{gen_ai.operation.name} {gen_ai.request.model}',
  attributes: {
    'gen_ai.operation.name': 'required',
    'gen_ai.provider.name': 'required',
    'gen_ai.request.model': 'conditionally_required',
    'error.type': 'conditionally_required',
    'gen_ai.conversation.id': 'conditionally_required',
    'gen_ai.output.type': 'conditionally_required',
    'gen_ai.request.choice.count': 'conditionally_required',
    'gen_ai.request.seed': 'conditionally_required',
    'gen_ai.request.stream': 'conditionally_required',
    'gen_ai.request.top_k': 'conditionally_required',
    'server.port': 'conditionally_required',
    'gen_ai.request.frequency_penalty': 'recommended',
    'gen_ai.request.presence_penalty': 'recommended',
    'gen_ai.request.temperature': 'recommended',
    'gen_ai.request.top_p': 'recommended',
    'gen_ai.request.max_tokens': 'recommended',
    'gen_ai.request.previous_response.id': 'recommended',
    'gen_ai.request.reasoning.level': 'recommended',
    'gen_ai.request.stop_sequences': 'opt_in',
    'gen_ai.response.finish_reasons': 'recommended',
    'gen_ai.response.id': 'recommended',
    'gen_ai.response.model': 'recommended',
    'gen_ai.response.status': 'conditionally_required',
    'gen_ai.response.time_to_first_chunk': 'recommended',
    'gen_ai.usage.input_tokens': 'recommended',
    'gen_ai.usage.output_tokens': 'recommended',
    'gen_ai.usage.cache_read.input_tokens': 'recommended',
    'gen_ai.usage.cache_write.input_tokens': 'recommended',
    'gen_ai.usage.reasoning.output_tokens': 'recommended',
    'gen_ai.usage.image.input_tokens': 'recommended',
    'gen_ai.usage.audio.input_tokens': 'recommended',
    'gen_ai.usage.image.output_tokens': 'recommended',
    'gen_ai.usage.audio.output_tokens': 'recommended',
    'server.address': 'recommended',
    'openai.api.type': 'recommended',
    'openai.request.service_tier': 'conditionally_required',
    'openai.response.service_tier': 'recommended',
    'openai.response.system_fingerprint': 'recommended',
    'http.request.resend_count': 'conditionally_required',
    'http.response.status_code': 'recommended',
    'swarmscope.retry.after': 'conditionally_required',
    'swarmscope.inference.load_duration': 'conditionally_required',
    'swarmscope.context.limit': 'recommended',
    'swarmscope.context.usage': 'recommended',
    'swarmscope.context.utilization': 'recommended',
    'swarmscope.tool.available.count': 'recommended',
    'swarmscope.tool.offered.names': 'recommended',
    'swarmscope.tool.called.names': 'recommended',
    'swarmscope.tool.provider.names': 'recommended',
    'swarmscope.usage.images': 'conditionally_required',
    'swarmscope.usage.audio.duration': 'conditionally_required',
    'swarmscope.usage.characters': 'conditionally_required',
    'swarmscope.cost.amount': 'recommended',
    'swarmscope.cost.currency': 'conditionally_required',
    'swarmscope.cost.source': 'conditionally_required',
    'swarmscope.cost.price_table.version': 'conditionally_required',
    'swarmscope.cost.unpriced': 'conditionally_required',
    'gen_ai.input.messages': 'opt_in',
    'gen_ai.output.messages': 'opt_in',
    'gen_ai.system_instructions': 'opt_in',
    'gen_ai.tool.definitions': 'opt_in',
  },
} as const satisfies SpanSpec;
/** One tool call. */
export const SPAN_GEN_AI_EXECUTE_TOOL_INTERNAL = {
  type: 'gen_ai.execute_tool.internal',
  kind: 'internal',
  name: 'execute_tool {gen_ai.tool.name}',
  attributes: {
    'gen_ai.operation.name': 'required',
    'gen_ai.tool.name': 'required',
    'error.type': 'conditionally_required',
    'gen_ai.agent.name': 'conditionally_required',
    'gen_ai.conversation.id': 'conditionally_required',
    'swarmscope.tool.inferred': 'conditionally_required',
    'gen_ai.tool.call.id': 'recommended',
    'gen_ai.tool.type': 'recommended',
    'gen_ai.tool.description': 'opt_in',
    'gen_ai.skill.name': 'conditionally_required',
  },
} as const satisfies SpanSpec;
/** One invocation of an agent. */
export const SPAN_GEN_AI_INVOKE_AGENT_INTERNAL = {
  type: 'gen_ai.invoke_agent.internal',
  kind: 'internal',
  name: 'invoke_agent {gen_ai.agent.name}',
  attributes: {
    'gen_ai.operation.name': 'required',
    'gen_ai.agent.name': 'conditionally_required',
    'gen_ai.conversation.id': 'conditionally_required',
    'error.type': 'conditionally_required',
    'gen_ai.request.model': 'recommended',
    'swarmscope.agent.instance.id': 'recommended',
  },
} as const satisfies SpanSpec;
/** One swarm run. */
export const SPAN_GEN_AI_INVOKE_WORKFLOW_INTERNAL = {
  type: 'gen_ai.invoke_workflow.internal',
  kind: 'internal',
  name: 'invoke_workflow {gen_ai.workflow.name}',
  attributes: {
    'gen_ai.operation.name': 'required',
    'gen_ai.workflow.name': 'conditionally_required',
    'error.type': 'conditionally_required',
    'swarmscope.run.id': 'recommended',
    'swarmscope.process.signal': 'conditionally_required',
  },
} as const satisfies SpanSpec;
/** One attempt of an LLM call whose span comes from the library that made the call; it hangs below that span. */
export const SPAN_HTTP_CLIENT = {
  type: 'http.client',
  kind: 'client',
  name: '{http.request.method}',
  attributes: {
    'http.request.method': 'required',
    'error.type': 'conditionally_required',
    'http.request.resend_count': 'conditionally_required',
    'http.response.status_code': 'recommended',
    'server.address': 'recommended',
    'server.port': 'conditionally_required',
    'swarmscope.retry.after': 'opt_in',
  },
} as const satisfies SpanSpec;
/** One batch or superstep. */
export const SPAN_SWARMSCOPE_BATCH_INTERNAL = {
  type: 'swarmscope.batch.internal',
  kind: 'internal',
  name: 'run_batch {swarmscope.scheduler.name}',
  attributes: {
    'swarmscope.operation.name': 'required',
    'swarmscope.batch.index': 'required',
    'swarmscope.batch.size': 'required',
    'swarmscope.scheduler.name': 'required',
    'error.type': 'conditionally_required',
    'swarmscope.batch.inferred': 'conditionally_required',
    'swarmscope.batch.id': 'recommended',
    'swarmscope.batch.parallelism': 'recommended',
    'swarmscope.batch.straggler.task.id': 'recommended',
    'swarmscope.batch.straggler.delay': 'recommended',
    'swarmscope.scheduler.strategy': 'recommended',
  },
} as const satisfies SpanSpec;
/** The marked span of swarmscope doctor --stack, which looks for it in Tempo by its trace id. */
export const SPAN_SWARMSCOPE_DOCTOR_INTERNAL = {
  type: 'swarmscope.doctor.internal',
  kind: 'internal',
  name: 'check_stack',
  attributes: {
    'swarmscope.operation.name': 'required',
  },
} as const satisfies SpanSpec;
/** One git command; a refinement of cli.client. */
export const SPAN_SWARMSCOPE_GIT_CLIENT = {
  type: 'swarmscope.git.client',
  kind: 'client',
  name: 'git {swarmscope.git.operation.name}',
  attributes: {
    'process.executable.name': 'required',
    'process.pid': 'required',
    'process.exit.code': 'required',
    'error.type': 'conditionally_required',
    'swarmscope.git.operation.name': 'required',
    'server.address': 'conditionally_required',
    'server.port': 'conditionally_required',
    'vcs.ref.base.name': 'conditionally_required',
    'swarmscope.git.merge.result': 'conditionally_required',
    'swarmscope.git.conflict.count': 'conditionally_required',
    'vcs.repository.name': 'recommended',
    'vcs.ref.head.name': 'recommended',
    'swarmscope.git.worktree.name': 'recommended',
    'swarmscope.git.remote.name': 'recommended',
  },
} as const satisfies SpanSpec;
/** One phase of a run. */
export const SPAN_SWARMSCOPE_PHASE_INTERNAL = {
  type: 'swarmscope.phase.internal',
  kind: 'internal',
  name: 'run_phase {swarmscope.phase.name}',
  attributes: {
    'swarmscope.operation.name': 'required',
    'swarmscope.phase.name': 'required',
    'error.type': 'conditionally_required',
  },
} as const satisfies SpanSpec;
/** One attempt of a task. */
export const SPAN_SWARMSCOPE_TASK_INTERNAL = {
  type: 'swarmscope.task.internal',
  kind: 'internal',
  name: 'run_task {swarmscope.task.type}',
  attributes: {
    'swarmscope.operation.name': 'required',
    'swarmscope.task.id': 'required',
    'swarmscope.task.type': 'required',
    'swarmscope.task.result': 'required',
    'error.type': 'conditionally_required',
    'swarmscope.task.inferred': 'conditionally_required',
    'swarmscope.task.attempt.number': 'conditionally_required',
    'swarmscope.task.priority': 'recommended',
    'swarmscope.task.dependency.count': 'recommended',
    'swarmscope.task.dependency.ids': 'opt_in',
    'swarmscope.task.queue.wait_time': 'recommended',
    'swarmscope.batch.id': 'recommended',
    'swarmscope.worker.id': 'recommended',
    'swarmscope.pool.name': 'recommended',
    'swarmscope.queue.name': 'recommended',
    'gen_ai.agent.name': 'recommended',
    'swarmscope.task.llm.calls': 'recommended',
    'swarmscope.task.llm.time': 'recommended',
    'swarmscope.task.tool.time': 'recommended',
    'swarmscope.task.git.time': 'recommended',
    'swarmscope.task.wait.time': 'recommended',
    'swarmscope.task.input_tokens': 'recommended',
    'swarmscope.task.output_tokens': 'recommended',
    'swarmscope.task.cost': 'recommended',
    'swarmscope.task.context.peak_utilization': 'recommended',
    'swarmscope.task.tools.offered.count': 'recommended',
    'swarmscope.task.tools.used.count': 'recommended',
  },
} as const satisfies SpanSpec;
/** Time spent waiting, with its reason. */
export const SPAN_SWARMSCOPE_WAIT_INTERNAL = {
  type: 'swarmscope.wait.internal',
  kind: 'internal',
  name: 'wait {swarmscope.wait.reason}',
  attributes: {
    'swarmscope.operation.name': 'required',
    'swarmscope.wait.reason': 'required',
    'error.type': 'conditionally_required',
  },
} as const satisfies SpanSpec;
