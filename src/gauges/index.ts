/** WHAT WE SAMPLE: starts the gauges that belong in this process. */
import { gauges } from './catalogue.ts';
import type { Gauge, GaugeContext } from './gauge.ts';

export { observe, type Gauge, type GaugeContext } from './gauge.ts';
export type { GaugeState, PoolState, QueueState, UnfinishedTask } from './state.ts';

/** Starts all gauges of one place; one that fails is counted and left out. Returns what stops them. */
export function startGauges(where: Gauge['where'], context: GaugeContext): () => void {
  const stops: { name: string; stop: () => void }[] = [];
  for (const gauge of gauges) {
    if (gauge.where !== where) continue;
    try {
      stops.push({ name: gauge.name, stop: gauge.start(context) });
    } catch {
      context.count(`gauge.${gauge.name}.fault`);
    }
  }
  return () => {
    for (const { name, stop } of stops) {
      try {
        stop();
      } catch {
        context.count(`gauge.${name}.fault`);
      }
    }
  };
}
