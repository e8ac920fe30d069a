/** Makes the span of one child process, and the environment by which it joins the trace and the run. */
import { dirname } from 'node:path';
import { flag } from '../../config/settings/parsers.ts';
import { cacheFolder } from '../../config/folders.ts';
import { startedWith } from '../../config/started-with.ts';
import { noteOldNode } from '../../config/unseen.ts';
import type { ChildLaunch, ChildWatch } from '../../hooks/child-process/index.ts';
import type { Activity, Recorder } from '../../recording/types.ts';
import {
  ATTR_PROCESS_COMMAND_ARGS,
  ATTR_PROCESS_EXIT_CODE,
  ATTR_PROCESS_PID,
  ATTR_PROCESS_WORKING_DIRECTORY,
  ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND,
  ATTR_SWARMSCOPE_PROCESS_SIGNAL,
} from '../../semconv/index.ts';
import type { ObserverContext } from '../observer.ts';
import { classify, programName, type Classified } from '../../programs/classify.ts';
import { isRelaunch } from '../../programs/invocation.ts';
import { NODES } from '../../programs/known.ts';
import { isOtherUsers } from './closed-off.ts';
import { hasTrace2 } from './git-version.ts';
import { environmentOf, isNode, isNodeProgram } from './handed.ts';
import { argumentsWithoutPreload } from './node-options.ts';
import { preloadCopy, type PreloadCopy } from './preload-copy.ts';

/** What is done about one launch; undefined where it is not observed. */
export function watch(context: ObserverContext, launch: ChildLaunch): ChildWatch | undefined {
  // Switched off for the children of this process, by the user or for a helper of ours.
  if (flag.parse(launch.environment['SWARMSCOPE_DISABLED'] ?? '') === true) return undefined;
  const recorder = context.recorder();
  if (recorder === undefined) return undefined;
  const what = classify(launch.file, launch.args);
  // Before its environment is made: a root that is gone is not named in it. No span: that of this process goes on.
  if (launch.isReplacement === true) recorder.leave();
  const run = recorder.environment();
  const isForOthers = isOtherUsers(launch, process.getuid?.() === 0);
  const isGit = what.kind === 'git' && !isForOthers && isOurTrace2(launch, run, context);
  const reports = isGit ? canReport(launch, context) : undefined;
  const isTracedGit = reports === true;
  const activity = isTracedGit || launch.isReplacement === true ? undefined : start(recorder, launch, what);
  if (isTracedGit) recorder.expectGit();
  const { environment, isPreloaded, isCut, oldNode } = environmentOf(launch, {
    copy: copyOf(context),
    carrier: recorder.carrier(activity?.frame),
    run,
    agentName: what.agentName ?? what.startsAgent,
    isInTask: recorder.current()?.task !== undefined,
    settings: context.settings,
  });
  if (isCut) context.count('child-process.environment-full');
  const args = isPreloaded && NODES.has(programName(launch.file)) ? argumentsWithoutPreload(launch.args) : undefined;
  const ends = endings(recorder, activity, launch, what);
  return {
    // A git of which that is not known yet is a plain child: it must not be told twice.
    environment: isGit && reports === undefined ? { ...environment, GIT_TRACE2_EVENT: '0' } : environment,
    ...(args === undefined ? {} : { args }),
    ...ends,
    started(pid) {
      ends.started?.(pid);
      if (oldNode !== undefined) noteOldNode(run['SWARMSCOPE_RUN_DIR'] ?? '', oldNode, isNodeProgram(what) || isNode(launch));
    },
  };
}

/** Whether git reports this command to us by Trace2: its span is made of that, so that each command has one. */
function isOurTrace2(launch: ChildLaunch, run: Readonly<Record<string, string>>, context: ObserverContext): boolean {
  const ours = run['GIT_TRACE2_EVENT'];
  if (ours === undefined || context.settings.childEnvironmentOff.includes('GIT_TRACE2_EVENT')) return false;
  const theirs = launch.environment['GIT_TRACE2_EVENT'] ?? '';
  return theirs === '' || theirs === ours || theirs === startedWith['GIT_TRACE2_EVENT'];
}

/** The git behind a shell counts as a recent one. undefined: not known yet. */
function canReport(launch: ChildLaunch, { settings }: ObserverContext): boolean | undefined {
  return programName(launch.file) !== 'git' || hasTrace2(launch, () => cacheFolder(settings));
}

function start(recorder: Recorder, launch: ChildLaunch, what: Classified): Activity {
  const isItself = what.agentName !== undefined && isRelaunch([process.execPath, ...process.argv.slice(1)], [launch.file, ...launch.args]);
  return recorder.startChildProcess({
    executable: what.executable,
    agentName: isItself ? undefined : what.agentName,
    isNode: NODES.has(programName(launch.file)),
    attributes: {
      [ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND]: what.kind,
      ...(recorder.isContentCaptured
        ? {
            [ATTR_PROCESS_COMMAND_ARGS]: [launch.file, ...launch.args],
            [ATTR_PROCESS_WORKING_DIRECTORY]: launch.cwd ?? process.cwd(),
          }
        : {}),
    },
  });
}

function endings(
  recorder: Recorder,
  activity: Activity | undefined,
  launch: ChildLaunch,
  what: Classified,
): Omit<ChildWatch, 'environment'> {
  return {
    started: (pid) => activity?.set({ [ATTR_PROCESS_PID]: pid }),
    failed(errorName) {
      // A git that could not be started reports nothing: only this process knows of its failure.
      (activity ?? start(recorder, launch, what)).end({ errorType: errorName });
    },
    exited(code, signal, stoppedBy) {
      const isFailure = stoppedBy === undefined && (signal !== null || code !== 0);
      activity?.end({
        errorType: isFailure ? (signal ?? String(code)) : undefined,
        attributes: {
          [ATTR_PROCESS_EXIT_CODE]: code ?? undefined,
          [ATTR_SWARMSCOPE_PROCESS_SIGNAL]: stoppedBy ?? signal ?? undefined,
        },
      });
    },
  };
}

let copy: PreloadCopy | undefined;
let isCopyTried = false;

/** What children load, and threads where the package is gone. Tried once: where the cache cannot be written, it is counted. */
export function copyOf(context: ObserverContext): PreloadCopy | undefined {
  if (isCopyTried) return copy;
  isCopyTried = true;
  try {
    copy = preloadCopy(dirname(__filename), cacheFolder(context.settings), __SWARMSCOPE_VERSION__);
    context.loadFrom(dirname(copy.copy));
  } catch (error) {
    context.count('child-process.no-preload-copy');
    context.fault('child-process.preload-copy', error);
  }
  return copy;
}
