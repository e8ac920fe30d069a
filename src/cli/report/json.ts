/** The report as JSON; the version changes when a member is renamed, removed or means something else. */
import type { RunReport } from '../../analysis/index.ts';

export const REPORT_SCHEMA_VERSION = 1;

export interface JsonReport extends RunReport {
  readonly schemaVersion: typeof REPORT_SCHEMA_VERSION;
}

/** Members that are absent in the report are absent in the JSON; ends with a line feed. */
export function renderJson(report: RunReport): string {
  const versioned: JsonReport = { schemaVersion: REPORT_SCHEMA_VERSION, ...report };
  return `${JSON.stringify(versioned, undefined, 2)}\n`;
}
