/** The first fault of ours in an observer switches it off: the program goes on as if it were not there. */
import type { ObserverContext } from './observer.ts';

export class OffSwitch {
  readonly #name: string;
  readonly #context: ObserverContext;
  #isOff = false;

  constructor(name: string, context: ObserverContext) {
    this.#name = name;
    this.#context = context;
  }

  get isOff(): boolean {
    return this.#isOff;
  }

  /** Notes why, for `doctor`; from now on `safely` calls nothing. */
  off(error: unknown): void {
    this.#isOff = true;
    this.#context.fault(this.#name, error);
  }

  /** What `fn` returns; undefined where it threw, or the observer is off. Never throws. */
  safely<T>(fn: () => T): T | undefined {
    if (this.#isOff) return undefined;
    try {
      return fn();
    } catch (error) {
      this.off(error);
      return undefined;
    }
  }
}
