/** Which of some processes holds one end of a connection. Pure but for the two readings that it is given. */
import { endsKey, type SocketEnds, type SocketInodes } from '../machine/sockets.ts';

/** A process that may hold it, with its parent. */
export type Candidate = readonly [pid: number, parentPid: number | undefined];

export interface SocketReadings {
  readonly inodes: (remotePorts: ReadonlySet<number>) => SocketInodes;
  readonly socketsOf: (pid: number) => ReadonlySet<number>;
  /** Processes beside the candidates that have only just started, the newest first; asked where no candidate holds a socket. */
  readonly newcomers?: (candidates: ReadonlyMap<number, number | undefined>) => readonly Candidate[];
}

/**
 * The pid for each of `asked`, by one look at the tables. A child that was forked holds the same socket: the outermost
 * holder is the one that opened it. `candidates` are tried in their order.
 */
export function holdersOf(
  asked: readonly SocketEnds[],
  candidates: readonly Candidate[],
  { inodes, socketsOf, newcomers = () => [] }: SocketReadings,
): (number | undefined)[] {
  const table = inodes(new Set(asked.map(({ remotePort }) => remotePort)));
  const wanted = asked.map((ends) => table.get(endsKey(ends)));
  const parents = new Map(candidates);
  const sockets = new Map<number, ReadonlySet<number>>();
  const holds = (pid: number, inode: number): boolean => {
    let held = sockets.get(pid);
    if (held === undefined) sockets.set(pid, (held = socketsOf(pid)));
    return held.has(inode);
  };
  let fresh: readonly Candidate[] | undefined;
  const findNew = (inode: number): number | undefined => {
    if (fresh === undefined) {
      fresh = newcomers(parents);
      for (const [pid, parent] of fresh) parents.set(pid, parent);
    }
    return fresh.find(([pid]) => holds(pid, inode))?.[0];
  };
  return wanted.map((inode) => {
    if (inode === undefined) return undefined;
    let holder = candidates.find(([pid]) => holds(pid, inode))?.[0] ?? findNew(inode);
    for (
      let above = parents.get(holder ?? -1);
      above !== undefined && parents.has(above) && holds(above, inode);
      above = parents.get(above)
    )
      holder = above;
    return holder;
  });
}
