/** Which of some processes holds one end of a connection. Pure but for the two readings that it is given. */
import { endsKey, type SocketEnds, type SocketInodes } from '../machine/sockets.ts';

/** A process that may hold it, with its parent. */
export type Candidate = readonly [pid: number, parentPid: number | undefined];

export interface SocketReadings {
  readonly inodes: (remotePorts: ReadonlySet<number>) => SocketInodes;
  readonly socketsOf: (pid: number) => ReadonlySet<number>;
}

/**
 * The pid for each of `asked`, by one look at the tables. A child that was forked holds the same socket: the outermost
 * holder is the one that opened it. `candidates` are tried in their order.
 */
export function holdersOf(
  asked: readonly SocketEnds[],
  candidates: readonly Candidate[],
  { inodes, socketsOf }: SocketReadings,
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
  return wanted.map((inode) => {
    if (inode === undefined) return undefined;
    let holder = candidates.find(([pid]) => holds(pid, inode))?.[0];
    for (
      let above = parents.get(holder ?? -1);
      above !== undefined && parents.has(above) && holds(above, inode);
      above = parents.get(above)
    )
      holder = above;
    return holder;
  });
}
