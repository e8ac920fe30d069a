/** The report at the end of a run: made here while it is small, else by a process of its own. */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { analyse } from '../../analysis/index.ts';
import type { Store } from '../../viewer/index.ts';
import { SwarmscopeError } from '../errors.ts';
import { deliver, type Destination } from '../report/deliver.ts';
import { terminalStyle } from '../report/index.ts';
import { say, warn } from '../streams.ts';
import { reportByProcess } from './report-process.ts';

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

/** About 40,000 spans, of which a report takes 60 MB and a second. */
const SMALL_BYTES = 16 * 1024 ** 2;

/** Closes the store. Never rejects: a fault in our report must not change how the program ended. */
export async function deliverReport(store: Store, runId: string, destination: Destination): Promise<void> {
  try {
    store.flush();
    const isStored = store.path !== ':memory:';
    if (isStored && sizeOf(store.path) > SMALL_BYTES) {
      store.close();
      if (destination.reportFile === undefined) say('\n');
      const why = await reportByProcess(runId, destination);
      if (why !== undefined) warnOfReport(why, runId);
      return;
    }
    const report = analyse(store.loadRun());
    await deliver(report, destination, { style: terminalStyle(process.stderr), write: (text) => say(`\n${text}`) });
  } catch (error) {
    warnOfReport(error instanceof Error ? error.message : String(error), runId);
  } finally {
    store.close();
  }
}

function warnOfReport(why: string, runId: string): void {
  warn(
    `The report could not be made (${why}). What was recorded is kept; make it later, or where there is more memory, with: swarmscope report ${runId}`,
  );
}

/** Of the file and of what is not yet in it. */
function sizeOf(path: string): number {
  return ['', '-wal'].reduce((sum, suffix) => sum + (statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0), 0);
}
