/** Sends what waits in the spool, one request at a time over a connection of its own, once the endpoint is known to answer. */
import { cancel, later, soon, type Timer } from '../config/originals.ts';
import type { Claimed, Spool } from './spool.ts';
import type { Transport } from './transport.ts';

/** After an answer that was none. */
const AGAIN_MS = 30_000;
/** Longest wait, at an ending, for the answer to what is being sent; without it the request would go out twice. */
const LAST_ANSWER_MS = 250;

export interface SpoolSender {
  /** The endpoint answers: begin. Returns at once. */
  wake(): void;
  /** Something was kept by this very process: look again after a while. */
  sleep(): void;
  /** Resolves when nothing is left to send or the endpoint does not answer. */
  finished(): Promise<void>;
  /** Blocking: what is on the wire is answered or given back. */
  close(): void;
}

export interface SpoolSenderOptions {
  readonly spool: Spool;
  /** Made when there is something to send. */
  readonly connect: () => Transport;
  /** Items by what became of them: `spool.sent`, `spool.refused`. */
  readonly count: (name: string, by: number) => void;
}

export function createSpoolSender({ spool, connect, count }: SpoolSenderOptions): SpoolSender {
  let transport: Transport | undefined;
  let current: Claimed | undefined;
  let working: Promise<void> | undefined;
  let timer: Timer | undefined;
  let isClosed = false;

  async function work(): Promise<void> {
    for (current = spool.claim(); current !== undefined && !isClosed; current = spool.claim()) {
      const one = current;
      transport ??= connect();
      const answer = await transport.send(one.body);
      if (isClosed) return;
      if (!settle(one, answer)) {
        sleep();
        return;
      }
    }
    transport?.close();
    transport = undefined;
  }

  /** False: it was not answered, and lies in the spool again. */
  function settle(one: Claimed, answer: Awaited<ReturnType<Transport['send']>>): boolean {
    current = undefined;
    if (answer.kind === 'retry') {
      one.release();
      return false;
    }
    one.done();
    const refused = answer.kind === 'lost' ? one.items : Math.min(answer.rejected, one.items);
    if (refused > 0) count('spool.refused', refused);
    if (one.items > refused) count('spool.sent', one.items - refused);
    return true;
  }

  function start(): void {
    if (isClosed || working !== undefined) return;
    working = work().finally(() => {
      working = undefined;
    });
  }

  function sleep(): void {
    if (!isClosed) timer ??= later(AGAIN_MS, wake);
  }

  function wake(): void {
    cancel(timer);
    timer = undefined;
    soon(start);
  }

  return {
    wake,
    sleep,
    async finished() {
      start();
      await working;
    },
    close() {
      isClosed = true;
      cancel(timer);
      if (current === undefined) return;
      settle(current, transport?.answerSync(LAST_ANSWER_MS) ?? { kind: 'retry', reason: 'exit_timeout' });
      transport?.close();
    },
  };
}
