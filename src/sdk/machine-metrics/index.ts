/** Machine, process and Node metrics by OpenTelemetry's packages and /proc: a bundle loaded late, by the root alone. */
import type { Meter } from '@opentelemetry/api';
import { HostMetricsInstrumentation } from '@opentelemetry/instrumentation-host-metrics';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';
import type { Files } from '../../machine/proc.ts';
import { DELAY_RESOLUTION_MS, packageViews, readings } from './readings.ts';
import { batch, makeObservable, viewed, ViewedObservable } from './views.ts';

interface MachineMetricsOptions {
  readonly meter: Meter;
  readonly files: Files;
}

export interface MachineMetrics {
  /** The process ends: from now on nothing new is recorded, and what was can still be read. */
  freeze(): void;
}

/** Starts to measure; nothing of it keeps the process alive or starts another one. */
export function startMachineMetrics({ meter, files }: MachineMetricsOptions): MachineMetrics {
  let isFrozen = false;
  const provider = viewed(meter, packageViews, () => isFrozen);
  // The network group would start child processes at each collection.
  const host = new HostMetricsInstrumentation({ metricGroups: ['system.cpu', 'system.memory', 'process.cpu', 'process.memory'] });
  host.setMeterProvider(provider);
  const runtime = new RuntimeNodeInstrumentation({ monitoringPrecision: DELAY_RESOLUTION_MS });
  runtime.setMeterProvider(provider);
  readOwn(meter, files);
  return { freeze: () => (isFrozen = true) };
}

function readOwn(meter: Meter, files: Files): void {
  for (const { views, read } of readings) {
    const observables = views.map((view) => new ViewedObservable(view, makeObservable(meter, view.spec)));
    const byName = new Map(observables.map((each) => [each.view.spec.name, each]));
    const look = batch((result) => {
      try {
        read((spec, value, attributes = {}) => {
          const observable = byName.get(spec.name);
          if (observable !== undefined && value !== undefined) result.observe(observable, value, attributes);
        }, files);
      } catch {
        // ENOENT: not Linux; EACCES: a hardened /proc. These numbers are absent.
      }
    }, observables);
    // The first look is where counting begins.
    void look({ observe: () => undefined });
    meter.addBatchObservableCallback(
      look,
      observables.map(({ real }) => real),
    );
  }
}
