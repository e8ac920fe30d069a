/** The thread that looks for the holders of connections: it takes milliseconds, for which no request may wait in turn. */
import { parentPort } from 'node:worker_threads';
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

const READINGS = { inodes: readSocketInodes, socketsOf };

parentPort?.on('message', ({ id, asked, candidates }: HolderQuestion) => {
  const answer: HolderAnswer = { id, pids: holdersOf(asked, candidates, READINGS) };
  parentPort?.postMessage(answer);
});
