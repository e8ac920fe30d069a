/** Whose telemetry and calls arrive: joins the look at a connection with the tree of processes. */
import type { OwnerOf as CallerOf } from '../../gateway/index.ts';
import { createConnections, type Connections, type ProcessTree } from '../../processes/index.ts';
import type { Owner, OwnerOf, ProcessAt } from '../../viewer/index.ts';

export interface Owners {
  /** Known from `use` on; the receiver is there before the tree. */
  readonly ownerOf: OwnerOf;
  /** For senders that tell of other processes than their own. */
  readonly processAt: ProcessAt;
  /** The same for clients of the gateway. */
  readonly callerOf: CallerOf;
  use(tree: ProcessTree): void;
  /** Clients of the gateway are asked for as soon as they connect: the thread that finds them must be there. */
  prepare(): void;
  stop(): void;
}

/** A start is of one look at the table of processes, and readers in the kernel have a clock of their own. */
const SKEW_MS = 1_000;

export function createOwners(threadFile = new URL('./connection-holder.mjs', import.meta.url)): Owners {
  const ownerOf: OwnerOf = async (ends) => {
    if (used === undefined) return undefined;
    const { tree, connections } = used;
    const pid = await connections.pidOf(ends);
    return pid === undefined ? undefined : (ownerAt(tree, pid) ?? (await tree.look(), ownerAt(tree, pid)));
  };
  let looking: Promise<void> | undefined;
  let used: { readonly tree: ProcessTree; readonly connections: Connections } | undefined;
  return {
    ownerOf,
    async processAt(pid, atMs) {
      if (used === undefined) return undefined;
      const { tree } = used;
      if (tree.find(pid) === undefined) await tree.look();
      const process = tree.find(pid);
      // A number is used again: what was before the process is not its own.
      if (process === undefined || atMs < process.startMs - SKEW_MS) return 'stranger';
      return ownerAt(tree, pid);
    },
    async callerOf({ clientPort, gatewayPort }) {
      // The tree shall know a program that is gone when its connection has been looked for.
      looking ??= used?.tree.look().finally(() => (looking = undefined));
      const owner = await ownerOf({ localPort: gatewayPort, remotePort: clientPort });
      return owner === undefined ? undefined : { pid: owner.pid, traceparent: `00-${owner.place.traceId}-${owner.place.spanId}-01` };
    },
    use(tree) {
      const connections = createConnections({
        threadFile,
        // A sender is seldom old.
        candidates: () =>
          tree
            .all()
            .filter(({ endMs }) => endMs === undefined)
            .map(({ pid, parent }) => [pid, parent?.pid] as const)
            .reverse(),
        look: () => tree.look(),
      });
      used = { tree, connections };
    },
    prepare() {
      used?.connections.prepare();
    },
    stop() {
      used?.connections.stop();
      used = undefined;
    },
  };
}

function ownerAt(tree: ProcessTree, pid: number): Owner | undefined {
  const place = tree.spanOf(pid);
  return place === undefined ? undefined : { pid, place, inherited: tree.inheritedBy(pid) };
}
