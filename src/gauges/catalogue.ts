/** Every gauge, one line each. */
import { budgets } from './budgets.ts';
import { callsUnderWay } from './calls-under-way.ts';
import type { Gauge } from './gauge.ts';
import { gpu } from './gpu.ts';
import { modelServers } from './model-servers.ts';
import { pools } from './pools.ts';
import { queues } from './queues.ts';
import { rateLimits } from './rate-limits.ts';
import { tasks } from './tasks.ts';

export const gauges: readonly Gauge[] = [pools, queues, tasks, rateLimits, callsUnderWay, budgets, gpu, modelServers];
