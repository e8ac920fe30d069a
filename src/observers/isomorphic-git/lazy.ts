/** What is isomorphic-git's own: the names of its functions, which are git's commands, and of their options. */
import { basename } from 'node:path';
import { likeFunction } from '../../hooks/wrap-method.ts';
import type { Recorder } from '../../recording/types.ts';
import { errorTypeOf } from '../../semconv/error-type.ts';
import { ATTR_PROCESS_EXECUTABLE_NAME, ATTR_VCS_REF_HEAD_NAME, ATTR_VCS_REPOSITORY_NAME } from '../../semconv/index.ts';
import type { ObserverContext } from '../observer.ts';

const NAME = 'isomorphic-git';
const CONFLICT = 'merge_conflict';

/** Functions that work on a repository, with git's own spelling; those that only look something up are left out. */
const OPERATIONS: Readonly<Record<string, string>> = {
  add: 'add',
  branch: 'branch',
  checkout: 'checkout',
  cherryPick: 'cherry-pick',
  clone: 'clone',
  commit: 'commit',
  deleteBranch: 'branch',
  fetch: 'fetch',
  init: 'init',
  log: 'log',
  merge: 'merge',
  pull: 'pull',
  push: 'push',
  remove: 'rm',
  renameBranch: 'branch',
  stash: 'stash',
  statusMatrix: 'status',
  status: 'status',
  tag: 'tag',
};

type Command = (this: unknown, ...args: unknown[]) => unknown;

/** Replaces members of what it exports: functions inside of the library go on calling its own. */
export function watchExports(context: ObserverContext, exported: unknown): void {
  const library = exported as Record<string, unknown>;
  const whole = library['default'] as Record<string, unknown> | undefined;
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    const original = library[name];
    if (typeof original !== 'function') continue;
    const watched = watchedCommand(context, original as Command, operation);
    library[name] = watched;
    if (whole?.[name] === original) whole[name] = watched;
  }
}

function watchedCommand(context: ObserverContext, original: Command, operation: string): Command {
  return likeFunction(original, function (this: unknown, ...args: unknown[]): unknown {
    const recorder = context.recorder();
    const end = recorder === undefined ? undefined : started(recorder, operation, args[0]);
    const result = Reflect.apply(original, this, args);
    if (end === undefined || !(result instanceof Promise)) return result;
    return result.then(
      (value: unknown) => {
        end(undefined);
        return value;
      },
      (error: unknown) => {
        end((error as { code?: unknown } | undefined)?.code === 'MergeConflictError' ? CONFLICT : errorTypeOf(error));
        throw error;
      },
    );
  });
}

/** Returns what tells its end. */
function started(recorder: Recorder, operation: string, given: unknown): (errorType: string | undefined) => void {
  const { dir, gitdir, ref } = (given ?? {}) as Readonly<Record<string, unknown>>;
  const place = [dir, gitdir].find((each): each is string => typeof each === 'string');
  const startTime = recorder.now();
  recorder.expectGit();
  const traceparent = recorder.carrier()['TRACEPARENT'];
  return (errorType) =>
    recorder.recordGit({
      operation,
      startTime,
      endTime: recorder.now(),
      errorType,
      traceparent,
      conflictCount: undefined,
      attributes: {
        [ATTR_PROCESS_EXECUTABLE_NAME]: NAME,
        [ATTR_VCS_REPOSITORY_NAME]: place === undefined ? undefined : basename(place.replace(/[\\/]?\.git$/, '')),
        [ATTR_VCS_REF_HEAD_NAME]: typeof ref === 'string' ? ref : undefined,
      },
    });
}
