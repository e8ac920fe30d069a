/** The process tree beside the program: started where the settings and the system allow it. */
import type { Settings } from '../../config/settings/index.ts';
import { startProcessTree, type ProcessTree } from '../../processes/index.ts';
import type { Supervisor } from '../../sdk/supervisor.ts';
import { warn } from '../streams.ts';

/** undefined: switched off, or not Linux. */
export function watchProcesses(settings: Settings, runId: string, { processes }: Supervisor): ProcessTree | undefined {
  if (!settings.processTree || process.platform !== 'linux') return undefined;
  const tree = startProcessTree({
    runId,
    silentAfterMs: settings.silentAfterMs,
    recorder: processes,
    threadFile: new URL('./process-scanner.mjs', import.meta.url),
    onWarning: warn,
  });
  processes.watchSilence(() => tree.silent());
  return tree;
}
