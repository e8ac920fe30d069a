/** Hands a report over: its text to a stream or to a file, and the same as JSON. */
import type { RunReport } from '../../analysis/index.ts';
import { writeNamedFile } from '../named-file.ts';
import { printableJson } from '../printable.ts';
import { print, warn } from '../streams.ts';
import { renderJson } from './json.ts';
import { DEFAULT_STYLE, type Style } from './style.ts';
import { renderReport } from './text.ts';

/** `-` is standard output. */
export interface Destination {
  readonly jsonFile: string | undefined;
  readonly reportFile: string | undefined;
}

/** Where text goes that goes into no file, and how it may look there. */
export interface Screen {
  readonly style: Style;
  write(text: string): void | Promise<void>;
}

/**
 * Resolves with whether all could be written. A file that cannot be written is warned about, and the text goes to the
 * screen instead.
 */
export async function deliver(report: RunReport, { jsonFile, reportFile }: Destination, screen: Screen): Promise<boolean> {
  let isWhole = true;
  if (jsonFile === '-') await print(printableJson(renderJson(report)));
  else if (jsonFile !== undefined) isWhole = isWritten(jsonFile, renderJson(report));
  if (reportFile !== undefined && reportFile !== '-') {
    if (isWritten(reportFile, renderReport(report, DEFAULT_STYLE))) return isWhole;
    isWhole = false;
  }
  await screen.write(renderReport(report, screen.style));
  return isWhole;
}

function isWritten(file: string, text: string): boolean {
  try {
    writeNamedFile(file, text);
    return true;
  } catch (error) {
    warn(`Cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}
