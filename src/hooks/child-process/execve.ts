/** process.execve: the program that takes the place of this process is announced as a child is, and gets what one gets. */
import { additions, faultOfAll, isUnobserved, tell } from './launches.ts';
import { fromPairs, withAdditions } from './options.ts';

interface Message {
  readonly execPath: string;
  /** With the program's own name in front (argv[0]). */
  readonly args: readonly string[];
  /** What Node hands to the system right after this: pairs `NAME=value`, in an array of its own. */
  readonly env: string[];
}

/** Published once Node has found nothing wrong: it does not return, since a program that cannot start ends us. */
export function onExecve(message: unknown): void {
  if (isUnobserved()) return;
  try {
    const { execPath, args, env } = message as Message;
    const watches = tell({
      isSync: false,
      isReplacement: true,
      file: execPath,
      args: args.slice(1),
      cwd: undefined,
      environment: fromPairs(env),
      isOtherUser: false,
    });
    env.splice(0, env.length, ...withAdditions(env, additions(watches)));
  } catch (error) {
    faultOfAll(error);
  }
}
