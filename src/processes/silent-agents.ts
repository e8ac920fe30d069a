/** Looks at the agents among the processes that are followed: which of them has gone silent, and which stirs again. */
import type { ProcessStat, ProcessUse } from '../machine/process-table.ts';
import type { ProcessChange, ProcessFacts } from './changes.ts';
import { Silence, type SilenceReason } from './silence.ts';

export interface Watched {
  readonly id: number;
  readonly stat: ProcessStat;
  readonly facts: ProcessFacts;
  readonly use: ProcessUse;
}

/** Time between two looks. */
const LOOK_MS = 500;
/** Protects from parents that go in a circle while the table changes. */
const MAX_DEPTH = 64;

interface Family {
  cpuMs: number;
  passedBytes: number;
  readonly members: Watched[];
}

export class SilentAgents {
  readonly #afterMs: number;
  readonly #isConnected: (pids: readonly number[]) => boolean;
  readonly #known = new Map<number, { readonly silence: Silence; isSilent: boolean }>();
  #lastMs = -Infinity;

  /** @param isConnected Whether one of these processes holds a connection to another machine; asked when an agent goes silent. */
  constructor(afterMs: number, isConnected: (pids: readonly number[]) => boolean = () => false) {
    this.#afterMs = afterMs;
    this.#isConnected = isConnected;
  }

  look(processes: ReadonlyMap<number, Watched>, atMs: number): ProcessChange[] {
    if (atMs - this.#lastMs < LOOK_MS) return [];
    this.#lastMs = atMs;
    const families = familiesOf(processes);
    const living = new Set([...families.keys()].map(({ id }) => id));
    for (const id of this.#known.keys()) if (!living.has(id)) this.#known.delete(id);
    return [...families].flatMap(([agent, family]) => this.#lookAt(agent, family, atMs));
  }

  #lookAt(agent: Watched, { cpuMs, passedBytes, members }: Family, atMs: number): ProcessChange[] {
    let known = this.#known.get(agent.id);
    if (known === undefined) this.#known.set(agent.id, (known = { silence: new Silence(this.#afterMs, atMs), isSilent: false }));
    known.silence.note({ cpuMs, passedBytes, family: members.map(({ id }) => id).join() }, atMs);
    const { sinceMs } = known.silence;
    const isSilent = atMs - sinceMs >= this.#afterMs;
    if (isSilent === known.isSilent) return [];
    known.isSilent = isSilent;
    if (!isSilent) return [{ type: 'stirred', id: agent.id, atMs }];
    const child = members.find(({ id, stat }) => id !== agent.id && stat.parentPid === agent.stat.pid);
    return [{ type: 'silent', id: agent.id, sinceMs, reason: this.#reasonOf(agent, child, members), child: child?.facts.executable }];
  }

  #reasonOf({ stat }: Watched, child: Watched | undefined, members: readonly Watched[]): SilenceReason {
    if (stat.state === 'T' || stat.state === 't') return 'stopped';
    if (child !== undefined) return 'waits_for_child';
    return this.#isConnected(members.map((member) => member.stat.pid)) ? 'connected' : 'quiet';
  }
}

/** Each agent with all that lives below it, up to the next agent. */
function familiesOf(processes: ReadonlyMap<number, Watched>): Map<Watched, Family> {
  const families = new Map<Watched, Family>();
  for (const process of processes.values()) {
    const agent = agentOf(process, processes);
    if (agent === undefined) continue;
    let family = families.get(agent);
    if (family === undefined) families.set(agent, (family = { cpuMs: 0, passedBytes: 0, members: [] }));
    family.cpuMs += process.stat.cpuMs + process.stat.childCpuMs;
    family.passedBytes += process.use.passedBytes ?? 0;
    family.members.push(process);
  }
  return families;
}

function agentOf(process: Watched, processes: ReadonlyMap<number, Watched>): Watched | undefined {
  let at: Watched | undefined = process;
  for (let depth = 0; depth < MAX_DEPTH && at !== undefined; depth += 1) {
    const parent: Watched | undefined = processes.get(at.stat.parentPid);
    // A launcher and the program that it starts are one agent: the outer one stands for both.
    if (at.facts.agentName !== undefined && parent?.facts.agentName !== at.facts.agentName) return at;
    at = parent;
  }
  return undefined;
}
