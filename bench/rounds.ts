/** Paired rounds: every contender once per round, in changing order, compared with the first one of the same round. */

export interface Compared {
  /** Median over rounds of contender / first. */
  readonly ratio: number;
  /** Median over rounds of contender - first. */
  readonly added: number;
  /** Median of the contender alone; compare it across machines, never across runs. */
  readonly value: number;
}

/** Runs `measure` for each contender in each round; the first contender is what the others are compared with. */
export async function pairedRounds<Name extends string>(
  names: readonly Name[],
  rounds: number,
  measure: (name: Name) => Promise<number> | number,
): Promise<Record<Name, Compared>> {
  const values = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const order = names.map((_, index) => names[(index + round) % names.length] as Name);
    for (const name of order) values.get(name)?.push(await measure(name));
  }
  const first = values.get(names[0] as Name) ?? [];
  const compared = names.map((name) => {
    const own = values.get(name) ?? [];
    const against = (combine: (mine: number, base: number) => number): number =>
      median(own.map((value, round) => combine(value, first[round] ?? NaN)));
    return [name, { ratio: against((mine, base) => mine / base), added: against((mine, base) => mine - base), value: median(own) }];
  });
  return Object.fromEntries(compared) as Record<Name, Compared>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** One measured figure. `name` is its row in budgets.json. */
export interface Figure {
  readonly name: string;
  readonly value: number;
}
