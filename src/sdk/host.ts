/** Host and runtime metrics of the root: loaded after a while, so that a short program never pays for them. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Meter } from '@opentelemetry/api';
import { exportTarget } from '../config/export-target.ts';
import type { Settings } from '../config/settings.ts';
import type { HostMetrics, startHost } from '../host/index.ts';
import { cancel, later } from '../config/originals.ts';

/** A root that is over by then has nothing to say about its machine. */
const LOAD_AFTER_MS = 1_000;

/** The bundle of the host's room. */
export type LoadHost = () => unknown;

export interface HostDutyOptions {
  readonly settings: Settings;
  readonly meter: Meter;
  readonly load: LoadHost;
  /** Asked when the time has come. */
  readonly isWanted: () => boolean;
  readonly count: (name: string) => void;
}

export interface HostDuty {
  /** The process ends. */
  freeze(): void;
}

/** For the root alone. Where metrics or this setting are off nothing is loaded, ever. */
export function startHostDuty({ settings, meter, load, isWanted, count }: HostDutyOptions): HostDuty {
  if (!settings.hostMetrics || exportTarget(settings, 'metrics').isOff) return { freeze: () => undefined };
  let running: HostMetrics | undefined;
  const timer = later(Math.min(LOAD_AFTER_MS, settings.metricIntervalMs), () => {
    if (!isWanted()) return;
    try {
      const room = load() as { startHost: typeof startHost };
      running = room.startHost({ meter, files: { read: (path) => readFileSync(path, 'utf8'), list: (path) => readdirSync(path) } });
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
