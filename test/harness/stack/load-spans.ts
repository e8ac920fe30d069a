// The spans of one swarm: per task what the demo swarm's tasks have on average, with attributes of the same number and
// size.
import { SpanKind } from '@opentelemetry/api';
import * as semconv from '../../../src/semconv/index.ts';

export interface Planned {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startMs: number;
  readonly endMs: number;
  readonly isError?: boolean;
  readonly attributes: Readonly<Record<string, string | number | boolean | string[]>>;
}

type Child = Pick<Planned, 'name' | 'kind' | 'attributes' | 'isError'>;

export const MODELS = ['gpt-5.5', 'claude-sonnet-5', 'gpt-5.4-mini'] as const;
export const TYPES = ['implement', 'review', 'document'] as const;
export const TOOLS = ['read_file', 'write_file', 'run_tests', 'list_files'] as const;
export const GIT = ['worktree_add', 'add', 'commit', 'merge', 'worktree_remove'] as const;
const TASK_MS = 6_000;
const CHILDREN_OF_AGENT = [...Array<'chat'>(5).fill('chat'), ...Array<'tool'>(6).fill('tool')];

/** 21 for each task and one of the run; the root comes last, as it ends last. */
export function taskSpans({ traceId, tasks, endMs }: { traceId: string; tasks: number; endMs: number }): Planned[] {
  let made = 0;
  const nextId = (): string => `${traceId.slice(0, 8)}${(++made).toString(16).padStart(8, '0')}`;
  const root = nextId();
  const spans: Planned[] = [];
  for (let task = 0; task < tasks; task++) {
    const startMs = endMs - TASK_MS - 10 * (tasks - task);
    const whole = { traceId, startMs, endMs: startMs + TASK_MS };
    const child = (parentSpanId: string, index: number, one: Child): void => {
      const at = startMs + 200 * index;
      spans.push({ traceId, spanId: nextId(), parentSpanId, startMs: at, endMs: at + 180, ...one });
    };
    const taskId = nextId();
    const agentId = nextId();
    child(taskId, 0, waitSpan);
    CHILDREN_OF_AGENT.forEach((what, index) => child(agentId, index + 1, what === 'chat' ? chatSpan(task, index) : toolSpan(task, index)));
    GIT.forEach((operation, index) => child(taskId, index + 12, gitSpan(operation, task)));
    for (let index = 0; index < 2; index++) child(taskId, index + 17, processSpan);
    spans.push({ ...whole, ...agentSpan, spanId: agentId, parentSpanId: taskId });
    spans.push({ ...whole, ...taskSpan(traceId, task), spanId: taskId, parentSpanId: root });
  }
  const startMs = endMs - TASK_MS - 10 * tasks - 100;
  spans.push({ traceId, spanId: root, parentSpanId: undefined, startMs, endMs, ...rootSpan });
  return spans;
}

const of = <Value>(values: readonly Value[], index: number): Value => values[index % values.length] as Value;

const rootSpan: Child = {
  name: 'invoke_workflow load',
  kind: SpanKind.INTERNAL,
  attributes: { [semconv.ATTR_GEN_AI_OPERATION_NAME]: 'invoke_workflow', [semconv.ATTR_SWARMSCOPE_RUN_ID]: 'load' },
};

const agentSpan: Child = {
  name: 'invoke_agent coder',
  kind: SpanKind.INTERNAL,
  attributes: { [semconv.ATTR_GEN_AI_OPERATION_NAME]: 'invoke_agent', [semconv.ATTR_GEN_AI_AGENT_NAME]: 'coder' },
};

const waitSpan: Child = {
  name: 'wait worker',
  kind: SpanKind.INTERNAL,
  attributes: { [semconv.ATTR_SWARMSCOPE_OPERATION_NAME]: 'wait', [semconv.ATTR_SWARMSCOPE_WAIT_REASON]: 'worker' },
};

const processSpan: Child = {
  name: 'node',
  kind: SpanKind.CLIENT,
  attributes: {
    [semconv.ATTR_PROCESS_EXECUTABLE_NAME]: 'node',
    [semconv.ATTR_PROCESS_PID]: 4_242,
    [semconv.ATTR_PROCESS_EXIT_CODE]: 0,
  },
};

const taskSpan = (traceId: string, task: number): Child => ({
  name: `run_task ${of(TYPES, task)}`,
  kind: SpanKind.INTERNAL,
  isError: task % 20 === 19,
  attributes: {
    [semconv.ATTR_SWARMSCOPE_OPERATION_NAME]: 'run_task',
    [semconv.ATTR_SWARMSCOPE_TASK_ID]: `${traceId.slice(0, 8)}${task}`,
    [semconv.ATTR_SWARMSCOPE_TASK_TYPE]: of(TYPES, task),
    [semconv.ATTR_SWARMSCOPE_TASK_ATTEMPT_NUMBER]: 1,
    [semconv.ATTR_SWARMSCOPE_POOL_NAME]: 'p-queue',
    [semconv.ATTR_SWARMSCOPE_QUEUE_NAME]: 'p-queue',
    [semconv.ATTR_SWARMSCOPE_TASK_LLM_CALLS]: 5,
    [semconv.ATTR_SWARMSCOPE_TASK_LLM_TIME]: 4.2,
    [semconv.ATTR_SWARMSCOPE_TASK_TOOL_TIME]: 1.3,
    [semconv.ATTR_SWARMSCOPE_TASK_INPUT_TOKENS]: 12_000,
    [semconv.ATTR_SWARMSCOPE_TASK_OUTPUT_TOKENS]: 900,
    [semconv.ATTR_SWARMSCOPE_TASK_RESULT]: task % 20 === 19 ? 'failure' : 'success',
    ...(task % 20 === 19 ? { [semconv.ATTR_ERROR_TYPE]: 'timeout' } : {}),
  },
});

const chatSpan = (task: number, index: number): Child => ({
  name: `chat ${of(MODELS, task)}`,
  kind: SpanKind.CLIENT,
  attributes: {
    [semconv.ATTR_GEN_AI_OPERATION_NAME]: 'chat',
    [semconv.ATTR_GEN_AI_PROVIDER_NAME]: 'openai',
    [semconv.ATTR_SERVER_ADDRESS]: 'api.example.com',
    [semconv.ATTR_SERVER_PORT]: 443,
    [semconv.ATTR_GEN_AI_REQUEST_MODEL]: of(MODELS, task),
    [semconv.ATTR_GEN_AI_REQUEST_STREAM]: true,
    [semconv.ATTR_GEN_AI_RESPONSE_MODEL]: of(MODELS, task),
    [semconv.ATTR_GEN_AI_RESPONSE_ID]: `chatcmpl-${task}-${index}`,
    [semconv.ATTR_GEN_AI_RESPONSE_FINISH_REASONS]: ['stop'],
    [semconv.ATTR_GEN_AI_USAGE_INPUT_TOKENS]: 2_400 + index,
    [semconv.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: 180,
    [semconv.ATTR_HTTP_RESPONSE_STATUS_CODE]: 200,
    [semconv.ATTR_SWARMSCOPE_COST_AMOUNT]: 0.0168,
    [semconv.ATTR_SWARMSCOPE_COST_CURRENCY]: 'USD',
    [semconv.ATTR_SWARMSCOPE_CONTEXT_USAGE]: 2_400,
    [semconv.ATTR_SWARMSCOPE_CONTEXT_LIMIT]: 1_000_000,
    [semconv.ATTR_SWARMSCOPE_CONTEXT_UTILIZATION]: 0.0024,
  },
});

const toolSpan = (task: number, index: number): Child => ({
  name: `execute_tool ${of(TOOLS, index)}`,
  kind: SpanKind.INTERNAL,
  attributes: {
    [semconv.ATTR_GEN_AI_OPERATION_NAME]: 'execute_tool',
    [semconv.ATTR_GEN_AI_TOOL_NAME]: of(TOOLS, index),
    [semconv.ATTR_GEN_AI_TOOL_CALL_ID]: `call_${task}_${index}`,
  },
});

const gitSpan = (operation: string, task: number): Child => ({
  name: `git ${operation.replace('_', ' ')}`,
  kind: SpanKind.CLIENT,
  attributes: {
    [semconv.ATTR_PROCESS_EXECUTABLE_NAME]: 'git',
    [semconv.ATTR_SWARMSCOPE_GIT_OPERATION_NAME]: operation,
    [semconv.ATTR_VCS_REPOSITORY_NAME]: 'shop',
    [semconv.ATTR_SWARMSCOPE_GIT_WORKTREE_NAME]: `task-${task}`,
    [semconv.ATTR_VCS_REF_HEAD_NAME]: `task/${task}`,
    [semconv.ATTR_PROCESS_PID]: 5_000 + task,
    [semconv.ATTR_PROCESS_EXIT_CODE]: 0,
  },
});
