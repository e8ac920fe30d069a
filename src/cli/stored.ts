/** Stored runs for commands: by id, or the last one that can be read. */
import type { RunData } from '../analysis/index.ts';
import { dataFolder } from '../config/folders.ts';
import { readSettings } from '../config/settings/index.ts';
import { listRuns, readRun, ViewerError, type StoredRun } from '../viewer/index.ts';
import { readAbandoned } from './abandoned.ts';
import { SwarmscopeError } from './errors.ts';
import { keepHeapLow } from './heap.ts';
import { warn } from './streams.ts';

/** An id, its beginning, or `latest`: where nobody names one, those that cannot be read are skipped with a line. @throws SwarmscopeError `RUN_NOT_FOUND`, `STORE` */
export function readStoredRun(runId: string): RunData {
  const folder = dataFolder(readSettings());
  readAbandoned(folder);
  return keepHeapLow(fromStore(() => readRun(folder, runId, ({ message }) => warn(`skipped a run: ${message}`))));
}

/** @throws SwarmscopeError `RUN_NOT_FOUND`, `STORE`: what the store refuses */
export function fromStore<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof ViewerError)
      throw new SwarmscopeError(cause.code === 'run_not_found' ? 'RUN_NOT_FOUND' : 'STORE', cause.message, { cause });
    throw cause;
  }
}

/** The last one first. */
export const storedRuns = (): StoredRun[] => listRuns(dataFolder(readSettings()));
