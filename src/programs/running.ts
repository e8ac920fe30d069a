/** Which program a running process is, by its executable and its arguments. Pure. */
import { basename } from 'node:path/posix';
import { agentCalled } from './agents.ts';
import { classifyInterpreted, programName, type Classified } from './classify.ts';

/**
 * Other than for a launch, what a shell, a wrapper or a package runner starts is a process of its own: here they are what
 * they are. The first argument goes before the path of the executable: agents start themselves under the names of others.
 *
 * @example classifyRunning('/usr/bin/node', ['node', '/usr/local/bin/codex', 'exec']).agentName // 'codex'
 */
export function classifyRunning(executable: string | undefined, args: readonly string[]): Classified {
  const [first = '', ...rest] = args;
  // A title that the process gave itself: `npm exec @openai/codex`.
  const called = args.length === 1 && /\s/.test(first) ? first.split(/\s/, 1)[0] : first;
  // Login shells are called `-bash`.
  const name = (called ?? '').replace(/^-/, '');
  const file = name === '' || isTitle(name, executable) ? (executable ?? name) : name;
  return classifyInterpreted(file, rest);
}

/** `MainThread`, `worker: 3`: no name of a program, and not that of its executable. */
function isTitle(name: string, executable: string | undefined): boolean {
  if (executable === undefined || name.includes('/') || basename(executable) === name) return false;
  return /[:()[\]]/.test(name) && agentCalled(programName(name)) === undefined;
}
