/** Numbers of one process for its status file, by name. */

/** Our names are few; protects from one that is made of data. */
const MAX_NAMES = 500;

export class Counts {
  onChange: () => void = () => undefined;
  readonly #byName: Map<string, number>;

  /** `byName`: those that the preload keeps, to be shown with ours. */
  constructor(byName = new Map<string, number>()) {
    this.#byName = byName;
  }

  readonly add = (name: string, by = 1): void => {
    const key = this.#byName.has(name) || this.#byName.size < MAX_NAMES ? name : 'other';
    this.#byName.set(key, (this.#byName.get(key) ?? 0) + by);
    this.onChange();
  };

  /** Runs `fn`; whatever it throws is ours: it is counted, and the app goes on. */
  safely(fn: () => void): void {
    try {
      fn();
    } catch {
      // Told by its number alone: a message may quote what the app recorded.
      this.add('sdk.fault');
    }
  }

  all(): Record<string, number> {
    return Object.fromEntries(this.#byName);
  }
}
