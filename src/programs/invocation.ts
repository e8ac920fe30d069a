/** What an agent CLI was asked, and whether a program that it starts is itself once more. Pure. */
import { agentCalled } from './agents.ts';
import { classifyInterpreted, programName } from './classify.ts';

/** What follows the program of that agent. @example operandsOf(['node', '/usr/bin/codex', 'exec', 'hi'], 'codex') // ['exec', 'hi'] */
export function operandsOf(args: readonly string[], agent: string): readonly string[] {
  const at = args.findIndex((arg) => agentCalled(programName(arg.replace(/\.[cm]?js$/, '')))?.name === agent || isInPackage(arg, agent));
  return args.slice(at + 1);
}

/** Whether both ask the same agent the same. */
export function isSameInvocation(agent: string, one: readonly string[], other: readonly string[]): boolean {
  const [a, b] = [operandsOf(one, agent), operandsOf(other, agent)];
  return a.length === b.length && a.every((arg, at) => arg === b[at]);
}

/**
 * A launcher that starts the program of its package, or itself with other options of Node: one agent with two processes.
 *
 * @param own The command line of this process, and `child` that of what it starts.
 */
export function isRelaunch(own: readonly string[], child: readonly string[]): boolean {
  const [agent, other] = [own, child].map(([file = '', ...args]) => classifyInterpreted(file, args).agentName);
  return agent !== undefined && agent === other && isSameInvocation(agent, own, child);
}

function isInPackage(path: string, agent: string): boolean {
  return path.includes('/node_modules/') && path.split('/').some((name) => agentCalled(name)?.name === agent);
}
