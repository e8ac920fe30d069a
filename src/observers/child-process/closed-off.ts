/** Whether a child will be able to read what is private to this user: the copy of the preload, the folder of the run. Pure. */
import type { ChildLaunch } from '../../hooks/child-process.ts';
import { programName } from './classify.ts';
import { SHELLS, USER_SWITCHERS } from './programs.ts';
import { shellText } from './shell-words.ts';

/** As much of a shell text is looked into. */
const MAX_SHELL_TEXT = 4_096;

/** It runs as somebody else. Only the superuser can do that unasked; what `sudo` of others starts may read everything. */
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

/** Node's permission model is asked for, and not with all files to read: Node 22 then ends at a preload that it may not read. */
export function isUnderPermission({ args, environment }: ChildLaunch): boolean {
  const words = [...args, ...(environment['NODE_OPTIONS'] ?? '').split(' ')];
  return words.some((word) => /^--(?:experimental-)?permission$/.test(word)) && !words.includes('--allow-fs-read=*');
}
