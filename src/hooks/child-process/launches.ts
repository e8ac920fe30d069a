/** Listeners to launches of child processes. A fault of one listener does not reach the others, nor the app. */

export interface ChildLaunch {
  readonly isSync: boolean;
  /** It takes the place of this process (`execve`): nothing that this process does comes after it. */
  readonly isReplacement?: boolean;
  readonly file: string;
  /** Without the program's own name (argv[0]). */
  readonly args: readonly string[];
  readonly cwd: string | undefined;
  /** What the child would get. A copy: changes have no effect. */
  readonly environment: Readonly<Record<string, string>>;
  /** It starts under another user or group: what is private to us it cannot read. */
  readonly isOtherUser: boolean;
}

/** What a listener wants to know about one child, and what it adds to what the child gets. */
export interface ChildWatch {
  /** What it gains; an empty value takes a variable away. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Replaces the launch's `args`; what the app sees (`spawnargs`, errors) stays as it was. */
  readonly args?: readonly string[];
  started?(pid: number): void;
  /** It could not start: `ENOENT`, `EACCES`, `ETIMEDOUT`. */
  failed?(errorName: string): void;
  /** `stoppedBy` is the signal that ended it, or by which it says in its exit code that it ended, if this process sent it. */
  exited?(code: number | null, signal: string | null, stoppedBy?: string): void;
}

export type LaunchListener = (launch: ChildLaunch) => ChildWatch | undefined;

type FaultHandler = (error: unknown) => void;
interface Told {
  readonly watch: ChildWatch;
  readonly onFault: FaultHandler;
}
export type Watches = readonly Told[];

const listeners = new Map<LaunchListener, FaultHandler>();

export function addListener(listener: LaunchListener, onFault: FaultHandler): void {
  listeners.set(listener, onFault);
}

export function removeListener(listener: LaunchListener): void {
  listeners.delete(listener);
}

/** A fault that belongs to no listener in particular. */
export function faultOfAll(error: unknown): void {
  for (const onFault of [...listeners.values()]) onFault(error);
}

export function tell(launch: ChildLaunch): Watches {
  const watches: Told[] = [];
  for (const [listener, onFault] of listeners) {
    try {
      const watch = listener(launch);
      if (watch !== undefined) watches.push({ watch, onFault });
    } catch (error) {
      onFault(error);
    }
  }
  return watches;
}

export function notify(watches: Watches, call: (watch: ChildWatch) => void): void {
  for (const { watch, onFault } of watches) {
    try {
      call(watch);
    } catch (error) {
      onFault(error);
    }
  }
}

export function additions(watches: Watches): Record<string, string> {
  return Object.assign({}, ...watches.map(({ watch }) => watch.environment ?? {})) as Record<string, string>;
}

/** The first listener that changes them decides. */
export function argumentsInstead(watches: Watches): readonly string[] | undefined {
  return watches.find(({ watch }) => watch.args !== undefined)?.watch.args;
}

let isMuted = false;

export function isUnobserved(): boolean {
  return isMuted;
}

/** Starts a child of our own: nobody is told, nothing is added to its environment. `fn` must be synchronous. */
export function unobserved<T>(fn: () => T): T {
  const before = isMuted;
  isMuted = true;
  try {
    return fn();
  } finally {
    isMuted = before;
  }
}
