/** git: what the agents and the scheduler do with it, and where they are in each other's way. */
import {
  ATTR_ERROR_TYPE,
  ATTR_SWARMSCOPE_GIT_OPERATION_NAME,
  ATTR_VCS_REPOSITORY_NAME,
  METRIC_SWARMSCOPE_GIT_LOCK_FAILURES,
  METRIC_SWARMSCOPE_GIT_LOCK_WAIT_TIME,
  METRIC_SWARMSCOPE_GIT_MERGE_CONFLICTS,
  METRIC_SWARMSCOPE_GIT_OPERATION_DURATION,
} from '../../semconv/index.ts';
import { noneExpected, stat, table, timeseries, traces, type Board } from '../panel.ts';
import { onDashboard, queries } from '../query.ts';
import { common } from './variables.ts';

const q = queries(onDashboard);
const operation = [ATTR_SWARMSCOPE_GIT_OPERATION_NAME];
const legend = '{{swarmscope_git_operation_name}}';
const failed = { [ATTR_ERROR_TYPE]: { not: '' } };
const lock = 'two git commands that want the same lock';

export const git: Board = {
  uid: 'swarmscope-git',
  title: 'git',
  description: 'Every git command of the swarm and of the agents it starts, told by git itself.',
  variables: common,
  rows: [
    {
      title: 'Is it OK?',
      panels: [
        stat({
          title: 'Commands',
          description: 'In the chosen time.',
          unit: 'short',
          decimals: 0,
          noValue: '0',
          queries: [{ expr: q.increase(METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, '$__range'), legend: 'commands' }],
        }),
        stat({
          title: 'Time in git',
          description: 'Seconds of all commands of the chosen time together.',
          unit: 's',
          noValue: '0',
          queries: [{ expr: q.sumIncrease(METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, '$__range'), legend: 'seconds' }],
        }),
        stat({
          title: 'Merge conflicts',
          description: 'In the chosen time. Many: tasks that touch the same files run side by side; order them, or split by file.',
          unit: 'short',
          decimals: 0,
          thresholds: noneExpected,
          noValue: '0',
          queries: [{ expr: q.increase(METRIC_SWARMSCOPE_GIT_MERGE_CONFLICTS, '$__range'), legend: 'conflicts' }],
        }),
        stat({
          title: 'Lock failures',
          description: 'Commands that found a lock held by another one.',
          unit: 'short',
          decimals: 0,
          thresholds: noneExpected,
          noValue: '0',
          queries: [{ expr: q.increase(METRIC_SWARMSCOPE_GIT_LOCK_FAILURES, '$__range'), legend: 'locks' }],
        }),
      ],
    },
    {
      title: 'Commands',
      panels: [
        timeseries({
          title: 'Commands per minute',
          description: 'By operation. Housekeeping of agents (status, log) is in it.',
          unit: 'short',
          isStacked: true,
          queries: [{ expr: `60 * ${q.rate(METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, { by: operation })}`, legend }],
        }),
        timeseries({
          title: 'Duration (p95)',
          description: 'A slow `git status` in every worktree adds up: look at fsmonitor, untracked caches, or the size of the tree.',
          unit: 's',
          queries: [{ expr: q.quantile(0.95, METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, { by: operation }), legend }],
        }),
        table({
          title: 'By operation, in the chosen time',
          description: 'How often, how often failed, seconds in all.',
          unit: 'short',
          queries: [
            {
              expr: q.increase(METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, '$__range', { by: operation }),
              legend: 'commands',
              isInstant: true,
            },
            {
              expr: q.increase(METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, '$__range', { by: operation, where: failed }),
              legend: 'failed',
              isInstant: true,
            },
            {
              expr: q.sumIncrease(METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, '$__range', { by: operation }),
              legend: 'seconds',
              isInstant: true,
            },
          ],
        }),
      ],
    },
    {
      title: 'In each other’s way',
      panels: [
        timeseries({
          title: 'Lock failures per minute',
          description: 'By operation and repository.',
          unit: 'short',
          needs: lock,
          queries: [
            {
              expr: `60 * ${q.rate(METRIC_SWARMSCOPE_GIT_LOCK_FAILURES, { by: [...operation, ATTR_VCS_REPOSITORY_NAME] })}`,
              legend: `${legend} {{vcs_repository_name}}`,
            },
          ],
        }),
        timeseries({
          title: 'Wait for locks (p95)',
          description: 'Where git itself waited for a lock before it went on.',
          unit: 's',
          needs: lock,
          queries: [{ expr: q.quantile(0.95, METRIC_SWARMSCOPE_GIT_LOCK_WAIT_TIME, { by: operation }), legend }],
        }),
        timeseries({
          title: 'Conflicts per hour',
          description: 'By repository. Many: tasks that touch the same lines run side by side.',
          unit: 'short',
          queries: [
            {
              expr: `3600 * ${q.rate(METRIC_SWARMSCOPE_GIT_MERGE_CONFLICTS, { by: [ATTR_VCS_REPOSITORY_NAME] })}`,
              legend: '{{vcs_repository_name}}',
            },
          ],
        }),
        traces({
          title: 'git commands that failed',
          description: 'Newest first, inside of the task that ran them.',
          width: 12,
          height: 8,
          traceql: `{ span.${ATTR_SWARMSCOPE_GIT_OPERATION_NAME} != "" && status = error }`,
        }),
      ],
    },
  ],
};
