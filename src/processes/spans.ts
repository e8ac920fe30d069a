/** Which process gets a span, when, and what it says. The recorder is given. */
import {
  ATTR_PROCESS_EXIT_CODE,
  ATTR_PROCESS_PID,
  ATTR_SWARMSCOPE_GIT_WORKTREE_NAME,
  ATTR_SWARMSCOPE_PROCESS_BELOW_COUNT,
  ATTR_SWARMSCOPE_PROCESS_CHILDREN_CPU_TIME,
  ATTR_SWARMSCOPE_PROCESS_CPU_SYSTEM_TIME,
  ATTR_SWARMSCOPE_PROCESS_CPU_TIME,
  ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND,
  ATTR_SWARMSCOPE_PROCESS_IO_READ,
  ATTR_SWARMSCOPE_PROCESS_IO_WRITTEN,
  ATTR_SWARMSCOPE_PROCESS_MEMORY_PEAK,
  ATTR_SWARMSCOPE_PROCESS_OBSERVER,
  ATTR_SWARMSCOPE_PROCESS_ORPHAN_STARTER,
  ATTR_SWARMSCOPE_PROCESS_ORPHAN_TIME,
  ATTR_SWARMSCOPE_PROCESS_SIGNAL,
  ATTR_SWARMSCOPE_PROCESS_SILENT_AFTER,
  ATTR_SWARMSCOPE_PROCESS_SILENT_CHILD,
  ATTR_SWARMSCOPE_PROCESS_SILENT_REASON,
  ATTR_SWARMSCOPE_PROCESS_SILENT_TIME,
  ATTR_VCS_REPOSITORY_NAME,
  SWARMSCOPE_PROCESS_OBSERVER_VALUE_PROCESS_TABLE,
} from '../semconv/index.ts';
import { PROBE_NAME } from '../programs/known.ts';
import type { Attributes } from '../semconv/telemetry.ts';
import { constants } from 'node:os';
import { NODE_FORK_MS } from './changes.ts';
import { orphanedFor } from './left-behind.ts';
import { agentAbove, lineOf, longestSilence, type SpanPlace, type TreeProcess } from './tree.ts';

export interface ProcessSpanStart {
  readonly executable: string;
  /** Set for an agent: `invoke_agent {name}` stands above the span. */
  readonly agentName: string | undefined;
  readonly pid: number;
  readonly startMs: number;
  readonly parent: SpanPlace;
  readonly attributes: Attributes;
}

/** A span that is open. */
export interface ProcessSpan extends SpanPlace {
  set(attributes: Attributes): void;
  end(end: { endMs: number; errorType: string | undefined; attributes: Attributes }): void;
}

/** Who makes the spans. */
export interface SpanRecorder {
  /** Of the run, or of its agent where the program is one: what the program's process works below. */
  readonly place: SpanPlace;
  /** Of the span of the run. */
  readonly runSpanId: string;
  /** The agent that the span at `place` is of; undefined where it is that of the run. */
  readonly agentName: string | undefined;
  /** The span of that agent's process. */
  readonly agent: ProcessSpan | undefined;
  start(start: ProcessSpanStart): ProcessSpan;
}

/** A process that lives for longer gets a span, unless an agent accounts for it. */
const LONG_MS = 250;
/** A fork that has not called exec(2) by now is a worker. */
const FORK_MS = 1_000;
/** Direct children of the program that get a span however short they live; a loop may start thousands. */
const MAX_SHORT = 500;

const GIT = 'git';

export class ProcessSpans {
  readonly #recorder: SpanRecorder;
  readonly #open = new Map<TreeProcess, ProcessSpan>();
  /** Processes that may still get a span, when they have lived for long enough. */
  readonly #waiting = new Set<TreeProcess>();
  /** Those whose span is that of an agent. */
  readonly #agents = new WeakSet<TreeProcess>();
  #isAgentMet = false;
  #short = 0;

  constructor(recorder: SpanRecorder) {
    this.#recorder = recorder;
  }

  started(process: TreeProcess): void {
    const { agentName, agent } = this.#recorder;
    if (process.foundBy === 'program' && (agentName === undefined || process.facts.agentName === agentName)) {
      this.#isAgentMet ||= agentName !== undefined;
      process.place = this.#recorder.place;
      if (agent !== undefined) this.#tellAgent(process, agent);
      return;
    }
    this.#waiting.add(process);
    this.#consider(process, process.startMs);
  }

  /** The command of the run is an agent, which has its span already: it gains what the table knows, and ends with its process. */
  #tellAgent(process: TreeProcess, agent: ProcessSpan): void {
    agent.set({ [ATTR_PROCESS_PID]: process.pid, ...whereabouts(process) });
    this.#agents.add(process);
    this.#open.set(process, agent);
  }

  /** It has become another program. */
  changed(process: TreeProcess, nowMs: number): void {
    this.#becomeAgent(process, nowMs);
    this.#consider(process, nowMs);
  }

  /** A shell that has worked for a while becomes its last command, as in `sh -c 'npm ci && claude'`: from then on it is an agent. */
  #becomeAgent(process: TreeProcess, nowMs: number): void {
    const before = this.#open.get(process);
    const { agentName } = process.facts;
    if (before === undefined || agentName === undefined || this.#agents.has(process)) return;
    this.#open.delete(process);
    before.end({ endMs: nowMs, errorType: undefined, attributes: {} });
    const launcher = process.parent?.facts.agentName === agentName ? process.parent : undefined;
    if (launcher === undefined) this.#start(process, nowMs);
    else process.place = launcher.place;
  }

  /** To be called now and then: whoever lives for long enough gets a span. */
  look(nowMs: number): void {
    for (const process of this.#waiting) this.#consider(process, nowMs);
  }

  ended(process: TreeProcess, nowMs: number): void {
    this.#consider(process, process.endMs ?? nowMs);
    this.#waiting.delete(process);
    this.#end(process, nowMs);
  }

  #end(process: TreeProcess, nowMs: number): void {
    const span = this.#open.get(process);
    if (span === undefined) return;
    this.#open.delete(process);
    const { code, signal } = exitOf(process.status);
    span.end({
      endMs: process.endMs ?? nowMs,
      errorType: signal ?? (code === undefined || code === 0 ? undefined : String(code)),
      attributes: { [ATTR_PROCESS_EXIT_CODE]: code, [ATTR_SWARMSCOPE_PROCESS_SIGNAL]: signal, ...endAttributes(process, nowMs) },
    });
  }

  /** The run ends while these still live: their spans are told what is known. */
  tellLiving(nowMs: number): void {
    for (const [process, span] of this.#open) {
      span.set(endAttributes({ ...process, longestSilence: longestSilence(process, nowMs) }, nowMs));
    }
  }

  /** Whoever started it has ended long ago: from then on it has a span of its own, whoever told of it before. */
  orphaned(process: TreeProcess, sinceMs: number): void {
    this.#waiting.delete(process);
    if (process.place === undefined && process.endMs === undefined) this.#start(process, Math.max(process.startMs, sinceMs));
  }

  /** The span that work of this process belongs below; from now on it has one. */
  placeOf(process: TreeProcess): SpanPlace {
    if (process.place === undefined && !isTold(process)) {
      this.#start(process);
      // Its work is told of after its end.
      if (process.endMs !== undefined) this.#end(process, process.endMs);
    }
    return this.#placeAtOrAbove(process);
  }

  /** Ids of the spans that a process may name as a parent because its own parents did: those above its own, and its own. */
  inheritedBy(process: TreeProcess): Set<string> {
    const ids = new Set([this.#recorder.place.spanId, this.#recorder.runSpanId]);
    for (const each of lineOf(process)) {
      if (each.place !== undefined) ids.add(each.place.spanId);
      const handed = placeIn(each.facts.traceparent, this.#recorder.place.traceId);
      // A tool of an agent hands its own span to what it starts: that one says more than ours.
      if (handed !== undefined && (each.parent === undefined || isTold(each))) ids.add(handed.spanId);
    }
    return ids;
  }

  #consider(process: TreeProcess, nowMs: number): void {
    if (process.place !== undefined || !this.#waiting.has(process)) return;
    const isLong = nowMs - process.startMs >= LONG_MS;
    const { facts } = process;
    // It may be about to become another program, which a busy machine delays.
    if (facts.isFork && nowMs - process.startMs < (facts.isNode ? NODE_FORK_MS : FORK_MS)) return;
    if (isTold(process) || isGitTold(process) || isOwnProbe(process)) return;
    const agent = agentAbove(process.parent);
    if (facts.agentName !== undefined) {
      if (this.#isRootAgent(process)) process.place = this.#recorder.place;
      // A launcher and the program that it starts are one agent.
      else if (agent !== undefined && agent === process.parent && agent.facts.agentName === facts.agentName) process.place = agent.place;
      else this.#start(process);
      return;
    }
    if (agent !== undefined) return;
    const isChild = process.parent?.foundBy === 'program';
    if (isLong || (isChild && !facts.isFork && this.#short++ < MAX_SHORT)) this.#start(process);
  }

  /** The program was told to be an agent, as `npx` or a shell's text are: the first of that name below it is this one. */
  #isRootAgent(process: TreeProcess): boolean {
    if (this.#isAgentMet || this.#recorder.agentName !== process.facts.agentName) return false;
    this.#isAgentMet = true;
    return true;
  }

  #start(process: TreeProcess, startMs = process.startMs): void {
    const { facts, pid } = process;
    if (facts.agentName !== undefined) this.#agents.add(process);
    const span = this.#recorder.start({
      executable: facts.executable,
      agentName: facts.agentName,
      pid,
      startMs,
      parent: this.#parentOf(process),
      attributes: {
        [ATTR_SWARMSCOPE_PROCESS_OBSERVER]: SWARMSCOPE_PROCESS_OBSERVER_VALUE_PROCESS_TABLE,
        ...whereabouts(process),
      },
    });
    process.place = { traceId: span.traceId, spanId: span.spanId };
    this.#waiting.delete(process);
    this.#open.set(process, span);
  }

  /** What its environment names and its parent's does not was put there for it: the span that it was started in. */
  #parentOf(process: TreeProcess): SpanPlace {
    const own = placeIn(process.facts.traceparent, this.#recorder.place.traceId);
    const isHanded = own !== undefined && process.facts.traceparent !== process.parent?.facts.traceparent;
    return isHanded && process.parent !== undefined ? own : this.#placeAtOrAbove(process.parent);
  }

  #placeAtOrAbove(process: TreeProcess | undefined): SpanPlace {
    for (const each of lineOf(process)) {
      if (each.place !== undefined) return each.place;
      const told = isTold(each) ? placeIn(each.facts.traceparent, this.#recorder.place.traceId) : undefined;
      if (told !== undefined) return told;
    }
    return this.#recorder.place;
  }
}

/** A preload in its parent has told of it: what it was handed is its own span. One that ended before it could be read is told of as well. */
function isTold({ facts, parent }: TreeProcess): boolean {
  if (parent?.facts.isNode !== true) return false;
  if (!facts.isRead) return parent.facts.traceparent !== undefined;
  return facts.traceparent !== undefined && facts.traceparent !== parent.facts.traceparent;
}

/** A supervisor below this run has made sure that its folder executes programs. */
const isOwnProbe = ({ facts }: TreeProcess): boolean => facts.executable === PROBE_NAME;

/** git tells of itself, by its operation and its outcome. One that ended before it could be read was told to as its parent was. */
const isGitTold = ({ facts, parent }: TreeProcess): boolean =>
  facts.kind === GIT && (facts.isRead ? facts.hasTrace2 : parent?.facts.hasTrace2 === true);

/** undefined: none, or one of another trace. */
function placeIn(traceparent: string | undefined, traceId: string): SpanPlace | undefined {
  const [, trace, spanId] = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-/.exec(traceparent ?? '') ?? [];
  return spanId !== undefined && trace === traceId ? { traceId, spanId } : undefined;
}

function whereabouts({ facts }: TreeProcess): Attributes {
  return {
    [ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND]: facts.kind === '' ? undefined : facts.kind,
    [ATTR_VCS_REPOSITORY_NAME]: facts.repository,
    [ATTR_SWARMSCOPE_GIT_WORKTREE_NAME]: facts.worktree,
  };
}

function endAttributes(process: TreeProcess, nowMs: number): Attributes {
  const { usage, startMs, longestSilence: silence } = process;
  const orphan = orphanedFor(process, nowMs);
  return {
    [ATTR_SWARMSCOPE_PROCESS_ORPHAN_TIME]: orphan && orphan.ms / 1_000,
    [ATTR_SWARMSCOPE_PROCESS_ORPHAN_STARTER]: orphan?.starter,
    [ATTR_SWARMSCOPE_PROCESS_SILENT_TIME]: silence && silence.ms / 1_000,
    [ATTR_SWARMSCOPE_PROCESS_SILENT_AFTER]: silence && Math.max(0, silence.sinceMs - startMs) / 1_000,
    [ATTR_SWARMSCOPE_PROCESS_SILENT_REASON]: silence?.reason,
    [ATTR_SWARMSCOPE_PROCESS_SILENT_CHILD]: silence?.child,
    [ATTR_SWARMSCOPE_PROCESS_CPU_TIME]: usage.cpuMs / 1_000,
    [ATTR_SWARMSCOPE_PROCESS_CHILDREN_CPU_TIME]: usage.childCpuMs / 1_000,
    [ATTR_SWARMSCOPE_PROCESS_CPU_SYSTEM_TIME]: usage.systemMs === undefined ? undefined : usage.systemMs / 1_000,
    [ATTR_SWARMSCOPE_PROCESS_BELOW_COUNT]: process.below ?? 0,
    [ATTR_SWARMSCOPE_PROCESS_MEMORY_PEAK]: usage.peakMemoryBytes,
    [ATTR_SWARMSCOPE_PROCESS_IO_READ]: usage.readBytes,
    [ATTR_SWARMSCOPE_PROCESS_IO_WRITTEN]: usage.writtenBytes,
  };
}

const signalNames: ReadonlyMap<number, string> = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** What wait(2) would say. @example exitOf(0x0100).code // 1 */
export function exitOf(status: number | undefined): { code: number | undefined; signal: string | undefined } {
  if (status === undefined) return { code: undefined, signal: undefined };
  const signal = status & 0x7f;
  return signal === 0
    ? { code: (status >> 8) & 0xff, signal: undefined }
    : { code: undefined, signal: signalNames.get(signal) ?? `SIG${signal}` };
}
