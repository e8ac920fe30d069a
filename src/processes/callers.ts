/** Which process started a command that tells of itself and has often ended before it is looked for. Pure. */
import { classifyInterpreted } from '../programs/classify.ts';
import { agentAbove, lineOf, type SeenProcess, type TreeProcess } from './tree.ts';

export interface StartedCommand {
  readonly pid: number | undefined;
  readonly parentPid: number | undefined;
  /** By the clock of the run. */
  readonly startMs: number;
  /** Names of the processes above it as the kernel told them to the command itself, the nearest first. Empty: not told. */
  readonly ancestry: readonly string[];
  readonly repository: string | undefined;
  readonly worktree: string | undefined;
}

export interface FoundCaller<One> {
  /** The agent that it belongs to; absent: none, or which one cannot be told. */
  readonly agent: One | undefined;
  /** Kind of the process that started it. */
  readonly kind: string | undefined;
}

export interface Living<One> {
  /** The newest process of that number. */
  find(pid: number): One | undefined;
  all(): readonly One[];
  /** Number of processes above the program of the run, up to the first of the machine. */
  readonly above: number;
}

/** Starts are known to 20 ms, ends to one scan. */
const TOLERANCE_MS = 50;

/**
 * By its own number, else by that of its parent, else by the names of the processes above it: of several that would do,
 * the one that works in the same worktree. undefined: a look at the processes may tell more; with `isLast` there is none.
 */
export function findCaller<One extends Process<One>>(
  living: Living<One>,
  command: StartedCommand,
  isLast: boolean,
): FoundCaller<One> | undefined {
  const { pid, parentPid, ancestry } = command;
  const met = livingAt(living, pid, command);
  // In another namespace of numbers it is somebody else's, and right after its fork it is still called as its parent.
  const own = met !== undefined && isGit(met.facts.name) ? met : undefined;
  const parent = own === undefined ? livingAt(living, parentPid, command) : own.parent;
  if (parent !== undefined && (isLast || isNamed(parent, ancestry))) {
    const isSeen = ancestry.length === 0 || parent.facts.name === ancestry[0];
    return { agent: agentOf(parent), kind: isSeen ? parent.facts.kind : kindOf(ancestry) };
  }
  if (own !== undefined && own.parent === undefined && isLast) return { agent: undefined, kind: kindOf(ancestry) };
  return byNames(living, command, isLast) ?? (isLast ? { agent: undefined, kind: kindOf(ancestry) } : undefined);
}

/** Of the main thread. @example isGit('git-remote-http') // true */
export const isGit = (name: string): boolean => /^git(?![a-z])/.test(name);

interface Process<One> extends Omit<SeenProcess, 'parent'> {
  readonly parent: One | undefined;
}

function byNames<One extends Process<One>>(living: Living<One>, command: StartedCommand, isLast: boolean): FoundCaller<One> | undefined {
  const there = living.all().filter((process) => isThere(process, command));
  for (let at = 0; at < command.ancestry.length; at += 1) {
    const names = command.ancestry.slice(at);
    const found = there.filter((process) => isChain(process, names, living.above));
    const [first] = found;
    if (first === undefined) continue;
    // One between them that was not met yet may be an agent.
    if (at > 0 && !isLast) return undefined;
    const kind = at === 0 ? first.facts.kind : kindOf(command.ancestry);
    const agents = [...new Set(found.map(agentOf))];
    const near = agents.filter((agent) => agent !== undefined && isSamePlace(agent, command));
    if (agents.length === 1 && (isLast || agents[0] === undefined)) return { agent: agents[0], kind };
    return near.length === 1 || isLast ? { agent: near.length === 1 ? near[0] : undefined, kind } : undefined;
  }
  return undefined;
}

/** A launcher and its program are one agent, and so is a fork that is about to become a shell. */
function agentOf<One extends Process<One>>(process: One): One | undefined {
  let agent = agentAbove(process);
  while (agent?.parent !== undefined && agent.parent.facts.agentName === agent.facts.agentName) agent = agent.parent;
  return agent;
}

function livingAt<One extends Process<One>>(living: Living<One>, pid: number | undefined, command: StartedCommand): One | undefined {
  const process = pid === undefined ? undefined : living.find(pid);
  return process !== undefined && isThere(process, command) ? process : undefined;
}

/** A number that was given out again is another process. */
const isThere = ({ startMs, endMs }: Pick<SeenProcess, 'startMs' | 'endMs'>, { startMs: atMs }: StartedCommand): boolean =>
  startMs <= atMs + TOLERANCE_MS && (endMs === undefined || atMs <= endMs + TOLERANCE_MS);

/** Where the last scan saw another program in one of them, it has become this one since. */
function isNamed<One extends Process<One>>(process: One, names: readonly string[]): boolean {
  let at = 0;
  for (const each of lineOf(process)) if (at < names.length && each.facts.name !== names[at++]) return false;
  return true;
}

/** Whether these are the names of the process and of all above it. */
function isChain<One extends Process<One>>(process: One, names: readonly string[], above: number): boolean {
  let at = 0;
  for (const each of lineOf(process)) {
    if (each.facts.name !== names[at++]) return false;
    // What has lost its parent is elsewhere in the tree of the machine.
    if (each.foundBy === 'program') return names.length === at + above;
  }
  return true;
}

const isSamePlace = ({ facts }: Pick<TreeProcess, 'facts'>, { repository, worktree }: StartedCommand): boolean =>
  worktree !== undefined && facts.worktree === worktree && facts.repository === repository;

const kindOf = ([name]: readonly string[]): string | undefined => (name === undefined ? undefined : classifyInterpreted(name, []).kind);
