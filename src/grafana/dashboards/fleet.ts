/** The board over many runs and hosts: what runs, what waits, who pays, which host is full, what is slow. Right over one collector and over many. */
import * as names from '../../semconv/index.ts';
import { bars, noneExpected, stat, table, timeseries, traces, type Board } from '../panel.ts';
import { named, onDashboard, overRange, queries, showing, spansWhere } from '../query.ts';
import { common } from './variables.ts';

const q = queries(onDashboard);
const inAll = queries(overRange(onDashboard));
const range = '$__range';
const TEAM = 'service_namespace';
const HOST = 'host_name';
const byTeam = [TEAM];
const bySwarm = ['service_name'];
const byHost = [HOST];
const byRepository = ['service_name', names.ATTR_VCS_REPOSITORY_NAME];
const byType = [names.ATTR_SWARMSCOPE_TASK_TYPE];
/** Whatever adds up what grows, gauges keep their sender: one on each host of a run. */
const senders = (by: readonly string[]): string => q.max(names.METRIC_NODEJS_EVENTLOOP_UTILIZATION, { by: [...by, 'instance'] });
const teams = (expr: string): string => named(expr, TEAM, 'no team');
const worked = q.counted(names.METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, range, { by: byRepository });
const costOfSwarms = q.counted(names.METRIC_SWARMSCOPE_INFERENCE_COST, range, { by: bySwarm });
const executing = { by: byType, where: { [names.ATTR_SWARMSCOPE_TASK_TYPE]: { not: '' } } };

export const fleet: Board = {
  uid: 'swarmscope-fleet',
  title: 'Fleet',
  description: 'Many runs on many hosts: what runs and waits, whom it costs what, which host is full, which work is slow. What is in one run, its trace says.',
  variables: common,
  rows: [
    {
      title: 'Is it OK?',
      panels: [
        stat({
          title: 'Runs now',
          description: 'That report now; a run on several hosts counts once on each. None, though some should run: look at the telemetry board.',
          unit: 'short',
          noValue: 'none',
          queries: [{ expr: `count(${senders([])})`, legend: 'runs' }],
          goTo: ['swarmscope-overview'],
        }),
        stat({
          title: 'Hosts with runs',
          description: 'That report now. Fewer than you pay for: the scheduler of your runs does not spread them.',
          unit: 'short',
          noValue: 'none',
          queries: [{ expr: `count(${q.max(names.METRIC_NODEJS_EVENTLOOP_UTILIZATION, { by: byHost })})`, legend: 'hosts' }],
        }),
        stat({
          title: 'Tasks that wait',
          description: 'In the queues of all runs, now. Growing on all swarms at once: what they share is full, mostly a rate limit.',
          unit: 'short',
          noValue: 'no queue',
          queries: [{ expr: q.sum(names.METRIC_SWARMSCOPE_QUEUE_SIZE), legend: 'waiting' }],
          goTo: ['swarmscope-saturation'],
        }),
        stat({
          title: 'Tasks that are stuck',
          description: 'In all runs, now. `swarmscope runs --tempo` and the report of the run say what each was doing.',
          unit: 'short',
          thresholds: noneExpected,
          noValue: 'no task runs',
          queries: [{ expr: q.sum(names.METRIC_SWARMSCOPE_TASK_STALLED), legend: 'stuck' }],
          goTo: ['swarmscope-tasks'],
        }),
        stat({
          title: 'Cost of all runs',
          description: 'Of the chosen time, without models of which no price is known.',
          unit: 'currencyUSD',
          noValue: 'no priced call',
          queries: [{ expr: q.counted(names.METRIC_SWARMSCOPE_INFERENCE_COST, range), legend: 'cost' }],
          goTo: ['swarmscope-llm'],
        }),
      ],
    },
    {
      title: 'Runs',
      panels: [
        timeseries({
          title: 'Runs at work, by swarm',
          description: 'One line a swarm. A line that only grows: runs that do not end.',
          unit: 'short',
          isStacked: true,
          queries: [{ expr: `count by (service_name) (${senders(bySwarm)})`, legend: '{{service_name}}' }],
        }),
        timeseries({
          title: 'Waiting tasks, by swarm',
          description: 'In the queues of all runs of a swarm. One swarm alone grows: it submits more than its workers do.',
          unit: 'short',
          isStacked: true,
          queries: [{ expr: q.sum(names.METRIC_SWARMSCOPE_QUEUE_SIZE, { by: bySwarm }), legend: '{{service_name}}' }],
          goTo: ['swarmscope-saturation'],
        }),
      ],
    },
    {
      title: 'Who pays',
      panels: [
        bars({
          title: 'Cost by team',
          description: 'In the chosen time. A team is `service.namespace` of the resource (OTEL_RESOURCE_ATTRIBUTES); set it where "no team" is long.',
          unit: 'currencyUSD',
          queries: [{ expr: teams(q.counted(names.METRIC_SWARMSCOPE_INFERENCE_COST, range, { by: byTeam })), legend: '{{service_namespace}}' }],
        }),
        bars({
          title: 'Cost by swarm',
          description: 'In the chosen time. The first is where a cheaper model or a shorter history saves most.',
          unit: 'currencyUSD',
          queries: [{ expr: costOfSwarms, legend: '{{service_name}}' }],
          goTo: ['swarmscope-llm'],
        }),
        table({
          title: 'Repositories',
          description: 'git commands in each, and what the swarms that work there cost in the chosen time: a swarm that works in several counts in each of them.',
          unit: 'short',
          queries: [
            { expr: worked, legend: 'git commands' },
            { expr: `0 * ${worked} + on (service_name) group_left () ${costOfSwarms}`, legend: 'cost of the swarm', unit: 'currencyUSD' },
          ],
          goTo: ['swarmscope-git'],
        }),
      ],
    },
    {
      title: 'What is full, what is slow',
      panels: [
        table({
          title: 'Hosts, the fullest of each',
          description: 'Now, the highest of all runs of a host. A full event loop holds up every worker of its run; full pools without a queue are what you want.',
          width: 12,
          unit: 'percentunit',
          queries: [
            { expr: q.max(names.METRIC_NODEJS_EVENTLOOP_UTILIZATION, { by: byHost }), legend: 'event loop' },
            { expr: q.max(names.METRIC_SWARMSCOPE_WORKER_UTILIZATION, { by: byHost }), legend: 'pool' },
            { expr: q.sum(names.METRIC_SWARMSCOPE_QUEUE_SIZE, { by: byHost }), legend: 'waiting', unit: 'short' },
          ],
          goTo: ['swarmscope-machine', 'swarmscope-saturation'],
        }),
        table({
          title: 'Types of tasks, over all runs',
          description: 'In the chosen time. The slowest type that is also frequent is where time is to be had.',
          width: 12,
          unit: 's',
          queries: [
            { expr: inAll.quantile(0.95, names.METRIC_SWARMSCOPE_TASK_DURATION, executing), legend: 'p95' },
            { expr: inAll.mean(names.METRIC_SWARMSCOPE_TASK_DURATION, executing), legend: 'mean' },
            { expr: q.counted(names.METRIC_SWARMSCOPE_TASK_DURATION, range, executing), legend: 'ended', unit: 'short' },
          ],
          goTo: ['swarmscope-tasks'],
        }),
        traces({
          title: 'Newest runs of all hosts',
          description: 'Each opens as a tree. `swarmscope report ID --tempo URL` reads the run by its id, from any machine.',
          traceql: showing(
            spansWhere(`span.${names.ATTR_GEN_AI_OPERATION_NAME} = "invoke_workflow"`),
            names.ATTR_GEN_AI_WORKFLOW_NAME,
            names.ATTR_ERROR_TYPE,
          ),
        }),
      ],
    },
  ],
};
