/** The variables by which children find a run. */
import { CLOCK_VARIABLE, clockText } from '../config/run-clock.ts';
import type { Settings } from '../config/settings/index.ts';
import type { RunLink } from './types.ts';

export function variablesOf({ runId, runFolder }: Pick<RunLink, 'runId' | 'runFolder'>): Record<string, string> {
  return { SWARMSCOPE_RUN_ID: runId, [CLOCK_VARIABLE]: clockText(), ...(runFolder === undefined ? {} : { SWARMSCOPE_RUN_DIR: runFolder }) };
}

/**
 * Where a process of this run sends to whose environment names nothing any more: where we send. Not where credentials
 * belong to the endpoint, which are not written to a disk.
 */
export function toldBy({ ownEndpoint = '', endpoint = '', headers = {}, tracesExporter = [] }: Partial<Settings>): Record<string, string> {
  if (ownEndpoint !== '') return { SWARMSCOPE_ENDPOINT: ownEndpoint };
  const isOpen = Object.keys(headers).length === 0 && tracesExporter.includes('otlp');
  return isOpen && endpoint !== '' ? { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } : {};
}
