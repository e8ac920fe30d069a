/** The spool of one destination: keeps what the endpoint cannot take, and sends it once the endpoint answers. */
import { cancel, later, soon, type Timer } from '../../config/originals.ts';
import type { Settings } from '../../config/settings/index.ts';
import { createTransport, type Answer, type Target, type Transport } from '../post/index.ts';
import { createSpool, type Claimed, type Spool } from './spool.ts';

/** Until the endpoint is asked again that did not answer. */
const AGAIN_MS = 30_000;
/** Longest wait, at an ending, for the answer to what is being sent; without it the request would go out twice. */
const LAST_ANSWER_MS = 250;

export interface DestinationSpool {
  readonly keep: Spool['keep'];
  /** The endpoint took something: the first time, and after an outage, the spool is looked into. Returns at once. */
  readonly onTaken: () => void;
  /** What was kept is sent before this resolves, if the endpoint answers. */
  finished(): Promise<void>;
  /** Blocking, at an ending: what is on the wire is answered within `timeoutMs`, or given back. */
  close(timeoutMs?: number): void;
}

export interface DestinationSpoolOptions {
  readonly settings: Settings;
  readonly target: Target;
  /** Items by what became of them: `spool.sent`, `spool.refused`, and what the spool itself gives up. */
  readonly count: (name: string, by: number) => void;
}

/** undefined for metrics, which are cumulative, and for an endpoint that nobody named or that ends with its run. */
export function createDestinationSpool(options: DestinationSpoolOptions): DestinationSpool | undefined {
  const { signal, isOff } = options.target;
  const { given, ownEndpoint, spoolMaxBytes } = options.settings;
  const isNamed = ownEndpoint === '' && (given.has('endpoint') || given.has(`${signal}Endpoint`));
  return signal === 'metrics' || !isNamed || spoolMaxBytes === 0 || isOff ? undefined : openDestination(options);
}

/** For a destination that was named, whatever the settings say of signals. */
export function openDestination({ settings, target, count }: DestinationSpoolOptions): DestinationSpool {
  const spool = createSpool({ settings, url: target.url, headers: target.headers, count });
  let transport: Transport | undefined;
  let current: Claimed | undefined;
  let working: Promise<void> | undefined;
  let timer: Timer | undefined;
  let isDone = false;
  let isClosed = false;

  async function work(): Promise<void> {
    for (current = spool.claim(); current !== undefined && !isClosed; current = spool.claim()) {
      const claimed = current;
      transport ??= createTransport(target);
      const answer = await transport.send(claimed.body);
      if (isClosed) return;
      if (!settle(claimed, answer)) {
        sleep();
        return;
      }
    }
    transport?.close();
    transport = undefined;
  }

  /** False: it was not answered, and lies in the spool again. */
  function settle(claimed: Claimed, answer: Answer): boolean {
    current = undefined;
    if (answer.kind === 'retry') {
      claimed.release();
      return false;
    }
    claimed.done();
    const refused = answer.kind === 'lost' ? claimed.items : Math.min(answer.rejected, claimed.items);
    if (refused > 0) count('spool.refused', refused);
    if (claimed.items > refused) count('spool.sent', claimed.items - refused);
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
    keep(request) {
      const isKept = spool.keep(request);
      if (isKept) {
        isDone = false;
        sleep();
      }
      return isKept;
    },
    onTaken() {
      if (isDone) return;
      isDone = true;
      wake();
    },
    async finished() {
      start();
      await working;
    },
    close(timeoutMs = LAST_ANSWER_MS) {
      isClosed = true;
      cancel(timer);
      if (current === undefined) return;
      settle(current, transport?.answerSync(Math.min(timeoutMs, LAST_ANSWER_MS)) ?? { kind: 'retry', reason: 'exit_timeout' });
      transport?.close();
    },
  };
}
