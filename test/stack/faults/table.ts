// Which small swarm causes which alerts, each under a service name of its own.

export interface Fault {
  /** `service.name`, and `host.name` of a machine. */
  readonly service: string;
  /** In this folder; default: `{service}.mjs`. `none`: a sender in points.ts is all there is. */
  readonly program?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** How long its clock says that it slept; see time-passes.cjs. */
  readonly sleptMs?: number;
  /** Asks the model through a gateway that says what is left of the rate limit. */
  readonly isBehindGateway?: true;
  /** Ended by SIGKILL as soon as Prometheus knows that it works. */
  readonly isKilled?: true;
  /** What fires in Prometheus. */
  readonly fires: readonly string[];
  /** Those among them that Alertmanager keeps back, because another one says more. */
  readonly inhibited?: readonly string[];
  /** As `inhibited`, while the other one fires: a rate over seconds may fall silent for a moment on a busy machine. */
  readonly mayBeInhibited?: readonly string[];
  /** What may fire when it is ended. */
  readonly firesAtEnd?: readonly string[];
  /** Why there is more than one. */
  readonly because?: string;
}

const MINUTE_MS = 60_000;

export const faults: readonly Fault[] = [
  { service: 'pool-of-two', fires: ['SwarmWorkerPoolSaturated'] },
  { service: 'paused-queue', fires: ['SwarmWorkersIdleWithBacklog'] },
  { service: 'growing-queue', fires: ['SwarmQueueWillOverflow'] },
  {
    service: 'full-queue',
    fires: ['SwarmQueueFull', 'SwarmWorkerPoolSaturated'],
    inhibited: ['SwarmWorkerPoolSaturated'],
    because: 'a queue is full because its pool is',
  },
  { service: 'long-waits', fires: ['SwarmQueueWaitHigh'] },
  {
    service: 'starved-task',
    sleptMs: 40 * MINUTE_MS,
    fires: ['SwarmQueueStarved', 'SwarmWorkerPoolSaturated'],
    because: 'a task starves only while its pool is busy with others',
  },
  { service: 'stuck-task', sleptMs: 6 * MINUTE_MS, fires: ['SwarmTasksStuck'] },
  { service: 'old-task', sleptMs: 15 * MINUTE_MS, fires: ['SwarmTaskTooOld'] },
  {
    service: 'failing-tasks',
    fires: ['SwarmTaskFailuresFast', 'SwarmTaskFailuresSlow'],
    mayBeInhibited: ['SwarmTaskFailuresSlow'],
    because: 'what fails fast fails for the slow window too',
  },
  { service: 'flaky-tasks', fires: ['SwarmTaskFailuresSlow'] },
  { service: 'endless-reviews', fires: ['SwarmRetryStorm'] },
  { service: 'straggler', fires: ['SwarmBatchStragglers'] },
  {
    service: 'rate-limit-storm',
    program: 'chat',
    args: ['gpt-4.1', '200', '2'],
    fires: ['LlmRateLimited', 'LlmRateLimitHeadroomLow'],
    because: 'each refusal says that nothing of the limit is left',
  },
  { service: 'little-headroom', program: 'chat', args: ['gpt-4.1-nano'], isBehindGateway: true, fires: ['LlmRateLimitHeadroomLow'] },
  { service: 'broken-model', program: 'chat', args: ['gpt-4.1-mini'], fires: ['LlmErrorRatioHigh'] },
  { service: 'full-context', program: 'chat', args: ['gpt-4o'], fires: ['SwarmContextWindowNearLimit'] },
  { service: 'too-long-prompt', program: 'chat', args: ['gpt-4-turbo', '100'], fires: ['SwarmContextOverflow'] },
  {
    service: 'spent-budget',
    fires: ['SwarmBudgetNearLimit', 'SwarmBudgetExceeded'],
    because: 'one agent overruns its budget and another nearly',
  },
  { service: 'index-lock', fires: ['SwarmGitLockContention'] },
  { service: 'conflicts', fires: ['SwarmMergeConflictsHigh'] },
  {
    service: 'ids-in-names',
    // Thousands of series.
    env: { OTEL_METRIC_EXPORT_INTERVAL: '5000' },
    fires: ['MetricCardinalityLimitReached'],
    firesAtEnd: ['SwarmTaskFailuresFast', 'SwarmTaskFailuresSlow'],
    because: 'its end cuts off more than a thousand tasks',
  },
  { service: 'killed', program: 'at-work', isKilled: true, fires: ['SwarmStoppedReporting'] },
  { service: 'full-gpu', program: 'none', fires: ['GpuMemoryNearLimit'] },
  { service: 'leaking-gpu', program: 'none', fires: ['GpuMemoryWillExhaust'] },
  { service: 'busy-machine', program: 'none', fires: ['HostProcessorSaturated'] },
  { service: 'full-machine', program: 'none', fires: ['HostMemoryNearlyFull'] },
  { service: 'silent-agent', program: 'none', fires: ['SwarmAgentSilent'] },
  { service: 'blocked-loop', env: { SWARMSCOPE_HOST_METRICS: 'true' }, fires: ['SwarmRootEventLoopBlocked'] },
  { service: 'healthy', fires: [] },
  { service: 'healthy-machine', program: 'none', fires: [] },
];
