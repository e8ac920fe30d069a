/** The peak memory use and utilisation of each GPU. Empty where no GPU was seen. */
import {
  ATTR_HW_ID,
  ATTR_HW_NAME,
  METRIC_HW_GPU_MEMORY_LIMIT,
  METRIC_HW_GPU_MEMORY_USAGE,
  METRIC_HW_GPU_UTILIZATION,
} from '../../semconv/index.ts';
import type { RunFacts } from '../facts.ts';
import type { MetricSeries } from '../model.ts';
import { textOf } from '../span-tree.ts';

export interface GpuReport {
  readonly id: string;
  readonly name: string | undefined;
  readonly peakMemoryBytes: number | undefined;
  readonly limitBytes: number | undefined;
  /** 0 to 1. */
  readonly peakUtilization: number | undefined;
}

export function gpus({ data }: RunFacts): GpuReport[] {
  const names: ReadonlySet<string> = new Set([
    METRIC_HW_GPU_MEMORY_LIMIT.name,
    METRIC_HW_GPU_MEMORY_USAGE.name,
    METRIC_HW_GPU_UTILIZATION.name,
  ]);
  const devices = new Map<string, MetricSeries[]>();
  for (const each of data.series) {
    if (!names.has(each.name) || each.points.length === 0) continue;
    const id = textOf(each.attributes, ATTR_HW_ID) ?? 'unknown';
    devices.set(id, [...(devices.get(id) ?? []), each]);
  }
  return [...devices].map(([id, own]) => ({
    id,
    name: own.map((each) => textOf(each.attributes, ATTR_HW_NAME)).find((name) => name !== undefined),
    peakMemoryBytes: peak(own, METRIC_HW_GPU_MEMORY_USAGE.name),
    limitBytes: peak(own, METRIC_HW_GPU_MEMORY_LIMIT.name),
    peakUtilization: peak(own, METRIC_HW_GPU_UTILIZATION.name),
  }));
}

function peak(series: readonly MetricSeries[], name: string): number | undefined {
  let highest: number | undefined;
  for (const each of series) {
    if (each.name !== name) continue;
    for (const { value } of each.points) if (Number.isFinite(value) && (highest === undefined || value > highest)) highest = value;
  }
  return highest;
}
