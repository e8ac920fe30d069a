/** Who calls through a gateway that stands alone: any process of this machine may, and none is known before. */
import { basename } from 'node:path';
import type { OwnerOf } from '../../gateway/index.ts';
import { linuxProcesses } from '../../machine/process-table.ts';
import { createConnections, type Candidate } from '../../processes/index.ts';

export interface Callers {
  /** undefined where processes cannot be seen, or it has ended. */
  readonly ownerOf: OwnerOf;
  stop(): void;
}

export function createCallers(threadFile = new URL('./connection-holder.mjs', import.meta.url)): Callers {
  const table = linuxProcesses();
  const connections = createConnections({
    threadFile,
    candidates: () => {
      const stats = (table?.list() ?? []).flatMap((pid) => table?.stat(pid) ?? []);
      return stats.sort((a, b) => b.startMs - a.startMs).map(({ pid, parentPid }): Candidate => [pid, parentPid]);
    },
    look: () => Promise.resolve(),
  });
  if (table !== undefined) connections.prepare();
  return {
    async ownerOf({ clientPort, gatewayPort }) {
      if (table === undefined) return undefined;
      const pid = await connections.pidOf({ localPort: gatewayPort, remotePort: clientPort });
      if (pid === undefined) return undefined;
      const { executable } = table.details(pid);
      return { pid, program: executable === undefined ? table.stat(pid)?.name : basename(executable) };
    },
    stop: () => connections.stop(),
  };
}
