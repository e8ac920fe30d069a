/** Makes the span of one child process, and the environment by which it joins the trace and the run. */
import { dirname } from 'node:path';
import { flag } from '../../config/settings/parsers.ts';
import { cacheFolder } from '../../config/settings/index.ts';
import { startedWith } from '../../config/started-with.ts';
import type { ChildLaunch, ChildWatch } from '../../hooks/child-process/index.ts';
import type { Activity, Recorder } from '../../recording/types.ts';
import {
  ATTR_PROCESS_COMMAND_ARGS,
  ATTR_PROCESS_EXIT_CODE,
  ATTR_PROCESS_PID,
  ATTR_PROCESS_WORKING_DIRECTORY,
  ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND,
  ATTR_SWARMSCOPE_PROCESS_SIGNAL,
  SWARMSCOPE_PROCESS_EXECUTABLE_KIND_VALUE_NODE as NODE,
} from '../../semconv/index.ts';
import type { ObserverContext } from '../observer.ts';
import { classify, programName, type Classified } from './classify.ts';
import { isOtherUsers, isUnderPermission } from './closed-off.ts';
import { childEnvironment, quoted } from './environment.ts';
import { hasTrace2 } from './git-version.ts';
import { argumentsWithoutPreload } from './node-options.ts';
import { preloadCopy } from './preload-copy.ts';
import { scrubArguments } from './scrub.ts';

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
  const isTracedGit = what.kind === 'git' && !isForOthers && isOurTrace2(launch, run, context) && canReport(launch);
  const activity = isTracedGit || launch.isReplacement === true ? undefined : start(recorder, launch, what);
  if (isTracedGit) recorder.expectGit();
  const environment = childEnvironment({
    theirs: launch.environment,
    started: startedWith,
    carrier: recorder.carrier(activity?.frame),
    run,
    preload: preloadPath(context),
    isClosedOff: isForOthers || isUnderPermission(launch),
    agentName: what.agentName,
    isInTask: recorder.current()?.task !== undefined,
    settings: context.settings,
  });
  const args = what.kind === NODE && isPreloaded(environment, launch) ? argumentsWithoutPreload(launch.args) : undefined;
  return { environment, ...(args === undefined ? {} : { args }), ...endings(recorder, activity, launch, what) };
}

function isPreloaded(environment: Readonly<Record<string, string>>, launch: ChildLaunch): boolean {
  return preload !== undefined && (environment['NODE_OPTIONS'] ?? launch.environment['NODE_OPTIONS'] ?? '').includes(quoted(preload));
}

/** Whether git reports this command to us by Trace2: its span is made of that, so that each command has one. */
function isOurTrace2(launch: ChildLaunch, run: Readonly<Record<string, string>>, context: ObserverContext): boolean {
  const ours = run['GIT_TRACE2_EVENT'];
  if (ours === undefined || context.settings.childEnvironmentOff.includes('GIT_TRACE2_EVENT')) return false;
  const theirs = launch.environment['GIT_TRACE2_EVENT'] ?? '';
  return theirs === '' || theirs === ours || theirs === startedWith['GIT_TRACE2_EVENT'];
}

/** The git behind a shell is not asked, and counts as a recent one. */
function canReport(launch: ChildLaunch): boolean {
  return programName(launch.file) !== 'git' || hasTrace2(launch);
}

function start(recorder: Recorder, launch: ChildLaunch, what: Classified): Activity {
  return recorder.startChildProcess({
    executable: what.executable,
    agentName: what.agentName,
    attributes: {
      [ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND]: what.kind,
      ...(recorder.isContentCaptured
        ? {
            [ATTR_PROCESS_COMMAND_ARGS]: scrubArguments([launch.file, ...launch.args]),
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
    exited(code, signal) {
      const isFailure = signal !== null || code !== 0;
      activity?.end({
        errorType: isFailure ? (signal ?? String(code)) : undefined,
        attributes: { [ATTR_PROCESS_EXIT_CODE]: code ?? undefined, [ATTR_SWARMSCOPE_PROCESS_SIGNAL]: signal ?? undefined },
      });
    },
  };
}

let preload: string | undefined;
let isPreloadTried = false;

/** The path by which children load the preload. Tried once: where the cache cannot be written, it is counted. */
function preloadPath(context: ObserverContext): string | undefined {
  if (isPreloadTried) return preload;
  isPreloadTried = true;
  try {
    preload = preloadCopy(dirname(__filename), cacheFolder(context.settings), __SWARMSCOPE_VERSION__);
    context.loadFrom(dirname(preload));
  } catch (error) {
    context.count('child-process.no-preload-copy');
    context.fault('child-process.preload-copy', error);
  }
  return preload;
}
