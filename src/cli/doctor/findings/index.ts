/** What `doctor` concludes from the settings, this machine and the status files of the last processes. Pure. */
import type { HomeProblem } from '../../../config/folders.ts';
import type { Settings } from '../../../config/settings/index.ts';
import type { SpoolSummary } from '../../../otlp/spool/index.ts';
import type { CopyStates, ProcessStatus } from '../../../sdk/supervisor.ts';
import type { Finding } from '../finding.ts';
import type { Unobserved } from '../unobserved.ts';
import { ofCardinality } from './cardinality.ts';
import { ofContent } from './content.ts';
import { ofCopies } from './copies.ts';
import { ofDelivery, SIGNALS } from './delivery.ts';
import { ofGit } from './git.ts';
import { ofLeft } from './left.ts';
import { ofMachine } from './machine.ts';
import { ofParts } from './parts.ts';
import { ofRefused, ofUnknownOwners } from './refused.ts';
import { ofSettings } from './settings.ts';
import { ofSpool, ofSpoolCounters } from './spool.ts';
import { ofUnobserved } from './unobserved.ts';

export { ATTRIBUTE_SET_LIMIT } from './cardinality.ts';
export { ofSettings } from './settings.ts';

export interface MachineFacts {
  /** Absent: our folders are where they should be. */
  readonly home?: HomeProblem | undefined;
  readonly copies?: { readonly states: CopyStates; readonly shown: (path: string) => string };
  readonly hasGit: boolean;
  readonly hasGpu: boolean;
  /** Stored runs. */
  readonly runs: number;
  readonly spool?: SpoolSummary;
  /** Connected to models, and of no run. */
  readonly unobserved?: readonly Unobserved[];
}

export function findingsOf(settings: Settings, statuses: readonly ProcessStatus[], facts: MachineFacts): Finding[] {
  return [
    ...ofSettings(settings),
    ...(facts.home === undefined ? [] : [{ level: 'note', ...facts.home } as const]),
    ...(facts.copies === undefined ? [] : ofCopies(facts.copies.states, facts.copies.shown)),
    ...ofMachine(facts),
    ...ofUnobserved(facts.unobserved ?? []),
    ...(facts.spool === undefined ? [] : ofSpool(facts.spool, Date.now())),
    ...(statuses.length === 0 ? [nothingRecorded(facts.runs)] : statuses.flatMap(ofProcess)),
  ];
}

function nothingRecorded(runs: number): Finding {
  return {
    level: 'problem',
    text: 'No process has recorded anything yet.',
    next: runs === 0 ? 'swarmscope run -- node swarm.js' : 'check that the program makes LLM calls, starts children or uses the API',
  };
}

function ofProcess(status: ProcessStatus): Finding[] {
  const { serviceName, pid, counters, observers, problems, signals } = status;
  const name = `${serviceName} (pid ${pid})`;
  const findings: Finding[] = [
    ...ofDelivery(name, status),
    ...ofSpoolCounters(name, counters),
    ...ofCardinality(name, counters),
    ...ofRefused(name, counters),
    ...ofContent(name, counters),
    ...ofParts(name, observers),
    ...problems.map(({ env, expected, received }): Finding => {
      return { level: 'problem', text: `${name}: ${env}: expected ${expected}, received ${received}` };
    }),
  ];
  if (findings.length === 0) {
    const sent = SIGNALS.map((signal) => `${signals[signal].sent} ${signal}`).join(', ');
    findings.push({ level: 'ok', text: `${name}: ${sent} sent, nothing lost` });
  }
  return [...findings, ...ofGit(name, counters), ...ofLeft(name, counters), ...ofUnknownOwners(name, counters)];
}
