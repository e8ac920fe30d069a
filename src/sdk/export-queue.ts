/** The export queue of one signal: items are encoded on arrival, bounded in bytes, and leave one request at a time. */
import { cancel, clock, later, laterHeld, soon, type Timer } from '../config/originals.ts';
import type { Signal } from '../config/settings/index.ts';
import type { Answer, Transport } from '../otlp/post/index.ts';
import { EXPORT_RETRIES, RetryLoop } from '../otlp/retry/index.ts';
import type { ResourceAttributes, Scope, WireWriter } from '../otlp/write/index.ts';
import { Backlog, type Fate, type Payload } from './backlog.ts';
import { drop, noteAnswer, type SignalTally } from './tally.ts';

/** An outage of about seven seconds: from here on a crash must not lose what waits. */
const ATTEMPTS_BEFORE_SPOOL = 4;
/** After a disk took nothing it is not asked again for so long: a program must not pay for that with each span. */
const AGAIN_MS = 1_000;

/** Bytes that may wait, over all signals of the process. */
export interface Budget {
  readonly maxBytes: number;
  usedBytes: number;
}

export interface QueueOptions {
  readonly signal: Signal;
  readonly transport: Transport;
  readonly budget: Budget;
  readonly tally: SignalTally;
  readonly resource: () => ResourceAttributes;
  readonly flushDelayMs: number;
  readonly onChange: () => void;
  /** Keeps on disk what the endpoint cannot take now; false: it cannot. Absent: there is no such place. */
  readonly keep?: ((payload: Payload) => boolean) | undefined;
  /** Refusals after which what waits is kept on disk; default: those of an outage of seconds. */
  readonly attemptsBeforeKeep?: number | undefined;
  /** The budget is used up: asks all queues that share it to `spill`. Absent: what is too many is lost. */
  readonly onFull?: (() => void) | undefined;
  readonly onRecorded?: (() => void) | undefined;
  readonly onTaken?: (() => void) | undefined;
  /** Where items are kept for another thread until it is known what became of them. */
  readonly journal?: QueueJournal | undefined;
}

export interface QueueJournal {
  keep(scope: Scope, bytes: Uint8Array): void;
  settle(items: number): void;
}

export class ExportQueue {
  readonly #options: QueueOptions;
  readonly #backlog: Backlog;
  readonly #loop: RetryLoop<Payload>;
  #timer: Timer | undefined;
  #waiters: (() => void)[] = [];
  #isUrgent = false;
  /** The disk took it not, and it waits for its turn again. */
  #returned: Payload | undefined;
  #spillsAgainAt = 0;
  /** When the last of the waiters gives up. */
  #deadline = 0;

  constructor(options: QueueOptions) {
    const { signal, transport, resource } = options;
    this.#options = options;
    this.#backlog = new Backlog({ signal, encoding: transport.target.encoding, resource });
    this.#loop = new RetryLoop({
      policy: EXPORT_RETRIES,
      next: () => this.#next(),
      send: ({ body }) => transport.send(body),
      onAnswer: (payload, answer) => this.#onAnswer(payload, answer),
      onRetry: ({ reason }, attempts) => this.#onRetry(reason, attempts),
      onIdle: () => this.#release(),
    });
  }

  get isEmpty(): boolean {
    return this.#loop.current === undefined && this.#returned === undefined && this.#backlog.isEmpty;
  }

  get isJson(): boolean {
    return this.#options.transport.target.encoding === 'json';
  }

  /** Encodes one item with `write`; an item too many is counted, not kept. Returns whether it is kept. */
  add(scope: Scope, write: (writer: WireWriter) => void): boolean {
    const { budget, tally, transport, journal, onRecorded, onFull } = this.#options;
    if (transport.target.isOff) return false;
    tally.recorded++;
    onRecorded?.();
    if (this.#isFull()) onFull?.();
    if (this.#isFull()) {
      this.#lose('queue_full', 1);
      return false;
    }
    try {
      budget.usedBytes += this.#backlog.add(scope, write, journal && ((bytes) => journal.keep(scope, bytes)));
    } catch {
      // A getter or proxy among the attributes threw: the item is lost, the app is not.
      this.#lose('encoding', 1);
      return false;
    }
    if (!this.#backlog.hasOpen) {
      if (!this.#loop.isSending && this.#backlog.pieces === 1) soon(() => this.#loop.pump());
    } else if (!this.#loop.isBusy) this.#pumpLater();
    return true;
  }

  /** Tells what becomes of the item that was added last. */
  watch(fate: Fate): void {
    this.#backlog.watch(fate);
  }

  /** Forgets what waits because newer cumulative values replace it; a request on the wire goes on. */
  supersede(): void {
    const refused = this.#loop.isSending ? undefined : this.#loop.take();
    for (const gone of [this.#backlog.clear(), refused]) {
      if (gone === undefined) continue;
      for (const fate of gone.fates) fate.gone?.(false);
      this.forget(gone);
    }
  }

  /** Resolves when nothing waits, the endpoint cannot take it now, or `timeoutMs` is over. Holds the process. */
  flush(timeoutMs: number): Promise<void> {
    if (this.isEmpty || timeoutMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        cancel(timer);
        resolve();
      };
      const timer = laterHeld(timeoutMs, () => {
        this.#waiters = this.#waiters.filter((waiter) => waiter !== done);
        this.#isUrgent = this.#waiters.length > 0;
        resolve();
      });
      this.#waiters.push(done);
      this.#isUrgent = true;
      this.#deadline = clock.monotonic() + timeoutMs;
      if (this.#isHopeless()) this.#release();
      else if (!this.#loop.isSending) this.#loop.hurry();
    });
  }

  /** Takes everything out, the request on the wire included: the blocking sender at exit will answer for it. */
  drain(): Payload[] {
    const payloads: Payload[] = [];
    for (let next = this.#loop.take() ?? this.#next(); next !== undefined; next = this.#next()) payloads.push(next);
    return payloads;
  }

  /** Puts what waits on disk, as long as there is space; a request on the wire goes on. */
  spill(): void {
    const { keep, budget, tally, journal } = this.#options;
    if (keep === undefined || clock.monotonic() < this.#spillsAgainAt) return;
    for (let next = this.#takeWaiting(); next !== undefined; next = this.#takeWaiting()) {
      if (!keep(next)) {
        this.#returned = next;
        this.#spillsAgainAt = clock.monotonic() + AGAIN_MS;
        return;
      }
      budget.usedBytes -= next.bytes;
      tally.spooled = (tally.spooled ?? 0) + next.items;
      journal?.settle(next.items);
    }
  }

  /** Takes back what `drain` gave and nobody is to answer for. */
  forget({ bytes, items }: Pick<Payload, 'bytes' | 'items'>): void {
    this.#options.budget.usedBytes -= bytes;
    this.#options.tally.recorded -= items;
  }

  /** Blocking, at an ending: learns what became of the request on the wire, so that nobody sends it twice. */
  settleOnTheWire(timeoutMs: number): void {
    const payload = this.#loop.current;
    if (!this.#loop.isSending || payload === undefined) return;
    const answer = this.#options.transport.answerSync(timeoutMs);
    if (answer === undefined) return;
    this.#loop.takeAnswered();
    this.settle(payload, answer);
  }

  settle(payload: Payload, answer: Answer): void {
    const { budget, tally, onChange, journal } = this.#options;
    budget.usedBytes -= payload.bytes;
    if (answer.kind === 'taken') {
      const rejected = Math.min(answer.rejected, payload.items);
      tally.sent += payload.items - rejected;
      drop(tally, 'rejected', rejected);
      for (const fate of payload.fates) {
        if (rejected === 0) fate.taken?.();
        else fate.gone?.(true);
      }
      noteAnswer(tally, answer.text, rejected === 0);
      this.#options.onTaken?.();
    } else if (answer.kind === 'retry' && this.#options.keep?.(payload) === true) {
      tally.spooled = (tally.spooled ?? 0) + payload.items;
      noteAnswer(tally, answer.reason, false);
    } else {
      drop(tally, answer.reason, payload.items);
      noteAnswer(tally, answer.reason, false);
      for (const fate of payload.fates) fate.gone?.(false);
    }
    journal?.settle(payload.items);
    onChange();
  }

  /** Where there is a disk, the request on the wire counts for nothing: it is bounded, and what waits makes room. */
  #isFull(): boolean {
    const { budget, keep } = this.#options;
    const onTheWire = keep !== undefined && this.#loop.isSending ? (this.#loop.current?.bytes ?? 0) : 0;
    return budget.usedBytes - onTheWire >= budget.maxBytes;
  }

  #next(): Payload | undefined {
    const next = this.#returned ?? this.#backlog.next();
    this.#returned = undefined;
    return next;
  }

  #takeWaiting(): Payload | undefined {
    return (this.#loop.isSending ? undefined : this.#loop.take()) ?? this.#next();
  }

  #lose(reason: string, count: number): void {
    drop(this.#options.tally, reason, count);
    this.#options.onChange();
  }

  #pumpLater(): void {
    if (this.#timer !== undefined) return;
    this.#timer = later(this.#options.flushDelayMs, () => {
      this.#timer = undefined;
      this.#loop.pump();
    });
  }

  #onAnswer(payload: Payload, answer: Answer): void {
    this.settle(payload, answer);
    // A few items that came meanwhile gather for a while again, else a steady trickle would be one request each.
    if (this.#isUrgent || this.#backlog.pieces > 0 || this.#backlog.isEmpty) this.#loop.pump();
    else this.#pumpLater();
  }

  #onRetry(reason: string, attempts: number): void {
    noteAnswer(this.#options.tally, reason, false);
    this.#options.onChange();
    if (attempts >= (this.#options.attemptsBeforeKeep ?? ATTEMPTS_BEFORE_SPOOL)) this.spill();
    // Whoever waits at an ending gets no benefit from a second refusal; a stated wait may still fit.
    if (this.#isUrgent && (this.#loop.askedToWaitUntil === 0 || this.#isHopeless())) this.#release();
  }

  /** A receiver that asked for more time than there is will not be asked again. */
  #isHopeless(): boolean {
    return this.#loop.askedToWaitUntil > this.#deadline;
  }

  #release(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    this.#isUrgent = false;
    for (const waiter of waiters) waiter();
  }
}
