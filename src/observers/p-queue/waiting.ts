/** Tasks that wait in one queue: each leaves once, by starting, by being refused, by `clear()` or by its signal's abort. */

/** Waiting tasks remembered per queue, to be cancelled by `clear`. */
const MAX_WAITING = 100_000;

export interface Ticket {
  readonly isWaiting: boolean;
  /** It started. */
  remove(): void;
  /** It will never start. */
  cancel(): void;
}

export class Waiting {
  readonly #tickets = new Set<Ticket>();
  /** One listener per signal, as p-queue has it: a swarm may hang thousands of tasks on one. */
  readonly #bySignal = new WeakMap<AbortSignal, Set<Ticket>>();

  /** `onCancel` is called once, and only while the task still waits. */
  add(given: unknown, onCancel: () => void): Ticket {
    const signal = given instanceof AbortSignal ? given : undefined;
    let isWaiting = true;
    const remove = (): void => {
      isWaiting = false;
      this.#tickets.delete(ticket);
      if (signal !== undefined) this.#bySignal.get(signal)?.delete(ticket);
    };
    const ticket: Ticket = {
      get isWaiting() {
        return isWaiting;
      },
      remove,
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
