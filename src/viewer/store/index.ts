/** Runs on disk. */
export { openStore, type Store, type StoreLimits } from './store.ts';
export type { EventFilter, EventRow } from './event-table.ts';
export {
  findRun,
  listRuns,
  readRun,
  readRunEvents,
  removeOldRuns,
  runPath,
  startRunStore,
  type Retention,
  type StoredRun,
} from './runs.ts';
export type { Kept } from './write-queue.ts';
export { readRunSnapshots, type RunningTask, type StoredSnapshot } from './snapshots.ts';
