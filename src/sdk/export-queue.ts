/** One signal's way out: items are encoded on arrival, wait bounded in bytes, and leave one request at a time. */
import type { Signal } from '../config/settings.ts';
import { cancel, clock, later, laterHeld, soon, type Timer } from '../config/originals.ts';
import { jsonRequest, protobufRequest, WireWriter, type ResourceAttributes, type Scope, type ScopeItems } from '../otlp/write/index.ts';
import { drop, noteAnswer, type SignalTally } from './tally.ts';
import type { Answer, Transport } from './transport.ts';

/** From here on waiting longer would only hold memory. */
const FLUSH_BYTES = 524_288;
/** Well below the 20 MiB that a collector accepts, large enough that a burst drains fast. */
const REQUEST_BYTES = 2_097_152;
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 30_000;
/** An outage of about seven seconds: from here on a crash must not lose what waits. */
const ATTEMPTS_BEFORE_SPOOL = 4;

/** Bytes that may wait, over all signals of the process. */
export interface Budget {
  readonly maxBytes: number;
  usedBytes: number;
}

interface Piece {
  readonly encoded: ScopeItems;
  readonly items: number;
  readonly bytes: number;
  /** Of the last piece of an export. */
  fate?: Fate | undefined;
}

/** What becomes of an export: one of the two, or nothing while it is on its way or on disk. */
export interface Fate {
  taken(): void;
  /** Replaced by a newer one, or lost. */
  gone(): void;
}

/** One request: made once, kept until it is answered for good. */
export interface Payload {
  readonly body: Buffer;
  readonly items: number;
  /** What it counts in the budget. */
  readonly bytes: number;
  readonly fates: readonly Fate[];
}

export interface QueueOptions {
  readonly signal: Signal;
  readonly transport: Transport;
  readonly budget: Budget;
  readonly tally: SignalTally;
  readonly resource: () => ResourceAttributes;
  readonly flushDelayMs: number;
  /** Something that the status file shows has changed. */
  readonly onChange: () => void;
  /** Keeps on disk what the endpoint cannot take now; false: it cannot. Absent: there is no such place. */
  readonly keep?: ((payload: Payload) => boolean) | undefined;
  /** The endpoint took a request. */
  readonly onTaken?: (() => void) | undefined;
}

export class ExportQueue {
  readonly #options: QueueOptions;
  readonly #writer = new WireWriter();
  #pieces: Piece[] = [];
  #scope: Scope | undefined;
  #openItems = 0;
  #openBytes = 0;
  #timer: Timer | undefined;
  #payload: Payload | undefined;
  #isSending = false;
  #attempts = 0;
  #notBefore = 0;
  #isAskedToWait = false;
  #waiters: (() => void)[] = [];
  #isUrgent = false;
  /** When the last of the waiters gives up. */
  #deadline = 0;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#payload === undefined && this.#pieces.length === 0 && this.#openItems === 0;
  }

  get isJson(): boolean {
    return this.#options.transport.target.isJson;
  }

  /** Encodes one item with `write`; an item too many is counted, not kept. */
  add(scope: Scope, write: (writer: WireWriter) => void): void {
    const { budget, tally, transport } = this.#options;
    if (transport.target.isOff) return;
    tally.recorded++;
    if (budget.usedBytes >= budget.maxBytes) {
      this.#lose('queue_full', 1);
      return;
    }
    if (scope !== this.#scope) this.#seal();
    this.#scope = scope;
    try {
      write(this.#writer);
    } catch {
      // A getter or proxy among the attributes threw: the item is lost, the app is not.
      this.#writer.rollback();
      this.#lose('encoding', 1);
      return;
    }
    const bytes = this.#writer.commit();
    budget.usedBytes += bytes;
    this.#openItems++;
    this.#openBytes += bytes;
    if (this.#openBytes >= FLUSH_BYTES) {
      this.#seal();
      if (!this.#isSending && this.#pieces.length === 1) soon(() => this.#pump());
    } else if (this.#timer === undefined && !this.#isSending) this.#timer = later(this.#options.flushDelayMs, () => this.#onTimer());
  }

  /** Tells what becomes of what was added since the last `supersede`. */
  watch(fate: Fate): void {
    this.#seal();
    const last = this.#pieces.at(-1);
    if (last !== undefined) last.fate = fate;
  }

  /** Forgets what waits because newer cumulative values replace it; a request on the wire goes on. */
  supersede(): void {
    this.#seal();
    let bytes = 0;
    let items = 0;
    const fates = this.#pieces.map((piece) => piece.fate);
    for (const piece of this.#pieces) {
      bytes += piece.bytes;
      items += piece.items;
    }
    this.#pieces = [];
    if (this.#payload !== undefined && !this.#isSending) {
      bytes += this.#payload.bytes;
      items += this.#payload.items;
      fates.push(...this.#payload.fates);
      this.#payload = undefined;
    }
    for (const fate of fates) fate?.gone();
    this.#options.budget.usedBytes -= bytes;
    this.#options.tally.recorded -= items;
  }

  /** Resolves when nothing waits, when the endpoint cannot take it now, or after `timeoutMs`. Holds the process until then. */
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
      else if (!this.#isSending) {
        if (!this.#isAskedToWait) this.#notBefore = 0;
        this.#pump();
      }
    });
  }

  /** Takes everything out, the request on the wire included: the blocking sender at exit will answer for it. */
  drain(): Payload[] {
    const payloads: Payload[] = [];
    if (this.#payload !== undefined) payloads.push(this.#payload);
    for (let next = this.#nextPayload(); next !== undefined; next = this.#nextPayload()) payloads.push(next);
    this.#payload = undefined;
    return payloads;
  }

  /** Takes back what `drain` gave and nobody is to answer for. */
  forget(payload: Payload): void {
    this.#options.budget.usedBytes -= payload.bytes;
    this.#options.tally.recorded -= payload.items;
  }

  /** Blocking, at an ending: learns what became of the request on the wire, so that nobody sends it twice. */
  settleOnTheWire(timeoutMs: number): void {
    const payload = this.#payload;
    if (!this.#isSending || payload === undefined) return;
    const answer = this.#options.transport.answerSync(timeoutMs);
    if (answer === undefined) return;
    this.#payload = undefined;
    this.#isSending = false;
    this.settle(payload, answer);
  }

  /** Books the last answer to a payload. */
  settle(payload: Payload, answer: Answer): void {
    const { budget, tally, onChange } = this.#options;
    budget.usedBytes -= payload.bytes;
    if (answer.kind === 'taken') {
      const rejected = Math.min(answer.rejected, payload.items);
      tally.sent += payload.items - rejected;
      drop(tally, 'rejected', rejected);
      for (const fate of payload.fates) fate[rejected === 0 ? 'taken' : 'gone']();
      noteAnswer(tally, answer.text, rejected === 0);
      this.#options.onTaken?.();
    } else if (answer.kind === 'retry' && this.#options.keep?.(payload) === true) {
      tally.spooled = (tally.spooled ?? 0) + payload.items;
      noteAnswer(tally, answer.reason, false);
    } else {
      drop(tally, answer.reason, payload.items);
      noteAnswer(tally, answer.reason, false);
      for (const fate of payload.fates) fate.gone();
    }
    onChange();
  }

  #lose(reason: string, count: number): void {
    drop(this.#options.tally, reason, count);
    this.#options.onChange();
  }

  #onTimer(): void {
    this.#timer = undefined;
    this.#pump();
  }

  #pump(): void {
    if (this.#isSending) return;
    this.#payload ??= this.#nextPayload();
    const payload = this.#payload;
    if (payload === undefined) {
      this.#release();
      return;
    }
    const waitMs = this.#notBefore - clock.monotonic();
    if (waitMs > 0) {
      this.#timer ??= later(waitMs, () => this.#onTimer());
      return;
    }
    this.#isSending = true;
    void this.#options.transport.send(payload.body).then((answer) => this.#onAnswer(payload, answer));
  }

  #onAnswer(payload: Payload, answer: Answer): void {
    this.#isSending = false;
    // Taken out meanwhile by the sender at exit.
    if (this.#payload !== payload) return;
    if (answer.kind === 'retry') {
      this.#attempts++;
      this.#isAskedToWait = answer.retryAfterMs !== undefined;
      const backoffMs = Math.min(FIRST_BACKOFF_MS * 2 ** (this.#attempts - 1), LONGEST_BACKOFF_MS) * (0.8 + Math.random() * 0.4);
      this.#notBefore = clock.monotonic() + (answer.retryAfterMs ?? backoffMs);
      noteAnswer(this.#options.tally, answer.reason, false);
      this.#options.onChange();
      if (this.#attempts >= ATTEMPTS_BEFORE_SPOOL) this.#spool();
      // Whoever waits at an ending gets no benefit from a second refusal; a stated wait may still fit.
      if (this.#isUrgent && (!this.#isAskedToWait || this.#isHopeless())) this.#release();
    } else {
      this.#payload = undefined;
      this.#attempts = 0;
      this.#notBefore = 0;
      this.#isAskedToWait = false;
      this.settle(payload, answer);
    }
    // A few items that came meanwhile gather for a while again, else a steady trickle would be one request each.
    if (this.#isUrgent || this.#payload !== undefined || this.#pieces.length > 0 || this.#openItems === 0) this.#pump();
    else this.#timer ??= later(this.#options.flushDelayMs, () => this.#onTimer());
  }

  /** Puts all that waits on disk, as long as there is room. */
  #spool(): void {
    const { keep, budget, tally } = this.#options;
    if (keep === undefined) return;
    for (this.#payload ??= this.#nextPayload(); this.#payload !== undefined; this.#payload = this.#nextPayload()) {
      if (!keep(this.#payload)) return;
      budget.usedBytes -= this.#payload.bytes;
      tally.spooled = (tally.spooled ?? 0) + this.#payload.items;
    }
  }

  /** A receiver that asked for more time than there is will not be asked again. */
  #isHopeless(): boolean {
    return this.#isAskedToWait && this.#notBefore > this.#deadline;
  }

  #release(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    this.#isUrgent = false;
    for (const waiter of waiters) waiter();
  }

  #seal(): void {
    if (this.#openItems === 0 || this.#scope === undefined) return;
    this.#pieces.push({
      encoded: { scope: this.#scope, chunks: this.#writer.takeChunks() },
      items: this.#openItems,
      bytes: this.#openBytes,
    });
    this.#openItems = 0;
    this.#openBytes = 0;
  }

  #nextPayload(): Payload | undefined {
    if (this.#pieces.length === 0) this.#seal();
    let bytes = 0;
    let items = 0;
    let count = 0;
    while (count < this.#pieces.length && bytes < REQUEST_BYTES) {
      const piece = this.#pieces[count++] as Piece;
      bytes += piece.bytes;
      items += piece.items;
    }
    if (count === 0) return undefined;
    const pieces = this.#pieces.splice(0, count);
    const scopes = pieces.map((piece) => piece.encoded);
    const fates = pieces.flatMap((piece) => piece.fate ?? []);
    const resource = this.#options.resource();
    return {
      body: this.isJson ? jsonRequest(this.#options.signal, resource, scopes) : protobufRequest(resource, scopes),
      items,
      bytes,
      fates,
    };
  }
}
