/** Finds the processes of a run in the process table, scan by scan. Reads through what it is given; keeps no time of its own. */
import type { OpenStat, ProcessStat, ProcessTable, ProcessUse } from '../machine/process-table.ts';
import { NODE_FORK_MS, type FoundBy, type ProcessChange, type ProcessFacts, type ProcessUsage } from './changes.ts';
import { factsOf, nothingKnown, type Seen } from './facts.ts';
import { SilentAgents } from './silent-agents.ts';

export interface ScannerOptions {
  readonly table: ProcessTable;
  /** Processes that carry it in their environment as `SWARMSCOPE_RUN_ID` belong to the run. */
  readonly runId: string;
  /** The machine's monotonic clock, in ms. */
  readonly now: () => number;
  /** For how long an agent gives no sign before it is called silent, in ms. */
  readonly silentAfterMs: number;
  /** Whether one of these processes holds a connection to another machine. Default: nobody knows. */
  readonly isConnected?: (pids: readonly number[]) => boolean;
  /** Default: {@link MAX_PROCESSES}. */
  readonly maxProcesses?: number;
}

/** Living processes that are followed. Protects from a fork bomb; what is beyond is counted. */
export const MAX_PROCESSES = 5_000;
/** While nobody new is there, the list is read this often: who has ended is not in it. Young ones are looked at in each scan. */
const LIST_MS = 200;
/** Counters change often and say little: they are read this often. */
const COUNTERS_MS = 500;
/** Of one that used no CPU for {@link IDLE_MS}. */
const IDLE_COUNTERS_MS = 1_000;
const IDLE_MS = 10_000;
/** The end of an agent that nobody waits for is seen by them. */
const AGENT_COUNTERS_MS = 200;
/** Of one that used no CPU since, memory and bytes are read this often: what takes less than a tick of the kernel's clock is not seen. */
const IDLE_USE_MS = 10_000;
/** Processes whose stat is held open; the others are read by their path. Protects from using up what a process may hold. */
const MAX_OPEN = 512;
/** For so long a process may still be what its parent was, until it calls exec(2). */
const YOUNG_MS = 1_000;

interface Followed {
  readonly id: number;
  /** What was seen of the process that started it. */
  readonly parentSeen: Seen | undefined;
  stat: ProcessStat;
  seen: Seen;
  facts: ProcessFacts;
  use: ProcessUse;
  readonly firstMs: number;
  readonly open: OpenStat | undefined;
  /** When details were read last. */
  detailsMs: number;
  countersMs: number;
  useMs: number;
  /** When it was last seen to have used CPU. */
  workedMs: number;
}

interface Stranger {
  /** Until then it may still turn out to belong to the run, by calling exec(2). */
  readonly untilMs: number;
  readonly startMs: number;
}

export class Scanner {
  readonly #options: ScannerOptions;
  readonly #max: number;
  readonly #ours = new Map<number, Followed>();
  readonly #strangers = new Map<number, Stranger>();
  /** Groups and sessions that began within the run and have a living process of it: their numbers are not given out again. */
  readonly #groups = new Set<number>();
  readonly #silent: SilentAgents;
  #root: Followed | undefined;
  /** The clock of the kernel's start times, at the scan that is made. */
  #upMs: number | undefined;
  #nextId = 1;
  #beyond = 0;
  /** Those that live, and are followed when there is room. */
  readonly #waiting = new Set<number>();
  #open = 0;
  /** Of the last scan that read the list, and when that was. */
  #lastPid: number | undefined;
  #listedMs = -Infinity;

  constructor(options: ScannerOptions) {
    this.#options = options;
    this.#max = options.maxProcesses ?? MAX_PROCESSES;
    this.#silent = new SilentAgents(options.silentAfterMs, options.isConnected);
  }

  /** Living processes of the run. */
  get size(): number {
    return this.#ours.size;
  }

  /** Processes that were too many to follow. */
  get beyond(): number {
    return this.#beyond;
  }

  /** Says which process the program of the run is. It is looked at in the next scan. */
  begin(pid: number): readonly ProcessChange[] {
    const stat = this.#options.table.stat(pid);
    if (stat === undefined) return [];
    const [started, followed] = this.#follow(stat, undefined, 'program', this.#startScan());
    this.#root = followed;
    // What it has started by now was met before it was known whose that is.
    for (const [each, { startMs }] of this.#strangers) if (startMs >= stat.startMs) this.#strangers.delete(each);
    return [started];
  }

  scan(): ProcessChange[] {
    const { table } = this.#options;
    const atMs = this.#startScan();
    const changes: ProcessChange[] = [];
    const lastPid = table.lastPid?.();
    const isAsBefore = lastPid !== undefined && lastPid === this.#lastPid && atMs - this.#listedMs < LIST_MS;
    const pids = isAsBefore ? undefined : new Set(table.list());
    // A folder that cannot be listed says nothing about who has ended.
    if (pids?.size === 0) return changes;
    if (pids !== undefined) [this.#lastPid, this.#listedMs] = [lastPid, atMs];
    for (const [pid, followed] of this.#ours) {
      if (pids?.has(pid) === false) changes.push(this.#end(followed, atMs));
      else this.#lookAgain(followed, atMs, changes);
    }
    if (pids !== undefined) for (const pid of this.#strangers.keys()) if (!pids.has(pid)) this.#strangers.delete(pid);
    if (pids !== undefined) this.#lookAtWaiting(pids);
    this.#forgetGroups();
    for (const pid of pids ?? this.#strangers.keys()) this.#lookAtNew(pid, atMs, changes, 0);
    changes.push(...this.#silent.look(this.#ours, atMs));
    return changes;
  }

  #startScan(): number {
    const atMs = this.#options.now();
    this.#upMs = undefined;
    return atMs;
  }

  /** The monotonic clock's time of a start that the kernel tells. */
  #sinceUp(startMs: number, atMs: number): number {
    this.#upMs ??= this.#options.table.upMs() ?? atMs;
    return atMs - (this.#upMs - startMs);
  }

  #lookAgain(followed: Followed, atMs: number, changes: ProcessChange[]): void {
    const isYoung = atMs - followed.firstMs < (followed.facts.isFork && followed.facts.isNode ? NODE_FORK_MS : YOUNG_MS);
    const areCountersDue = atMs - followed.countersMs >= countersMs(followed, atMs);
    if (!isYoung && !areCountersDue) return;
    const { open } = followed;
    const stat = open === undefined ? this.#options.table.stat(followed.stat.pid) : open.read();
    if (stat === undefined || stat.startMs !== followed.stat.startMs) {
      // Its number has been given out again.
      changes.push(this.#end(followed, atMs));
      return;
    }
    if (isEnded(stat)) {
      followed.stat = stat;
      changes.push(this.#end(followed, atMs, stat.exitStatus));
      this.#strangers.set(stat.pid, { untilMs: -Infinity, startMs: stat.startMs });
      return;
    }
    const hasNewName = stat.name !== followed.stat.name;
    const hasWorked = stat.cpuMs !== followed.stat.cpuMs || stat.childCpuMs !== followed.stat.childCpuMs;
    if (hasWorked) followed.workedMs = atMs;
    followed.stat = stat;
    this.#noteGroups(stat);
    const ageMs = atMs - followed.firstMs;
    // exec(2) changes the name; one program that replaces another of the same name is met by a second look.
    const wait = ageMs < 150 ? 40 : 300;
    if (hasNewName || (isYoung && atMs - followed.detailsMs >= wait)) this.#readDetails(followed, atMs, changes);
    if (areCountersDue) {
      followed.countersMs = atMs;
      const hasBeenRead = followed.workedMs < followed.useMs && atMs - followed.useMs < IDLE_USE_MS;
      if (followed.facts.agentName === undefined && hasBeenRead) return;
      followed.useMs = atMs;
      followed.use = this.#options.table.use(stat.pid);
      changes.push({ type: 'used', id: followed.id, atMs, usage: usageOf(followed) });
    }
  }

  #readDetails(followed: Followed, atMs: number, changes: ProcessChange[]): void {
    followed.detailsMs = atMs;
    const seen = factsOf(this.#options.table, followed.stat, followed.parentSeen, followed.seen);
    if (seen === undefined) return;
    const isSame = JSON.stringify(seen.facts) === JSON.stringify(followed.facts);
    followed.seen = seen;
    if (isSame) return;
    followed.facts = seen.facts;
    changes.push({ type: 'became', id: followed.id, atMs, facts: seen.facts });
  }

  /** Parents first. `depth` protects from a chain that a changing table makes endless. */
  #lookAtNew(pid: number, atMs: number, changes: ProcessChange[], depth: number): void {
    if (this.#ours.has(pid)) return;
    const stranger = this.#strangers.get(pid);
    if (stranger !== undefined && atMs >= stranger.untilMs) return;
    const { table } = this.#options;
    const stat = table.stat(pid);
    if (stat === undefined || (stranger !== undefined && stranger.startMs !== stat.startMs)) {
      this.#strangers.delete(pid);
      if (stat === undefined) return;
    }
    if (depth < 64 && stat.parentPid > 1) this.#lookAtNew(stat.parentPid, atMs, changes, depth + 1);
    const foundBy = isEnded(stat) ? undefined : this.#isOurs(stat);
    if (foundBy === undefined || this.#ours.size >= this.#max) {
      if (foundBy !== undefined && !this.#waiting.has(pid)) this.#beyond += 1;
      if (foundBy !== undefined) this.#waiting.add(pid);
      const untilMs = foundBy === undefined ? this.#sinceUp(stat.startMs, atMs) + YOUNG_MS : -Infinity;
      this.#strangers.set(pid, { untilMs, startMs: stat.startMs });
      return;
    }
    this.#strangers.delete(pid);
    this.#waiting.delete(pid);
    changes.push(this.#follow(stat, this.#ours.get(stat.parentPid), foundBy, atMs)[0]);
  }

  /** As many as there is room for are met again. */
  #lookAtWaiting(pids: ReadonlySet<number>): void {
    let room = this.#max - this.#ours.size;
    for (const pid of this.#waiting) {
      if (!pids.has(pid)) this.#waiting.delete(pid);
      else if (room-- > 0) this.#strangers.delete(pid);
    }
  }

  #isOurs(stat: ProcessStat): FoundBy | undefined {
    if (this.#ours.has(stat.parentPid)) return 'parent';
    const root = this.#root;
    if (root === undefined || stat.startMs < root.stat.startMs) return undefined;
    if (this.#groups.has(stat.group) || this.#groups.has(stat.session)) return 'group';
    const { table, runId } = this.#options;
    return hasVariable(table.environment(stat.pid), `SWARMSCOPE_RUN_ID=${runId}`) ? 'marker' : undefined;
  }

  #follow(stat: ProcessStat, parent: Followed | undefined, foundBy: FoundBy, atMs: number): [ProcessChange, Followed] {
    const { table } = this.#options;
    const seen = factsOf(table, stat, parent?.seen, undefined) ?? nothingKnown(stat);
    const followed: Followed = {
      id: this.#nextId++,
      parentSeen: parent?.seen,
      stat,
      seen,
      facts: seen.facts,
      use: NO_USE,
      firstMs: atMs,
      open: this.#open < MAX_OPEN ? table.open?.(stat.pid) : undefined,
      detailsMs: atMs,
      countersMs: atMs,
      useMs: -Infinity,
      workedMs: atMs,
    };
    if (followed.open !== undefined) this.#open += 1;
    this.#ours.set(stat.pid, followed);
    this.#noteGroups(stat);
    // However late it is seen, its start is known to a tick of the kernel.
    const startMs = Math.min(atMs, this.#sinceUp(stat.startMs, atMs));
    return [{ type: 'started', id: followed.id, pid: stat.pid, parent: parent?.id, startMs, foundBy, facts: seen.facts }, followed];
  }

  /** Only groups that began within the run: the program itself shares that of the shell that started us. */
  #noteGroups({ pid, group, session }: ProcessStat): void {
    if (group === pid) this.#groups.add(group);
    if (session === pid) this.#groups.add(session);
  }

  /** Once in a scan, before new processes are looked at: who is left of a group is found by it while one of it is known. */
  #forgetGroups(): void {
    if (this.#groups.size === 0) return;
    const living = new Set<number>();
    for (const { stat } of this.#ours.values()) living.add(stat.group).add(stat.session);
    for (const group of this.#groups) if (!living.has(group)) this.#groups.delete(group);
  }

  #end(followed: Followed, atMs: number, status?: number): ProcessChange {
    this.#ours.delete(followed.stat.pid);
    if (followed.open !== undefined) this.#open -= 1;
    followed.open?.close();
    return { type: 'ended', id: followed.id, atMs, usage: usageOf(followed), status };
  }
}

const NO_USE: ProcessUse = { peakMemoryBytes: undefined, readBytes: undefined, writtenBytes: undefined, passedBytes: undefined };

function countersMs({ facts, workedMs }: Followed, atMs: number): number {
  if (facts.agentName !== undefined) return AGENT_COUNTERS_MS;
  return atMs - workedMs < IDLE_MS ? COUNTERS_MS : IDLE_COUNTERS_MS;
}

/** It has ended, and its parent has not asked how. */
const isEnded = ({ state }: ProcessStat): boolean => state === 'Z' || state === 'X';

function usageOf({ stat, use }: Followed): ProcessUsage {
  const { peakMemoryBytes, readBytes, writtenBytes } = use;
  return { cpuMs: stat.cpuMs, childCpuMs: stat.childCpuMs, systemMs: stat.systemMs, peakMemoryBytes, readBytes, writtenBytes };
}

/** Between NULs, so that the value of another variable is not taken for it. */
export function hasVariable(environment: string | undefined, entry: string): boolean {
  if (environment === undefined) return false;
  return environment.startsWith(`${entry}\0`) || environment.includes(`\0${entry}\0`);
}
