/** How many lanes were occupied at once, against how many could have been. */
import type { RunFacts } from '../facts.ts';

export interface Parallelism {
  readonly peak: number;
  /** Lanes occupied on average over the wall time; undefined for a run without duration. */
  readonly average: number | undefined;
  readonly limit: number | undefined;
}

export function parallelism({ lanes: { occupants, peak, limit }, wallMs }: RunFacts): Parallelism {
  const busyMs = occupants.reduce((sum, node) => sum + node.endMs - node.startMs, 0);
  return { peak, average: wallMs > 0 ? busyMs / wallMs : undefined, limit };
}
