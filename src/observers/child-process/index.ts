/** Watches every child process: each gets a span, and an environment by which it joins the trace and the run. */
import { subscribeChildProcess, unsubscribeChildProcess, type ChildLaunch, type ChildWatch } from '../../hooks/child-process/index.ts';
import type { Observer } from '../observer.ts';
import { hideOwnVariables, restoreBaseUrls } from './own-variables.ts';
import { tellCodex } from './tell-codex.ts';

const NAME = 'child-process';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'child processes, agent CLIs among them',
  how: 'channel',
  arm(context, lazy) {
    const listener = (launch: ChildLaunch): ChildWatch | undefined => lazy().watch(context, launch);
    subscribeChildProcess(listener, (error) => {
      unsubscribeChildProcess(listener);
      context.fault(NAME, error);
    });
    hideOwnVariables();
    tellCodex(() => context.settings);
    restoreBaseUrls();
  },
};
