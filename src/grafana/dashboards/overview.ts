/** Is it OK? One row that answers, then where time, work and money go. */
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_WORKFLOW_NAME,
  ATTR_SWARMSCOPE_OPERATION_NAME,
  ATTR_SWARMSCOPE_POOL_NAME,
  ATTR_SWARMSCOPE_TASK_RESULT,
  ATTR_SWARMSCOPE_TASK_STATE,
  ATTR_SWARMSCOPE_TASK_TYPE,
  ATTR_SWARMSCOPE_WORKER_STATE,
  METRIC_GEN_AI_CLIENT_INFERENCE_DURATION,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
  METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
  METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION,
  METRIC_SWARMSCOPE_INFERENCE_COST,
  METRIC_SWARMSCOPE_QUEUE_SIZE,
  METRIC_SWARMSCOPE_RATE_LIMIT_REJECTIONS,
  METRIC_SWARMSCOPE_TASK_COUNT,
  METRIC_SWARMSCOPE_TASK_DURATION,
  METRIC_SWARMSCOPE_TASK_STALLED,
  METRIC_SWARMSCOPE_WORKER_COUNT,
  METRIC_SWARMSCOPE_WORKER_LIMIT,
} from '../../semconv/index.ts';
import { noneExpected, percentThresholds, stat, timeseries, traces, type Board } from '../panel.ts';
import { onDashboard, queries } from '../query.ts';
import { common } from './variables.ts';

const q = queries(onDashboard);
const active = { where: { [ATTR_SWARMSCOPE_WORKER_STATE]: 'active' } };
const failed = { where: { [ATTR_SWARMSCOPE_TASK_RESULT]: ['failure', 'error', 'timeout'] } };

export const overview: Board = {
  uid: 'swarmscope-overview',
  title: 'Swarm overview',
  description: 'Is the swarm OK? The first row answers; each number leads to the board that explains it.',
  variables: common,
  rows: [
    {
      title: 'Is it OK?',
      panels: [
        stat({
          title: 'Workers busy',
          description:
            'Share of the worker limit that is at work. Near 100 % with a queue: raise the limit or find the slow step. Low with a queue: something holds the workers back.',
          unit: 'percentunit',
          max: 1,
          thresholds: percentThresholds,
          noValue: 'no pool',
          queries: [
            { expr: `${q.sum(METRIC_SWARMSCOPE_WORKER_COUNT, active)} / ${q.sum(METRIC_SWARMSCOPE_WORKER_LIMIT)}`, legend: 'busy' },
          ],
          goTo: ['swarmscope-saturation'],
        }),
        stat({
          title: 'Waiting in queues',
          description: 'Tasks that are ready and have no worker. Growing: more work comes in than is done.',
          unit: 'short',
          thresholds: [
            { from: 0, color: 'green' },
            { from: 10, color: 'yellow' },
            { from: 100, color: 'orange' },
          ],
          noValue: 'no queue',
          queries: [{ expr: q.sum(METRIC_SWARMSCOPE_QUEUE_SIZE), legend: 'waiting' }],
          goTo: ['swarmscope-saturation'],
        }),
        stat({
          title: 'Tasks stuck',
          description:
            'Tasks in which nothing has happened for too long: a hung agent, a lost answer, a dead lock. Open the newest open trace.',
          unit: 'short',
          thresholds: noneExpected,
          noValue: '0',
          queries: [{ expr: q.sum(METRIC_SWARMSCOPE_TASK_STALLED), legend: 'stuck' }],
          goTo: ['swarmscope-tasks'],
        }),
        stat({
          title: 'Tasks failed',
          description: 'Share of the tasks that ended in the chosen time and did not succeed.',
          unit: 'percentunit',
          thresholds: [
            { from: 0, color: 'green' },
            { from: 0.05, color: 'yellow' },
            { from: 0.2, color: 'red' },
          ],
          noValue: 'no task ended',
          queries: [
            {
              expr: `(${q.increase(METRIC_SWARMSCOPE_TASK_DURATION, '$__range', failed)} or vector(0)) / ${q.increase(METRIC_SWARMSCOPE_TASK_DURATION, '$__range')}`,
              legend: 'failed',
            },
          ],
          goTo: ['swarmscope-tasks'],
        }),
        stat({
          title: 'Refused for rate (429)',
          description: 'Calls that a provider refused in the chosen time. Each costs its attempt and the wait after it.',
          unit: 'short',
          decimals: 0,
          thresholds: noneExpected,
          noValue: '0',
          queries: [{ expr: q.increase(METRIC_SWARMSCOPE_RATE_LIMIT_REJECTIONS, '$__range'), legend: '429' }],
          goTo: ['swarmscope-llm'],
        }),
        stat({
          title: 'Cost',
          description: 'Of the chosen time. Models without a known price are not in it; see the table of models.',
          unit: 'currencyUSD',
          noValue: 'no priced call',
          queries: [{ expr: q.increase(METRIC_SWARMSCOPE_INFERENCE_COST, '$__range'), legend: 'cost' }],
          goTo: ['swarmscope-llm'],
        }),
      ],
    },
    {
      title: 'Work',
      panels: [
        timeseries({
          title: 'Workers at work and their limit',
          description: 'How parallel the swarm really is. A gap below the dashed limit while tasks wait is time that nobody uses.',
          unit: 'short',
          queries: [
            {
              expr: q.sum(METRIC_SWARMSCOPE_WORKER_COUNT, { ...active, by: [ATTR_SWARMSCOPE_POOL_NAME] }),
              legend: '{{swarmscope_pool_name}}',
            },
            { expr: q.sum(METRIC_SWARMSCOPE_WORKER_LIMIT), legend: 'limit', isLimit: true },
          ],
          goTo: ['swarmscope-saturation'],
        }),
        timeseries({
          title: 'Tasks by state',
          description: 'What waits, what runs. Running below the number of workers means that workers wait inside of their tasks.',
          unit: 'short',
          isStacked: true,
          queries: [
            { expr: q.sum(METRIC_SWARMSCOPE_TASK_COUNT, { by: [ATTR_SWARMSCOPE_TASK_STATE] }), legend: '{{swarmscope_task_state}}' },
          ],
          goTo: ['swarmscope-tasks'],
        }),
        timeseries({
          title: 'Duration of tasks (p95)',
          description: 'By type. A type that grows while LLM calls do not has something else in it: tools, git, waits.',
          unit: 's',
          queries: [
            {
              expr: q.quantile(0.95, METRIC_SWARMSCOPE_TASK_DURATION, { by: [ATTR_SWARMSCOPE_TASK_TYPE] }),
              legend: '{{swarmscope_task_type}}',
            },
          ],
          goTo: ['swarmscope-tasks'],
        }),
        timeseries({
          title: 'Duration of LLM calls (p95)',
          description: 'One attempt on the wire, by model. The dots are exemplars: each opens its trace.',
          unit: 's',
          queries: [
            {
              expr: q.quantile(0.95, METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, { by: [ATTR_GEN_AI_REQUEST_MODEL] }),
              legend: '{{gen_ai_request_model}}',
            },
          ],
          goTo: ['swarmscope-llm'],
        }),
      ],
    },
    {
      title: 'Tokens and money',
      panels: [
        timeseries({
          title: 'Tokens per second',
          description: 'Input with what came from a cache, and output.',
          unit: 'short',
          queries: [
            { expr: q.rate(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS), legend: 'input' },
            { expr: q.rate(METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS), legend: 'output' },
          ],
          goTo: ['swarmscope-llm'],
        }),
        timeseries({
          title: 'Cost per hour',
          description: 'At the present pace, by model.',
          unit: 'currencyUSD',
          isStacked: true,
          queries: [
            {
              expr: `3600 * ${q.rate(METRIC_SWARMSCOPE_INFERENCE_COST, { by: [ATTR_GEN_AI_REQUEST_MODEL] })}`,
              legend: '{{gen_ai_request_model}}',
            },
          ],
          goTo: ['swarmscope-llm'],
        }),
      ],
    },
    {
      title: 'Runs',
      panels: [
        timeseries({
          title: 'Duration of runs',
          description: 'Mean of the runs that ended, by name: the number to compare before and after a change.',
          unit: 's',
          queries: [
            {
              expr: q.mean(METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION, { by: [ATTR_GEN_AI_WORKFLOW_NAME] }),
              legend: '{{gen_ai_workflow_name}}',
            },
          ],
        }),
        traces({
          title: 'Newest runs',
          description: 'Each opens as a tree: tasks, calls, tools, git, children.',
          width: 12,
          height: 8,
          traceql: `{ span.${ATTR_GEN_AI_OPERATION_NAME} = "invoke_workflow" } || { span.${ATTR_SWARMSCOPE_OPERATION_NAME} = "run_task" && status = error }`,
        }),
      ],
    },
  ],
};
