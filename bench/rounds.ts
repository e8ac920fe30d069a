/** Paired rounds: every contender once per round, in changing order, compared with the first one of the same round. */

export interface Compared {
  /** Median over rounds of contender / first. */
  readonly ratio: number;
  /** Of that ratio: the lower and the upper quartile over rounds. */
  readonly spread: Spread;
  /** Median over rounds of contender - first. */
  readonly added: number;
  /** Median of the contender alone; compare it across machines, never across runs. */
  readonly value: number;
}

export type Spread = readonly [low: number, high: number];

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
    const ratios = own.map((value, round) => value / (first[round] ?? NaN));
    const added = own.map((value, round) => value - (first[round] ?? NaN));
    return [name, { ratio: median(ratios), spread: quartiles(ratios), added: median(added), value: median(own) }];
  });
  return Object.fromEntries(compared) as Record<Name, Compared>;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Half of the values lie between them. */
export function quartiles(values: readonly number[]): Spread {
  return [quantile(values, 0.25), quantile(values, 0.75)];
}

/** Between two values it is as far as the share says. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? NaN;
  return below + ((sorted[Math.ceil(at)] ?? NaN) - below) * (at % 1);
}

/**
 * How often what another contender added is in what ours did. Unknown, and so no gate's, where noise has made the other one
 * cost nothing: by that such a ratio would hold any gate.
 */
export function timesAdded(ours: number, other: number): number {
  return other > 0 ? ours / other : NaN;
}

/** One measured figure. `name` is its row in budgets.json. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** Its lower and upper quartile over the rounds, where it is a median of them. */
  readonly spread?: Spread;
}

/** That of a ratio, as a member of its figure. */
export function spreadOf(compared: Compared | undefined): { spread?: Spread } {
  return compared === undefined ? {} : { spread: compared.spread };
}

/** One thing that all contenders did in the same rounds. */
export interface Comparison {
  readonly what: string;
  /** Of the first contender alone, with its unit: `71 ms`. */
  readonly alone: string;
  readonly by: Readonly<Record<string, Compared>>;
}

export interface Measured {
  readonly figures: readonly Figure[];
  readonly comparisons: readonly Comparison[];
}
