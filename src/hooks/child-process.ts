/** Where child processes start: every form of node:child_process, with a copy of the environment to add to. */
import { subscribe } from 'node:diagnostics_channel';
import { syncBuiltinESMExports } from 'node:module';
import { getSystemErrorName } from 'node:util';
import { subscribeBuiltin } from './module-load.ts';
import { liveEnvironment } from '../config/started-with.ts';

export interface ChildLaunch {
  readonly isSync: boolean;
  readonly file: string;
  /** Without the program's own name (argv[0]). */
  readonly args: readonly string[];
  readonly cwd: string | undefined;
  /** What the child would get. A copy: changes have no effect. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What a listener wants to know about one child, and what it adds to the child's environment. */
export interface ChildWatch {
  readonly environment?: Readonly<Record<string, string>>;
  started?(pid: number): void;
  /** It could not start: `ENOENT`, `EACCES`, `ETIMEDOUT`. */
  failed?(errorName: string): void;
  exited?(code: number | null, signal: string | null): void;
}

export type LaunchListener = (launch: ChildLaunch) => ChildWatch | undefined;

const listeners = new Set<LaunchListener>();
let onFault: (error: unknown) => void = () => undefined;
let isMuted = false;
let isArmed = false;
let isSyncWrapped = false;

/** Calls `listener` at each launch. What it throws goes to the fault handler, never to the app. */
export function subscribeChildProcess(listener: LaunchListener, fault: (error: unknown) => void): void {
  listeners.add(listener);
  onFault = fault;
  if (isArmed) return;
  isArmed = true;
  subscribe('child_process', (message) => {
    const child = (message as { process?: unknown }).process;
    // An app that came by it through `process.getBuiltinModule`.
    wrapSync();
    if (!isMuted && isChild(child)) shadowSpawn(child);
  });
  subscribeBuiltin('child_process', wrapSync);
}

export function unsubscribeChildProcess(listener: LaunchListener): void {
  listeners.delete(listener);
}

/** Starts a child of our own: nobody is told, nothing is added to its environment. `fn` must be synchronous. */
export function unobserved<T>(fn: () => T): T {
  isMuted = true;
  try {
    return fn();
  } finally {
    isMuted = false;
  }
}

/** The part of Node's internal normalised options that is read here; probed before use. */
interface SpawnOptions {
  file?: string;
  args?: string[];
  cwd?: string | null;
  envPairs?: string[];
}

interface Child {
  pid?: number;
  spawn: (options: SpawnOptions) => unknown;
  _handle?: { onexit?: (code: number, signal: string) => unknown } | null;
}

function isChild(value: unknown): value is Child {
  return typeof value === 'object' && value !== null && typeof (value as Child).spawn === 'function';
}

/** Shadows `spawn` on this one instance until it is called: the prototype stays as it is. */
function shadowSpawn(child: Child): void {
  const original = child.spawn;
  Object.defineProperty(child, 'spawn', {
    configurable: true,
    enumerable: false,
    writable: true,
    value(this: Child, options: SpawnOptions) {
      delete (this as Partial<Child>).spawn;
      const watches = isMuted ? [] : announce(options);
      const result = original.call(this, withEnvironment(options, watches)) as number | undefined;
      if (watches.length > 0) follow(this, result, watches);
      return result;
    },
  });
}

function announce(options: SpawnOptions): ChildWatch[] {
  if (!Array.isArray(options.envPairs) || typeof options.file !== 'string') return [];
  return tell({
    isSync: false,
    file: options.file,
    args: options.args?.slice(1) ?? [],
    cwd: options.cwd === undefined || options.cwd === null ? undefined : String(options.cwd),
    environment: fromPairs(options.envPairs),
  });
}

function tell(launch: ChildLaunch): ChildWatch[] {
  const watches: ChildWatch[] = [];
  for (const listener of listeners) {
    try {
      const watch = listener(launch);
      if (watch !== undefined) watches.push(watch);
    } catch (error) {
      onFault(error);
    }
  }
  return watches;
}

function notify(watches: readonly ChildWatch[], call: (watch: ChildWatch) => void): void {
  for (const watch of watches) {
    try {
      call(watch);
    } catch (error) {
      onFault(error);
    }
  }
}

function additions(watches: readonly ChildWatch[]): Record<string, string> {
  return Object.assign({}, ...watches.map((watch) => watch.environment ?? {})) as Record<string, string>;
}

/** A copy of Node's options with the added variables; the caller's own objects are left as they are. */
function withEnvironment(options: SpawnOptions, watches: readonly ChildWatch[]): SpawnOptions {
  const added = additions(watches);
  const names = Object.keys(added);
  if (names.length === 0 || options.envPairs === undefined) return options;
  const kept = options.envPairs.filter((pair) => !(pair.slice(0, Math.max(0, pair.indexOf('='))) in added));
  return { ...options, envPairs: [...kept, ...names.map((name) => `${name}=${added[name] ?? ''}`)] };
}

function fromPairs(pairs: readonly string[]): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at > 0) environment[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return environment;
}

/** The end is read where libuv reports it, so that the app's `exit` listeners stay its own. */
function follow(child: Child, result: number | undefined, watches: readonly ChildWatch[]): void {
  if (typeof child.pid === 'number') {
    const { pid } = child;
    notify(watches, (watch) => watch.started?.(pid));
  } else {
    const name = typeof result === 'number' && result < 0 ? getSystemErrorName(result) : 'spawn_failed';
    notify(watches, (watch) => watch.failed?.(name));
    return;
  }
  const handle = child._handle;
  const original = handle?.onexit;
  if (handle === undefined || handle === null || original === undefined) return;
  handle.onexit = function (code: number, signal: string) {
    notify(watches, (watch) =>
      code < 0 ? watch.failed?.(getSystemErrorName(code)) : watch.exited?.(signal ? null : code, signal || null),
    );
    return original.call(this, code, signal);
  };
}

type SyncFunction = (...args: unknown[]) => unknown;
interface SyncOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string | URL;
}
interface SyncResult {
  pid?: number;
  status?: number | null;
  signal?: string | null;
  error?: NodeJS.ErrnoException;
}

/** Which argument holds the options, and how a call reads as file and arguments. */
const SYNC_FORMS = {
  spawnSync: { read: readFileCall },
  execFileSync: { read: readFileCall },
  execSync: {
    read: (args: unknown[]) => ({ file: '/bin/sh', args: ['-c', String(args[0])], optionsAt: 1 }),
  },
} as const;

function readFileCall(args: unknown[]): { file: string; args: string[]; optionsAt: number } {
  const hasArguments = Array.isArray(args[1]);
  return {
    file: String(args[0]),
    args: hasArguments ? (args[1] as unknown[]).map(String) : [],
    optionsAt: hasArguments || args[1] === undefined || args[1] === null ? 2 : 1,
  };
}

function wrapSync(): void {
  if (isSyncWrapped) return;
  isSyncWrapped = true;
  const target = process.getBuiltinModule('node:child_process') as unknown as Record<string, SyncFunction>;
  for (const [name, form] of Object.entries(SYNC_FORMS)) {
    const original = target[name];
    if (original === undefined) continue;
    const wrapped: SyncFunction = function (this: unknown, ...args) {
      if (isMuted) return original.apply(this, args);
      const watches = announceSync(form.read, args);
      const call = watches === undefined ? args : watches.args;
      return finishSync(watches?.watches ?? [], () => original.apply(this, call));
    };
    Object.defineProperty(wrapped, 'name', { value: name, configurable: true });
    Object.defineProperty(wrapped, 'length', { value: original.length, configurable: true });
    target[name] = wrapped;
  }
  syncBuiltinESMExports();
}

function announceSync(
  read: (args: unknown[]) => { file: string; args: string[]; optionsAt: number },
  args: unknown[],
): { watches: ChildWatch[]; args: unknown[] } | undefined {
  try {
    const call = read(args);
    const given = args[call.optionsAt];
    // What Node refuses is left for Node to refuse, in its own words.
    if (given !== undefined && !isObject(given)) return undefined;
    const options = (given ?? {}) as SyncOptions;
    // As Node has it: an empty value means the process's own, and inherited variables count.
    const base = options.env || liveEnvironment();
    if (!isObject(base)) return undefined;
    const environment: Record<string, string> = {};
    for (const name in base) {
      const value = base[name];
      if (value !== undefined) environment[name] = String(value);
    }
    const cwd = options.cwd === undefined || options.cwd === null ? undefined : String(options.cwd);
    const watches = tell({ isSync: true, file: call.file, args: call.args, cwd, environment });
    const added = additions(watches);
    if (Object.keys(added).length === 0) return { watches, args };
    const copy = [...args];
    while (copy.length < call.optionsAt) copy.push(undefined);
    copy[call.optionsAt] = { ...options, env: { ...environment, ...added } };
    return { watches, args: copy };
  } catch (error) {
    onFault(error);
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function finishSync(watches: readonly ChildWatch[], run: () => unknown): unknown {
  let outcome: SyncResult | undefined;
  try {
    const result = run();
    outcome = isResult(result) ? result : { status: 0 };
    return result;
  } catch (error) {
    outcome = isResult(error) ? error : {};
    throw error;
  } finally {
    report(watches, outcome ?? {});
  }
}

function isResult(value: unknown): value is SyncResult {
  return typeof value === 'object' && value !== null && 'status' in value;
}

function report(watches: readonly ChildWatch[], { pid, status, signal, error }: SyncResult): void {
  if (typeof pid === 'number' && pid > 0) notify(watches, (watch) => watch.started?.(pid));
  if (typeof status === 'number' || typeof signal === 'string') notify(watches, (watch) => watch.exited?.(status ?? null, signal ?? null));
  else notify(watches, (watch) => watch.failed?.(error?.code ?? 'spawn_failed'));
}
