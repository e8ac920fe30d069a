/** The duty of a run's root to read what every git command of the run reports by Trace2, and to record it. */
import { dirname } from 'node:path';
import { clockSteps } from '../../config/clock-steps.ts';
import type { GitTarget } from '../../config/git/target.ts';
import type { GitOperation, Recorder } from '../../recording/types.ts';
import { ATTR_SWARMSCOPE_GIT_CALLER_KIND } from '../../semconv/index.ts';
import { createCallerWait, type GitCaller, type GitCallers } from './callers.ts';
import { createGitFolderReader } from './folder-reader.ts';
import { createConflictWatch } from './conflicts.ts';
import { createLockWatch } from './locks.ts';
import { createRepositoryReader } from './repository.ts';
import { createGitSocketReader } from './socket-reader.ts';
import { toOperation } from './to-operation.ts';
import type { GitListeners } from './reader.ts';

/** Running commands announced at a time; others are recorded at their end. Protects memory from ends never seen. */
const MAX_ANNOUNCED = 10_000;

export interface GitDutyOptions {
  recorder: Pick<Recorder, 'startGit' | 'recordGit'>;
  /** Announces commands that still run, as open spans. Default: they are recorded when they end. */
  hasStarts?: boolean | undefined;
  target: GitTarget;
  /** Who ran a command, where somebody looks at processes. Default: nobody does. */
  callers?: (() => GitCallers | undefined) | undefined;
  onCount?: ((name: string, by: number) => void) | undefined;
  onFault?: ((error: unknown) => void) | undefined;
}

export interface GitDuty {
  readonly name: 'git';
  start(): Promise<void>;
  /** For a run's folder that was emptied and made again; one that is drained needs nothing. */
  startAgain(): Promise<void>;
  stop(): Promise<void>;
  /** Records all that has arrived, blocking, at the exit of the process; a socket cannot be read that way. */
  stopSync(): void;
}

/**
 * Reads `target` and records every git command.
 * @example createGitDuty({ recorder, target: { folder: join(runFolder, 'git') } }).start()
 */
export function createGitDuty({ recorder, target, callers = () => undefined, hasStarts, onCount, onFault }: GitDutyOptions): GitDuty {
  const conflicts = createConflictWatch(dirname('folder' in target ? target.folder : target.socket));
  const locks = createLockWatch();
  const facts = { repository: createRepositoryReader(), conflictOf: conflicts.conflictOf, isLocked: locks.isLocked };
  const announced = new Map<string, { end(operation: GitOperation): void }>();
  const wait = createCallerWait(callers);
  const listeners: GitListeners = {
    onCommand(settled) {
      const operation = onRunClock(toOperation(settled, facts));
      wait.ask(settled.command, operation, (caller) => {
        const { sid } = settled.command;
        const open = announced.get(sid);
        announced.delete(sid);
        if (open === undefined) recorder.recordGit(below(caller, operation));
        else open.end(operation);
      });
    },
    onStart:
      hasStarts !== true
        ? undefined
        : (command) => {
            const operation = onRunClock(toOperation({ command, helpers: [] }, facts));
            wait.ask(command, operation, (caller) => {
              if (announced.size < MAX_ANNOUNCED && !command.isEnded)
                announced.set(command.sid, recorder.startGit(below(caller, operation)));
            });
          },
    onMet(command) {
      if (command.pid !== undefined) command.parentPid = callers()?.parentOf(command.pid);
    },
    onExit(command) {
      conflicts.onExit(command);
      locks.onExit(command);
    },
    onCount,
    onFault,
  };
  if ('socket' in target) {
    const reader = createGitSocketReader({ ...listeners, path: target.socket });
    return {
      name: 'git',
      start: () => reader.start(),
      startAgain: () => reader.startAgain(),
      async stop() {
        await reader.stop();
        await wait.finish();
      },
      stopSync: () => {},
    };
  }
  const reader = createGitFolderReader({ ...listeners, folder: target.folder });
  return {
    name: 'git',
    start: () => Promise.resolve(reader.start()),
    startAgain: () => Promise.resolve(),
    stop: () => Promise.resolve(reader.stop()),
    stopSync: () => reader.stop(),
  };
}

function below({ traceparent, kind }: GitCaller, operation: GitOperation): GitOperation {
  const attributes = { ...operation.attributes, [ATTR_SWARMSCOPE_GIT_CALLER_KIND]: kind };
  return { ...operation, traceparent: traceparent ?? operation.traceparent, attributes };
}

/** git takes its times from the machine's clock; how long a command took it measures itself. */
function onRunClock(operation: GitOperation): GitOperation {
  const { startTime, endTime } = operation;
  const { endMs } = clockSteps.toRun({ startMs: startTime, endMs: endTime });
  return { ...operation, startTime: endMs - (endTime - startTime), endTime: endMs };
}
