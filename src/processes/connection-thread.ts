/** The thread that looks for the holders of connections: it takes milliseconds, for which no request may wait in turn. */
import { parentPort } from 'node:worker_threads';
import { linuxProcesses } from '../machine/process-table.ts';
import { readSocketInodes, socketsOf, type SocketEnds } from '../machine/sockets.ts';
import { holdersOf, type Candidate } from './connection-holder.ts';

export interface HolderQuestion {
  readonly id: number;
  readonly asked: readonly SocketEnds[];
  readonly candidates: readonly Candidate[];
}

export interface HolderAnswer {
  readonly id: number;
  readonly pids: readonly (number | undefined)[];
}

/** A program makes its first call while the scan that finds it is still to come, on a busy machine for seconds. */
const NEW_MS = 10_000;
/** Newest processes that are looked into; protects from a machine that starts thousands. */
const MAX_NEW = 256;

const table = linuxProcesses();
const READINGS = { inodes: readSocketInodes, socketsOf, newcomers };

function newcomers(known: ReadonlyMap<number, number | undefined>): Candidate[] {
  const upMs = table?.upMs();
  if (table === undefined || upMs === undefined) return [];
  const young = table.list().flatMap((pid) => {
    const stat = known.has(pid) ? undefined : table.stat(pid);
    return stat === undefined || upMs - stat.startMs > NEW_MS ? [] : [stat];
  });
  return young
    .sort((a, b) => b.startMs - a.startMs)
    .slice(0, MAX_NEW)
    .map(({ pid, parentPid }) => [pid, parentPid] as const);
}

parentPort?.on('message', ({ id, asked, candidates }: HolderQuestion) => {
  const answer: HolderAnswer = { id, pids: holdersOf(asked, candidates, READINGS) };
  parentPort?.postMessage(answer);
});
