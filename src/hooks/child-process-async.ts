/** spawn, exec, execFile and fork: one instance's `spawn` is shadowed, its end is read where libuv reports it. */
import { getSystemErrorName } from 'node:util';
import { additions, isUnobserved, notify, tell, type Watches } from './child-launches.ts';

/** The part of Node's internal normalised options that is read here; probed before use. */
interface SpawnOptions {
  file?: string;
  args?: string[];
  cwd?: string | null;
  envPairs?: string[];
}

export interface Child {
  pid?: number;
  spawn: (options: SpawnOptions) => unknown;
  _handle?: { onexit?: (code: number, signal: string) => unknown } | null;
}

export function isChild(value: unknown): value is Child {
  return typeof value === 'object' && value !== null && typeof (value as Child).spawn === 'function';
}

/** Shadows `spawn` on this one instance until it is called: the prototype stays as it is. */
export function shadowSpawn(child: Child): void {
  const original = child.spawn;
  Object.defineProperty(child, 'spawn', {
    configurable: true,
    enumerable: false,
    writable: true,
    value(this: Child, options: SpawnOptions) {
      delete (this as Partial<Child>).spawn;
      const watches = isUnobserved() ? [] : announce(options);
      const result = original.call(this, withEnvironment(options, watches)) as number | undefined;
      if (watches.length > 0) follow(this, result, watches);
      return result;
    },
  });
}

function announce(options: SpawnOptions): Watches {
  if (!Array.isArray(options.envPairs) || typeof options.file !== 'string') return [];
  return tell({
    isSync: false,
    file: options.file,
    args: options.args?.slice(1) ?? [],
    cwd: options.cwd === undefined || options.cwd === null ? undefined : String(options.cwd),
    environment: fromPairs(options.envPairs),
  });
}

/** A copy of Node's options with the added variables; the caller's own objects are left as they are. */
function withEnvironment(options: SpawnOptions, watches: Watches): SpawnOptions {
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
function follow(child: Child, result: number | undefined, watches: Watches): void {
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
