/** The agents among the processes of this machine, with what each has started. Reads; starts nothing and asks nobody. */
import { openFilesOf, readTcpSockets, residentBytesOf, type OpenPath } from '../../machine/open-files.ts';
import type { ProcessDetails, ProcessStat, ProcessTable } from '../../machine/process-table.ts';
import { isSameInvocation, operandsOf } from '../../programs/invocation.ts';
import { classifyRunning } from '../../programs/running.ts';
import { SESSION_VARIABLES } from '../../sessions/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables by which an agent finds its folders. */
export const FOLDER_VARIABLES = [
  'HOME',
  'CLAUDE_CONFIG_DIR',
  'CODEX_HOME',
  'GEMINI_CLI_HOME',
  'OPENCODE_DATA_DIR',
  'OPENCODE_DB',
  'XDG_DATA_HOME',
  'XDG_CONFIG_HOME',
] as const;
/** And those by which its children know its session. */
const WANTED: ReadonlySet<string> = new Set([...FOLDER_VARIABLES, ...SESSION_VARIABLES]);
/** Processes of the machine that are looked at; the rest is counted. */
const MAX_PROCESSES = 20_000;
/** Between the start of a program and its exec, its environment and its arguments are its parent's. */
const YOUNG_MS = 2_000;
const TICK_MS = 10;

interface Known {
  readonly details: ProcessDetails;
  readonly environment: Environment;
  readonly agent: string | undefined;
  /** Name of its program. */
  readonly name: string;
  /** Age at which this was read. */
  readonly ageMs: number;
}

export interface SeenAgent {
  readonly pid: number;
  readonly agent: string;
  /** The agent above it, by its pid. */
  readonly above: number | undefined;
  /** Epoch ms, and in the ticks of /proc. */
  readonly startMs: number;
  readonly startTicks: number;
  readonly folder: string | undefined;
  /** What follows the program. */
  readonly args: readonly string[];
  readonly environment: Environment;
  /** Environments of what it started. */
  readonly children: readonly Environment[];
  readonly childCount: number;
  /** By a signal, such as Ctrl-Z. */
  readonly stopped: boolean;
  /** CPU time of it and of what it started, so far. */
  readonly cpuMs: number;
  /** Memory that it and they hold now, pages that they share counted for each. undefined: not to be known. */
  readonly memoryBytes: number | undefined;
  readonly paths: readonly OpenPath[];
  /** Ports that it or they listen on. */
  readonly ports: readonly number[];
}

/** A process that an agent started and that nobody above it belongs to any more. */
export interface LeftBehind {
  readonly pid: number;
  readonly program: string;
  readonly sessionId: string;
  readonly ports: readonly number[];
}

export interface SeenProcesses {
  readonly agents: readonly SeenAgent[];
  readonly leftBehind: readonly LeftBehind[];
  readonly processes: number;
  /** Of other users: what they are is known, where they work is not. */
  readonly hidden: number;
}

export interface ReaderOptions {
  /** Default: `/proc`. */
  readonly root?: string | undefined;
  /** What names a session, and no memory and no ports: half of the cost. */
  readonly isForSessions?: boolean;
}

/** Reads the table; what a process is, is remembered until it ends. */
export function createProcessReader(
  table: ProcessTable,
  { root, isForSessions = false }: ReaderOptions = {},
): (nowMs: number) => SeenProcesses {
  const known = new Map<string, Known>();

  function learn(stat: ProcessStat, upMs: number): Known {
    const key = `${stat.pid}/${stat.startMs}`;
    const before = known.get(key);
    const ageMs = upMs - stat.startMs;
    if (before !== undefined && before.ageMs > YOUNG_MS) return before;
    const details = table.details(stat.pid);
    const { executable, agentName } = classifyRunning(details.executable, details.args);
    const made = { details, environment: environmentOf(table.environment(stat.pid)), agent: agentName, name: executable, ageMs };
    known.set(key, made);
    return made;
  }

  return (nowMs) => {
    const upMs = table.upMs() ?? 0;
    const stats = new Map<number, ProcessStat>();
    for (const pid of table.list().slice(0, MAX_PROCESSES)) {
      const stat = table.stat(pid);
      if (stat !== undefined && stat.state !== 'Z') stats.set(pid, stat);
    }
    const facts = new Map([...stats].map(([pid, stat]) => [pid, learn(stat, upMs)]));
    const living = new Set([...stats.values()].map((stat) => `${stat.pid}/${stat.startMs}`));
    for (const key of known.keys()) if (!living.has(key)) known.delete(key);
    return seen({ stats, facts, bootMs: nowMs - upMs, root, isForSessions });
  };
}

interface Scan {
  readonly root: string | undefined;
  readonly isForSessions: boolean;
  readonly stats: ReadonlyMap<number, ProcessStat>;
  readonly facts: ReadonlyMap<number, Known>;
  readonly bootMs: number;
}

function seen({ root, isForSessions, stats, facts, bootMs }: Scan): SeenProcesses {
  const owners = new Map([...stats.keys()].map((pid) => [pid, ownerOf(pid, stats, facts)]));
  const below = new Map<number, number[]>();
  for (const [pid, owner] of owners) if (owner !== undefined && owner !== pid) below.set(owner, [...(below.get(owner) ?? []), pid]);
  const left = [...stats.keys()].flatMap((pid) => {
    const sessionId = owners.get(pid) === undefined ? sessionIn(facts.get(pid)?.environment) : undefined;
    return sessionId === undefined ? [] : [{ pid, sessionId }];
  });
  const sockets = isForSessions ? [] : readTcpSockets(root);
  const listening = new Map(sockets.flatMap(({ isListening, inode, localPort }) => (isListening ? [[inode, localPort]] : [])));
  const portsOf = (sockets: readonly number[]): number[] => sockets.flatMap((inode) => listening.get(inode) ?? []);
  const agents = [...new Set(owners.values())].flatMap((pid): SeenAgent[] => {
    const [stat, own] = [stats.get(pid ?? -1), facts.get(pid ?? -1)];
    if (pid === undefined || stat === undefined || own?.agent === undefined) return [];
    const children = below.get(pid) ?? [];
    const all = [pid, ...children];
    const mayWrite = all.filter((each) => each === pid || facts.get(each)?.agent !== undefined);
    const files = new Map((isForSessions ? mayWrite : all).map((each) => [each, openFilesOf(each, root)]));
    const memory = isForSessions ? [] : all.map((each) => residentBytesOf(each, root));
    const above = owners.get(stat.parentPid);
    return [
      {
        ...{ pid, agent: own.agent, above, startMs: bootMs + stat.startMs, startTicks: Math.round(stat.startMs / TICK_MS) },
        ...{ folder: own.details.folder, args: operandsOf(own.details.args, own.agent), environment: own.environment },
        children: children.map((each) => facts.get(each)?.environment ?? {}),
        // Relaunches of itself are it.
        childCount: children.filter((each) => facts.get(each)?.agent === undefined).length,
        stopped: stat.state === 'T',
        cpuMs: all.reduce((sum, each) => sum + (stats.get(each)?.cpuMs ?? 0) + (stats.get(each)?.childCpuMs ?? 0), 0),
        memoryBytes: memory.every((each) => each === undefined) ? undefined : memory.reduce<number>((sum, each) => sum + (each ?? 0), 0),
        paths: mayWrite.flatMap((each) => files.get(each)?.paths ?? []),
        ports: [...new Set([...files.values()].flatMap((open) => portsOf(open.sockets)))].sort((a, b) => a - b),
      },
    ];
  });
  const leftBehind = left.map(({ pid, sessionId }) => ({
    ...{ pid, sessionId, program: facts.get(pid)?.name ?? 'unknown' },
    ports: isForSessions ? [] : [...new Set(portsOf(openFilesOf(pid, root).sockets))].sort((a, b) => a - b),
  }));
  const hidden = [...facts.values()].filter(({ agent, details }) => agent !== undefined && details.folder === undefined).length;
  return { agents: agents.sort((a, b) => a.startMs - b.startMs), leftBehind, processes: stats.size, hidden };
}

/** The agent whose process this is or below which it is. A launcher that started itself again with the same words is one with it. */
function ownerOf(pid: number, stats: ReadonlyMap<number, ProcessStat>, facts: ReadonlyMap<number, Known>): number | undefined {
  let owner: number | undefined;
  // A parent that is its own ancestor cannot be, but a pid may be used again between two reads.
  const met = new Set<number>();
  for (let at: number | undefined = pid; at !== undefined && !met.has(at); at = stats.get(at)?.parentPid) {
    met.add(at);
    const here = facts.get(at);
    if (here?.agent === undefined) {
      if (owner !== undefined) return owner;
      continue;
    }
    const held = owner === undefined ? undefined : facts.get(owner);
    if (held !== undefined && !areOne(here, held)) return owner;
    owner = at;
  }
  return owner;
}

function areOne(parent: Known, child: Known): boolean {
  const { agent } = parent;
  return agent !== undefined && agent === child.agent && isSameInvocation(agent, parent.details.args, child.details.args);
}

function environmentOf(text: string | undefined): Environment {
  const found: Record<string, string> = {};
  for (const pair of (text ?? '').split('\0')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    if (at > 0 && WANTED.has(name)) found[name] = pair.slice(at + 1);
  }
  return found;
}

function sessionIn(environment: Environment | undefined): string | undefined {
  return SESSION_VARIABLES.map((name) => environment?.[name]).find((value) => value !== undefined && value !== '');
}
