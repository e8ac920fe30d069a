/** Hands the report over: text to stderr or a file, JSON to a file. */
import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { analyse } from '../../analysis/index.ts';
import type { Store } from '../../viewer/index.ts';
import { SwarmscopeError } from '../errors.ts';
import { renderJson } from '../report/json.ts';
import { DEFAULT_STYLE, type Style } from '../report/style.ts';
import { renderReport } from '../report/text.ts';
import { terminalStyle } from '../report/terminal.ts';

/** Said before the program starts, not after its hours of work. @throws SwarmscopeError `FILE` */
export function assertWritable(file: string): void {
  const path = resolve(file);
  if (isFolder(path)) throw new SwarmscopeError('FILE', `Cannot write ${file}: it is a folder. Name a file in it.`);
  try {
    const target = statSync(path, { throwIfNoEntry: false }) === undefined ? dirname(path) : path;
    if (target !== path && !isFolder(target)) throw new Error('no such folder');
    accessSync(target, constants.W_OK);
  } catch (cause) {
    throw new SwarmscopeError('FILE', `Cannot write ${file}: the file or its folder is missing or not writable. Choose another.`, {
      cause,
    });
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // ENOENT, ENOTDIR, EACCES: not one that can be written to.
    return false;
  }
}

export interface Delivery {
  readonly jsonFile: string | undefined;
  readonly reportFile: string | undefined;
  onWarning: (message: string) => void;
}

/** A file that cannot be written after all is warned about, and the report goes to stderr instead. */
export function deliverReport(store: Store, { jsonFile, reportFile, onWarning }: Delivery): void {
  const report = analyse(store.loadRun());
  const isWritten = (file: string, text: string): boolean => {
    try {
      writeFileSync(file, text, { mode: 0o600 });
      return true;
    } catch (error) {
      onWarning(`Cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  };
  if (jsonFile !== undefined) isWritten(jsonFile, renderJson(report));
  if (reportFile !== undefined && isWritten(reportFile, renderReport(report, fileStyle))) return;
  process.stderr.write(`\n${renderReport(report, terminalStyle(process.stderr))}`);
}

const fileStyle: Style = DEFAULT_STYLE;
