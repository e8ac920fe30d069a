/** Watches the git commands that this process starts, to note their conflicts; the spans come from `root/git`. */
import { subscribeChildProcess, unsubscribeChildProcess, type ChildLaunch, type ChildWatch } from '../../hooks/child-process/index.ts';
import type { Observer } from '../observer.ts';

const NAME = 'git';
/** Commands that can stop at a conflict, also within a shell text. */
const MAY_CONFLICT = /\b(?:merge|rebase|cherry-pick|revert|pull|stash|am|apply|submodule|subtree)\b/;
const GIT = /(?:^|[\\/\s"'])git(?:\.exe)?(?:["'\s]|$)/;

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'every git command of this process and its descendants',
  how: 'trace2',
  arm(context, lazy) {
    const listener = (launch: ChildLaunch): ChildWatch | undefined =>
      isOfInterest(launch) ? lazy().noteConflicts(context, launch) : undefined;
    subscribeChildProcess(listener, (error) => {
      unsubscribeChildProcess(listener);
      context.fault(NAME, error);
    });
  },
};

function isOfInterest({ file, args }: ChildLaunch): boolean {
  return args.some((arg) => MAY_CONFLICT.test(arg.slice(0, 4_096))) && [file, ...args].some((word) => GIT.test(word.slice(0, 4_096)));
}
