/** The processes of a run as a tree: who is whose parent, and below which span the work of each one belongs. */
import type { FoundBy, ProcessChange, ProcessFacts, ProcessUsage } from './changes.ts';
import type { SilenceReason } from './silence.ts';

/** A span of the run by its ids, in hex. */
export interface SpanPlace {
  readonly traceId: string;
  readonly spanId: string;
}

/** One process; times are epoch ms of the clock of the run. */
export interface SeenProcess {
  readonly pid: number;
  readonly startMs: number;
  /** Absent while it lives. */
  readonly endMs: number | undefined;
  /** Absent: the program of the run, or one whose parent had ended before it was seen. */
  readonly parent: SeenProcess | undefined;
  readonly foundBy: FoundBy;
  readonly facts: ProcessFacts;
  readonly usage: ProcessUsage;
  /** Processes below it, at any depth, that were seen so far. */
  readonly below?: number | undefined;
  /** As wait(2) gives it; absent where the kernel told it to nobody but its parent. */
  readonly status: number | undefined;
  /** An agent that gives no sign: since when, and as far as it is known why. */
  readonly silence: SeenSilence | undefined;
  /** The longest time that it gave no sign, which is over. */
  readonly longestSilence: EndedSilence | undefined;
  /** Its own span, ours or one that others told. */
  readonly place: SpanPlace | undefined;
}

export interface SeenSilence {
  readonly sinceMs: number;
  readonly reason: SilenceReason;
  /** Name of the program that it waits for. */
  readonly child: string | undefined;
}

export interface EndedSilence extends SeenSilence {
  readonly ms: number;
}

/** The same, as this room changes it. */
export interface TreeProcess extends SeenProcess {
  endMs: number | undefined;
  readonly parent: TreeProcess | undefined;
  facts: ProcessFacts;
  usage: ProcessUsage;
  below?: number | undefined;
  status: number | undefined;
  silence: SeenSilence | undefined;
  longestSilence: EndedSilence | undefined;
  place: SpanPlace | undefined;
}

/** Ended processes that are remembered, since telemetry of them still arrives. */
const MAX_ENDED = 5_000;

const NO_USAGE: ProcessUsage = { cpuMs: 0, childCpuMs: 0, peakMemoryBytes: undefined, readBytes: undefined, writtenBytes: undefined };

export class Tree {
  readonly #byId = new Map<number, TreeProcess>();
  /** The newest process of a number. */
  readonly #byPid = new Map<number, TreeProcess>();
  readonly #ended: number[] = [];
  /** What is added to monotonic times. */
  readonly #toEpoch: (monotonicMs: number) => number;

  constructor(toEpoch: (monotonicMs: number) => number) {
    this.#toEpoch = toEpoch;
  }

  /** The process that a change is about; undefined for one that is not known any more. */
  apply(change: ProcessChange): TreeProcess | undefined {
    if (change.type === 'started') {
      const { id, pid, parent, startMs, foundBy, facts } = change;
      const process: TreeProcess = {
        pid,
        startMs: this.#toEpoch(startMs),
        endMs: undefined,
        parent: parent === undefined ? undefined : this.#byId.get(parent),
        foundBy,
        facts,
        usage: NO_USAGE,
        status: undefined,
        silence: undefined,
        longestSilence: undefined,
        place: undefined,
      };
      for (const above of lineOf(process.parent)) above.below = (above.below ?? 0) + 1;
      this.#byId.set(id, process);
      this.#byPid.set(pid, process);
      return process;
    }
    const process = this.#byId.get(change.id);
    if (process === undefined) return undefined;
    if (change.type === 'became') process.facts = change.facts;
    else if (change.type === 'silent') {
      process.silence = { sinceMs: this.#toEpoch(change.sinceMs), reason: change.reason, child: change.child };
    } else if (change.type === 'stirred') this.#stir(process, change.atMs);
    else process.usage = change.usage;
    if (change.type === 'ended') {
      process.endMs ??= Math.max(process.startMs, this.#toEpoch(change.atMs));
      process.status ??= change.status;
      this.#stir(process, change.atMs);
      this.#forgetOldest(change.id);
    }
    return process;
  }

  #stir(process: TreeProcess, atMs: number): void {
    process.longestSilence = longestSilence(process, this.#toEpoch(atMs));
    process.silence = undefined;
  }

  find(pid: number): TreeProcess | undefined {
    return this.#byPid.get(pid);
  }

  all(): TreeProcess[] {
    return [...this.#byId.values()];
  }

  #forgetOldest(ended: number): void {
    this.#ended.push(ended);
    if (this.#ended.length <= MAX_ENDED) return;
    const id = this.#ended.shift();
    const process = id === undefined ? undefined : this.#byId.get(id);
    if (id === undefined || process === undefined) return;
    this.#byId.delete(id);
    if (this.#byPid.get(process.pid) === process) this.#byPid.delete(process.pid);
  }
}

/** With the one that it is in now. */
export function longestSilence({ silence, longestSilence: before }: TreeProcess, nowMs: number): EndedSilence | undefined {
  if (silence === undefined || nowMs - silence.sinceMs <= (before?.ms ?? 0)) return before;
  return { ...silence, ms: nowMs - silence.sinceMs };
}

/** A process and those above it, the nearest first. */
export function* lineOf<One extends { readonly parent: One | undefined }>(process: One | undefined): Generator<One> {
  for (let at = process; at !== undefined; at = at.parent) yield at;
}

/** The nearest agent at or above. */
export function agentAbove<One extends { readonly parent: One | undefined; readonly facts: ProcessFacts }>(
  process: One | undefined,
): One | undefined {
  for (const each of lineOf(process)) if (each.facts.agentName !== undefined) return each;
  return undefined;
}
