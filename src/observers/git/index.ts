/** Watches git: reads what every git command of the run reports by Trace2, and records each as an operation. */
import type { GitOperation, Recorder } from '../../recording/types.ts';
import type { GitTarget } from './environment.ts';
import { createGitFolderReader } from './folder-reader.ts';
import { createRepositoryReader } from './repository.ts';
import { createGitSocketReader } from './socket-reader.ts';
import { toOperation } from './to-operation.ts';
import type { GitListeners } from './reader.ts';

export { canTrace, gitEnvironment, type GitTarget } from './environment.ts';
export { createGitFolderReader, type GitFolderReader } from './folder-reader.ts';
export { createGitSocketReader, type GitSocketReader } from './socket-reader.ts';

/** A git command that still runs: what is known at its start. */
export type GitStart = Pick<GitOperation, 'operation' | 'startTime' | 'pid' | 'traceparent' | 'attributes'> & {
  /** Unique per git process; the same value comes with `onEnd`. */
  sid: string;
};

export interface GitDutyOptions {
  recorder: Pick<Recorder, 'recordGit'>;
  target: GitTarget;
  onStart?: ((start: GitStart) => void) | undefined;
  /** Called after `recordGit`, with the id that `onStart` had. */
  onEnd?: ((sid: string, operation: GitOperation) => void) | undefined;
  onCount?: ((name: string, by: number) => void) | undefined;
  onFault?: ((error: unknown) => void) | undefined;
}

/** Something the root of a run does once for all processes. */
export interface GitDuty {
  readonly name: 'git';
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Records all that has arrived, blocking; for `exit`. With a socket target there is nothing to do. */
  stopSync(): void;
}

/**
 * Reads `target` and records every git command. Example:
 * `createGitDuty({ recorder, target: { folder: join(runFolder, 'git') } }).start()`
 */
export function createGitDuty({ recorder, target, onStart, onEnd, onCount, onFault }: GitDutyOptions): GitDuty {
  const repository = createRepositoryReader();
  const listeners: GitListeners = {
    onCommand(settled) {
      const operation = toOperation(settled, repository);
      recorder.recordGit(operation);
      onEnd?.(settled.command.sid, operation);
    },
    onStart:
      onStart === undefined
        ? undefined
        : (command) => {
            const { operation, startTime, pid, traceparent, attributes } = toOperation({ command, helpers: [] }, repository);
            onStart({ sid: command.sid, operation, startTime, pid, traceparent, attributes });
          },
    onCount,
    onFault,
  };
  if ('socket' in target) {
    const reader = createGitSocketReader({ ...listeners, path: target.socket });
    return { name: 'git', start: () => reader.start(), stop: () => reader.stop(), stopSync: () => {} };
  }
  const reader = createGitFolderReader({ ...listeners, folder: target.folder });
  return {
    name: 'git',
    start: async () => reader.start(),
    stop: async () => reader.stop(),
    stopSync: () => reader.stop(),
  };
}
