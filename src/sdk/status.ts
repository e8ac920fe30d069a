/** What a process says about itself in its status file. */
import { threadId } from 'node:worker_threads';
import { clock } from '../config/originals.ts';
import type { LivePolicies } from '../config/policies/live.ts';
import type { SettingProblem, Settings } from '../config/settings/index.ts';
import type { ResourceAttributes } from '../otlp/write/index.ts';
import { ATTR_SERVICE_NAME } from '../semconv/index.ts';
import type { Counts } from './counts.ts';
import type { Budget } from './export-queue.ts';
import type { FoundLibrary } from './libraries.ts';
import type { Meters } from './metrics/meters.ts';
import { forEach, type Pipelines } from './pipelines.ts';
import { scrubUrl, type ObserverStatus, type ProcessStatus } from './status-file.ts';

export interface StatusParts {
  readonly settings: Settings;
  readonly version: string;
  readonly startTime: number;
  readonly resource: ResourceAttributes;
  readonly pipelines: Pipelines;
  readonly budget: Budget;
  readonly meters: Meters;
  readonly counts: Counts;
  readonly observers?: (() => Readonly<Record<string, ObserverStatus>>) | undefined;
  readonly libraries?: (() => readonly FoundLibrary[]) | undefined;
  readonly problems?: (() => readonly SettingProblem[]) | undefined;
  readonly policies?: LivePolicies | undefined;
  readonly held?: (() => Readonly<Record<string, number>>) | undefined;
}

export function statusOf(parts: StatusParts, isEnded: boolean): ProcessStatus {
  const { settings, version, startTime, resource, pipelines, budget, meters, counts, observers, held } = parts;
  return {
    version,
    pid: process.pid,
    threadId,
    startTime,
    time: clock.now(),
    isEnded,
    serviceName: String(resource[ATTR_SERVICE_NAME]),
    runId: settings.runId,
    node: process.versions.node,
    endpoints: forEach((signal) => (pipelines[signal].transport.target.isOff ? 'off' : scrubUrl(pipelines[signal].transport.target.url))),
    signals: forEach((signal) => pipelines[signal].tally),
    observers: { ...observers?.(), ...switchedOff(parts.policies) },
    policies: parts.policies && { version: parts.policies.version, ...parts.policies.policies },
    libraries: parts.libraries?.() ?? [],
    counters: counts.all(),
    held: { ...held?.(), 'metrics.series': meters.series, 'export.bytes': budget.usedBytes },
    problems: [...settings.problems, ...(parts.problems?.() ?? [])],
  };
}

function switchedOff(policies: LivePolicies | undefined): Record<string, ObserverStatus> {
  const off = policies?.policies.observersOff ?? [];
  return Object.fromEntries(off.map((name) => [name, { isOn: false, why: `version ${policies?.version ?? 0} of the policies` }]));
}
