/** All alerts, by group, and the recording rules that they read. */
import type { AlertGroup, Recording } from './alert.ts';
import { agents } from './agents.ts';
import { budgets } from './budgets.ts';
import { llm } from './llm.ts';
import { git, machine } from './machine.ts';
import { stack } from './stack.ts';
import { failedShares, tasks } from './tasks.ts';
import { telemetry } from './telemetry.ts';
import { tiers } from './tiers.ts';
import { utilization, workers } from './workers.ts';

export const groups: readonly AlertGroup[] = [workers, tasks, agents, llm, budgets, git, machine, telemetry, stack, tiers];

export const recordings: readonly Recording[] = [utilization, ...failedShares];

export const RECORDING_GROUP = 'swarmscope-recording';
