/** The supervisor's reader of git: a socket, since git is never in its event loop. */
import { gitEnvironment } from '../config/git/environment.ts';
import { gitSocketOf } from '../config/git/target.ts';
import { readUserTrace2 } from '../config/git/user-trace2.ts';
import type { LivePolicies } from '../config/policies/live.ts';
import type { Settings } from '../config/settings/index.ts';
import { startedWith } from '../config/started-with.ts';
import type { Recorder } from '../recording/types.ts';
import type { GitCallers } from '../root/git/callers.ts';
import { createGitDuty } from '../root/git/index.ts';
import type { Counts } from './counts.ts';
import { unlessOff } from './policies/git.ts';

interface SupervisedGitOptions {
  readonly settings: Settings;
  readonly policies: LivePolicies;
  readonly onWarning: (message: string) => void;
}

interface GitPart {
  readonly environment: Record<string, string>;
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

export async function startGit(
  recorder: Recorder,
  runFolder: string | undefined,
  counts: Counts,
  { settings, policies, onWarning }: SupervisedGitOptions,
  callers: () => GitCallers | undefined,
): Promise<GitPart> {
  const none = { stop: () => Promise.resolve(), startAgain: () => Promise.resolve(), environment: {} };
  if (runFolder === undefined || settings.observersOff.includes('git')) return none;
  const target = { socket: gitSocketOf(runFolder) };
  try {
    const duty = createGitDuty({
      recorder: unlessOff(recorder, policies),
      target,
      callers,
      hasStarts: settings.spanStarts,
      onCount: counts.add,
    });
    await duty.start();
    const user = readUserTrace2(startedWith, (fn) => fn());
    return { stop: () => duty.stop(), startAgain: () => duty.startAgain(), environment: gitEnvironment(target, startedWith, user) };
  } catch (error) {
    onWarning(`git commands will not be seen: ${error instanceof Error ? error.message : String(error)}`);
    return none;
  }
}
