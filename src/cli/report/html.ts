/** The report as one page that opens from disk. */
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { RunFacts, RunReport } from '../../analysis/index.ts';
import { htmlOf, readPage, ViewerError } from '../../viewer/index.ts';
import { SwarmscopeError } from '../errors.ts';
import { writeNamedFile } from '../named-file.ts';
import { storedRuns } from '../stored.ts';
import { warn } from '../streams.ts';
import { pageFile } from '../ui/files.ts';
import { renderReport } from './text.ts';

/** Larger ones are slow to open and to send. */
const LARGE_BYTES = 25 * 1024 ** 2;

/** Said before a long run is read. @throws SwarmscopeError `FILE` */
export function assertFolder(file: string): void {
  const folder = dirname(resolve(file));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new SwarmscopeError('FILE', `Cannot write ${file}: the folder ${folder} is not there. Make it, or name another.`);
}

/** @throws SwarmscopeError `FILE`, `STORE` */
export function writeHtml(file: string, facts: RunFacts, report: RunReport, isImported: boolean): void {
  let html: string;
  try {
    const page = readPage(pageFile()).html.toString('utf8');
    html = htmlOf({
      facts,
      report,
      state: isImported ? 'ended' : stateOf(report),
      version: __SWARMSCOPE_VERSION__,
      text: renderReport(report),
      page,
    });
  } catch (cause) {
    throw cause instanceof ViewerError ? new SwarmscopeError('STORE', cause.message, { cause }) : cause;
  }
  try {
    writeNamedFile(file, html);
  } catch (cause) {
    throw new SwarmscopeError('FILE', `Cannot write ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  if (html.length > LARGE_BYTES) warn(`${file} has ${Math.round(html.length / 1024 ** 2)} MB: a browser takes a while to open it.`);
}

/** A run that did not end goes on, or was killed. */
function stateOf({ run: { id, isFinished } }: RunReport): 'live' | 'ended' | 'cut' {
  if (isFinished) return 'ended';
  return storedRuns().find((stored) => stored.id === id)?.life === 'alive' ? 'live' : 'cut';
}
