// Seeded randomness for the fuzzers: the same seed gives the same inputs on every machine.

/** Repeat a failure with the seed and the round it printed; `FUZZ_SEED=time` looks for new ones. */
export const seed = process.env['FUZZ_SEED'] === 'time' ? Date.now() % 1_000_000_007 : Number(process.env['FUZZ_SEED'] ?? 20_261_121);
/** Times the usual number of rounds. */
const effort = Number(process.env['FUZZ_ROUNDS'] ?? 1);

/** mulberry32: 32 bits of state are plenty for some thousand inputs. */
export class Random {
  #state: number;

  constructor(state: number) {
    this.#state = state >>> 0;
  }

  /** 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** 0 to `end - 1`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  shuffle<T>(items: readonly T[]): T[] {
    const mixed = [...items];
    for (let at = mixed.length - 1; at > 0; at -= 1) {
      const other = this.below(at + 1);
      [mixed[at], mixed[other]] = [mixed[other] as T, mixed[at] as T];
    }
    return mixed;
  }
}

/** Runs `rounds` rounds, each with a generator of its own; a failure says how to repeat it. */
export function fuzz(rounds: number, run: (random: Random, round: number) => void): void {
  for (let round = 0; round < rounds * effort; round += 1) {
    try {
      run(new Random(seed + round * 7919), round);
    } catch (error) {
      throw new Error(`round ${round} of seed ${seed} (FUZZ_SEED=${seed} repeats it): ${String(error)}`, { cause: error });
    }
  }
}
