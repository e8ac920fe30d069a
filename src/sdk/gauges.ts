/** Starts the gauges of this process on its meter, with the state of its recorder. */
import { spawn } from 'node:child_process';
import type { Meter } from '@opentelemetry/api';
import type { Settings } from '../config/settings/index.ts';
import { startGauges as start, type GaugeContext } from '../gauges/index.ts';
import type { RecorderState } from '../recording/index.ts';
import { runClock } from '../config/run-clock.ts';

export interface GaugesOptions {
  readonly meter: Meter;
  readonly count: (name: string) => void;
  readonly settings: Settings;
  readonly state: RecorderState;
  readonly isRoot: boolean;
  readonly runId: string;
  readonly loadGpus: GaugeContext['loadGpus'];
  /** Starts a child of ours that no observer takes for the app's. */
  unobserved: <T>(fn: () => T) => T;
}

/** Returns what stops them. */
export function startGauges({ meter, count, settings, state, isRoot, runId, loadGpus, unobserved }: GaugesOptions): () => void {
  const { tasks, trackers, rateLimits, callsUnderWay, budgets } = state;
  const context: Parameters<typeof start>[1] = {
    meter,
    settings,
    runId,
    loadGpus,
    state: {
      pools: () => trackers.pools,
      *queues() {
        for (const queue of trackers.queues) {
          const { name } = queue;
          yield { name, size: () => queue.size(), peak: () => queue.peak?.() ?? 0, capacity: () => queue.capacity?.() };
        }
      },
      tasks: () => tasks,
      rateLimits: () => rateLimits,
      callsUnderWay: () => callsUnderWay,
      budgets() {
        // What other processes have spent by now.
        budgets.refresh();
        return budgets.levels();
      },
    },
    now: runClock.now,
    spawn: (command, args, options) => unobserved(() => spawn(command, args, options)),
    count,
  };
  const stops = [start('every-process', context), ...(isRoot ? [start('root', context)] : [])];
  return () => {
    for (const stop of stops) stop();
  };
}
