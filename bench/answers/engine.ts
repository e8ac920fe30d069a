/** A small discrete-event simulator: processes are generators that wait for seconds or for a place in a queue. */

/** Seconds to sleep, or something that resumes the process later. */
export type Pause = number | ((resume: () => void) => void);
export type Process = Generator<Pause, void, void>;

export class Simulator {
  now = 0;
  readonly #events: { at: number; order: number; run: () => void }[] = [];
  #order = 0;

  spawn(process: Process): void {
    const step = (): void => {
      const { value, done } = process.next();
      if (done === true) return;
      if (typeof value === 'number') this.#at(this.now + Math.max(0, value), step);
      else value(() => this.#at(this.now, step));
    };
    this.#at(this.now, step);
  }

  /** Until nothing happens any more, or until a time. */
  run(untilSeconds = Infinity): void {
    for (let event = this.#pop(); event !== undefined; event = this.#pop()) {
      if (event.at > untilSeconds) {
        this.now = untilSeconds;
        return;
      }
      this.now = event.at;
      event.run();
    }
  }

  #at(at: number, run: () => void): void {
    const events = this.#events;
    const event = { at, order: this.#order++, run };
    let index = events.push(event) - 1;
    while (index > 0) {
      const up = (index - 1) >> 1;
      if (!isBefore(event, events[up]!)) break;
      events[index] = events[up]!;
      index = up;
    }
    events[index] = event;
  }

  #pop(): { at: number; run: () => void } | undefined {
    const events = this.#events;
    const top = events[0];
    const last = events.pop();
    if (last === undefined || events.length === 0) return top;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= events.length) break;
      if (down + 1 < events.length && isBefore(events[down + 1]!, events[down]!)) down++;
      if (!isBefore(events[down]!, last)) break;
      events[at] = events[down]!;
      at = down;
    }
    events[at] = last;
    return top;
  }
}

function isBefore(a: { at: number; order: number }, b: { at: number; order: number }): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Places for so many at once; others wait in order. */
export class Places {
  taken = 0;
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.taken >= this.#limit;
  }

  *take(): Process {
    if (!this.isFull) {
      this.taken++;
      return;
    }
    yield (resume) => this.#waiting.push(resume);
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.taken--;
    else next();
  }
}

/** Wakes one sleeper, now or at its next sleep. */
export class Bell {
  #rung = false;
  #sleeper: (() => void) | undefined;

  ring(): void {
    const sleeper = this.#sleeper;
    this.#sleeper = undefined;
    if (sleeper === undefined) this.#rung = true;
    else sleeper();
  }

  *sleep(): Process {
    if (this.#rung) {
      this.#rung = false;
      return;
    }
    yield (resume) => (this.#sleeper = resume);
    this.#rung = false;
  }
}

/** The same number for the same seed and keys, whatever else was drawn: a removed cause must not change other luck. */
export function draw(seed: number, ...keys: (string | number)[]): number {
  let hash = 2166136261 ^ seed;
  for (const character of keys.join('/')) hash = Math.imul(hash ^ character.charCodeAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
}

/** Lognormal with a median, by two drawn numbers (Box and Muller). */
export function lognormal(median: number, sigma: number, a: number, b: number): number {
  return median * Math.exp(sigma * Math.sqrt(-2 * Math.log(Math.max(a, 1e-12))) * Math.cos(2 * Math.PI * b));
}
