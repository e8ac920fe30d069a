/** Starts the scanning thread and keeps the tree of what it finds, with a span for each process that gets one. */
import { constants } from 'node:os';
import { Worker } from 'node:worker_threads';
import { runClock } from '../config/run-clock.ts';
import { linuxProcesses, type ProcessTable } from '../machine/process-table.ts';
import { findCaller, isGit, type StartedCommand } from './callers.ts';
import type { ProcessChange } from './changes.ts';
import { monotonicMs } from './monotonic.ts';
import type { Order, ScanData, ScanReport } from './protocol.ts';
import { MAX_PROCESSES } from './scanner.ts';
import { orphanedFor } from './left-behind.ts';
import { ProcessSpans, type SpanRecorder } from './spans.ts';
import { Tree, type SeenProcess, type SeenSilence, type SpanPlace } from './tree.ts';

export interface ProcessTreeOptions {
  readonly runId: string;
  readonly recorder: SpanRecorder;
  /** The built `process-scanner.mjs`. */
  readonly threadFile: URL;
  readonly onWarning: (message: string) => void;
  /** For how long an agent gives no sign before it is called silent, in ms. */
  readonly silentAfterMs: number;
  /** Time between two scans, in ms. Default: 50. */
  readonly intervalMs?: number;
}

/** No member ever throws or rejects. */
export interface ProcessTree {
  /** Resolves when the table is looked at, after {@link READY_MS} at the latest: a program that starts earlier may end unseen. */
  ready(): Promise<void>;
  /** The program of the run has been started. */
  begin(pid: number): void;
  /** The program has ended, as its parent, who is us, was told. */
  programEnded(pid: number, end: { code: number | undefined; signal: string | undefined }): void;
  /** The span that work of this process belongs below. undefined: no process of this run. */
  spanOf(pid: number): SpanPlace | undefined;
  /** Ids of spans that it may have as a parent only because its own parents had them: see `Owner` in the receiver. */
  inheritedBy(pid: number): ReadonlySet<string>;
  /** The newest process of that number, living or ended. */
  find(pid: number): SeenProcess | undefined;
  all(): readonly SeenProcess[];
  /** The parent of a living git; undefined for what has ended, or has this number elsewhere. */
  parentOfGit(pid: number): number | undefined;
  /**
   * Of which agent a command is, and what sort of process started it. undefined: a look may tell more; with `isLast` what
   * is known has to do.
   */
  callerOf(command: StartedCommand, isLast: boolean): CallerPlace | undefined;
  /** Processes that were too many to follow. */
  beyond(): number;
  /** Agents that give no sign now, the longest silent first. */
  silent(): SilentAgent[];
  /** Processes that go on a minute or more after whoever started them has ended. */
  orphans(): Orphan[];
  /** Scans now: resolves when what lives now is known. */
  look(): Promise<void>;
  /** Ends after a last scan, within a second. Spans of what still lives stay open. */
  stop(): Promise<void>;
}

export interface SilentAgent extends SeenSilence {
  readonly pid: number;
  readonly agentName: string;
  readonly silentMs: number;
  /** Its span. */
  readonly place: SpanPlace | undefined;
}

export interface Orphan {
  readonly pid: number;
  readonly executable: string;
  readonly starter: string;
  readonly ms: number;
}

export interface CallerPlace {
  readonly kind: string | undefined;
  /** Where the agent stands that ran it. Absent: no agent, or which one cannot be told. */
  readonly agent: { readonly place: SpanPlace; readonly inherited: ReadonlySet<string> } | undefined;
}

const INTERVAL_MS = 50;
/** Longest wait for the thread to start, which takes some 40 ms; the program waits as long. */
const READY_MS = 2_000;
/** Protects from a table that changes while it is read. */
const MAX_HEIGHT = 1_000;
/** Longest wait for an answer of the thread. */
const ANSWER_MS = 1_000;

export function startProcessTree(options: ProcessTreeOptions): ProcessTree {
  const tree = new Tree((atMs) => runClock.now() - (monotonicMs() - atMs));
  const spans = new ProcessSpans(options.recorder);
  const table = linuxProcesses();
  const living = { find: (pid: number) => tree.find(pid), all: () => tree.all(), above: table === undefined ? 0 : heightOf(table) };
  const looks = new Map<number, () => void>();
  const programs = new Map<number, number>();
  let nextLook = 1;
  let isReady = false;
  let onReady: (() => void) | undefined;
  let onLast: (() => void) | undefined;
  let isThinSaid = false;
  let beyond = 0;
  let worker: Worker | undefined;
  const giveUp = (): void => {
    worker = undefined;
    isReady = true;
    onReady?.();
    for (const done of looks.values()) done();
    looks.clear();
    onLast?.();
  };
  const send = (order: Order): boolean => {
    worker?.postMessage(order);
    return worker !== undefined;
  };
  const apply = (change: ProcessChange): void => {
    const process = tree.apply(change);
    if (process === undefined) return;
    const nowMs = runClock.now();
    if (change.type === 'started') spans.started(process);
    else if (change.type === 'became') spans.changed(process, nowMs);
    else if (change.type === 'ended') {
      process.status ??= programs.get(process.pid);
      spans.ended(process, nowMs);
    }
  };
  const take = ({ changes, looks: answered, thinnedMs, beyond: tooMany, isLast }: ScanReport): void => {
    isReady = true;
    onReady?.();
    for (const change of changes) apply(change);
    spans.look(runClock.now());
    for (const look of answered) {
      looks.get(look)?.();
      looks.delete(look);
    }
    if (thinnedMs !== undefined && !isThinSaid) {
      isThinSaid = true;
      options.onWarning(
        `A look at the processes of this machine takes long: they are looked at every ${thinnedMs} ms, and short ones may be missed.`,
      );
    }
    if (tooMany > 0 && beyond === 0) {
      options.onWarning(
        `More than ${MAX_PROCESSES} processes of this run live at once: the others are not followed. The report says how many.`,
      );
    }
    beyond = tooMany;
    if (isLast) onLast?.();
  };
  try {
    const data: ScanData = { runId: options.runId, intervalMs: options.intervalMs ?? INTERVAL_MS, silentAfterMs: options.silentAfterMs };
    worker = new Worker(options.threadFile, { workerData: data, env: {}, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 128 } });
    worker.unref();
    worker.on('message', take);
    worker.once('error', (error) => {
      options.onWarning(`Processes are no longer watched (a fault of ours: ${error.message}).`);
      giveUp();
    });
    worker.once('exit', giveUp);
  } catch (error) {
    options.onWarning(`Processes are not watched: ${String(error)}`);
  }
  const orphans = (): Orphan[] => {
    const nowMs = runClock.now();
    return tree.all().flatMap((process) => {
      const orphan = process.endMs === undefined ? orphanedFor(process, nowMs) : undefined;
      if (orphan === undefined) return [];
      spans.orphaned(process, orphan.starterEndMs);
      return [{ pid: process.pid, executable: process.facts.executable, starter: orphan.starter, ms: orphan.ms }];
    });
  };
  const timer = setInterval(() => spans.look(runClock.now()), 100);
  timer.unref();

  return {
    ready: () =>
      within(READY_MS, (done) => {
        if (isReady || worker === undefined) done();
        else onReady = done;
      }),
    begin: (pid) => void send({ begin: pid }),
    programEnded(pid, end) {
      const status = statusOf(end);
      if (status === undefined) return;
      programs.set(pid, status);
      const process = tree.find(pid);
      if (process !== undefined) process.status ??= status;
    },
    spanOf: (pid) => {
      const process = tree.find(pid);
      return process === undefined ? undefined : spans.placeOf(process);
    },
    inheritedBy: (pid) => {
      const process = tree.find(pid);
      return process === undefined ? new Set() : spans.inheritedBy(process);
    },
    find: (pid) => tree.find(pid),
    all: () => tree.all(),
    beyond: () => beyond,
    parentOfGit(pid) {
      const stat = table?.stat(pid);
      return stat === undefined || !isGit(stat.name) ? undefined : stat.parentPid;
    },
    callerOf(command, isLast) {
      const found = findCaller(living, command, isLast);
      if (found === undefined) return undefined;
      const { agent, kind } = found;
      return { kind, agent: agent && { place: spans.placeOf(agent), inherited: spans.inheritedBy(agent) } };
    },
    silent() {
      const nowMs = runClock.now();
      return tree
        .all()
        .flatMap(({ pid, silence, facts, place }) =>
          silence === undefined
            ? []
            : [{ ...silence, pid, place, agentName: facts.agentName ?? facts.executable, silentMs: nowMs - silence.sinceMs }],
        )
        .sort((a, b) => b.silentMs - a.silentMs);
    },
    orphans,
    look: () =>
      within(ANSWER_MS, (done) => {
        const look = nextLook++;
        if (send({ look })) looks.set(look, done);
        else done();
      }),
    async stop() {
      clearInterval(timer);
      await within(ANSWER_MS, (done) => {
        onLast = done;
        if (!send({ stop: true })) done();
      });
      orphans();
      spans.tellLiving(runClock.now());
      await worker?.terminate();
    },
  };
}

/** The number of processes from this one up to the first of the machine. */
function heightOf(table: ProcessTable): number {
  let height = 0;
  for (let pid = process.pid; pid > 0 && height < MAX_HEIGHT; pid = table.stat(pid)?.parentPid ?? 0) height += 1;
  return height;
}

/** Resolves when `begin` says that it is done, after `ms` at the latest. */
function within(ms: number, begin: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, ms);
    begin(() => {
      clearTimeout(late);
      resolve();
    });
  });
}

/** As wait(2) would give it. */
function statusOf({ code, signal }: { code: number | undefined; signal: string | undefined }): number | undefined {
  if (code !== undefined) return code << 8;
  return signal === undefined ? undefined : (constants.signals as Readonly<Record<string, number>>)[signal];
}
