/** NVIDIA GPUs of this machine: memory and utilisation; absent where there is none. */
import { existsSync } from 'node:fs';
import { GpuReader } from '../machine/gpu-reader.ts';
import {
  ATTR_HW_DRIVER_VERSION,
  ATTR_HW_GPU_TASK,
  ATTR_HW_ID,
  ATTR_HW_NAME,
  ATTR_HW_VENDOR,
  HW_GPU_TASK_VALUE_GENERAL,
  METRIC_HW_GPU_MEMORY_LIMIT,
  METRIC_HW_GPU_MEMORY_USAGE,
  METRIC_HW_GPU_MEMORY_UTILIZATION,
  METRIC_HW_GPU_UTILIZATION,
} from '../semconv/index.ts';
import { observe, type Gauge } from './gauge.ts';

/** The device file that says a driver is there, and the command that goes with it. The second row is WSL. */
const DRIVERS = [
  { device: '/dev/nvidiactl', command: 'nvidia-smi' },
  { device: '/dev/dxg', command: '/usr/lib/wsl/lib/nvidia-smi' },
] as const;

export const gpu: Gauge = {
  name: 'gpu',
  where: 'root',
  start: (context) => startGpu(context, existsSync),
};

/** `exists` is asked before anything else is done. */
export function startGpu(
  { meter, settings, spawn, now, count }: Parameters<Gauge['start']>[0],
  exists: (path: string) => boolean,
): () => void {
  const driver = DRIVERS.find(({ device }) => exists(device));
  if (driver === undefined) return () => undefined;
  const reader = new GpuReader({ command: driver.command, intervalMs: settings.gpuIntervalMs, spawn, now, count });
  const specs = [METRIC_HW_GPU_MEMORY_USAGE, METRIC_HW_GPU_MEMORY_LIMIT, METRIC_HW_GPU_MEMORY_UTILIZATION, METRIC_HW_GPU_UTILIZATION];
  const stopObserving = observe(meter, specs, (report) => {
    for (const { uuid, name, driverVersion, usedBytes, totalBytes, utilization } of reader.readings()) {
      const attributes = { [ATTR_HW_ID]: uuid, [ATTR_HW_NAME]: name, [ATTR_HW_VENDOR]: 'nvidia', [ATTR_HW_DRIVER_VERSION]: driverVersion };
      report(METRIC_HW_GPU_MEMORY_USAGE, usedBytes, attributes);
      report(METRIC_HW_GPU_MEMORY_LIMIT, totalBytes, attributes);
      report(
        METRIC_HW_GPU_MEMORY_UTILIZATION,
        usedBytes === undefined || totalBytes === undefined || totalBytes === 0 ? undefined : usedBytes / totalBytes,
        attributes,
      );
      report(METRIC_HW_GPU_UTILIZATION, utilization, { ...attributes, [ATTR_HW_GPU_TASK]: HW_GPU_TASK_VALUE_GENERAL });
    }
  });
  return () => {
    stopObserving();
    reader.stop();
  };
}
