/** Metrics of the machine and the runtime, in the root: loaded late, so that a short program never pays for them. */
import { readdirSync } from 'node:fs';
import type { Meter } from '@opentelemetry/api';
import { exportTarget } from '../config/settings/export-target.ts';
import { cancel, later } from '../config/originals.ts';
import type { Settings } from '../config/settings/index.ts';
import { readNamed } from '../config/small-file.ts';
import type * as Bundle from './machine-metrics/index.ts';

/** A root that is over by then has nothing to say about its machine. */
const LOAD_AFTER_MS = 1_000;

export interface MachineDutyOptions {
  readonly settings: Settings;
  readonly meter: Meter;
  readonly load: () => typeof Bundle;
  readonly isWanted: () => boolean;
  readonly count: (name: string) => void;
}

export interface MachineDuty {
  freeze(): void;
}

/** For the root alone. Where metrics or this setting are off nothing is loaded, ever. */
export function startMachineDuty({ settings, meter, load, isWanted, count }: MachineDutyOptions): MachineDuty {
  if (!settings.hostMetrics || exportTarget(settings, 'metrics').isOff) return { freeze: () => undefined };
  let running: Bundle.MachineMetrics | undefined;
  const timer = later(Math.min(LOAD_AFTER_MS, settings.metricIntervalMs), () => {
    if (!isWanted()) return;
    try {
      const files = { read: (path: string) => readNamed(path).toString('utf8'), list: (path: string) => readdirSync(path) };
      running = load().startMachineMetrics({ meter, files });
    } catch {
      // A bundle that is not there any more, or a runtime that lacks what it measures.
      count('host.fault');
    }
  });
  return {
    freeze() {
      cancel(timer);
      running?.freeze();
    },
  };
}
