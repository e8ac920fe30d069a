/** Joining a run: its first process becomes the root, others its members; one that finds no root writes for itself. */
import { randomBytes } from 'node:crypto';
import { isMainThread } from 'node:worker_threads';
import type { Settings } from '../config/settings/index.ts';
import { Member } from './member.ts';
import { Root } from './root.ts';
import { openRunFolder } from './run-folder.ts';
import { folderToldToThread } from './threads.ts';
import type { RunLink } from './types.ts';
import { toldBy } from './variables.ts';
import { WaitingThread } from './waiting-thread.ts';

export { isRootAlive } from './root-mark.ts';
export { MetricsMerge } from './metrics-merge.ts';
export { lessHistogram, lessNumber } from './remainder.ts';
export { metricKey, seriesKey } from './series.ts';
export { packSnapshot, readSnapshot } from './snapshot.ts';
export type { MergedMetrics, MetricSnapshot, ProcessLife, RunLink, RunRole } from './types.ts';

export interface JoinOptions {
  readonly settings: Pick<Settings, 'runId' | 'runFolder'> & Partial<Settings>;
  /** A fault of ours, by name, for the status file. */
  readonly count?: (name: string) => void;
}

/** Decides the role, synchronously and without a socket, and never throws. */
export function joinRun({ settings, count = () => undefined }: JoinOptions): RunLink {
  const runId = runIdOf(settings);
  const folder = openRunFolder(folderToldToThread() ?? settings.runFolder);
  if (folder !== undefined) return new Member({ runId, folder, count });
  // A thread must not be the root: it ends before its process, and a second root would split the run.
  return isMainThread ? new Root({ runId, count, told: toldBy(settings) }) : new WaitingThread(runId, count);
}

/** The root of a run of its own, whatever was inherited: `swarmscope run`. */
export function leadRun({ settings, count = () => undefined }: JoinOptions): Root {
  return new Root({ runId: runIdOf(settings), count });
}

const runIdOf = ({ runId }: JoinOptions['settings']): string => (runId === '' ? randomBytes(8).toString('hex') : runId);
