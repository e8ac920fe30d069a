/** The process tree beside the program: started where the settings and the system allow it. */
import type { Settings } from '../../config/settings/index.ts';
import { startProcessTree, type ProcessTree } from '../../processes/index.ts';
import type { GitCallers, Supervisor } from '../../sdk/supervisor.ts';
import { warn } from '../streams.ts';

/** undefined: switched off, or not Linux. */
export function watchProcesses(settings: Settings, runId: string, supervisor: Supervisor): ProcessTree | undefined {
  if (!settings.processTree || process.platform !== 'linux') return undefined;
  const tree = startProcessTree({
    runId,
    silentAfterMs: settings.silentAfterMs,
    recorder: supervisor.processes,
    threadFile: new URL('./process-scanner.mjs', import.meta.url),
    onWarning: warn,
  });
  supervisor.processes.watchSilence(() => tree.silent());
  supervisor.processes.watchOrphans(() => tree.orphans());
  supervisor.useCallers(gitCallers(tree));
  return tree;
}

/** A git command that was only handed what its agent had been handed itself belongs below that agent. */
export function gitCallers(tree: Pick<ProcessTree, 'parentOfGit' | 'callerOf' | 'look'>): GitCallers {
  return {
    parentOf: (pid) => tree.parentOfGit(pid),
    find({ startTime, traceparent, ...command }, isLast) {
      const found = tree.callerOf({ ...command, startMs: startTime }, isLast);
      if (found === undefined) return undefined;
      const { agent, kind } = found;
      const handed = traceparent?.split('-')[2];
      const isOwn = agent !== undefined && (handed === undefined || agent.inherited.has(handed));
      return { kind, traceparent: isOwn ? `00-${agent.place.traceId}-${agent.place.spanId}-01` : undefined };
    },
    look: () => tree.look(),
  };
}
