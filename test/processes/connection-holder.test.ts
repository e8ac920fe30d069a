/** Which process holds a connection: the order in which they are tried, forks, and processes that may not be looked into. */
import { expect, test } from '@jest/globals';
import { endsKey, type SocketEnds } from '../../src/machine/sockets.ts';
import { holdersOf, type Candidate } from '../../src/processes/connection-holder.ts';

const ends = (localPort: number): SocketEnds => ({ localPort, remotePort: 4000 });

/** `held` by pid; the inode of a connection is its local port. */
function find(asked: readonly number[], candidates: readonly Candidate[], held: Readonly<Record<number, readonly number[]>>) {
  const looked: number[] = [];
  const pids = holdersOf(asked.map(ends), candidates, {
    inodes: (ports) => (ports.has(4000) ? new Map([1, 2, 3].map((port) => [endsKey(ends(port)), port])) : new Map()),
    socketsOf(pid) {
      looked.push(pid);
      return new Set(held[pid]);
    },
  });
  return { pids, looked };
}

test('each connection has the process that holds it, and each process is looked into once', () => {
  const { pids, looked } = find(
    [1, 2, 3],
    [
      [30, 1],
      [20, 1],
      [10, 1],
    ],
    { 10: [3], 20: [2], 30: [1] },
  );
  expect([pids, looked]).toEqual([
    [30, 20, 10],
    [30, 20, 10],
  ]);
});

test('of a fork and the process that opened it, the outer one is meant, over several levels', () => {
  const candidates: Candidate[] = [
    [40, 30],
    [30, 20],
    [20, 10],
    [10, undefined],
  ];
  expect(find([1], candidates, { 40: [1], 30: [1], 20: [1], 10: [2] }).pids).toEqual([20]);
  // One that does not hold it is no link between two that do.
  expect(find([1], candidates, { 40: [1], 20: [1] }).pids).toEqual([40]);
});

test('where no candidate holds it, those that have just started are looked into, once for all, and not where one does', () => {
  let asked = 0;
  const held: Readonly<Record<number, readonly number[]>> = { 10: [3], 50: [1, 2], 60: [1] };
  const look = (ports: readonly number[]) =>
    holdersOf(ports.map(ends), [[10, 1]], {
      inodes: () => new Map([1, 2, 3].map((port) => [endsKey(ends(port)), port])),
      socketsOf: (pid) => new Set(held[pid]),
      newcomers(known) {
        asked += 1;
        expect([...known.keys()]).toEqual([10]);
        return [
          [60, 50],
          [50, 10],
        ];
      },
    });
  expect([look([3]), asked]).toEqual([[10], 0]);
  // Of a fork among them, too, the outer one is meant.
  expect([look([1, 2, 3]), asked]).toEqual([[50, 50, 10], 1]);
});

test('nobody is named where nobody holds it, and no process is looked into for a connection that is gone', () => {
  expect(find([1], [[10, 1]], {}).pids).toEqual([undefined]);
  expect(find([9], [[10, 1]], { 10: [9] })).toEqual({ pids: [undefined], looked: [] });
});
