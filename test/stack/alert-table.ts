// By which test each alert fires with real programs. Every one of them also has a firing and a silent case for promtool (src/grafana/alerts).

export type Proof =
  /** A program below faults/ has that fault. */
  | { readonly by: 'fault' }
  /** A sender in faults/points.ts says so: what it measures cannot be brought about here. */
  | { readonly by: 'points'; readonly because: string }
  /** A test file below test/stack that waits for it. */
  | { readonly by: 'drill'; readonly file: string }
  | { readonly by: 'promtool alone'; readonly because: string };

const fault: Proof = { by: 'fault' };
const drill = (file: string): Proof => ({ by: 'drill', file });
const NO_GPU = 'there is no GPU';
const OTHERS_WORK = 'others work on the machine that runs the tests';

export const proofs: Readonly<Record<string, Proof>> = {
  SwarmWorkerPoolSaturated: fault,
  SwarmWorkersIdleWithBacklog: fault,
  SwarmQueueWillOverflow: fault,
  SwarmQueueFull: fault,
  SwarmQueueWaitHigh: fault,
  SwarmQueueStarved: fault,
  SwarmTasksStuck: fault,
  SwarmTaskTooOld: fault,
  SwarmTaskFailuresFast: fault,
  SwarmTaskFailuresSlow: fault,
  SwarmRetryStorm: fault,
  SwarmBatchStragglers: fault,
  SwarmAgentSilent: { by: 'points', because: 'no clock shortens the silence of a process' },
  LlmRateLimited: fault,
  LlmRateLimitHeadroomLow: fault,
  LlmErrorRatioHigh: fault,
  SwarmContextWindowNearLimit: fault,
  SwarmContextOverflow: fault,
  SwarmBudgetNearLimit: fault,
  SwarmBudgetExceeded: fault,
  SwarmGitLockContention: fault,
  SwarmMergeConflictsHigh: fault,
  GpuMemoryNearLimit: { by: 'points', because: NO_GPU },
  GpuMemoryWillExhaust: { by: 'points', because: NO_GPU },
  HostProcessorSaturated: { by: 'points', because: OTHERS_WORK },
  HostMemoryNearlyFull: { by: 'points', because: OTHERS_WORK },
  SwarmRootEventLoopBlocked: fault,
  SwarmscopeDroppingTelemetry: {
    by: 'promtool alone',
    because: 'what a process drops is counted and tested in test/promises/metrics/ledger.test.ts',
  },
  SwarmscopeObserverFaults: { by: 'promtool alone', because: 'an observer that fails is a fault of ours: there is none to be had' },
  SwarmStoppedReporting: fault,
  MetricCardinalityLimitReached: fault,
  CollectorDown: drill('alerts.test.ts'),
  StackPartDown: drill('drills/backends-away.test.ts'),
  CollectorRefusingData: drill('drills/queue-full.test.ts'),
  CollectorLosingData: drill('drills/queue-full.test.ts'),
  CollectorQueueNearlyFull: drill('drills/queue-full.test.ts'),
  CollectorBackendUnreachable: {
    by: 'promtool alone',
    because: 'five minutes in which nothing is sent are longer than a drill; the drills hold what it stands on, the queue that waits',
  },
  GatewayQueueFilling: {
    by: 'promtool alone',
    because: 'what a queue does in 15 minutes is longer than a drill; test/scale/drills.test.ts fills one',
  },
  AgentWithoutGateway: { by: 'promtool alone', because: 'seven minutes in which nothing is sent are longer than a drill' },
  KeptTracesLost: { by: 'promtool alone', because: 'gateways are in test/scale, which sees the counter rise' },
  TempoDiscardingSpans: { by: 'promtool alone', because: 'the limits of tempo.yaml are out of reach of a test swarm' },
  PrometheusRejectingSamples: drill('drills/backends-away.test.ts'),
  RulesNotEvaluated: { by: 'promtool alone', because: 'every rule evaluates, as the other tests see' },
  AlertsNotDelivered: { by: 'promtool alone', because: 'the webhooks of the tests are there' },
  Watchdog: drill('alerts.test.ts'),
};
