/** Whose process is at the other end of a connection to a server of ours: asked of Linux' table of sockets, in a thread. */
import { Worker } from 'node:worker_threads';
import type { SocketEnds } from '../machine/sockets.ts';
import type { Candidate } from './connection-holder.ts';
import type { HolderAnswer, HolderQuestion } from './connection-thread.ts';

/** As the server sees it. */
export interface ConnectionEnds {
  readonly localPort: number;
  readonly remotePort: number;
}

export interface ConnectionsOptions {
  /** The built `connection-holder.mjs`. */
  readonly threadFile: URL;
  /** Processes of the run that live, the newest first. */
  readonly candidates: () => readonly Candidate[];
  /** Resolves when the processes of now are known. */
  readonly look: () => Promise<void>;
}

/** No member ever throws or rejects. */
export interface Connections {
  /** undefined: no process of the run, or it has let go of the connection. To be asked before it is answered. */
  pidOf(ends: ConnectionEnds): Promise<number | undefined>;
  /** Starts the thread before the first question, where a question must not wait for it. */
  prepare(): void;
  stop(): void;
}

/** Time between two looks at the table: one serves all who have asked meanwhile. */
const BATCH_MS = 25;
/** Longest wait for an answer: a sender waits as long. A thread takes 40 ms to start, on a busy machine seconds. */
const ANSWER_MS = 5_000;

/** The thread is started by the first question, or by `prepare`. */
export function createConnections({ threadFile, candidates, look }: ConnectionsOptions): Connections {
  let worker: Worker | undefined;
  let isOver = false;
  let nextId = 1;
  let lastLookMs = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  let waiting: { readonly ends: SocketEnds; readonly answer: (pid: number | undefined) => void }[] = [];
  const open = new Map<number, (pids: HolderAnswer['pids']) => void>();
  const giveUp = (): void => {
    isOver = true;
    worker = undefined;
    for (const answer of open.values()) answer([]);
    open.clear();
  };

  function start(): Worker {
    const started = new Worker(threadFile, { env: {}, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 64 } });
    started.unref();
    started.on('message', ({ id, pids }: HolderAnswer) => open.get(id)?.(pids));
    started.once('error', giveUp).once('exit', giveUp);
    return started;
  }

  function askThread(asked: readonly SocketEnds[]): Promise<HolderAnswer['pids']> {
    return new Promise((resolve) => {
      const id = nextId++;
      const done = (pids: HolderAnswer['pids']): void => {
        clearTimeout(late);
        open.delete(id);
        resolve(pids);
      };
      const late = setTimeout(() => done([]), ANSWER_MS);
      open.set(id, done);
      try {
        worker ??= start();
        const question: HolderQuestion = { id, asked, candidates: candidates() };
        worker.postMessage(question);
      } catch {
        // No more threads, or the file is gone.
        giveUp();
      }
    });
  }

  async function answerAll(): Promise<void> {
    const asked = waiting;
    waiting = [];
    const first = await askThread(asked.map(({ ends }) => ends));
    const left = asked.filter(({ answer }, at) => {
      if (first[at] === undefined) return true;
      answer(first[at]);
      return false;
    });
    if (left.length === 0) return;
    // A process that was started within the last scan.
    await look();
    const second = isOver ? [] : await askThread(left.map(({ ends }) => ends));
    for (const [at, { answer }] of left.entries()) answer(second[at]);
  }

  return {
    pidOf({ localPort, remotePort }) {
      if (isOver) return Promise.resolve(undefined);
      return new Promise((answer) => {
        // The other end sees them the other way round.
        waiting.push({ ends: { localPort: remotePort, remotePort: localPort }, answer });
        timer ??= setTimeout(
          () => {
            timer = undefined;
            lastLookMs = performance.now();
            void answerAll();
          },
          Math.max(0, lastLookMs + BATCH_MS - performance.now()),
        );
      });
    },
    prepare() {
      if (isOver) return;
      try {
        worker ??= start();
      } catch {
        // No more threads.
        giveUp();
      }
    },
    stop() {
      const ended = worker;
      giveUp();
      void ended?.terminate();
    },
  };
}
