/** The variables by which children find a run. */
import type { RunLink } from './types.ts';

export function variablesOf({ runId, runFolder }: Pick<RunLink, 'runId' | 'runFolder'>): Record<string, string> {
  return { SWARMSCOPE_RUN_ID: runId, ...(runFolder === undefined ? {} : { SWARMSCOPE_RUN_DIR: runFolder }) };
}
