/** Which processes of a run were seen, and when: what nobody saw is `unobserved`, and never called a wait. */
import { ATTR_PROCESS_PID } from '../semconv/index.ts';
import type { RunData } from './model.ts';
import { join, within } from './schedule/intervals.ts';
import { isAgentCli, numberOf, type SpanClass, type SpanNode, type SpanTree } from './span-tree.ts';

export interface Observation {
  /** Nothing but the run itself, which is our own record. */
  readonly isNothingSeen: boolean;
  /** Something that belongs to a swarm: a task, an agent, an LLM call and the like. Else nothing is known to orchestrate. */
  readonly isSwarmSeen: boolean;
  /** When a seen process lived: disjoint, in order. */
  readonly seen: readonly Interval[];
  /** When a seen process lived, or a call, a git command and the like was under way that was seen from outside. */
  readonly seenWork: readonly Interval[];
  /** When a process lived that tells of itself by preload or API, and of work of a swarm that it did or started: it may hand out work. */
  readonly schedulers: readonly Interval[];
}

export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** The scope of what preload and API record, as opposed to the telemetry of other programs. */
export const OUR_SCOPE = 'swarmscope';

export function observe(tree: SpanTree, data: RunData): Observation {
  const supervisor = supervisorOf(tree, data);
  const told = tree.topDown.filter((node) => node.row.pid === undefined || node.row.pid !== supervisor?.row.pid);
  const lives = livesOf(tree, data, told);
  return {
    isNothingSeen: tree.topDown.every((node) => node === supervisor) && (data.lives ?? []).length === 0,
    isSwarmSeen: tree.topDown.some(({ class: kind }) => OF_A_SWARM.has(kind)),
    seen: union(tree, lives),
    seenWork: union(tree, [...lives, ...tree.topDown.filter(({ class: kind }) => kind !== 'run' && kind !== 'process')]),
    schedulers: union(
      tree,
      lives.filter(({ handsOut }) => handsOut),
    ),
  };
}

/**
 * The span by which `swarmscope run` stands above all: its process tells of the run, of git and of an agent CLI that is
 * the command itself, of processes and of calls that it saw from outside. What comes from it tells nothing of the processes below.
 */
function supervisorOf(tree: SpanTree, data: RunData): SpanNode | undefined {
  return tree.topDown.find((node) => {
    if (node.class !== 'run' || node.parent !== undefined || node.row.scopeName !== OUR_SCOPE) return false;
    const { pid } = node.row;
    if (pid === undefined || pid === data.run.pid) return false;
    return tree.topDown.every((each) => each.row.pid !== pid || SUPERVISED.has(each.class) || isToldOfAnother(each, data));
  });
}

/**
 * A call that the gateway saw names the process that made it, where that is known. Where it is not: who started the program makes
 * no calls of its own.
 */
function isToldOfAnother({ class: kind, row }: SpanNode, data: RunData): boolean {
  const of = numberOf(row.attributes, ATTR_PROCESS_PID);
  return of === undefined ? kind === 'llm' && data.run.pid !== undefined : of !== row.pid;
}

const OF_A_SWARM: ReadonlySet<SpanClass> = new Set(['phase', 'batch', 'task', 'agent', 'llm', 'tool', 'wait']);
const SUPERVISED: ReadonlySet<SpanClass> = new Set(['run', 'git', 'agent', 'process']);

interface Life extends Interval {
  readonly handsOut: boolean;
}

/**
 * How long each process lived that told of something: as long as itself or its parent says, and the program itself as
 * long as the run. Of others no more is known than that they lived from the first to the last of what they told.
 */
function livesOf(tree: SpanTree, data: RunData, told: readonly SpanNode[]): Life[] {
  const launched = new Map<number, SpanNode>();
  for (const node of tree.topDown) {
    const pid = node.class === 'process' ? numberOf(node.row.attributes, ATTR_PROCESS_PID) : undefined;
    if (pid !== undefined) launched.set(pid, node);
  }
  const ours = new Set(told.filter(({ row }) => row.scopeName === OUR_SCOPE).map(({ row }) => row.pid));
  /** A shell or a command that it started says nothing: whoever waits for one hands out nothing. */
  const isWork = (node: SpanNode): boolean =>
    OF_A_SWARM.has(node.class) ||
    (node.class === 'process' && (isAgentCli(node) || ours.has(numberOf(node.row.attributes, ATTR_PROCESS_PID) ?? NaN)));
  const lives = new Map<number | SpanNode, Life>();
  for (const { pid, startMs, endMs } of data.lives ?? []) lives.set(pid, { startMs, endMs, handsOut: false });
  for (const node of told) {
    const { pid, scopeName } = node.row;
    const key = pid ?? node;
    const isProgram = pid !== undefined && (data.run.pid === undefined ? !launched.has(pid) : pid === data.run.pid);
    const whole = isProgram ? tree : pid === undefined ? undefined : launched.get(pid);
    const before = lives.get(key);
    lives.set(key, {
      startMs: Math.min(before?.startMs ?? Infinity, whole?.startMs ?? node.startMs),
      endMs: Math.max(before?.endMs ?? -Infinity, whole?.endMs ?? node.endMs),
      handsOut: before?.handsOut === true || (scopeName === OUR_SCOPE && isWork(node)),
    });
  }
  return [...lives.values()];
}

const union = ({ startMs, endMs }: Interval, all: readonly Interval[]): Interval[] => within(join(all), startMs, endMs);

/** Cuts a stretch of time where seen and unseen time meet. */
export function cut({ startMs, endMs }: Interval, intervals: readonly Interval[]): (Interval & { isSeen: boolean })[] {
  const parts: (Interval & { isSeen: boolean })[] = [];
  let from = startMs;
  const add = (to: number, isSeen: boolean): void => {
    if (from < to) parts.push({ startMs: from, endMs: to, isSeen });
    from = Math.max(from, to);
  };
  for (const each of intervals) {
    if (each.endMs <= from) continue;
    if (each.startMs >= endMs) break;
    add(Math.min(each.startMs, endMs), false);
    add(Math.min(each.endMs, endMs), true);
  }
  add(endMs, false);
  return parts;
}
