/** A git command, known from Trace2 once it has ended. */
import { SpanKind } from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_PROCESS_EXECUTABLE_NAME,
  ATTR_PROCESS_EXIT_CODE,
  ATTR_PROCESS_PID,
  ATTR_SWARMSCOPE_GIT_CONFLICT_COUNT,
  ATTR_SWARMSCOPE_GIT_OPERATION_NAME,
  ATTR_VCS_REPOSITORY_NAME,
  METRIC_SWARMSCOPE_GIT_LOCK_FAILURES,
  METRIC_SWARMSCOPE_GIT_MERGE_CONFLICTS,
  METRIC_SWARMSCOPE_GIT_OPERATION_DURATION,
} from '../semconv/index.ts';
import type { Core } from './core.ts';
import { frameOfTraceparent } from './frame.ts';
import { rollUp } from './rollup.ts';
import type { GitOperation } from './types.ts';

export type GitStart = Pick<GitOperation, 'operation' | 'startTime' | 'pid' | 'traceparent' | 'attributes'>;

export function startGit(core: Core, start: GitStart): { end(operation: GitOperation): void } {
  const told = start.traceparent === undefined ? undefined : frameOfTraceparent(start.traceparent);
  // Never the current frame: whoever reads the events does so in the context of some other work.
  const parent = told ?? core.frames.inherited ?? core.emptyFrame();
  const activity = core.start({
    name: `git ${start.operation}`,
    kind: SpanKind.CLIENT,
    startTime: start.startTime,
    parent,
    attributes: {
      ...start.attributes,
      [ATTR_SWARMSCOPE_GIT_OPERATION_NAME]: enumName(start.operation),
      [ATTR_PROCESS_EXECUTABLE_NAME]: 'git',
      [ATTR_PROCESS_PID]: start.pid,
    },
  });
  return {
    end(git) {
      if (activity.isEnded) return;
      activity.end({
        endTime: git.endTime,
        errorType: git.errorType,
        attributes: {
          ...git.attributes,
          [ATTR_PROCESS_EXIT_CODE]: git.exitCode,
          [ATTR_SWARMSCOPE_GIT_CONFLICT_COUNT]: git.conflictCount,
        },
      });
      measure(core, git);
    },
  };
}

export function expectGit(core: Core): void {
  rollUp(core.frames.current()?.task, (rollup) => {
    rollup.gitsStarted += 1;
  });
}

export function recordGit(core: Core, git: GitOperation): void {
  startGit(core, git).end(git);
}

/** `worktree add` -> `worktree_add`: git's spelling in the span name, snake case in the attribute. */
function enumName(operation: string): string {
  return operation.replaceAll(/[ -]/g, '_');
}

function measure(core: Core, git: GitOperation): void {
  const seconds = Math.max(0, git.endTime - git.startTime) / 1000;
  rollUp(core.tasks.taskOfSpan(git.traceparent?.slice(36, 52)), (rollup) => {
    rollup.gitSeconds += seconds;
    rollup.gitsEnded += 1;
  });
  const by = {
    [ATTR_SWARMSCOPE_GIT_OPERATION_NAME]: enumName(git.operation),
    [ATTR_VCS_REPOSITORY_NAME]: git.attributes[ATTR_VCS_REPOSITORY_NAME],
  };
  core.measure(METRIC_SWARMSCOPE_GIT_OPERATION_DURATION, seconds, { ...by, [ATTR_ERROR_TYPE]: git.errorType });
  if (git.errorType === 'lock_held') core.measure(METRIC_SWARMSCOPE_GIT_LOCK_FAILURES, 1, by);
  if (git.errorType === 'merge_conflict' || git.conflictCount !== undefined)
    core.measure(METRIC_SWARMSCOPE_GIT_MERGE_CONFLICTS, git.conflictCount ?? 1, by);
}
