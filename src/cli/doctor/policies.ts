/** Which process of which run has which version of the policies in force. Pure. */
import type { ProcessStatus } from '../../sdk/supervisor.ts';
import { clean } from '../printable.ts';
import type { Finding } from './finding.ts';

const MAX_PIDS = 5;

interface OfRun {
  readonly runId: string;
  readonly serviceName: string;
  /** Newest first. */
  readonly versions: readonly { readonly version: number; readonly pids: readonly number[] }[];
}

/** Of runs in which policies were ever set, by the processes that run. */
export function policiesOf(statuses: readonly ProcessStatus[], isAlive: (pid: number) => boolean): OfRun[] {
  const runs = new Map<string, { serviceName: string; byVersion: Map<number, Set<number>> }>();
  // A thread that is led by its own process may not know the id of the run.
  const ofProcess = new Map(statuses.filter(({ threadId, isEnded }) => threadId === 0 && !isEnded).map(({ pid, runId }) => [pid, runId]));
  for (const { isEnded, pid, policies, runId: told, serviceName } of statuses) {
    if (isEnded || policies === undefined || !isAlive(pid)) continue;
    const runId = ofProcess.get(pid) ?? told;
    const run = runs.get(runId) ?? { serviceName, byVersion: new Map<number, Set<number>>() };
    runs.set(runId, run);
    run.byVersion.set(policies.version, (run.byVersion.get(policies.version) ?? new Set()).add(pid));
  }
  return [...runs].flatMap(([runId, { serviceName, byVersion }]) => {
    const versions = [...byVersion].map(([version, pids]) => ({ version, pids: [...pids] })).sort((a, b) => b.version - a.version);
    return (versions[0]?.version ?? 0) > 0 ? [{ runId, serviceName, versions }] : [];
  });
}

export function policyRows(runs: readonly OfRun[]): string[][] {
  return runs.flatMap(({ runId, serviceName, versions }) =>
    versions.map(({ version, pids }) => [clean(serviceName), `run ${clean(runId)}`, `version ${version}`, processesText(pids)]),
  );
}

export function ofPolicies(runs: readonly OfRun[]): Finding[] {
  return runs.flatMap(({ runId, versions: [newest, ...older] }): Finding[] => {
    if (newest === undefined || older.length === 0) return [];
    const pids = older.flatMap((each) => each.pids);
    const text = `run ${clean(runId)}: version ${newest.version} of the policies is not in force in ${processesText(pids)}`;
    const next = 'look again in some seconds; a process whose event loop stands still takes it over when it goes on';
    return [{ level: 'note', text, next }];
  });
}

function processesText(pids: readonly number[]): string {
  const shown = pids.slice(0, MAX_PIDS).join(', ');
  return `${pids.length} ${pids.length === 1 ? 'process' : 'processes'} (pid ${shown}${pids.length > MAX_PIDS ? ', …' : ''})`;
}
