/** Jobs that wait in a queue: each leaves once, by its start, by being refused or cleared, or by its signal's abort. */

/** Waiting jobs remembered, to be cancelled when the queue is cleared. Protects memory from a queue without bounds. */
const MAX_WAITING = 100_000;

export interface Ticket {
  /** It starts. False for a job that was cancelled before. */
  leave(): boolean;
  cancel(): void;
}

export class WaitingJobs {
  readonly #tickets = new Set<Ticket>();
  /** One listener per signal: a swarm may give one to thousands of jobs, and Node warns of more than ten listeners. */
  readonly #bySignal = new WeakMap<AbortSignal, Set<Ticket>>();

  /** `onCancel` is called once, and only while the job still waits. */
  add(given: unknown, onCancel: () => void): Ticket {
    const signal = given instanceof AbortSignal ? given : undefined;
    let isWaiting = true;
    const remove = (): void => {
      isWaiting = false;
      this.#tickets.delete(ticket);
      if (signal !== undefined) this.#bySignal.get(signal)?.delete(ticket);
    };
    const ticket: Ticket = {
      leave() {
        const wasWaiting = isWaiting;
        remove();
        return wasWaiting;
      },
      cancel() {
        if (!isWaiting) return;
        remove();
        onCancel();
      },
    };
    if (this.#tickets.size < MAX_WAITING) this.#tickets.add(ticket);
    if (signal !== undefined) this.#ticketsOf(signal).add(ticket);
    return ticket;
  }

  cancelAll(): void {
    for (const ticket of [...this.#tickets]) ticket.cancel();
  }

  #ticketsOf(signal: AbortSignal): Set<Ticket> {
    const known = this.#bySignal.get(signal);
    if (known !== undefined) return known;
    const fresh = new Set<Ticket>();
    this.#bySignal.set(signal, fresh);
    signal.addEventListener(
      'abort',
      () => {
        for (const ticket of [...fresh]) ticket.cancel();
      },
      { once: true },
    );
    return fresh;
  }
}
