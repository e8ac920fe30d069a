/** GPUs of this machine: memory, utilisation, power, temperature, errors, and what processes of the run hold; absent where there is none. */
import { existsSync } from 'node:fs';
import { gpuDrivers } from '../machine/gpu-drivers.ts';
import type { GpuReading, GpuUse } from '../machine/gpu/index.ts';
import {
  ATTR_ERROR_TYPE,
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_HW_DRIVER_VERSION,
  ATTR_HW_GPU_TASK,
  ATTR_HW_ID,
  ATTR_HW_NAME,
  ATTR_HW_PARENT,
  ATTR_HW_SENSOR_LOCATION,
  ATTR_HW_TYPE,
  ATTR_HW_VENDOR,
  ATTR_PROCESS_EXECUTABLE_NAME,
  ATTR_SWARMSCOPE_TASK_TYPE,
  ATTR_SWARMSCOPE_WORKER_ID,
  HW_GPU_TASK_VALUE_DECODER,
  HW_GPU_TASK_VALUE_ENCODER,
  HW_GPU_TASK_VALUE_GENERAL,
  HW_TYPE_VALUE_GPU,
  METRIC_HW_ERRORS,
  METRIC_HW_GPU_MEMORY_LIMIT,
  METRIC_HW_GPU_MEMORY_USAGE,
  METRIC_HW_GPU_MEMORY_UTILIZATION,
  METRIC_HW_GPU_UTILIZATION,
  METRIC_HW_POWER,
  METRIC_HW_TEMPERATURE,
  METRIC_SWARMSCOPE_WORKER_GPU_MEMORY_USAGE,
} from '../semconv/index.ts';
import { observe, type Gauge, type Report } from './gauge.ts';

const SPECS = [
  METRIC_HW_GPU_MEMORY_USAGE,
  METRIC_HW_GPU_MEMORY_LIMIT,
  METRIC_HW_GPU_MEMORY_UTILIZATION,
  METRIC_HW_GPU_UTILIZATION,
  METRIC_HW_POWER,
  METRIC_HW_TEMPERATURE,
  METRIC_HW_ERRORS,
  METRIC_SWARMSCOPE_WORKER_GPU_MEMORY_USAGE,
];

export const gpu: Gauge = {
  name: 'gpu',
  where: 'root',
  start: (context) => startGpu(context, existsSync),
};

/** `exists` is asked before anything else is done. */
export function startGpu(
  { meter, settings, runId, spawn, now, count, loadGpus }: Parameters<Gauge['start']>[0],
  exists: (path: string) => boolean,
): () => void {
  const drivers = gpuDrivers(settings.gpu, exists, process.platform);
  if (drivers.length === 0) return () => undefined;
  const gpus = loadGpus().startGpus({ drivers, intervalMs: settings.gpuIntervalMs, runId, spawn, now, count });
  const stopObserving = observe(meter, SPECS, (report) => {
    const readings = gpus.readings();
    for (const reading of readings) tellDevice(report, reading);
    for (const use of gpus.uses(readings)) tellUse(report, use);
  });
  return () => {
    stopObserving();
    gpus.stop();
  };
}

function tellDevice(report: Report, { id, name, vendor, parent, driverVersion, usedBytes, totalBytes, ...reading }: GpuReading): void {
  const attributes = { [ATTR_HW_ID]: id, [ATTR_HW_NAME]: name, [ATTR_HW_VENDOR]: vendor, [ATTR_HW_DRIVER_VERSION]: driverVersion };
  const withParent = { ...attributes, [ATTR_HW_PARENT]: parent };
  report(METRIC_HW_GPU_MEMORY_USAGE, usedBytes, withParent);
  report(METRIC_HW_GPU_MEMORY_LIMIT, totalBytes, withParent);
  const isKnown = usedBytes !== undefined && totalBytes !== undefined && totalBytes > 0;
  report(METRIC_HW_GPU_MEMORY_UTILIZATION, isKnown ? usedBytes / totalBytes : undefined, withParent);
  const engines = [
    [HW_GPU_TASK_VALUE_GENERAL, reading.utilization],
    [HW_GPU_TASK_VALUE_ENCODER, reading.encoderUtilization],
    [HW_GPU_TASK_VALUE_DECODER, reading.decoderUtilization],
  ] as const;
  for (const [engine, share] of engines) report(METRIC_HW_GPU_UTILIZATION, share, { ...attributes, [ATTR_HW_GPU_TASK]: engine });
  report(METRIC_HW_POWER, reading.powerWatts, { ...attributes, [ATTR_HW_TYPE]: HW_TYPE_VALUE_GPU });
  report(METRIC_HW_TEMPERATURE, reading.celsius, { ...attributes, [ATTR_HW_SENSOR_LOCATION]: 'gpu' });
  report(METRIC_HW_TEMPERATURE, reading.memoryCelsius, { ...attributes, [ATTR_HW_SENSOR_LOCATION]: 'memory' });
  const errors = { ...withParent, [ATTR_HW_TYPE]: HW_TYPE_VALUE_GPU };
  report(METRIC_HW_ERRORS, reading.correctedErrors, { ...errors, [ATTR_ERROR_TYPE]: 'corrected' });
  report(METRIC_HW_ERRORS, reading.uncorrectedErrors, { ...errors, [ATTR_ERROR_TYPE]: 'uncorrected' });
}

function tellUse(report: Report, { gpu: id, program, worker, taskType, agent, usedBytes }: GpuUse): void {
  report(METRIC_SWARMSCOPE_WORKER_GPU_MEMORY_USAGE, usedBytes, {
    [ATTR_HW_ID]: id,
    [ATTR_SWARMSCOPE_WORKER_ID]: worker,
    [ATTR_SWARMSCOPE_TASK_TYPE]: taskType,
    [ATTR_GEN_AI_AGENT_NAME]: agent,
    [ATTR_PROCESS_EXECUTABLE_NAME]: program,
  });
}
