// Generated from src/semconv by tools/generate-semconv.ts. Do not edit.
import type { MetricSpec } from '../types.ts';

export const METRIC_GEN_AI_CLIENT_EMBEDDINGS_DURATION = {
  name: 'gen_ai.client.embeddings.duration',
  instrument: 'histogram',
  unit: 's',
  description: 'Duration of one embeddings call.',
  valueType: 'double',
  buckets: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  attributes: [
    'gen_ai.operation.name',
    'gen_ai.provider.name',
    'gen_ai.request.model',
    'server.port',
    'gen_ai.response.model',
    'server.address',
    'error.type',
  ],
  prometheus: 'gen_ai_client_embeddings_duration_seconds',
} as const satisfies MetricSpec;
export const METRIC_GEN_AI_CLIENT_EMBEDDINGS_OPERATION_INPUT_TOKENS = {
  name: 'gen_ai.client.embeddings.operation.input_tokens',
  instrument: 'histogram',
  unit: '{token}',
  description: 'Input tokens of one embeddings call.',
  valueType: 'int',
  buckets: [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
  attributes: [
    'gen_ai.operation.name',
    'gen_ai.provider.name',
    'gen_ai.request.model',
    'server.port',
    'gen_ai.response.model',
    'server.address',
  ],
  prometheus: 'gen_ai_client_embeddings_operation_input_tokens',
} as const satisfies MetricSpec;
export const METRIC_GEN_AI_CLIENT_INFERENCE_DURATION = {
  name: 'gen_ai.client.inference.duration',
  instrument: 'histogram',
  unit: 's',
  description: 'Duration of one inference attempt.',
  valueType: 'double',
  buckets: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  attributes: [
    'gen_ai.operation.name',
    'gen_ai.provider.name',
    'gen_ai.request.model',
    'server.port',
    'gen_ai.response.model',
    'server.address',
    'error.type',
    'openai.response.service_tier',
  ],
  prometheus: 'gen_ai_client_inference_duration_seconds',
} as const satisfies MetricSpec;
export const METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS = {
  name: 'gen_ai.client.inference.operation.input_tokens',
  instrument: 'histogram',
  unit: '{token}',
  description: 'Input tokens of one inference.',
  valueType: 'int',
  buckets: [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
  attributes: [
    'gen_ai.operation.name',
    'gen_ai.provider.name',
    'gen_ai.request.model',
    'server.port',
    'gen_ai.response.model',
    'server.address',
    'error.type',
    'openai.response.service_tier',
  ],
  prometheus: 'gen_ai_client_inference_operation_input_tokens',
} as const satisfies MetricSpec;
export const METRIC_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS = {
  name: 'gen_ai.client.inference.operation.output_tokens',
  instrument: 'histogram',
  unit: '{token}',
  description: 'Output tokens of one inference.',
  valueType: 'int',
  buckets: [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
  attributes: [
    'gen_ai.operation.name',
    'gen_ai.provider.name',
    'gen_ai.request.model',
    'server.port',
    'gen_ai.response.model',
    'server.address',
    'error.type',
    'openai.response.service_tier',
  ],
  prometheus: 'gen_ai_client_inference_operation_output_tokens',
} as const satisfies MetricSpec;
export const METRIC_GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK = {
  name: 'gen_ai.client.inference.time_per_output_chunk',
  instrument: 'histogram',
  unit: 's',
  description: 'Time between chunks of a streamed answer after the first.',
  valueType: 'double',
  buckets: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  attributes: [
    'gen_ai.operation.name',
    'gen_ai.provider.name',
    'gen_ai.request.model',
    'server.port',
    'gen_ai.response.model',
    'server.address',
  ],
  prometheus: 'gen_ai_client_inference_time_per_output_chunk_seconds',
} as const satisfies MetricSpec;
export const METRIC_GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK = {
  name: 'gen_ai.client.inference.time_to_first_chunk',
  instrument: 'histogram',
  unit: 's',
  description: 'Time from the request to the first chunk of a streamed answer.',
  valueType: 'double',
  buckets: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  attributes: [
    'gen_ai.operation.name',
    'gen_ai.provider.name',
    'gen_ai.request.model',
    'server.port',
    'gen_ai.response.model',
    'server.address',
  ],
  prometheus: 'gen_ai_client_inference_time_to_first_chunk_seconds',
} as const satisfies MetricSpec;
export const METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS = {
  name: 'gen_ai.client.inference.usage.cache_read.input_tokens',
  instrument: 'counter',
  unit: '{token}',
  description: 'Input tokens read from the cache; part of the input tokens.',
  valueType: 'int',
  attributes: [
    'gen_ai.operation.name',
    'gen_ai.provider.name',
    'gen_ai.request.model',
    'server.port',
    'gen_ai.response.model',
    'server.address',
    'gen_ai.token.modality',
    'openai.response.service_tier',
    'gen_ai.agent.name',
    'swarmscope.task.type',
  ],
  prometheus: 'gen_ai_client_inference_usage_cache_read_input_tokens_total',
} as const satisfies MetricSpec;
export const METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS = {
  name: 'gen_ai.client.inference.usage.cache_write.input_tokens',
  instrument: 'counter',
  unit: '{token}',
  description: 'Input tokens written to the cache; part of the input tokens.',
  valueType: 'int',
  attributes: [
    'gen_ai.operation.name',
    'gen_ai.provider.name',
    'gen_ai.request.model',
    'server.port',
    'gen_ai.response.model',
    'server.address',
    'gen_ai.token.modality',
    'openai.response.service_tier',
    'gen_ai.agent.name',
    'swarmscope.task.type',
  ],
  prometheus: 'gen_ai_client_inference_usage_cache_write_input_tokens_total',
} as const satisfies MetricSpec;
export const METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS = {
  name: 'gen_ai.client.inference.usage.input_tokens',
  instrument: 'counter',
  unit: '{token}',
  description: 'Input tokens used, cached ones included.',
  valueType: 'int',
  attributes: [
    'gen_ai.operation.name',
    'gen_ai.provider.name',
    'gen_ai.request.model',
    'server.port',
    'gen_ai.response.model',
    'server.address',
    'gen_ai.token.modality',
    'openai.response.service_tier',
    'gen_ai.agent.name',
    'swarmscope.task.type',
  ],
  prometheus: 'gen_ai_client_inference_usage_input_tokens_total',
} as const satisfies MetricSpec;
export const METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS = {
  name: 'gen_ai.client.inference.usage.output_tokens',
  instrument: 'counter',
  unit: '{token}',
  description: 'Output tokens used, reasoning included.',
  valueType: 'int',
  attributes: [
    'gen_ai.operation.name',
    'gen_ai.provider.name',
    'gen_ai.request.model',
    'server.port',
    'gen_ai.response.model',
    'server.address',
    'gen_ai.token.modality',
    'openai.response.service_tier',
    'gen_ai.agent.name',
    'swarmscope.task.type',
  ],
  prometheus: 'gen_ai_client_inference_usage_output_tokens_total',
} as const satisfies MetricSpec;
export const METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS = {
  name: 'gen_ai.client.inference.usage.reasoning.output_tokens',
  instrument: 'counter',
  unit: '{token}',
  description: 'Output tokens spent on reasoning; part of the output tokens.',
  valueType: 'int',
  attributes: [
    'gen_ai.operation.name',
    'gen_ai.provider.name',
    'gen_ai.request.model',
    'server.port',
    'gen_ai.response.model',
    'server.address',
    'gen_ai.token.modality',
    'openai.response.service_tier',
    'gen_ai.agent.name',
    'swarmscope.task.type',
  ],
  prometheus: 'gen_ai_client_inference_usage_reasoning_output_tokens_total',
} as const satisfies MetricSpec;
export const METRIC_GEN_AI_CLIENT_OPERATION_DURATION = {
  name: 'gen_ai.client.operation.duration',
  instrument: 'histogram',
  unit: 's',
  description: 'Duration of a client operation that is no inference.',
  valueType: 'double',
  buckets: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  attributes: [
    'gen_ai.operation.name',
    'gen_ai.provider.name',
    'gen_ai.request.model',
    'server.port',
    'gen_ai.response.model',
    'server.address',
    'error.type',
  ],
  prometheus: 'gen_ai_client_operation_duration_seconds',
} as const satisfies MetricSpec;
export const METRIC_GEN_AI_EXECUTE_TOOL_DURATION = {
  name: 'gen_ai.execute_tool.duration',
  instrument: 'histogram',
  unit: 's',
  description: 'Duration of one tool call.',
  valueType: 'double',
  buckets: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  attributes: ['gen_ai.tool.name', 'gen_ai.tool.type', 'gen_ai.agent.name', 'error.type'],
  prometheus: 'gen_ai_execute_tool_duration_seconds',
} as const satisfies MetricSpec;
export const METRIC_GEN_AI_INVOKE_AGENT_DURATION = {
  name: 'gen_ai.invoke_agent.duration',
  instrument: 'histogram',
  unit: 's',
  description: 'Duration of one agent invocation.',
  valueType: 'double',
  buckets: [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 409.6],
  attributes: ['gen_ai.agent.name', 'gen_ai.request.model', 'error.type'],
  prometheus: 'gen_ai_invoke_agent_duration_seconds',
} as const satisfies MetricSpec;
export const METRIC_GEN_AI_INVOKE_AGENT_INFERENCE_CALLS = {
  name: 'gen_ai.invoke_agent.inference_calls',
  instrument: 'histogram',
  unit: '{inference_call}',
  description: 'Inference calls of one agent invocation, sub-agents excluded.',
  valueType: 'int',
  buckets: [1, 2, 4, 8, 16, 32, 64, 128],
  attributes: ['gen_ai.agent.name'],
  prometheus: 'gen_ai_invoke_agent_inference_calls',
} as const satisfies MetricSpec;
export const METRIC_GEN_AI_INVOKE_AGENT_TOOL_CALLS = {
  name: 'gen_ai.invoke_agent.tool_calls',
  instrument: 'histogram',
  unit: '{tool_call}',
  description: 'Client-side tool calls of one agent invocation, sub-agents excluded.',
  valueType: 'int',
  buckets: [1, 2, 4, 8, 16, 32, 64, 128],
  attributes: ['gen_ai.agent.name'],
  prometheus: 'gen_ai_invoke_agent_tool_calls',
} as const satisfies MetricSpec;
export const METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION = {
  name: 'gen_ai.invoke_workflow.duration',
  instrument: 'histogram',
  unit: 's',
  description: 'Duration of one workflow, a swarm run.',
  valueType: 'double',
  buckets: [1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200],
  attributes: ['gen_ai.workflow.name', 'error.type'],
  prometheus: 'gen_ai_invoke_workflow_duration_seconds',
} as const satisfies MetricSpec;
export const METRIC_HW_ERRORS = {
  name: 'hw.errors',
  instrument: 'counter',
  unit: '{error}',
  description: 'Errors of the component; for a GPU those of its memory since the driver was loaded.',
  valueType: 'int',
  attributes: ['hw.id', 'hw.name', 'hw.parent', 'hw.vendor', 'hw.driver_version', 'hw.type', 'error.type'],
  prometheus: 'hw_errors_total',
} as const satisfies MetricSpec;
export const METRIC_HW_GPU_MEMORY_LIMIT = {
  name: 'hw.gpu.memory.limit',
  instrument: 'updowncounter',
  unit: 'By',
  description: 'Size of the GPU memory.',
  valueType: 'int',
  attributes: ['hw.id', 'hw.name', 'hw.parent', 'hw.vendor', 'hw.driver_version'],
  prometheus: 'hw_gpu_memory_limit_bytes',
} as const satisfies MetricSpec;
export const METRIC_HW_GPU_MEMORY_USAGE = {
  name: 'hw.gpu.memory.usage',
  instrument: 'updowncounter',
  unit: 'By',
  description: 'GPU memory that is used.',
  valueType: 'int',
  attributes: ['hw.id', 'hw.name', 'hw.parent', 'hw.vendor', 'hw.driver_version'],
  prometheus: 'hw_gpu_memory_usage_bytes',
} as const satisfies MetricSpec;
export const METRIC_HW_GPU_MEMORY_UTILIZATION = {
  name: 'hw.gpu.memory.utilization',
  instrument: 'gauge',
  unit: '1',
  description: 'Used share of the GPU memory.',
  valueType: 'double',
  attributes: ['hw.id', 'hw.name', 'hw.parent', 'hw.vendor', 'hw.driver_version'],
  prometheus: 'hw_gpu_memory_utilization_ratio',
} as const satisfies MetricSpec;
export const METRIC_HW_GPU_UTILIZATION = {
  name: 'hw.gpu.utilization',
  instrument: 'gauge',
  unit: '1',
  description: 'Share of time in which the GPU was busy.',
  valueType: 'double',
  attributes: ['hw.id', 'hw.name', 'hw.vendor', 'hw.driver_version', 'hw.gpu.task'],
  prometheus: 'hw_gpu_utilization_ratio',
} as const satisfies MetricSpec;
export const METRIC_HW_POWER = {
  name: 'hw.power',
  instrument: 'gauge',
  unit: 'W',
  description: 'Power that the component draws.',
  valueType: 'double',
  attributes: ['hw.id', 'hw.name', 'hw.vendor', 'hw.driver_version', 'hw.type'],
  prometheus: 'hw_power_watts',
} as const satisfies MetricSpec;
export const METRIC_HW_TEMPERATURE = {
  name: 'hw.temperature',
  instrument: 'gauge',
  unit: 'Cel',
  description: 'Temperature of the component.',
  valueType: 'double',
  attributes: ['hw.id', 'hw.name', 'hw.vendor', 'hw.driver_version', 'hw.sensor_location'],
  prometheus: 'hw_temperature_celsius',
} as const satisfies MetricSpec;
export const METRIC_NODEJS_EVENTLOOP_DELAY_MAX = {
  name: 'nodejs.eventloop.delay.max',
  instrument: 'gauge',
  unit: 's',
  description: 'Largest delay of the event loop.',
  valueType: 'double',
  attributes: [],
  prometheus: 'nodejs_eventloop_delay_max_seconds',
} as const satisfies MetricSpec;
export const METRIC_NODEJS_EVENTLOOP_DELAY_MEAN = {
  name: 'nodejs.eventloop.delay.mean',
  instrument: 'gauge',
  unit: 's',
  description: 'Mean delay of the event loop.',
  valueType: 'double',
  attributes: [],
  prometheus: 'nodejs_eventloop_delay_mean_seconds',
} as const satisfies MetricSpec;
export const METRIC_NODEJS_EVENTLOOP_DELAY_MIN = {
  name: 'nodejs.eventloop.delay.min',
  instrument: 'gauge',
  unit: 's',
  description: 'Smallest delay of the event loop.',
  valueType: 'double',
  attributes: [],
  prometheus: 'nodejs_eventloop_delay_min_seconds',
} as const satisfies MetricSpec;
export const METRIC_NODEJS_EVENTLOOP_DELAY_P50 = {
  name: 'nodejs.eventloop.delay.p50',
  instrument: 'gauge',
  unit: 's',
  description: 'Median delay of the event loop.',
  valueType: 'double',
  attributes: [],
  prometheus: 'nodejs_eventloop_delay_p50_seconds',
} as const satisfies MetricSpec;
export const METRIC_NODEJS_EVENTLOOP_DELAY_P90 = {
  name: 'nodejs.eventloop.delay.p90',
  instrument: 'gauge',
  unit: 's',
  description: '90th percentile of the delay of the event loop.',
  valueType: 'double',
  attributes: [],
  prometheus: 'nodejs_eventloop_delay_p90_seconds',
} as const satisfies MetricSpec;
export const METRIC_NODEJS_EVENTLOOP_DELAY_P99 = {
  name: 'nodejs.eventloop.delay.p99',
  instrument: 'gauge',
  unit: 's',
  description: '99th percentile of the delay of the event loop.',
  valueType: 'double',
  attributes: [],
  prometheus: 'nodejs_eventloop_delay_p99_seconds',
} as const satisfies MetricSpec;
export const METRIC_NODEJS_EVENTLOOP_DELAY_STDDEV = {
  name: 'nodejs.eventloop.delay.stddev',
  instrument: 'gauge',
  unit: 's',
  description: 'Standard deviation of the delay of the event loop.',
  valueType: 'double',
  attributes: [],
  prometheus: 'nodejs_eventloop_delay_stddev_seconds',
} as const satisfies MetricSpec;
export const METRIC_NODEJS_EVENTLOOP_TIME = {
  name: 'nodejs.eventloop.time',
  instrument: 'counter',
  unit: 's',
  description: 'Time of the event loop by state.',
  valueType: 'double',
  attributes: ['nodejs.eventloop.state'],
  prometheus: 'nodejs_eventloop_time_seconds_total',
} as const satisfies MetricSpec;
export const METRIC_NODEJS_EVENTLOOP_UTILIZATION = {
  name: 'nodejs.eventloop.utilization',
  instrument: 'gauge',
  unit: '1',
  description: 'Share of time in which the event loop was active.',
  valueType: 'double',
  attributes: [],
  prometheus: 'nodejs_eventloop_utilization_ratio',
} as const satisfies MetricSpec;
export const METRIC_PROCESS_CONTEXT_SWITCHES = {
  name: 'process.context_switches',
  instrument: 'counter',
  unit: '{context_switch}',
  description: 'Context switches of the process.',
  valueType: 'int',
  attributes: ['process.context_switch.type'],
  prometheus: 'process_context_switches_total',
} as const satisfies MetricSpec;
export const METRIC_PROCESS_CPU_TIME = {
  name: 'process.cpu.time',
  instrument: 'counter',
  unit: 's',
  description: 'CPU time of the process.',
  valueType: 'double',
  attributes: ['cpu.mode'],
  prometheus: 'process_cpu_time_seconds_total',
} as const satisfies MetricSpec;
export const METRIC_PROCESS_CPU_UTILIZATION = {
  name: 'process.cpu.utilization',
  instrument: 'gauge',
  unit: '1',
  description: 'CPU time of the process divided by the time passed and the CPUs.',
  valueType: 'double',
  attributes: ['cpu.mode'],
  prometheus: 'process_cpu_utilization_ratio',
} as const satisfies MetricSpec;
export const METRIC_PROCESS_DISK_IO = {
  name: 'process.disk.io',
  instrument: 'counter',
  unit: 'By',
  description: 'Bytes that the process read from and wrote to disk.',
  valueType: 'int',
  attributes: ['disk.io.direction'],
  prometheus: 'process_disk_io_bytes_total',
} as const satisfies MetricSpec;
export const METRIC_PROCESS_MEMORY_USAGE = {
  name: 'process.memory.usage',
  instrument: 'updowncounter',
  unit: 'By',
  description: 'Resident memory of the process.',
  valueType: 'int',
  attributes: [],
  prometheus: 'process_memory_usage_bytes',
} as const satisfies MetricSpec;
export const METRIC_PROCESS_MEMORY_UTILIZATION = {
  name: 'process.memory.utilization',
  instrument: 'gauge',
  unit: '1',
  description: 'Resident memory of the process divided by the memory of the host.',
  valueType: 'double',
  attributes: [],
  prometheus: 'process_memory_utilization_ratio',
} as const satisfies MetricSpec;
export const METRIC_PROCESS_MEMORY_VIRTUAL = {
  name: 'process.memory.virtual',
  instrument: 'updowncounter',
  unit: 'By',
  description: 'Virtual memory of the process.',
  valueType: 'int',
  attributes: [],
  prometheus: 'process_memory_virtual_bytes',
} as const satisfies MetricSpec;
export const METRIC_PROCESS_PAGING_FAULTS = {
  name: 'process.paging.faults',
  instrument: 'counter',
  unit: '{fault}',
  description: 'Page faults of the process.',
  valueType: 'int',
  attributes: [],
  prometheus: 'process_paging_faults_total',
} as const satisfies MetricSpec;
export const METRIC_PROCESS_THREAD_COUNT = {
  name: 'process.thread.count',
  instrument: 'updowncounter',
  unit: '{thread}',
  description: 'Threads of the process.',
  valueType: 'int',
  attributes: [],
  prometheus: 'process_thread_count',
} as const satisfies MetricSpec;
export const METRIC_PROCESS_UNIX_FILE_DESCRIPTOR_COUNT = {
  name: 'process.unix.file_descriptor.count',
  instrument: 'updowncounter',
  unit: '{file_descriptor}',
  description: 'Open file descriptors of the process.',
  valueType: 'int',
  attributes: [],
  prometheus: 'process_unix_file_descriptor_count',
} as const satisfies MetricSpec;
export const METRIC_PROCESS_UPTIME = {
  name: 'process.uptime',
  instrument: 'gauge',
  unit: 's',
  description: 'Time that the process has been running.',
  valueType: 'double',
  attributes: [],
  prometheus: 'process_uptime_seconds',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_AGENT_SILENT_TIME = {
  name: 'swarmscope.agent.silent.time',
  instrument: 'gauge',
  unit: 's',
  description: 'How long the agent that is silent for longest has passed no bytes, used no CPU and started nothing.',
  valueType: 'double',
  attributes: ['gen_ai.agent.name'],
  prometheus: 'swarmscope_agent_silent_time_seconds',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_ALLOCATION_WAIT_TIME = {
  name: 'swarmscope.allocation.wait_time',
  instrument: 'histogram',
  unit: 's',
  description: 'Time waited for a scarce resource.',
  valueType: 'double',
  buckets: [0.001, 0.01, 0.1, 1, 5, 10, 30, 60, 300, 900],
  attributes: ['swarmscope.allocation.resource.type'],
  prometheus: 'swarmscope_allocation_wait_time_seconds',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_BATCH_BARRIER_WAIT_TIME = {
  name: 'swarmscope.batch.barrier.wait_time',
  instrument: 'histogram',
  unit: 's',
  description: 'Time from the end of a task to the end of its batch.',
  valueType: 'double',
  buckets: [0.01, 0.1, 1, 5, 10, 30, 60, 120, 300, 600, 1800],
  attributes: ['swarmscope.scheduler.name', 'swarmscope.task.type'],
  prometheus: 'swarmscope_batch_barrier_wait_time_seconds',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_BATCH_DURATION = {
  name: 'swarmscope.batch.duration',
  instrument: 'histogram',
  unit: 's',
  description: 'Time from the first dispatch of a batch to the release of its barrier.',
  valueType: 'double',
  buckets: [0.1, 1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600],
  attributes: ['swarmscope.scheduler.name', 'error.type'],
  prometheus: 'swarmscope_batch_duration_seconds',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_BATCH_PARALLELISM = {
  name: 'swarmscope.batch.parallelism',
  instrument: 'histogram',
  unit: '{worker}',
  description: 'Sum of task durations divided by the duration of the batch.',
  valueType: 'double',
  buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  attributes: ['swarmscope.scheduler.name'],
  prometheus: 'swarmscope_batch_parallelism',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_BATCH_SIZE = {
  name: 'swarmscope.batch.size',
  instrument: 'histogram',
  unit: '{task}',
  description: 'Tasks in a batch.',
  valueType: 'int',
  buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  attributes: ['swarmscope.scheduler.name'],
  prometheus: 'swarmscope_batch_size',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_BATCH_STRAGGLER_DELAY = {
  name: 'swarmscope.batch.straggler.delay',
  instrument: 'histogram',
  unit: 's',
  description: 'Time from the median task end of a batch to the last.',
  valueType: 'double',
  buckets: [0.01, 0.1, 1, 5, 10, 30, 60, 120, 300, 600, 1800],
  attributes: ['swarmscope.scheduler.name'],
  prometheus: 'swarmscope_batch_straggler_delay_seconds',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_BUDGET_COST_LIMIT = {
  name: 'swarmscope.budget.cost.limit',
  instrument: 'updowncounter',
  unit: '{USD}',
  description: 'Cost budget that was granted.',
  valueType: 'double',
  attributes: ['swarmscope.budget.name'],
  prometheus: 'swarmscope_budget_cost_limit',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_BUDGET_COST_USAGE = {
  name: 'swarmscope.budget.cost.usage',
  instrument: 'updowncounter',
  unit: '{USD}',
  description: 'Cost budget that was used.',
  valueType: 'double',
  attributes: ['swarmscope.budget.name'],
  prometheus: 'swarmscope_budget_cost_usage',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_BUDGET_COST_UTILIZATION = {
  name: 'swarmscope.budget.cost.utilization',
  instrument: 'gauge',
  unit: '1',
  description: 'Used share of the cost budget.',
  valueType: 'double',
  attributes: ['swarmscope.budget.name'],
  prometheus: 'swarmscope_budget_cost_utilization_ratio',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_BUDGET_OVERALLOCATIONS = {
  name: 'swarmscope.budget.overallocations',
  instrument: 'counter',
  unit: '{allocation}',
  description: 'Grants to parts of a budget, or allocations from it, that made them more than its limit.',
  valueType: 'int',
  attributes: ['swarmscope.budget.name', 'swarmscope.budget.kind'],
  prometheus: 'swarmscope_budget_overallocations_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_BUDGET_THRESHOLDS_REACHED = {
  name: 'swarmscope.budget.thresholds_reached',
  instrument: 'counter',
  unit: '{threshold}',
  description: 'Thresholds of budgets that were reached: 50, 80 and 100 percent of a limit unless a policy says otherwise.',
  valueType: 'int',
  attributes: ['swarmscope.budget.name', 'swarmscope.budget.kind', 'swarmscope.budget.threshold'],
  prometheus: 'swarmscope_budget_thresholds_reached_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_BUDGET_TIME_LIMIT = {
  name: 'swarmscope.budget.time.limit',
  instrument: 'updowncounter',
  unit: 's',
  description: 'Time budget that was granted.',
  valueType: 'double',
  attributes: ['swarmscope.budget.name'],
  prometheus: 'swarmscope_budget_time_limit_seconds',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_BUDGET_TIME_USAGE = {
  name: 'swarmscope.budget.time.usage',
  instrument: 'updowncounter',
  unit: 's',
  description: 'Time in which work of the budget was under way.',
  valueType: 'double',
  attributes: ['swarmscope.budget.name'],
  prometheus: 'swarmscope_budget_time_usage_seconds',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_BUDGET_TIME_UTILIZATION = {
  name: 'swarmscope.budget.time.utilization',
  instrument: 'gauge',
  unit: '1',
  description: 'Used share of the time budget.',
  valueType: 'double',
  attributes: ['swarmscope.budget.name'],
  prometheus: 'swarmscope_budget_time_utilization_ratio',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_BUDGET_TOKEN_LIMIT = {
  name: 'swarmscope.budget.token.limit',
  instrument: 'updowncounter',
  unit: '{token}',
  description: 'Token budget that was granted.',
  valueType: 'int',
  attributes: ['swarmscope.budget.name'],
  prometheus: 'swarmscope_budget_token_limit',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_BUDGET_TOKEN_USAGE = {
  name: 'swarmscope.budget.token.usage',
  instrument: 'updowncounter',
  unit: '{token}',
  description: 'Token budget that was used.',
  valueType: 'int',
  attributes: ['swarmscope.budget.name'],
  prometheus: 'swarmscope_budget_token_usage',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_BUDGET_TOKEN_UTILIZATION = {
  name: 'swarmscope.budget.token.utilization',
  instrument: 'gauge',
  unit: '1',
  description: 'Used share of the token budget.',
  valueType: 'double',
  attributes: ['swarmscope.budget.name'],
  prometheus: 'swarmscope_budget_token_utilization_ratio',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_CONTEXT_COMPACTIONS = {
  name: 'swarmscope.context.compactions',
  instrument: 'counter',
  unit: '{compaction}',
  description: 'Compactions of a context that the provider told of, or (trigger inferred) that a fall of input tokens shows.',
  valueType: 'int',
  attributes: ['gen_ai.agent.name', 'swarmscope.context.compaction.trigger'],
  prometheus: 'swarmscope_context_compactions_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_CONTEXT_OPTIMIZATION_TOKENS = {
  name: 'swarmscope.context.optimization.tokens',
  instrument: 'counter',
  unit: '{token}',
  description: 'Tokens of contexts that the program made smaller, before and after.',
  valueType: 'int',
  attributes: ['swarmscope.context.optimizer.name', 'swarmscope.context.optimization.state'],
  prometheus: 'swarmscope_context_optimization_tokens_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_CONTEXT_OVERFLOWS = {
  name: 'swarmscope.context.overflows',
  instrument: 'counter',
  unit: '{overflow}',
  description: 'Inferences refused because the context window was too small.',
  valueType: 'int',
  attributes: ['gen_ai.request.model', 'gen_ai.agent.name'],
  prometheus: 'swarmscope_context_overflows_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_CONTEXT_USAGE = {
  name: 'swarmscope.context.usage',
  instrument: 'histogram',
  unit: '{token}',
  description: 'Tokens in the context window of one inference.',
  valueType: 'int',
  buckets: [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304],
  attributes: ['gen_ai.request.model', 'gen_ai.agent.name'],
  prometheus: 'swarmscope_context_usage',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_CONTEXT_UTILIZATION = {
  name: 'swarmscope.context.utilization',
  instrument: 'histogram',
  unit: '1',
  description: 'Context usage divided by the context limit, per inference.',
  valueType: 'double',
  buckets: [0.1, 0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1, 1.25, 1.5],
  attributes: ['gen_ai.request.model', 'gen_ai.agent.name'],
  prometheus: 'swarmscope_context_utilization',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_DOCTOR_LAST_CHECK = {
  name: 'swarmscope.doctor.last_check',
  instrument: 'gauge',
  unit: 's',
  description: 'When swarmscope doctor --stack last sent its marked point, in seconds since the Unix epoch: the value is the mark.',
  valueType: 'double',
  attributes: [],
  prometheus: 'swarmscope_doctor_last_check_seconds',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_FORWARD_DROPPED = {
  name: 'swarmscope.forward.dropped',
  instrument: 'counter',
  unit: '{item}',
  description: 'Spans and log records that the receiver of a run could not pass on, by reason. What waits on disk is not lost.',
  valueType: 'int',
  attributes: ['swarmscope.telemetry.signal', 'swarmscope.drop.reason'],
  prometheus: 'swarmscope_forward_dropped_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_FORWARD_RECEIVED = {
  name: 'swarmscope.forward.received',
  instrument: 'counter',
  unit: '{item}',
  description:
    'Spans and log records (span starts among them) that the receiver of a run took in order to pass them on: sent, dropped, or still on their way when the metric was collected.',
  valueType: 'int',
  attributes: ['swarmscope.telemetry.signal'],
  prometheus: 'swarmscope_forward_received_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_FORWARD_SENT = {
  name: 'swarmscope.forward.sent',
  instrument: 'counter',
  unit: '{item}',
  description: 'Spans and log records that the receiver of a run passed on and the next endpoint accepted, also those sent from disk.',
  valueType: 'int',
  attributes: ['swarmscope.telemetry.signal'],
  prometheus: 'swarmscope_forward_sent_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_GIT_LOCK_FAILURES = {
  name: 'swarmscope.git.lock.failures',
  instrument: 'counter',
  unit: '{failure}',
  description: 'git commands that failed because another process held a lock.',
  valueType: 'int',
  attributes: ['swarmscope.git.operation.name', 'vcs.repository.name'],
  prometheus: 'swarmscope_git_lock_failures_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_GIT_MERGE_CONFLICTS = {
  name: 'swarmscope.git.merge.conflicts',
  instrument: 'counter',
  unit: '{conflict}',
  description: 'Files in conflict after a merge, rebase or cherry-pick.',
  valueType: 'int',
  attributes: ['vcs.repository.name', 'swarmscope.git.operation.name'],
  prometheus: 'swarmscope_git_merge_conflicts_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_GIT_OPERATION_DURATION = {
  name: 'swarmscope.git.operation.duration',
  instrument: 'histogram',
  unit: 's',
  description: 'Duration of one client-side git command.',
  valueType: 'double',
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  attributes: ['swarmscope.git.operation.name', 'error.type', 'vcs.repository.name'],
  prometheus: 'swarmscope_git_operation_duration_seconds',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_HOST_LOAD = {
  name: 'swarmscope.host.load',
  instrument: 'gauge',
  unit: '{process}',
  description: 'Processes of the host that run or wait for a CPU (on Linux also for a disk), averaged over a minute.',
  valueType: 'double',
  attributes: [],
  prometheus: 'swarmscope_host_load',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_INFERENCE_ACTIVE = {
  name: 'swarmscope.inference.active',
  instrument: 'updowncounter',
  unit: '{call}',
  description: 'LLM calls that have begun and not ended.',
  valueType: 'int',
  attributes: ['gen_ai.provider.name', 'gen_ai.request.model'],
  prometheus: 'swarmscope_inference_active',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_INFERENCE_COST = {
  name: 'swarmscope.inference.cost',
  instrument: 'counter',
  unit: '{USD}',
  description: 'Cost of inference in US dollars.',
  valueType: 'double',
  attributes: ['gen_ai.provider.name', 'gen_ai.request.model', 'swarmscope.cost.source', 'gen_ai.agent.name', 'swarmscope.task.type'],
  prometheus: 'swarmscope_inference_cost_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_MODEL_SERVER_KV_CACHE_UTILIZATION = {
  name: 'swarmscope.model_server.kv_cache.utilization',
  instrument: 'gauge',
  unit: '1',
  description: 'Used share of the memory that a model server keeps for contexts.',
  valueType: 'double',
  attributes: ['swarmscope.model_server.name', 'server.address', 'server.port', 'gen_ai.request.model'],
  prometheus: 'swarmscope_model_server_kv_cache_utilization_ratio',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_MODEL_SERVER_MODEL_COUNT = {
  name: 'swarmscope.model_server.model.count',
  instrument: 'updowncounter',
  unit: '{model}',
  description: 'Models that a model server has in memory.',
  valueType: 'int',
  attributes: ['swarmscope.model_server.name', 'server.address', 'server.port'],
  prometheus: 'swarmscope_model_server_model_count',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_MODEL_SERVER_MODEL_GPU_MEMORY_USAGE = {
  name: 'swarmscope.model_server.model.gpu.memory.usage',
  instrument: 'updowncounter',
  unit: 'By',
  description: 'GPU memory that a model of a model server takes.',
  valueType: 'int',
  attributes: ['swarmscope.model_server.name', 'server.address', 'server.port', 'gen_ai.request.model'],
  prometheus: 'swarmscope_model_server_model_gpu_memory_usage_bytes',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_MODEL_SERVER_PREEMPTIONS = {
  name: 'swarmscope.model_server.preemptions',
  instrument: 'counter',
  unit: '{preemption}',
  description: 'Requests that a model server put back since its memory for contexts was full; they begin anew.',
  valueType: 'int',
  attributes: ['swarmscope.model_server.name', 'server.address', 'server.port', 'gen_ai.request.model'],
  prometheus: 'swarmscope_model_server_preemptions_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_MODEL_SERVER_REQUEST_COUNT = {
  name: 'swarmscope.model_server.request.count',
  instrument: 'updowncounter',
  unit: '{request}',
  description: 'Requests that a model server of this machine has, of all who ask it.',
  valueType: 'int',
  attributes: [
    'swarmscope.model_server.name',
    'server.address',
    'server.port',
    'gen_ai.request.model',
    'swarmscope.model_server.request.state',
  ],
  prometheus: 'swarmscope_model_server_request_count',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_OBSERVER_FAULTS = {
  name: 'swarmscope.observer.faults',
  instrument: 'counter',
  unit: '{fault}',
  description: 'Faults of swarmscope that switched an observer off.',
  valueType: 'int',
  attributes: ['swarmscope.observer.name'],
  prometheus: 'swarmscope_observer_faults_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_PHASE_DURATION = {
  name: 'swarmscope.phase.duration',
  instrument: 'histogram',
  unit: 's',
  description: 'Duration of the phases of a run.',
  valueType: 'double',
  buckets: [0.1, 0.5, 1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400],
  attributes: ['swarmscope.phase.name', 'error.type'],
  prometheus: 'swarmscope_phase_duration_seconds',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_POLICY_CHANGES = {
  name: 'swarmscope.policy.changes',
  instrument: 'counter',
  unit: '{change}',
  description: 'Changes of the policies of the run that were asked for.',
  valueType: 'int',
  attributes: ['swarmscope.policy.source', 'swarmscope.policy.change.outcome'],
  prometheus: 'swarmscope_policy_changes_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_POLICY_DECISIONS = {
  name: 'swarmscope.policy.decisions',
  instrument: 'counter',
  unit: '{decision}',
  description: 'What policies of the program decided.',
  valueType: 'int',
  attributes: ['swarmscope.policy.name', 'swarmscope.policy.outcome'],
  prometheus: 'swarmscope_policy_decisions_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_PROCESS_ORPHAN_COUNT = {
  name: 'swarmscope.process.orphan.count',
  instrument: 'updowncounter',
  unit: '{process}',
  description: 'Processes of the run that go on a minute or more after whoever started them has ended, by program.',
  valueType: 'int',
  attributes: ['process.executable.name'],
  prometheus: 'swarmscope_process_orphan_count',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_QUEUE_CAPACITY = {
  name: 'swarmscope.queue.capacity',
  instrument: 'updowncounter',
  unit: '{task}',
  description: 'Longest allowed queue; only when it is bounded.',
  valueType: 'int',
  attributes: ['swarmscope.queue.name'],
  prometheus: 'swarmscope_queue_capacity',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_QUEUE_OLDEST_AGE = {
  name: 'swarmscope.queue.oldest.age',
  instrument: 'gauge',
  unit: 's',
  description: 'Age of the oldest queued task.',
  valueType: 'double',
  attributes: ['swarmscope.queue.name'],
  prometheus: 'swarmscope_queue_oldest_age_seconds',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_QUEUE_PEAK_SIZE = {
  name: 'swarmscope.queue.peak_size',
  instrument: 'gauge',
  unit: '{task}',
  description: 'The most tasks that were queued since the last collection; a burst between two of them shows.',
  valueType: 'int',
  attributes: ['swarmscope.queue.name'],
  prometheus: 'swarmscope_queue_peak_size',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_QUEUE_SIZE = {
  name: 'swarmscope.queue.size',
  instrument: 'updowncounter',
  unit: '{task}',
  description: 'Tasks that are queued.',
  valueType: 'int',
  attributes: ['swarmscope.queue.name'],
  prometheus: 'swarmscope_queue_size',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_QUEUE_WAIT_TIME = {
  name: 'swarmscope.queue.wait_time',
  instrument: 'histogram',
  unit: 's',
  description: 'Time from ready to start.',
  valueType: 'double',
  buckets: [0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600, 1800],
  attributes: ['swarmscope.queue.name', 'swarmscope.task.type'],
  prometheus: 'swarmscope_queue_wait_time_seconds',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_RATE_LIMIT_LIMIT = {
  name: 'swarmscope.rate_limit.limit',
  instrument: 'gauge',
  unit: '{permit}',
  description: 'Requests or tokens that the provider allows per window, as its last answer said.',
  valueType: 'int',
  attributes: ['gen_ai.provider.name', 'gen_ai.request.model', 'swarmscope.rate_limit.kind', 'swarmscope.rate_limit.window'],
  prometheus: 'swarmscope_rate_limit_limit',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_RATE_LIMIT_REJECTIONS = {
  name: 'swarmscope.rate_limit.rejections',
  instrument: 'counter',
  unit: '{rejection}',
  description: 'Inference attempts that the provider refused for its rate limit.',
  valueType: 'int',
  attributes: ['gen_ai.provider.name', 'gen_ai.request.model', 'gen_ai.agent.name', 'swarmscope.task.type'],
  prometheus: 'swarmscope_rate_limit_rejections_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_RATE_LIMIT_REMAINING = {
  name: 'swarmscope.rate_limit.remaining',
  instrument: 'gauge',
  unit: '{permit}',
  description: 'Requests or tokens left in the window, as the last answer of the provider said.',
  valueType: 'int',
  attributes: ['gen_ai.provider.name', 'gen_ai.request.model', 'swarmscope.rate_limit.kind', 'swarmscope.rate_limit.window'],
  prometheus: 'swarmscope_rate_limit_remaining',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_RATE_LIMIT_TIME_TO_RESET = {
  name: 'swarmscope.rate_limit.time_to_reset',
  instrument: 'gauge',
  unit: 's',
  description: 'Time until all of the rate limit is there again, as the last answer of the provider said.',
  valueType: 'double',
  attributes: ['gen_ai.provider.name', 'gen_ai.request.model', 'swarmscope.rate_limit.kind', 'swarmscope.rate_limit.window'],
  prometheus: 'swarmscope_rate_limit_time_to_reset_seconds',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_RATE_LIMIT_UTILIZATION = {
  name: 'swarmscope.rate_limit.utilization',
  instrument: 'gauge',
  unit: '1',
  description: 'Used share of the rate limit: 1 is exhausted.',
  valueType: 'double',
  attributes: ['gen_ai.provider.name', 'gen_ai.request.model', 'swarmscope.rate_limit.kind', 'swarmscope.rate_limit.window'],
  prometheus: 'swarmscope_rate_limit_utilization_ratio',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_ROUTING_BASELINE_COST = {
  name: 'swarmscope.routing.baseline.cost',
  instrument: 'counter',
  unit: '{USD}',
  description: 'What the same calls would have cost, token by token, with the dearest model that the process had routed to by then.',
  valueType: 'double',
  attributes: ['swarmscope.routing.tier', 'gen_ai.request.model'],
  prometheus: 'swarmscope_routing_baseline_cost_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_ROUTING_COST = {
  name: 'swarmscope.routing.cost',
  instrument: 'counter',
  unit: '{USD}',
  description: 'Cost of the calls of models that were routed to, as far as they and the baseline have a price.',
  valueType: 'double',
  attributes: ['swarmscope.routing.tier', 'gen_ai.request.model'],
  prometheus: 'swarmscope_routing_cost_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_ROUTING_DECISIONS = {
  name: 'swarmscope.routing.decisions',
  instrument: 'counter',
  unit: '{decision}',
  description: 'Decisions of model routing.',
  valueType: 'int',
  attributes: ['swarmscope.routing.tier', 'swarmscope.routing.outcome', 'gen_ai.request.model'],
  prometheus: 'swarmscope_routing_decisions_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_TASK_COUNT = {
  name: 'swarmscope.task.count',
  instrument: 'updowncounter',
  unit: '{task}',
  description: 'Tasks not yet finished, by state.',
  valueType: 'int',
  attributes: ['swarmscope.task.state', 'swarmscope.task.type', 'swarmscope.pool.name'],
  prometheus: 'swarmscope_task_count',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_TASK_CPU_TIME = {
  name: 'swarmscope.task.cpu.time',
  instrument: 'histogram',
  unit: 's',
  description: 'CPU time of one task, children included.',
  valueType: 'double',
  buckets: [0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600, 1800],
  attributes: ['swarmscope.task.type'],
  prometheus: 'swarmscope_task_cpu_time_seconds',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_TASK_DURATION = {
  name: 'swarmscope.task.duration',
  instrument: 'histogram',
  unit: 's',
  description: 'Execution time of one task attempt, queue wait excluded.',
  valueType: 'double',
  buckets: [0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200],
  attributes: ['swarmscope.task.type', 'swarmscope.task.result', 'error.type', 'gen_ai.agent.name', 'swarmscope.pool.name'],
  prometheus: 'swarmscope_task_duration_seconds',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_TASK_MEMORY_PEAK_USAGE = {
  name: 'swarmscope.task.memory.peak_usage',
  instrument: 'histogram',
  unit: 'By',
  description: 'Peak resident memory of one task with its process tree.',
  valueType: 'int',
  buckets: [16777216, 67108864, 134217728, 268435456, 536870912, 1073741824, 2147483648, 4294967296, 8589934592, 17179869184],
  attributes: ['swarmscope.task.type'],
  prometheus: 'swarmscope_task_memory_peak_usage_bytes',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_TASK_OLDEST_AGE = {
  name: 'swarmscope.task.oldest.age',
  instrument: 'gauge',
  unit: 's',
  description: 'Age of the oldest running task.',
  valueType: 'double',
  attributes: ['swarmscope.task.type', 'swarmscope.pool.name'],
  prometheus: 'swarmscope_task_oldest_age_seconds',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_TASK_RETRIES = {
  name: 'swarmscope.task.retries',
  instrument: 'counter',
  unit: '{retry}',
  description: 'Task attempts after the first.',
  valueType: 'int',
  attributes: ['swarmscope.task.type', 'error.type'],
  prometheus: 'swarmscope_task_retries_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_TASK_STALLED = {
  name: 'swarmscope.task.stalled',
  instrument: 'updowncounter',
  unit: '{task}',
  description: 'Running tasks in which nothing was seen to happen for longer than the stall limit.',
  valueType: 'int',
  attributes: ['swarmscope.task.type', 'swarmscope.pool.name'],
  prometheus: 'swarmscope_task_stalled',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_TASK_SUBMITTED = {
  name: 'swarmscope.task.submitted',
  instrument: 'counter',
  unit: '{task}',
  description: 'Tasks accepted by a scheduler.',
  valueType: 'int',
  attributes: ['swarmscope.task.type', 'swarmscope.pool.name'],
  prometheus: 'swarmscope_task_submitted_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_TELEMETRY_DROPPED = {
  name: 'swarmscope.telemetry.dropped',
  instrument: 'counter',
  unit: '{item}',
  description: 'Telemetry items that were lost, by reason. What waits on disk is not lost.',
  valueType: 'int',
  attributes: ['swarmscope.telemetry.signal', 'swarmscope.drop.reason'],
  prometheus: 'swarmscope_telemetry_dropped_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_TELEMETRY_EXPORTED = {
  name: 'swarmscope.telemetry.exported',
  instrument: 'counter',
  unit: '{item}',
  description:
    'Telemetry items that an endpoint accepted, those sent from disk included. The items of the very last request are counted where another process of the run can still report them.',
  valueType: 'int',
  attributes: ['swarmscope.telemetry.signal'],
  prometheus: 'swarmscope_telemetry_exported_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_TELEMETRY_RECORDED = {
  name: 'swarmscope.telemetry.recorded',
  instrument: 'counter',
  unit: '{item}',
  description:
    'Telemetry items that were recorded: exported, dropped, or still on their way when the metric was collected. A metric with all its points is one item, and is counted once it was exported or dropped.',
  valueType: 'int',
  attributes: ['swarmscope.telemetry.signal'],
  prometheus: 'swarmscope_telemetry_recorded_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_TOOL_AVAILABLE = {
  name: 'swarmscope.tool.available',
  instrument: 'histogram',
  unit: '{tool}',
  description: 'Tools offered to the model in one inference.',
  valueType: 'int',
  buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  attributes: ['gen_ai.agent.name', 'gen_ai.request.model'],
  prometheus: 'swarmscope_tool_available',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_TOOL_UNTIMED = {
  name: 'swarmscope.tool.untimed',
  instrument: 'counter',
  unit: '{execution}',
  description: 'Tool calls that only the wire tells of and that shared their time with others, so that none has a duration of its own.',
  valueType: 'int',
  attributes: ['gen_ai.tool.name', 'gen_ai.agent.name'],
  prometheus: 'swarmscope_tool_untimed_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_TOOL_USED = {
  name: 'swarmscope.tool.used',
  instrument: 'histogram',
  unit: '{tool}',
  description: 'Distinct tools called in one agent invocation.',
  valueType: 'int',
  buckets: [0, 1, 2, 4, 8, 16, 32, 64],
  attributes: ['gen_ai.agent.name'],
  prometheus: 'swarmscope_tool_used',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_WORKER_COUNT = {
  name: 'swarmscope.worker.count',
  instrument: 'updowncounter',
  unit: '{worker}',
  description: 'Workers by state; those active are the parallelism.',
  valueType: 'int',
  attributes: ['swarmscope.worker.state', 'swarmscope.pool.name'],
  prometheus: 'swarmscope_worker_count',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_WORKER_GPU_MEMORY_USAGE = {
  name: 'swarmscope.worker.gpu.memory.usage',
  instrument: 'updowncounter',
  unit: 'By',
  description: 'GPU memory held by processes of the run, by the worker, the kind of task and the agent that they were started for.',
  valueType: 'int',
  attributes: ['hw.id', 'swarmscope.worker.id', 'swarmscope.task.type', 'gen_ai.agent.name', 'process.executable.name'],
  prometheus: 'swarmscope_worker_gpu_memory_usage_bytes',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_WORKER_LIMIT = {
  name: 'swarmscope.worker.limit',
  instrument: 'updowncounter',
  unit: '{worker}',
  description: 'Most workers allowed at once.',
  valueType: 'int',
  attributes: ['swarmscope.pool.name'],
  prometheus: 'swarmscope_worker_limit',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_WORKER_PEAK_COUNT = {
  name: 'swarmscope.worker.peak_count',
  instrument: 'gauge',
  unit: '{worker}',
  description: 'The most workers of one pool that were active since the last collection.',
  valueType: 'int',
  attributes: ['swarmscope.pool.name'],
  prometheus: 'swarmscope_worker_peak_count',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_WORKER_TIME = {
  name: 'swarmscope.worker.time',
  instrument: 'counter',
  unit: 's',
  description: 'Worker seconds spent in each state.',
  valueType: 'double',
  attributes: ['swarmscope.worker.state', 'swarmscope.pool.name'],
  prometheus: 'swarmscope_worker_time_seconds_total',
} as const satisfies MetricSpec;
export const METRIC_SWARMSCOPE_WORKER_UTILIZATION = {
  name: 'swarmscope.worker.utilization',
  instrument: 'gauge',
  unit: '1',
  description: 'Active workers divided by the limit.',
  valueType: 'double',
  attributes: ['swarmscope.pool.name'],
  prometheus: 'swarmscope_worker_utilization_ratio',
} as const satisfies MetricSpec;
export const METRIC_SYSTEM_CPU_LOGICAL_COUNT = {
  name: 'system.cpu.logical.count',
  instrument: 'updowncounter',
  unit: '{cpu}',
  description: 'Logical CPUs of the host.',
  valueType: 'int',
  attributes: [],
  prometheus: 'system_cpu_logical_count',
} as const satisfies MetricSpec;
export const METRIC_SYSTEM_CPU_TIME = {
  name: 'system.cpu.time',
  instrument: 'counter',
  unit: 's',
  description: 'CPU time of the host.',
  valueType: 'double',
  attributes: ['cpu.mode'],
  prometheus: 'system_cpu_time_seconds_total',
} as const satisfies MetricSpec;
export const METRIC_SYSTEM_CPU_UTILIZATION = {
  name: 'system.cpu.utilization',
  instrument: 'gauge',
  unit: '1',
  description: 'CPU time of the host divided by the time passed and the CPUs: a share of the whole host.',
  valueType: 'double',
  attributes: ['cpu.mode'],
  prometheus: 'system_cpu_utilization_ratio',
} as const satisfies MetricSpec;
export const METRIC_SYSTEM_DISK_IO = {
  name: 'system.disk.io',
  instrument: 'counter',
  unit: 'By',
  description: 'Bytes read from and written to disks.',
  valueType: 'int',
  attributes: ['disk.io.direction', 'system.device.name'],
  prometheus: 'system_disk_io_bytes_total',
} as const satisfies MetricSpec;
export const METRIC_SYSTEM_MEMORY_LIMIT = {
  name: 'system.memory.limit',
  instrument: 'updowncounter',
  unit: 'By',
  description: 'Memory of the host.',
  valueType: 'int',
  attributes: [],
  prometheus: 'system_memory_limit_bytes',
} as const satisfies MetricSpec;
export const METRIC_SYSTEM_MEMORY_USAGE = {
  name: 'system.memory.usage',
  instrument: 'updowncounter',
  unit: 'By',
  description: 'Memory of the host by state.',
  valueType: 'int',
  attributes: ['system.memory.state'],
  prometheus: 'system_memory_usage_bytes',
} as const satisfies MetricSpec;
export const METRIC_SYSTEM_MEMORY_UTILIZATION = {
  name: 'system.memory.utilization',
  instrument: 'gauge',
  unit: '1',
  description: 'Share of the memory of the host by state.',
  valueType: 'double',
  attributes: ['system.memory.state'],
  prometheus: 'system_memory_utilization_ratio',
} as const satisfies MetricSpec;
export const METRIC_SYSTEM_NETWORK_IO = {
  name: 'system.network.io',
  instrument: 'counter',
  unit: 'By',
  description: 'Bytes that the host sent and received.',
  valueType: 'int',
  attributes: ['network.io.direction', 'network.interface.name'],
  prometheus: 'system_network_io_bytes_total',
} as const satisfies MetricSpec;
export const METRIC_SYSTEM_NETWORK_PACKET_DROPPED = {
  name: 'system.network.packet.dropped',
  instrument: 'counter',
  unit: '{packet}',
  description: 'Packets dropped without an error.',
  valueType: 'int',
  attributes: ['network.io.direction', 'network.interface.name'],
  prometheus: 'system_network_packet_dropped_total',
} as const satisfies MetricSpec;
export const METRIC_SYSTEM_PROCESS_COUNT = {
  name: 'system.process.count',
  instrument: 'updowncounter',
  unit: '{process}',
  description: 'Processes of the host.',
  valueType: 'int',
  attributes: [],
  prometheus: 'system_process_count',
} as const satisfies MetricSpec;
export const METRIC_SYSTEM_UPTIME = {
  name: 'system.uptime',
  instrument: 'gauge',
  unit: 's',
  description: 'Time that the host has been running.',
  valueType: 'double',
  attributes: [],
  prometheus: 'system_uptime_seconds',
} as const satisfies MetricSpec;
export const METRIC_V8JS_GC_DURATION = {
  name: 'v8js.gc.duration',
  instrument: 'histogram',
  unit: 's',
  description: 'Duration of one garbage collection.',
  valueType: 'double',
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  attributes: ['v8js.gc.type'],
  prometheus: 'v8js_gc_duration_seconds',
} as const satisfies MetricSpec;
export const METRIC_V8JS_MEMORY_HEAP_SPACE_AVAILABLE_SIZE = {
  name: 'v8js.memory.heap.space.available_size',
  instrument: 'updowncounter',
  unit: 'By',
  description: 'Free part of a heap space.',
  valueType: 'int',
  attributes: ['v8js.heap.space.name'],
  prometheus: 'v8js_memory_heap_space_available_size_bytes',
} as const satisfies MetricSpec;
export const METRIC_V8JS_MEMORY_HEAP_SPACE_PHYSICAL_SIZE = {
  name: 'v8js.memory.heap.space.physical_size',
  instrument: 'updowncounter',
  unit: 'By',
  description: 'Committed part of a heap space.',
  valueType: 'int',
  attributes: ['v8js.heap.space.name'],
  prometheus: 'v8js_memory_heap_space_physical_size_bytes',
} as const satisfies MetricSpec;
export const METRIC_V8JS_MEMORY_HEAP_SPACE_SIZE = {
  name: 'v8js.memory.heap.space.size',
  instrument: 'updowncounter',
  unit: 'By',
  description: 'Size of a heap space.',
  valueType: 'int',
  attributes: ['v8js.heap.space.name'],
  prometheus: 'v8js_memory_heap_space_size_bytes',
} as const satisfies MetricSpec;
export const METRIC_V8JS_MEMORY_HEAP_USED = {
  name: 'v8js.memory.heap.used',
  instrument: 'updowncounter',
  unit: 'By',
  description: 'Heap memory that is used.',
  valueType: 'int',
  attributes: ['v8js.heap.space.name'],
  prometheus: 'v8js_memory_heap_used_bytes',
} as const satisfies MetricSpec;
export const METRIC_V8JS_RESOURCE_ACTIVE = {
  name: 'v8js.resource.active',
  instrument: 'gauge',
  unit: '{resource}',
  description: 'Resources that keep the event loop alive.',
  valueType: 'int',
  attributes: ['v8js.resource.type'],
  prometheus: 'v8js_resource_active',
} as const satisfies MetricSpec;
