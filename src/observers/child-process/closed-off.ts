/** Whether a child will be able to write into what is private to this user, the folder of the run. Pure. */
import type { ChildLaunch } from '../../hooks/child-process/index.ts';
import { programName } from '../../programs/classify.ts';
import { SHELLS, USER_SWITCHERS } from '../../programs/known.ts';
import { shellText } from '../../programs/shell-words.ts';

const MAX_SHELL_TEXT = 4_096;

/** The child runs as another user. Only the superuser can switch silently; a `sudo` of others may read everything. */
export function isOtherUsers(launch: ChildLaunch, isSuperuser: boolean): boolean {
  if (launch.isOtherUser) return true;
  if (!isSuperuser) return false;
  const name = programName(launch.file);
  if (USER_SWITCHERS.has(name)) return true;
  if (!SHELLS.has(name)) return false;
  return launch.args.some((arg) =>
    shellText(arg.slice(0, MAX_SHELL_TEXT)).commands.some((words) => words.some((word) => USER_SWITCHERS.has(programName(word)))),
  );
}
