/** Sends one request at a time and repeats what the receiver refuses for now. The queue belongs to the owner. */
import { cancel, clock, later } from '../../config/originals.ts';
import type { Answer } from '../post/answer.ts';
import { waitMs, type RetryPolicy } from './policy.ts';

export interface Timers {
  /** Milliseconds that only grow. */
  now(): number;
  /** Calls `fn` after `delayMs`; returns what cancels it. */
  after(delayMs: number, fn: () => void): () => void;
}

/** Never keeps the process alive. */
const quietTimers: Timers = {
  now: clock.monotonic,
  after(delayMs, fn) {
    const timer = later(delayMs, fn);
    return () => cancel(timer);
  },
};

export interface RetryLoopOptions<Request> {
  readonly policy: RetryPolicy;
  readonly timers?: Timers | undefined;
  readonly next: () => Request | undefined;
  /** Never rejects. */
  readonly send: (request: Request) => Promise<Answer>;
  /** The request was answered for good, or given up (`retry`). The owner decides when the next one leaves. */
  readonly onAnswer: (request: Request, answer: Answer) => void;
  /** The request was refused for now and will be sent again, unless the owner takes it out. */
  readonly onRetry: (answer: Extract<Answer, { kind: 'retry' }>, attempts: number) => void;
  readonly onIdle: () => void;
}

export class RetryLoop<Request> {
  readonly #options: RetryLoopOptions<Request>;
  readonly #timers: Timers;
  #current: Request | undefined;
  #isSending = false;
  #attempts = 0;
  #notBefore = 0;
  #isAskedToWait = false;
  #stopWaiting: (() => void) | undefined;

  constructor(options: RetryLoopOptions<Request>) {
    this.#options = options;
    this.#timers = options.timers ?? quietTimers;
  }

  /** The request that is being sent, or waits to be sent again. */
  get current(): Request | undefined {
    return this.#current;
  }

  get isSending(): boolean {
    return this.#isSending;
  }

  /** Whether it will go on by itself. */
  get isBusy(): boolean {
    return this.#isSending || this.#stopWaiting !== undefined;
  }

  /** When a receiver that asked for time may be asked again; 0 where none did. */
  get askedToWaitUntil(): number {
    return this.#isAskedToWait ? this.#notBefore : 0;
  }

  peek(): Request | undefined {
    return (this.#current ??= this.#options.next());
  }

  /** Sends the next request, unless one is on the wire or its time has not come. */
  pump(): void {
    if (this.#isSending) return;
    const request = this.peek();
    if (request === undefined) {
      this.#options.onIdle();
      return;
    }
    const restMs = this.#notBefore - this.#timers.now();
    if (restMs > 0) {
      this.#stopWaiting ??= this.#timers.after(restMs, () => {
        this.#stopWaiting = undefined;
        this.#notBefore = 0;
        this.pump();
      });
      return;
    }
    this.#isSending = true;
    void this.#options.send(request).then((answer) => this.#onAnswer(request, answer));
  }

  /** Sends at once what waits for its backoff alone; what a receiver asked for is kept. */
  hurry(): void {
    if (!this.#isAskedToWait) this.#notBefore = 0;
    this.pump();
  }

  /** Takes the current request out: its owner answers for it from now on, and a late answer is not told any more. */
  take(): Request | undefined {
    const request = this.#current;
    this.#current = undefined;
    return request;
  }

  /** Takes out the request on the wire whose answer the owner has learnt by itself. */
  takeAnswered(): void {
    this.take();
    this.#isSending = false;
  }

  stop(): void {
    this.#stopWaiting?.();
    this.#stopWaiting = undefined;
  }

  #onAnswer(request: Request, answer: Answer): void {
    this.#isSending = false;
    if (this.#current !== request) return;
    const { policy, onAnswer, onRetry } = this.#options;
    if (answer.kind === 'retry' && ++this.#attempts < policy.maxAttempts) {
      this.#isAskedToWait = answer.retryAfterMs !== undefined;
      this.#notBefore = this.#timers.now() + waitMs(policy, this.#attempts, answer.retryAfterMs);
      onRetry(answer, this.#attempts);
      this.pump();
      return;
    }
    this.#current = undefined;
    this.#attempts = 0;
    this.#notBefore = 0;
    this.#isAskedToWait = false;
    onAnswer(request, answer);
  }
}
