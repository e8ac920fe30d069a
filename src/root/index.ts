/** Joining a run: the first process becomes its root, the others its members, and one that finds no root writes for itself. */
import { randomBytes } from 'node:crypto';
import { isMainThread } from 'node:worker_threads';
import type { Settings } from '../config/settings.ts';
import type { Member } from './channel-server.ts';
import { MemberLink } from './member.ts';
import type { MergedMetrics, MergeFaults } from './metrics-merge.ts';
import { RootLink } from './root.ts';
import { openRunFolder, type RunFolder } from './run-folder.ts';
import { askMainThread, folderToldToThread } from './threads.ts';
import type { MetricSnapshot } from './types.ts';

export type { MergedMetrics } from './metrics-merge.ts';
export type { MetricSnapshot } from './types.ts';

export type RunRole = 'root' | 'member' | 'alone';

/** Work that exists once per run: GPU sampling, the git reader, watching the config file. */
export interface Duty {
  readonly name: string;
  start(run: RunLink): void;
  stop(): void;
}

export interface JoinOptions {
  readonly settings: Pick<Settings, 'runId' | 'runFolder'>;
  /** Of this process or thread: fresh, never inherited. */
  readonly processKey: string;
  /** Run only where this process is the root; the fault of one leaves the others running. */
  readonly duties?: readonly Duty[];
  /** Takes the root's place whatever was inherited: `swarmscope run`. */
  readonly isSupervisor?: boolean;
  /** Called once, when this process is the root, after its duties started. */
  readonly onRoot?: (run: RunLink) => void;
  /** A fault of ours, by name, for the status file. */
  readonly count?: (name: string) => void;
}

export interface RunLink {
  /** A member whose root is gone for good becomes `alone`. */
  readonly role: RunRole;
  readonly runId: string;
  /** Path of the private folder; undefined before the root made it, where it cannot, or alone. */
  readonly runFolder: string | undefined;
  /** Why a root has no folder. */
  readonly reason: string | undefined;
  /** Variables for children. The root's folder and channel are there when this returns. */
  environment(): Record<string, string>;
  /**
   * The one call of the metrics writer: hands `snapshot` to where it belongs. Returns what this process itself must export now, undefined when the root
   * does. `isFinal` is synchronous, for an `exit` handler.
   */
  offer(snapshot: MetricSnapshot, isFinal: boolean): MergedMetrics | undefined;
  /** Member: whether a root takes it. Everybody else: false. */
  publish(snapshot: MetricSnapshot): boolean;
  publishFinalSync(snapshot: MetricSnapshot): boolean;
  /** Member: replaces the last word that the root has, for as long as it takes one. Everybody else: nothing. */
  amendFinalSync(snapshot: MetricSnapshot): void;
  /** Root: own and members' metrics merged; `isLast` closes the run to further finals. Else: what this process must write itself. */
  collectMerged(own: MetricSnapshot, isLast?: boolean): MergedMetrics;
  /** Processes connected to this root. */
  members(): Member[];
  /** Root: what the merge could not take as it came. */
  faults(): MergeFaults | undefined;
  /** Stops duties, closes sockets, removes the root's folder. */
  close(): void;
}

/** Decides the role, synchronously and without a socket, and never throws. Duties start before it returns. */
export function joinRun(options: JoinOptions): RunLink {
  const count = (name: string): void => options.count?.(name);
  const inherited = options.isSupervisor === true ? undefined : openRunFolder(inheritedPath(options.settings));
  const runId = options.settings.runId !== '' ? options.settings.runId : randomBytes(8).toString('hex');
  if (inherited !== undefined) return memberOf(inherited, runId, options.processKey, count);
  // A thread must not be the root: it ends before its process, and a second root beside the main thread's would split the run.
  if (!isMainThread) return threadOf(runId, options.processKey, count);
  return rootOf(runId, options, count);
}

const inheritedPath = ({ runFolder }: JoinOptions['settings']): string => folderToldToThread() ?? runFolder;

const environmentOf = (runId: string, path: string | undefined): Record<string, string> => ({
  SWARMSCOPE_RUN_ID: runId,
  ...(path === undefined ? {} : { SWARMSCOPE_RUN_DIR: path }),
});

function rootOf(runId: string, { processKey, duties = [], onRoot }: JoinOptions, count: (name: string) => void): RunLink {
  const root = new RootLink(processKey, count);
  const running: Duty[] = [];
  let path: string | undefined;
  let isClosed = false;
  const link: RunLink = {
    role: 'root',
    runId,
    get runFolder() {
      return path;
    },
    get reason() {
      return root.reason;
    },
    environment() {
      path = root.folder()?.path;
      return environmentOf(runId, path);
    },
    offer: (snapshot, isFinal) => root.collect(snapshot, isFinal),
    publish: () => false,
    publishFinalSync: () => false,
    amendFinalSync: () => undefined,
    collectMerged: (own, isLast = false) => root.collect(own, isLast),
    members: () => root.members(),
    faults: () => root.faults,
    close() {
      if (isClosed) return;
      isClosed = true;
      for (const duty of running) guard(() => duty.stop(), `duty.${duty.name}`, count);
      root.close();
    },
  };
  for (const duty of duties) {
    guard(() => duty.start(link), `duty.${duty.name}`, count);
    running.push(duty);
  }
  if (onRoot !== undefined) guard(() => onRoot(link), 'duty.root', count);
  return link;
}

function memberOf(folder: RunFolder, runId: string, processKey: string, count: (name: string) => void): RunLink {
  const member = new MemberLink(folder, processKey, count);
  let ownPath: string | undefined;
  const own = (snapshot: MetricSnapshot): MetricSnapshot => ({ ...snapshot, processKey });
  const link: RunLink = {
    get role() {
      if (!member.isAlone) return 'member';
      return ownPath === undefined ? 'alone' : 'root';
    },
    runId,
    get runFolder() {
      return member.isAlone ? ownPath : folder.path;
    },
    reason: undefined,
    environment() {
      member.check();
      // A thread ends before its process: it is nobody's root.
      if (member.isAlone && isMainThread) ownPath = member.successor()?.folder()?.path;
      return environmentOf(runId, link.runFolder);
    },
    offer(snapshot, isFinal) {
      const isTaken = isFinal ? link.publishFinalSync(snapshot) : link.publish(snapshot);
      return isTaken ? undefined : link.collectMerged(snapshot, isFinal);
    },
    publish: (snapshot) => member.publish(own(snapshot)),
    publishFinalSync: (snapshot) => member.publishFinalSync(own(snapshot)),
    amendFinalSync: (snapshot) => member.amendFinalSync(own(snapshot)),
    collectMerged: (snapshot, isLast = false) => member.collect(own(snapshot), isLast) ?? snapshot,
    members: () => member.successor()?.members() ?? [],
    faults: () => member.successor()?.faults,
    close: () => member.close(),
  };
  return link;
}

/** A thread that was started before the run had a folder: it asks the main thread, holds its metrics back until it is told, and writes its own only at its end. */
function threadOf(runId: string, processKey: string, count: (name: string) => void): RunLink {
  let link: RunLink | undefined;
  const question = askMainThread((path) => {
    const folder = openRunFolder(path);
    if (folder !== undefined) link = memberOf(folder, runId, processKey, count);
    return link !== undefined;
  });
  return {
    get role() {
      return link?.role ?? 'alone';
    },
    runId,
    get runFolder() {
      return link?.runFolder;
    },
    reason: undefined,
    environment: () => link?.environment() ?? environmentOf(runId, undefined),
    offer(snapshot, isFinal) {
      if (link === undefined) question.ask();
      if (link !== undefined) return link.offer(snapshot, isFinal);
      return isFinal ? snapshot : undefined;
    },
    publish: (snapshot) => link?.publish(snapshot) ?? false,
    publishFinalSync: (snapshot) => link?.publishFinalSync(snapshot) ?? false,
    amendFinalSync: (snapshot) => link?.amendFinalSync(snapshot),
    collectMerged: (own, isLast) => link?.collectMerged(own, isLast) ?? own,
    members: () => [],
    faults: () => link?.faults(),
    close() {
      question.close();
      link?.close();
    },
  };
}

function guard(run: () => void, name: string, count: (name: string) => void): void {
  try {
    run();
  } catch {
    // A fault of one duty must not stop the others; it is counted.
    count(`${name}.fault`);
  }
}
