/** Telemetry that somebody else kept, as a run: what `report --import` reads. */
import type { RunData } from '../../analysis/index.ts';
import { readSettings } from '../../config/settings/index.ts';
import { findFiles, readRecords } from '../../viewer/index.ts';
import { SwarmscopeError } from '../errors.ts';
import { warn } from '../streams.ts';

/** Files, folders, or `-` for standard input. What in them cannot be used is warned of, and among the losses. @throws SwarmscopeError `FILE` */
export async function importFiles(paths: readonly string[]): Promise<RunData> {
  const { sources, unusable } = findFiles(paths);
  const [first] = unusable;
  if (first !== undefined) throw new SwarmscopeError('FILE', `Cannot read ${first.path}: ${first.why}.`);
  const { data, warnings } = await readRecords(sources, { settings: readSettings() });
  for (const warning of warnings) warn(warning);
  return data;
}
