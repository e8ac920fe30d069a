/**
 * As the first process of a container (`ENTRYPOINT ["swarmscope", ...]`) we would have to take over whoever lost its parent,
 * which Node cannot do: it waits for its own children alone. A shell becomes the first process in our place, and we run
 * below it.
 */
import { accessSync, constants } from 'node:fs';
import { startedWith } from '../../config/started-with.ts';
import { warn } from '../streams.ts';

const SHELL = '/bin/sh';
/** What we hand on to the program. SIGUSR1 would open Node's debugger. */
const HANDED_ON = ['TERM', 'INT', 'HUP', 'QUIT', 'USR2'] as const;

/**
 * A shell that waits for a child collects every process that ends below it. `wait` returns early when a signal was
 * handed on; the child is gone when it is no longer known.
 */
const SCRIPT = [
  'exec 3<&0; "$@" <&3 3<&- & child=$!; exec 3<&-',
  ...HANDED_ON.map((signal) => `trap 'kill -${signal} $child 2>/dev/null' ${signal}`),
  'while :; do wait $child; code=$?; kill -0 $child 2>/dev/null || break; done',
  // A signal and the end may have come together; 127 says that its end was told already.
  'wait $child 2>/dev/null; last=$?; [ $last = 127 ] || code=$last',
  'exit $code',
].join('\n');

/** Does not return where a shell takes over. Elsewhere, and where it cannot, nothing changes. */
export function yieldFirstPlace(): void {
  if (process.pid !== 1 || process.platform !== 'linux') return;
  try {
    becomeShell();
  } catch (error) {
    warn(
      `This is the first process of a container, and no shell could take that place (${error instanceof Error ? error.message : String(error)}): processes that lose their parent stay as zombies. Start the container with an init: docker run --init.`,
    );
  }
}

function becomeShell(): never {
  // A failure of execve itself would end us.
  accessSync(SHELL, constants.X_OK);
  const own = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  if (process.execve === undefined) throw new Error('this Node cannot become another program');
  return process.execve(SHELL, ['sh', '-c', SCRIPT, 'sh', ...own], startedWith);
}
