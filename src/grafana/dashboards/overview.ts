/** The overview: a first row that says whether the swarm is OK, then rows about work, tokens, cost and runs. */
import * as names from '../../semconv/index.ts';
import { noneExpected, stat, table, timeseries, traces, type Board } from '../panel.ts';
import { onDashboard, orZero, queries, share, showing, spansWhere } from '../query.ts';
import { DOTS, fromSpans } from './from-spans.ts';
import { common } from './variables.ts';

const q = queries(onDashboard);
const range = '$__range';
const active = { where: { [names.ATTR_SWARMSCOPE_WORKER_STATE]: 'active' } };
const failed = { where: { [names.ATTR_SWARMSCOPE_TASK_RESULT]: ['failure', 'error', 'timeout'] } };
const failedRuns = { [names.ATTR_ERROR_TYPE]: { not: '' } };
const byRun = [names.ATTR_GEN_AI_WORKFLOW_NAME];
const byModel = [names.ATTR_GEN_AI_REQUEST_MODEL];
const tasksEnded = q.total(names.METRIC_SWARMSCOPE_TASK_DURATION, range);
const runsEnded = q.total(names.METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION, range, { by: byRun });
const firing = 'ALERTS{alertstate="firing", stack="swarmscope", severity!="none"}';

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
          title: 'Alerts that fire',
          description: 'Now, without the sign of life. The list below names them; each has a page that says what to do.',
          width: 3,
          unit: 'short',
          thresholds: noneExpected,
          noValue: '0',
          queries: [{ expr: `count(${firing}) or vector(0)`, legend: 'alerts' }],
        }),
        stat({
          title: 'Workers busy',
          description:
            'Share of the worker limit that is at work now. Full is what you want while nothing waits; full with a queue: raise the limit or find the slow step. Low with a queue: something holds the workers back.',
          width: 3,
          unit: 'percentunit',
          max: 1,
          noValue: 'no pool',
          queries: [
            { expr: `${q.sum(names.METRIC_SWARMSCOPE_WORKER_COUNT, active)} / (${q.sum(names.METRIC_SWARMSCOPE_WORKER_LIMIT)} > 0)`, legend: 'busy' },
          ],
          goTo: ['swarmscope-saturation'],
        }),
        stat({
          title: 'Waiting in queues',
          description: 'Tasks that are ready now and have no worker. Growing: more work comes in than is done.',
          width: 3,
          unit: 'short',
          thresholds: [
            { from: 0, color: 'green' },
            { from: 10, color: 'yellow' },
            { from: 100, color: 'orange' },
          ],
          noValue: 'no queue',
          queries: [{ expr: q.sum(names.METRIC_SWARMSCOPE_QUEUE_SIZE), legend: 'waiting' }],
          goTo: ['swarmscope-saturation'],
        }),
        stat({
          title: 'Tasks stuck',
          description:
            'Tasks in which nothing has happened for too long: a hung agent, a lost answer, a dead lock. The task board says of which type; `swarmscope report` on that machine says what each was doing.',
          width: 3,
          unit: 'short',
          thresholds: noneExpected,
          noValue: 'no task runs',
          queries: [{ expr: q.sum(names.METRIC_SWARMSCOPE_TASK_STALLED), legend: 'stuck' }],
          goTo: ['swarmscope-tasks'],
        }),
        stat({
          title: 'Tasks failed',
          description: 'Share of the tasks that ended in the chosen time and did not succeed. The task board says of which type and why.',
          width: 3,
          unit: 'percentunit',
          thresholds: [
            { from: 0, color: 'green' },
            { from: 0.05, color: 'yellow' },
            { from: 0.2, color: 'red' },
          ],
          noValue: 'no task ended',
          queries: [{ expr: share(q.total(names.METRIC_SWARMSCOPE_TASK_DURATION, range, failed), tasksEnded), legend: 'failed' }],
          goTo: ['swarmscope-tasks'],
        }),
        stat({
          title: 'Refused (429)',
          description: 'Calls that a provider refused in the chosen time, because they came too fast. Each costs its attempt and the wait after it: lower the limit of the pool.',
          width: 3,
          unit: 'short',
          decimals: 0,
          thresholds: noneExpected,
          noValue: 'no call',
          queries: [
            {
              expr: orZero(
                q.total(names.METRIC_SWARMSCOPE_RATE_LIMIT_REJECTIONS, range),
                q.total(names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, range),
              ),
              legend: '429',
            },
          ],
          goTo: ['swarmscope-saturation'],
        }),
        stat({
          title: 'Cost',
          description: 'Of the chosen time. Models without a known price are not in it; see the table of models.',
          width: 3,
          unit: 'currencyUSD',
          noValue: 'no priced call',
          queries: [{ expr: q.total(names.METRIC_SWARMSCOPE_INFERENCE_COST, range), legend: 'cost' }],
          goTo: ['swarmscope-llm'],
        }),
        stat({
          title: 'Telemetry lost',
          description: 'Spans, starts, logs and points of the chosen time that the swarm could not send: what you see here is that much too little.',
          width: 3,
          unit: 'short',
          decimals: 0,
          thresholds: noneExpected,
          noValue: 'not reported',
          queries: [
            {
              expr: orZero(q.total(names.METRIC_SWARMSCOPE_TELEMETRY_DROPPED, range), q.total(names.METRIC_SWARMSCOPE_TELEMETRY_RECORDED, range)),
              legend: 'lost',
            },
          ],
          goTo: ['swarmscope-telemetry'],
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
              expr: q.sum(names.METRIC_SWARMSCOPE_WORKER_COUNT, { ...active, by: [names.ATTR_SWARMSCOPE_POOL_NAME] }),
              legend: '{{swarmscope_pool_name}}',
            },
            { expr: q.sum(names.METRIC_SWARMSCOPE_WORKER_LIMIT), legend: 'limit', isLimit: true },
          ],
          goTo: ['swarmscope-saturation'],
        }),
        timeseries({
          title: 'Tasks by state',
          description: 'What waits, what runs. Much that waits below the limit of workers: tasks wait for each other.',
          unit: 'short',
          isStacked: true,
          queries: [
            { expr: q.sum(names.METRIC_SWARMSCOPE_TASK_COUNT, { by: [names.ATTR_SWARMSCOPE_TASK_STATE] }), legend: '{{swarmscope_task_state}}' },
          ],
          goTo: ['swarmscope-tasks'],
        }),
        timeseries({
          title: 'Duration of tasks (p95)',
          description: `By type. A type that grows while LLM calls do not has something else in it: tools, git, waits. ${DOTS}`,
          unit: 's',
          queries: [
            {
              expr: q.quantile(0.95, names.METRIC_SWARMSCOPE_TASK_DURATION, { by: [names.ATTR_SWARMSCOPE_TASK_TYPE] }),
              legend: '{{swarmscope_task_type}}',
            },
            fromSpans(onDashboard, { [names.ATTR_SWARMSCOPE_TASK_TYPE]: { not: '' } }),
          ],
          goTo: ['swarmscope-tasks'],
        }),
        timeseries({
          title: 'Duration of LLM calls (p95)',
          description: `One attempt on the wire, by model. One model grows: its provider is slow; all grow: prompts do, or your line. ${DOTS}`,
          unit: 's',
          queries: [
            {
              expr: q.quantile(0.95, names.METRIC_GEN_AI_CLIENT_INFERENCE_DURATION, { by: byModel }),
              legend: '{{gen_ai_request_model}}',
            },
            fromSpans(onDashboard, { [names.ATTR_GEN_AI_REQUEST_MODEL]: { not: '' } }),
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
          description: 'Input with what came from a cache, and output. Input that grows while the work does not: histories are carried along.',
          unit: 'short',
          queries: [
            { expr: q.rate(names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS), legend: 'input' },
            { expr: q.rate(names.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS), legend: 'output' },
          ],
          goTo: ['swarmscope-llm'],
        }),
        timeseries({
          title: 'Cost per hour',
          description: 'At the present pace, by model. Multiply it by the hours until somebody looks again.',
          unit: 'currencyUSD',
          isStacked: true,
          queries: [
            {
              expr: `3600 * ${q.rate(names.METRIC_SWARMSCOPE_INFERENCE_COST, { by: byModel })}`,
              legend: '{{gen_ai_request_model}}',
            },
          ],
          goTo: ['swarmscope-llm'],
        }),
      ],
    },
    {
      title: 'Runs and alerts',
      panels: [
        table({
          title: 'Runs that ended, in the chosen time',
          description: 'By name, with their mean duration: the number to compare before and after a change.',
          width: 12,
          height: 5,
          unit: 'short',
          queries: [
            { expr: runsEnded, legend: 'ended' },
            {
              expr: orZero(q.total(names.METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION, range, { by: byRun, where: failedRuns }), runsEnded),
              legend: 'failed',
            },
            {
              expr: `${q.totalSum(names.METRIC_GEN_AI_INVOKE_WORKFLOW_DURATION, range, { by: byRun })} / (${runsEnded} > 0)`,
              legend: 'mean duration',
              unit: 's',
            },
          ],
        }),
        table({
          title: 'Alerts that fire, by name',
          description: 'Now, of all swarms. The page of each is docs/runbooks/NAME.md: what it means, what to look at, what to do.',
          width: 12,
          height: 5,
          unit: 'short',
          noValue: 'none',
          needs: 'an alert that fires',
          queries: [{ expr: `max by (alertname, severity, resource, service_name) (${firing})`, legend: 'fires' }],
        }),
        traces({
          title: 'Newest runs',
          height: 6,
          description: 'Each opens as a tree: tasks, calls, tools, git, children. `swarmscope report` takes the id of the run, on the machine where it ran.',
          traceql: showing(
            spansWhere(`span.${names.ATTR_GEN_AI_OPERATION_NAME} = "invoke_workflow"`),
            names.ATTR_GEN_AI_WORKFLOW_NAME,
            names.ATTR_ERROR_TYPE,
          ),
          goTo: ['swarmscope-tasks'],
        }),
      ],
    },
  ],
};
