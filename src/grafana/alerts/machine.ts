/** Alerts on git (lock failures, merge conflicts) and on the machine (GPU memory, processor, memory, a blocked event loop). */
import * as names from '../../semconv/index.ts';
import { inRule, labelOf, queries } from '../query.ts';
import type { AlertGroup } from './alert.ts';

const q = queries(inRule('10m'));
const byRepository = ['service_name', names.ATTR_VCS_REPOSITORY_NAME];
const byHost = ['host_name'];
const byGpu = ['host_name', names.ATTR_HW_ID];
const gpuShare = `${q.max(names.METRIC_HW_GPU_MEMORY_USAGE, { by: byGpu })} / ${q.max(names.METRIC_HW_GPU_MEMORY_LIMIT, { by: byGpu })}`;
const gpuLabels = `host_name="h",${labelOf(names.ATTR_HW_ID)}="0"`;
const gpu = (usage: string, limit: string): Record<string, string> => ({
  [`${names.METRIC_HW_GPU_MEMORY_USAGE.prometheus}{${gpuLabels}}`]: usage,
  [`${names.METRIC_HW_GPU_MEMORY_LIMIT.prometheus}{${gpuLabels}}`]: limit,
});
const counter = (metric: { readonly prometheus: string }, values: string): Record<string, string> => ({
  [`${metric.prometheus}{service_name="s",vcs_repository_name="r",swarmscope_git_operation_name="commit"}`]: values,
});
const cpu = (busy: string): Record<string, string> => ({
  [`${names.METRIC_SYSTEM_CPU_UTILIZATION.prometheus}{host_name="h",cpu_mode="user"}`]: busy,
});

export const git: AlertGroup = {
  name: 'swarmscope-git',
  alerts: [
    {
      name: 'SwarmGitLockContention',
      expr: `${q.increase(names.METRIC_SWARMSCOPE_GIT_LOCK_FAILURES, '10m', { by: byRepository })} > 3`,
      severity: 'warning',
      resource: 'git',
      keepFiringFor: '5m',
      summary: 'git commands of {{ $labels.service_name }} fail at locks in {{ $labels.vcs_repository_name }}',
      description: 'About {{ $value | printf "%.0f" }} commands in 10 minutes found a lock that another one held.',
      board: 'swarmscope-git',
      runbook: {
        meaning: 'Agents work in the same repository and are in each other’s way: their commands fail or wait.',
        causes: [
          'Several agents in one worktree: index.lock.',
          'Many worktrees made or removed at once.',
          'A git process that died and left its lock.',
        ],
        look: ['git: lock failures by operation.', 'The trace of a failed command: who ran at the same time?'],
        act: [
          'One worktree for each agent, and one process that merges.',
          'Make worktrees one after the other.',
          'A lock that nobody holds: remove the file that git names.',
        ],
      },
      cases: [
        { title: 'a convoy at index.lock', series: counter(names.METRIC_SWARMSCOPE_GIT_LOCK_FAILURES, '0+1x40'), at: '20m', fires: true },
        { title: 'no lock failures', series: counter(names.METRIC_SWARMSCOPE_GIT_LOCK_FAILURES, '0x40'), at: '20m', fires: false },
      ],
    },
    {
      name: 'SwarmMergeConflictsHigh',
      expr: `${q.increase(names.METRIC_SWARMSCOPE_GIT_MERGE_CONFLICTS, '1h', { by: byRepository })} > 10`,
      severity: 'info',
      resource: 'git',
      keepFiringFor: '15m',
      summary: 'Agents of {{ $labels.service_name }} change the same lines in {{ $labels.vcs_repository_name }}',
      description: 'About {{ $value | printf "%.0f" }} merge conflicts in an hour: work that is done twice.',
      board: 'swarmscope-git',
      runbook: {
        meaning: 'Tasks that run side by side touch the same places. Each conflict is work for another agent or for you.',
        causes: ['Tasks that are cut by feature through the same files.', 'Branches that live long.'],
        look: ['git: conflicts per hour; the report names the tasks.'],
        act: ['Cut tasks by file or module, order those that meet, merge often.'],
      },
      cases: [
        {
          title: 'a conflict every other minute',
          series: counter(names.METRIC_SWARMSCOPE_GIT_MERGE_CONFLICTS, '0+0.5x90'),
          at: '70m',
          fires: true,
        },
        { title: 'a conflict now and then', series: counter(names.METRIC_SWARMSCOPE_GIT_MERGE_CONFLICTS, '0+0.05x90'), at: '70m', fires: false },
      ],
    },
  ],
};

export const machine: AlertGroup = {
  name: 'swarmscope-machine',
  alerts: [
    {
      name: 'GpuMemoryNearLimit',
      expr: `${gpuShare} > 0.95`,
      for: '5m',
      severity: 'warning',
      resource: 'gpu',
      summary: 'Memory of GPU {{ $labels.hw_id }} on {{ $labels.host_name }} is nearly full',
      description: '{{ $value | humanizePercentage }} is in use: the next allocation may fail.',
      board: 'swarmscope-machine',
      runbook: {
        meaning: 'The GPU has little memory left. Local models fail with out-of-memory, or the server refuses requests.',
        causes: [
          'A server that reserves nearly all at its start (by design; then silence this alert for it).',
          'Several models at once.',
          'Longer contexts than planned.',
        ],
        look: ['GPU and host: memory in use and its limit.'],
        act: ['Fewer parallel requests, a smaller model or quantisation, a shorter context.'],
      },
      cases: [
        { title: 'a full GPU', series: gpu('79e9x30', '80e9x30'), at: '10m', fires: true },
        { title: 'a half full GPU', series: gpu('40e9x30', '80e9x30'), at: '10m', fires: false },
      ],
    },
    {
      name: 'GpuMemoryWillExhaust',
      expr: `(max by (host_name, hw_id) (predict_linear(${names.METRIC_HW_GPU_MEMORY_USAGE.prometheus}[30m], 3600)) > ${q.max(names.METRIC_HW_GPU_MEMORY_LIMIT, { by: byGpu })}) and on (host_name, hw_id) (${gpuShare} > 0.7)`,
      for: '15m',
      severity: 'warning',
      resource: 'gpu',
      summary: 'GPU {{ $labels.hw_id }} on {{ $labels.host_name }} will be out of memory within an hour',
      description: 'At the trend of the last 30 minutes it needs {{ $value | humanize1024 }}B in an hour, more than it has.',
      board: 'swarmscope-machine',
      runbook: {
        meaning: 'Memory in use grows steadily and will reach the limit.',
        causes: ['A leak in a server of models.', 'Caches of long conversations that are kept.'],
        look: ['GPU and host: memory in use over the last hours.'],
        act: ['Start the server again at a good moment; bound its cache.'],
      },
      cases: [
        { title: 'memory that grows to the limit', series: gpu('50e9+0.25e9x120', '80e9x120'), at: '100m', fires: true },
        { title: 'memory that stands still', series: gpu('60e9x120', '80e9x120'), at: '100m', fires: false },
      ],
    },
    {
      name: 'HostProcessorSaturated',
      expr: `sum by (host_name) (${q.max(names.METRIC_SYSTEM_CPU_UTILIZATION, { by: [...byHost, names.ATTR_CPU_MODE], where: { [names.ATTR_CPU_MODE]: { not: 'idle' } } })}) > 0.95`,
      for: '15m',
      severity: 'warning',
      resource: 'host',
      summary: 'The processor of {{ $labels.host_name }} is fully used',
      description: '{{ $value | humanizePercentage }} for 15 minutes: more workers make nothing faster.',
      board: 'swarmscope-machine',
      runbook: {
        meaning: 'The workers share a processor that is full. Everything gets slower at once: tools, tests, git, the scheduler.',
        causes: ['More workers with local work (tests, builds) than cores.', 'A process that spins.'],
        look: ['GPU and host: processor by mode; tool and git times on the other boards.'],
        act: ['Lower the limit of the pool to about the number of cores, or move workers to another machine.'],
      },
      cases: [
        { title: 'all cores fully used', series: cpu('0.99x60'), at: '30m', fires: true },
        { title: 'all cores half used', series: cpu('0.5x60'), at: '30m', fires: false },
      ],
    },
    {
      name: 'HostMemoryNearlyFull',
      expr: `${q.max(names.METRIC_SYSTEM_MEMORY_UTILIZATION, { by: byHost, where: { [names.ATTR_SYSTEM_MEMORY_STATE]: 'used' } })} > 0.92`,
      for: '5m',
      severity: 'critical',
      resource: 'host',
      summary: 'The memory of {{ $labels.host_name }} is nearly full',
      description: '{{ $value | humanizePercentage }} is used: the kernel will end processes, and workers die without a word.',
      board: 'swarmscope-machine',
      runbook: {
        meaning: 'The machine has nearly no memory left. What is ended by the kernel is seen as a child that died of SIGKILL.',
        causes: ['More agents than the machine bears.', 'A worker that leaks.'],
        look: ['GPU and host: memory by state.', 'The report: children ended by SIGKILL.'],
        act: ['Fewer workers; bound each (`--max-old-space-size`, cgroups).'],
      },
      cases: [
        {
          title: 'nearly all memory used',
          series: { [`${names.METRIC_SYSTEM_MEMORY_UTILIZATION.prometheus}{host_name="h",system_memory_state="used"}`]: '0.95x30' },
          at: '10m',
          fires: true,
        },
        {
          title: 'half of the memory used',
          series: { [`${names.METRIC_SYSTEM_MEMORY_UTILIZATION.prometheus}{host_name="h",system_memory_state="used"}`]: '0.5x30' },
          at: '10m',
          fires: false,
        },
      ],
    },
    {
      name: 'SwarmRootEventLoopBlocked',
      expr: `${q.max(names.METRIC_NODEJS_EVENTLOOP_DELAY_P99, { by: ['service_name'] })} > 1`,
      for: '5m',
      severity: 'warning',
      resource: 'host',
      summary: 'The process that leads {{ $labels.service_name }} is blocked for seconds at a time',
      description: 'One tick in a hundred is late by {{ $value | humanizeDuration }}. Answers wait, children wait, the scheduler waits.',
      board: 'swarmscope-machine',
      runbook: {
        meaning: 'The event loop of the scheduler works too long in one piece. All its workers wait meanwhile.',
        causes: [
          'Synchronous children (execFileSync of git) in the scheduler.',
          'Parsing or diffing of large texts.',
          'Under `swarmscope run`, where the root is swarmscope itself: a machine without a free processor.',
        ],
        look: ['GPU and host: event loop; the trace: sync children of the root.'],
        act: ['Use the asynchronous forms, or move the work into a worker.'],
      },
      cases: [
        {
          title: 'a blocked loop',
          series: { [`${names.METRIC_NODEJS_EVENTLOOP_DELAY_P99.prometheus}{service_name="s"}`]: '3x30' },
          at: '10m',
          fires: true,
        },
        {
          title: 'a lively loop',
          series: { [`${names.METRIC_NODEJS_EVENTLOOP_DELAY_P99.prometheus}{service_name="s"}`]: '0.02x30' },
          at: '10m',
          fires: false,
        },
      ],
    },
  ],
};
