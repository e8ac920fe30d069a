/** Orders in which a schedule may be replayed: what saves time in one order only is luck. */
import type { Unit } from './units.ts';

/** As they started; the longest first; the shortest first; and backwards. Each is a rank by index. */
export function ordersOf(units: readonly Unit[]): number[][] {
  const length = ({ startMs, endMs }: Unit): number => endMs - startMs;
  const byLength = units.toSorted((a, b) => length(b) - length(a));
  return [units, byLength, byLength.toReversed(), units.toReversed()].map((order) => {
    const ranks: number[] = [];
    order.forEach(({ index }, rank) => (ranks[index] = rank));
    return ranks;
  });
}
