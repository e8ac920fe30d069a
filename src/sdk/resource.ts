/** Who sends: the resource attributes of this process or thread. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { basename } from 'node:path';
import type { Settings } from '../config/settings/index.ts';
import * as semconv from '../semconv/index.ts';
import type { ResourceAttributes } from '../otlp/write/index.ts';

/**
 * By the resource specification; the run's name comes before `unknown_service:<program>`. No command line, no paths.
 * `service.instance.id` is fresh, never inherited: two processes with one id would overwrite each other's series.
 */
export function createResource(settings: Settings, version: string): ResourceAttributes {
  const given = settings.resourceAttributes;
  return {
    [semconv.ATTR_HOST_NAME]: hostname(),
    [semconv.ATTR_PROCESS_PID]: process.pid,
    [semconv.ATTR_PROCESS_RUNTIME_NAME]: 'nodejs',
    [semconv.ATTR_PROCESS_RUNTIME_VERSION]: process.versions.node,
    ...given,
    [semconv.ATTR_SERVICE_NAME]: givenServiceName(settings) || `unknown_service:${basename(process.argv0) || 'node'}`,
    ...(settings.runId === '' ? {} : { [semconv.ATTR_SWARMSCOPE_RUN_ID]: settings.runId }),
    [semconv.ATTR_SERVICE_INSTANCE_ID]: randomUUID(),
    [semconv.ATTR_TELEMETRY_SDK_LANGUAGE]: 'nodejs',
    [semconv.ATTR_TELEMETRY_SDK_NAME]: 'opentelemetry',
    [semconv.ATTR_TELEMETRY_SDK_VERSION]: SDK_VERSION,
    [semconv.ATTR_TELEMETRY_DISTRO_NAME]: 'swarmscope',
    [semconv.ATTR_TELEMETRY_DISTRO_VERSION]: version,
  };
}

/** Empty where nobody gave one. */
export function givenServiceName({ serviceName, resourceAttributes, runName }: Settings): string {
  return serviceName || resourceAttributes[semconv.ATTR_SERVICE_NAME] || runName;
}

/** Of `@opentelemetry/sdk-trace`, which does not export it; a test compares it with the installed package. */
export const SDK_VERSION = '3.1.1';
