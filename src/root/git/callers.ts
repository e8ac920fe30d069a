/** Who ran a git command: asked of whoever looks at the processes of the run. A command waits for the answer, never git. */
import type { GitOperation } from '../../recording/types.ts';
import { ATTR_SWARMSCOPE_GIT_WORKTREE_NAME, ATTR_VCS_REPOSITORY_NAME } from '../../semconv/index.ts';
import type { GitCommand } from './trace2-parser.ts';

export interface GitCaller {
  /** Of the span that the command belongs below. Absent: the one that git was handed. */
  readonly traceparent: string | undefined;
  /** Of the process that started it, a value of `swarmscope.process.executable.kind`. */
  readonly kind: string | undefined;
}

/** What is known of a command without a look at its process. */
export interface AskedCommand extends Pick<GitOperation, 'startTime' | 'traceparent'> {
  readonly pid: number | undefined;
  readonly parentPid: number | undefined;
  /** Names of the processes above, the nearest first. */
  readonly ancestry: readonly string[];
  /** Names of the repository and the worktree. */
  readonly repository: string | undefined;
  readonly worktree: string | undefined;
}

/** No member throws. */
export interface GitCallers {
  /** The parent of a process that may end in a moment. */
  parentOf(pid: number): number | undefined;
  /** undefined: a look may tell. With `isLast` what is known has to do. */
  find(command: AskedCommand, isLast: boolean): GitCaller | undefined;
  /** Resolves when the processes of now are known. */
  look(): Promise<void>;
}

type Then = (caller: GitCaller) => void;

/** Hands commands on as soon as it is known who ran them. */
export interface CallerWait {
  /** At once where that is known, or nobody looks at processes; else after one look, which serves all that wait. */
  ask(command: GitCommand, operation: GitOperation, then: Then): void;
  /** All have been handed on. */
  finish(): Promise<void>;
}

const NOBODY: GitCaller = { traceparent: undefined, kind: undefined };

export function createCallerWait(callersNow: () => GitCallers | undefined): CallerWait {
  let waiting: { readonly asked: AskedCommand; readonly then: Then }[] = [];
  let looking: Promise<void> | undefined;

  /** Who comes while a look is made may have started after it: the next one is theirs. */
  async function lookUntilNoneWaits(callers: GitCallers): Promise<void> {
    while (waiting.length > 0) {
      const these = waiting;
      waiting = [];
      await callers.look();
      for (const { asked, then } of these) then(callers.find(asked, true) ?? NOBODY);
    }
    looking = undefined;
  }

  return {
    ask({ parentPid, ancestry }, { pid, startTime, traceparent, attributes }, then) {
      const callers = callersNow();
      const repository = textOf(attributes[ATTR_VCS_REPOSITORY_NAME]);
      const worktree = textOf(attributes[ATTR_SWARMSCOPE_GIT_WORKTREE_NAME]);
      const asked = { pid, startTime, traceparent, parentPid, ancestry, repository, worktree };
      const known = callers === undefined ? NOBODY : callers.find(asked, false);
      if (callers === undefined || known !== undefined) {
        then(known ?? NOBODY);
        return;
      }
      waiting.push({ asked, then });
      looking ??= lookUntilNoneWaits(callers);
    },
    finish: () => looking ?? Promise.resolve(),
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
