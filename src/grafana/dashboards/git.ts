/** The board of git: the commands of agents and scheduler, and where they lock each other out or conflict. */
import * as names from '../../semconv/index.ts';
import { noneExpected, stat, table, timeseries, traces, type Board } from '../panel.ts';
import { narrowed, orZero, queries, showing, spansWhere } from '../query.ts';
import { fromSpans } from './from-spans.ts';
import { common, valuesOf } from './variables.ts';

const scope = narrowed({ [names.ATTR_VCS_REPOSITORY_NAME]: 'repository' });
const q = queries(scope);
const range = '$__range';
const commands = q.total(names.METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, range);
const operation = [names.ATTR_SWARMSCOPE_GIT_OPERATION_NAME];
const legend = '{{swarmscope_git_operation_name}}';
const commandsByOperation = q.total(names.METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, range, { by: operation });
const failed = { [names.ATTR_ERROR_TYPE]: { not: '' } };
const lock = 'two git commands that want the same lock';

export const git: Board = {
  uid: 'swarmscope-git',
  title: 'git',
  description: 'Every git command of the swarm and of the agents it starts, told by git itself.',
  variables: [...common, valuesOf('repository', 'Repository', names.METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, names.ATTR_VCS_REPOSITORY_NAME)],
  rows: [
    {
      title: 'Is it OK?',
      panels: [
        stat({
          title: 'Commands',
          description: 'In the chosen time, those of agents and their tools among them. Thousands: somebody polls; look at the table.',
          unit: 'short',
          decimals: 0,
          noValue: 'none',
          queries: [{ expr: commands, legend: 'commands' }],
        }),
        stat({
          title: 'Time in git',
          description: 'All commands of the chosen time together. A large part of the time of the workers: look at the slowest operation.',
          unit: 's',
          noValue: 'none',
          queries: [{ expr: q.totalSum(names.METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, range), legend: 'seconds' }],
        }),
        stat({
          title: 'Merge conflicts',
          description: 'In the chosen time. Many: tasks that touch the same files run side by side; order them, or split by file.',
          unit: 'short',
          decimals: 0,
          thresholds: noneExpected,
          noValue: 'no git',
          queries: [{ expr: orZero(q.total(names.METRIC_SWARMSCOPE_GIT_MERGE_CONFLICTS, range), commands), legend: 'conflicts' }],
        }),
        stat({
          title: 'Lock failures',
          description: 'Commands of the chosen time that found a lock held by another one. Give each agent a worktree, or let one process write.',
          unit: 'short',
          decimals: 0,
          thresholds: noneExpected,
          noValue: 'no git',
          queries: [{ expr: orZero(q.total(names.METRIC_SWARMSCOPE_GIT_LOCK_FAILURES, range), commands), legend: 'locks' }],
        }),
      ],
    },
    {
      title: 'Commands',
      panels: [
        timeseries({
          title: 'Commands per minute',
          description: 'By operation. Housekeeping of agents (status, log) is in it: much of that can be spared by asking less often.',
          unit: 'short',
          isStacked: true,
          queries: [{ expr: `60 * ${q.rate(names.METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, { by: operation })}`, legend }],
        }),
        timeseries({
          title: 'Duration (p95)',
          description: 'A slow `git status` in every worktree adds up: look at fsmonitor, untracked caches, or the size of the tree. The dots are single commands: each opens its trace.',
          unit: 's',
          queries: [
            { expr: q.quantile(0.95, names.METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, { by: operation }), legend },
            fromSpans(scope, { 'span.name': { like: 'git .*' } }),
          ],
        }),
        table({
          title: 'By operation, in the chosen time',
          description: 'How often, how often failed, time in all: what to make faster, or to ask less often, stands on top.',
          unit: 'short',
          queries: [
            { expr: commandsByOperation, legend: 'commands' },
            {
              expr: orZero(q.total(names.METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, range, { by: operation, where: failed }), commandsByOperation),
              legend: 'failed',
            },
            { expr: q.totalSum(names.METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, range, { by: operation }), legend: 'time', unit: 's' },
          ],
        }),
      ],
    },
    {
      title: 'In each other’s way',
      panels: [
        timeseries({
          title: 'Lock failures per minute',
          description: 'By operation and repository: who is in whose way. The alert on it has a page with what to do.',
          unit: 'short',
          needs: lock,
          queries: [
            {
              expr: `60 * ${q.rate(names.METRIC_SWARMSCOPE_GIT_LOCK_FAILURES, { by: [...operation, names.ATTR_VCS_REPOSITORY_NAME] })}`,
              legend: `${legend} {{vcs_repository_name}}`,
            },
          ],
        }),
        timeseries({
          title: 'Conflicts per hour',
          description: 'By repository. Many: tasks that touch the same lines run side by side.',
          unit: 'short',
          queries: [
            {
              expr: `3600 * ${q.rate(names.METRIC_SWARMSCOPE_GIT_MERGE_CONFLICTS, { by: [names.ATTR_VCS_REPOSITORY_NAME] })}`,
              legend: '{{vcs_repository_name}}',
            },
          ],
        }),
        traces({
          title: 'git commands that failed',
          description: 'Newest first, inside of the task that ran them.',
          traceql: showing(
            spansWhere(`span.${names.ATTR_SWARMSCOPE_GIT_OPERATION_NAME} != "" && status = error`),
            names.ATTR_SWARMSCOPE_GIT_OPERATION_NAME,
            names.ATTR_ERROR_TYPE,
          ),
        }),
      ],
    },
  ],
};
