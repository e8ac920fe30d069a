/** Hands the report over: text to stderr or a file, JSON to a file. */
import { accessSync, constants, existsSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { analyse } from '../../analysis/index.ts';
import type { Store } from '../../viewer/index.ts';
import { SwarmscopeError } from '../errors.ts';
import { renderJson } from '../report/json.ts';
import { DEFAULT_STYLE, type Style } from '../report/style.ts';
import { renderReport } from '../report/text.ts';
import { terminalStyle } from '../terminal.ts';

/** Said before the program starts, not after its hours of work. @throws SwarmscopeError `FILE` */
export function assertWritable(file: string): void {
  const path = resolve(file);
  try {
    accessSync(existsSync(path) ? path : dirname(path), constants.W_OK);
  } catch (cause) {
    throw new SwarmscopeError('FILE', `Cannot write ${file}: the file or its folder is missing or not writable. Choose another.`, {
      cause,
    });
  }
}

export function deliverReport(store: Store, to: { jsonFile: string | undefined; reportFile: string | undefined }): void {
  const report = analyse(store.loadRun());
  if (to.jsonFile !== undefined) writeFileSync(to.jsonFile, renderJson(report), { mode: 0o600 });
  if (to.reportFile !== undefined) writeFileSync(to.reportFile, renderReport(report, fileStyle), { mode: 0o600 });
  else process.stderr.write(`\n${renderReport(report, terminalStyle(process.stderr))}`);
}

const fileStyle: Style = DEFAULT_STYLE;
